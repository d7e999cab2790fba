/// A kernel's version as it names itself: `6.6.134.1`, `6.6.135.mshv2`, `6.1.0-28-amd64`, `6.9.0-rc1+`.
///
/// Only the leading numbers are understood; the rest is a distribution's own and kept in `raw`.
public struct KernelVersion: Hashable, Sendable, CustomStringConvertible {
    /// The text as it was read.
    public let raw: String
    /// The leading numbers: at least major and minor, at most eight.
    public let numbers: [UInt32]
    /// N of `-rcN` right after the numbers, or nil.
    public let releaseCandidate: UInt32?

    /// Parses `text`, or gives nil when it does not begin with two numbers joined by a dot.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(257))
        guard bytes.count <= 256 else { return nil }
        var position = 0
        var numbers: [UInt32] = []
        while numbers.count < 8 {
            let start = numbers.isEmpty ? position : position + 1
            if !numbers.isEmpty, position >= bytes.count || bytes[position] != 0x2E { break }
            guard let (number, end) = KernelVersion.number(in: bytes, at: start) else { break }
            numbers.append(number)
            position = end
        }
        guard numbers.count >= 2 else { return nil }
        self.raw = String(text)
        self.numbers = numbers
        let rest = bytes[position...]
        let candidate = rest.starts(with: Array("-rc".utf8)) ? KernelVersion.number(in: bytes, at: position + 3) : nil
        self.releaseCandidate = candidate?.0
    }

    /// The first number.
    public var major: UInt32 { numbers[0] }

    /// The second number.
    public var minor: UInt32 { numbers[1] }

    /// The third number, 0 when there is none.
    public var patch: UInt32 { numbers.count > 2 ? numbers[2] : 0 }

    /// Whether this is `major.minor` or later.
    ///
    /// A release candidate counts as the release that it leads to: what a release adds is merged before its first candidate.
    public func isAtLeast(_ major: UInt32, _ minor: UInt32) -> Bool {
        (self.major, self.minor) >= (major, minor)
    }

    /// The text as it was read.
    public var description: String { raw }

    private static func number(in bytes: [UInt8], at start: Int) -> (UInt32, Int)? {
        var value: UInt32 = 0
        var position = start
        while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 {
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isTooLargeNow) = product.addingReportingOverflow(UInt32(bytes[position] - 0x30))
            guard !isTooLarge, !isTooLargeNow else { return nil }
            value = sum
            position += 1
        }
        return position > start ? (value, position) : nil
    }
}

extension KernelVersion: Comparable {
    /// Orders by the numbers (missing ones are 0), then candidates before the release, then by the text.
    public static func < (left: KernelVersion, right: KernelVersion) -> Bool {
        for index in 0..<max(left.numbers.count, right.numbers.count) {
            let first = index < left.numbers.count ? left.numbers[index] : 0
            let second = index < right.numbers.count ? right.numbers[index] : 0
            if first != second { return first < second }
        }
        let first = left.releaseCandidate ?? .max
        let second = right.releaseCandidate ?? .max
        return first == second ? left.raw < right.raw : first < second
    }
}
