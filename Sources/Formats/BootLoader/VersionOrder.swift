/// The order of version strings of the UAPI group's Version Format Specification.
///
/// <https://uapi-group.org/specifications/specs/version_format_specification/>
public enum VersionOrder {
    /// Negative when `left` is older, positive when it is newer, 0 when they are equal.
    public static func compare(_ left: String, _ right: String) -> Int {
        var first = Array(left.utf8)[...]
        var second = Array(right.utf8)[...]
        while true {
            first = first.drop { !isPart($0) }
            second = second.drop { !isPart($0) }
            // A tilde is older than everything, the end of the string too.
            if let order = mark(UInt8(ascii: "~"), &first, &second) { return order }
            if first.isEmpty || second.isEmpty { return (first.isEmpty ? 0 : 1) - (second.isEmpty ? 0 : 1) }
            var isMarked = false
            for byte in [UInt8(ascii: "-"), UInt8(ascii: "^"), UInt8(ascii: ".")] where !isMarked {
                isMarked = first.first == byte && second.first == byte
                if let order = mark(byte, &first, &second) { return order }
            }
            if isMarked || first.first == UInt8(ascii: "~") || second.first == UInt8(ascii: "~") { continue }
            if let order = segment(&first, &second) { return order }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }

    private static func isPart(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || [0x7E, 0x2D, 0x5E, 0x2E].contains(byte)
    }

    /// The order when only one string has `byte` next; takes the byte from both when both have it.
    private static func mark(_ byte: UInt8, _ first: inout ArraySlice<UInt8>, _ second: inout ArraySlice<UInt8>) -> Int?
    {
        switch (first.first == byte, second.first == byte) {
        case (true, false): return -1
        case (false, true): return 1
        case (true, true):
            first.removeFirst()
            second.removeFirst()
            return nil
        case (false, false): return nil
        }
    }

    /// Compares a numeric or alphabetic segment; nil when they are equal.
    private static func segment(_ first: inout ArraySlice<UInt8>, _ second: inout ArraySlice<UInt8>) -> Int? {
        let isNumber = first.first.map(isDigit) == true || second.first.map(isDigit) == true
        let test = isNumber ? isDigit : isLetter
        let left = first.prefix(while: test)
        let right = second.prefix(while: test)
        first = first.dropFirst(left.count)
        second = second.dropFirst(right.count)
        if isNumber {
            // A number is newer than a segment that is none.
            if left.isEmpty != right.isEmpty { return left.isEmpty ? -1 : 1 }
            let leftNumber = left.drop { $0 == 0x30 }
            let rightNumber = right.drop { $0 == 0x30 }
            if leftNumber.count != rightNumber.count { return leftNumber.count < rightNumber.count ? -1 : 1 }
            return order(leftNumber, rightNumber)
        }
        return order(left, right)
    }

    private static func order(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int? {
        if left.elementsEqual(right) { return nil }
        return left.lexicographicallyPrecedes(right) ? -1 : 1
    }
}
