/// A JSON number, kept as the digits that stand there: nothing is rounded.
public struct JSONNumber: Sendable, CustomStringConvertible {
    /// The most bytes of one number; more than any 64-bit or double value needs.
    public static let maximumLength = 400
    /// The largest power of ten, either way, that a number may have.
    static let maximumExponent = 10_000

    /// The number as it stands in the text.
    public let description: String
    private let isNegative: Bool
    /// The digits without zeros at either end; empty for zero.
    private let digits: [UInt8]
    /// The power of ten that the digits, read as a whole number, are multiplied with.
    private let exponent: Int

    /// A whole number.
    public init(_ number: Int) {
        self.init(unchecked: String(number), number < 0, Array(String(number.magnitude).utf8).map { $0 - 0x30 }, 0)
    }

    /// The number that `text` is (RFC 8259, section 6); nil for anything else and for what is beyond the bounds.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= JSONNumber.maximumLength else { return nil }
        var index = 0
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { index = 1 }
        func run() -> [UInt8] {
            let start = index
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
            return bytes[start..<index].map { $0 - 0x30 }
        }
        var digits = run()
        guard !digits.isEmpty, digits.count == 1 || digits[0] != 0 else { return nil }
        var exponent = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            let fraction = run()
            guard !fraction.isEmpty else { return nil }
            digits += fraction
            exponent = -fraction.count
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            var isDown = false
            if index < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[index]) {
                isDown = bytes[index] == UInt8(ascii: "-")
                index += 1
            }
            let power = run().drop { $0 == 0 }
            guard index > 0, (0x30...0x39).contains(bytes[index - 1]), power.count <= 5 else { return nil }
            let value = power.reduce(0) { $0 * 10 + Int($1) }
            exponent += isDown ? -value : value
        }
        guard index == bytes.count, abs(exponent) <= JSONNumber.maximumExponent else { return nil }
        self.init(unchecked: text, isNegative, digits, exponent)
    }

    private init(unchecked text: String, _ isNegative: Bool, _ digits: [UInt8], _ exponent: Int) {
        description = text
        var digits = Array(digits.drop { $0 == 0 })
        var exponent = exponent
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
        self.isNegative = isNegative && !digits.isEmpty
    }

    /// Whether it has no fraction; `1.0` has none.
    public var isInteger: Bool { exponent >= 0 }

    /// The number as an `Int`, if it is one.
    public var asInt: Int? {
        guard isInteger, digits.count + exponent <= 19 else { return nil }
        let text = digits.map(String.init).joined() + String(repeating: "0", count: exponent)
        return Int((isNegative ? "-" : "") + (text.isEmpty ? "0" : text))
    }

    /// Whether it is a whole number of times `divisor`; nil when that cannot be told within the bounds.
    public func isMultiple(of divisor: JSONNumber) -> Bool? {
        guard !digits.isEmpty else { return true }
        guard !divisor.digits.isEmpty, divisor.digits.count <= 17 else { return nil }
        let shift = exponent - divisor.exponent
        guard shift >= 0 else { return false }
        guard shift <= 2 * JSONNumber.maximumExponent else { return nil }
        let modulus = divisor.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
        var rest: UInt64 = 0
        for digit in digits { rest = (rest * 10 + UInt64(digit)) % modulus }
        for _ in 0..<shift { rest = rest * 10 % modulus }
        return rest == 0
    }
}

extension JSONNumber: Hashable {
    /// Whether both have the same value.
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        left.isNegative == right.isNegative && left.exponent == right.exponent && left.digits == right.digits
    }

    /// Adds what equal numbers share.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(isNegative)
        hasher.combine(exponent)
        hasher.combine(digits)
    }
}

extension JSONNumber: Comparable {
    /// Whether `left` is the smaller one.
    public static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if left == right { return false }
        if left.isNegative != right.isNegative { return left.isNegative }
        let isSmaller = left.isSmallerInMagnitude(than: right)
        return left.isNegative ? !isSmaller : isSmaller
    }

    private func isSmallerInMagnitude(than other: JSONNumber) -> Bool {
        if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty }
        let (mine, theirs) = (digits.count + exponent, other.digits.count + other.exponent)
        return mine == theirs ? digits.lexicographicallyPrecedes(other.digits) : mine < theirs
    }
}
