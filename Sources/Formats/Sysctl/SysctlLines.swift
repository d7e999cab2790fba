/// The lines of a file as systemd's line reader sees them.
///
/// A line ends at a run of line feed, carriage return and NUL in which each occurs at most once, or right behind a NUL.
/// A line longer than 1 MiB ends the reading of the file.
struct SysctlLines: Sequence, IteratorProtocol {
    /// One line, without its end.
    struct Line {
        /// Counted from 1.
        let number: Int
        /// The bytes, or nil for the line that is too long: nothing behind it is read.
        let bytes: ArraySlice<UInt8>?
    }

    static let longestLine = 1 << 20

    private let bytes: [UInt8]
    private var position = 0
    private var number = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Line? {
        guard position < bytes.count else { return nil }
        number += 1
        let start = position
        while position < bytes.count, SysctlLines.mark(bytes[position]) == 0 { position += 1 }
        let end = position
        var seen = 0
        while position < bytes.count, seen & 4 == 0 {
            let mark = SysctlLines.mark(bytes[position])
            guard mark != 0, seen & mark == 0 else { break }
            seen |= mark
            position += 1
        }
        guard end - start <= SysctlLines.longestLine else {
            position = bytes.count
            return Line(number: number, bytes: nil)
        }
        return Line(number: number, bytes: bytes[start..<end])
    }

    private static func mark(_ byte: UInt8) -> Int {
        switch byte {
        case 0x0A: 1
        case 0x0D: 2
        case 0x00: 4
        default: 0
        }
    }
}
