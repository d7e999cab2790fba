/// A release of an operating system: numbers with dots, as in `VERSION_ID`.
struct ReleaseNumber: Comparable {
    private let numbers: [Int]

    /// Reads `text` (`3.0.20250102`, `4`); nil when it is none.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in part.utf8.allSatisfy { $0 > 0x2F && $0 < 0x3A } ? Int(part) : nil }
        guard numbers.count == parts.count else { return nil }
        self.numbers = numbers
    }

    /// Orders by the first number that differs.
    static func < (left: ReleaseNumber, right: ReleaseNumber) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }
}
