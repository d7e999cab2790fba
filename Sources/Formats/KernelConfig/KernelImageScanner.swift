import AssayBytes

/// Finds the embedded configuration and the version banner in a kernel that passes by in pieces.
///
/// kernel/configs.c puts `IKCFG_ST`, a gzip file and `IKCFG_ED` into the image; init/version.c the banner.
struct KernelImageScanner {
    /// The bytes between the marks; a large configuration has 100 kB.
    static let largestConfig = 4 * 1024 * 1024
    private static let longestBanner = 1024

    private static let start = Array("IKCFG_ST".utf8)
    private static let end = Array("IKCFG_ED".utf8)
    private static let gzip: [UInt8] = [0x1F, 0x8B, 0x08]
    private static let linux = Array("Linux ve".utf8)
    private static let version = Array("rsion ".utf8)
    /// How far the window of 8 bytes may move on when it ends with this byte (Horspool's rule for both patterns).
    private static let shifts: [UInt8] = {
        var shifts = [UInt8](repeating: 8, count: 256)
        for pattern in [start, linux] {
            for (index, byte) in pattern.enumerated() where index < 7 {
                shifts[Int(byte)] = min(shifts[Int(byte)], UInt8(7 - index))
            }
        }
        return shifts
    }()

    /// The gzip file between the marks.
    private(set) var config: [UInt8]?
    /// The banner, `Linux version …`, without its line end.
    private(set) var banner: String?
    /// A start mark whose end did not come within `largestConfig`.
    private(set) var sawUnterminatedConfig = false
    private var pending: [UInt8] = []
    /// Collecting since a start mark; where the search for the end mark goes on.
    private var collected: [UInt8]?
    private var searched = 0

    var isComplete: Bool { config != nil && banner != nil }

    /// Looks at the next piece.
    mutating func feed(_ piece: [UInt8]) {
        if var open = collected {
            collected = nil
            open += piece
            collect(open)
        } else {
            pending += piece
            search(isLast: false)
        }
    }

    /// Looks at what was held back for the next piece.
    mutating func finish() {
        if collected != nil { sawUnterminatedConfig = true }
        collected = nil
        search(isLast: true)
    }

    /// Searches `pending`, and keeps of it what could be the beginning of a find.
    private mutating func search(isLast: Bool) {
        let bytes = pending
        let held = isLast ? 0 : Self.longestBanner
        var position = 0
        while position + 8 + held <= bytes.count {
            let last = bytes[position + 7]
            if last == 0x54, config == nil, Self.matches(bytes, position, Self.start),
                Self.matches(bytes, position + 8, Self.gzip)
            {
                searched = 0
                pending = []
                return collect(Array(bytes[(position + 8)...]))
            }
            if last == 0x65, banner == nil, Self.matches(bytes, position, Self.linux) {
                banner = Self.banner(bytes, position)
            }
            position += Int(Self.shifts[Int(last)])
        }
        pending = Array(bytes[min(position, bytes.count)...])
    }

    private mutating func collect(_ open: [UInt8]) {
        var position = searched
        while position + 8 <= open.count {
            if open[position] == 0x49, Self.matches(open, position, Self.end) {
                config = Array(open[..<position])
                pending = Array(open[(position + 8)...])
                return search(isLast: false)
            }
            position += 1
        }
        guard open.count <= Self.largestConfig else {
            // Not a configuration after all. What was collected is not searched again: the work stays linear.
            sawUnterminatedConfig = true
            return
        }
        searched = position
        collected = open
    }

    private static func matches(_ bytes: [UInt8], _ position: Int, _ pattern: [UInt8]) -> Bool {
        guard position + pattern.count <= bytes.count else { return false }
        for index in pattern.indices where bytes[position + index] != pattern[index] { return false }
        return true
    }

    /// The printable line at `position`; the format string `Linux version %s` is not it.
    private static func banner(_ bytes: [UInt8], _ position: Int) -> String? {
        guard matches(bytes, position + 8, version) else { return nil }
        let digit = position + 8 + version.count
        guard digit < bytes.count, bytes[digit] >= 0x30, bytes[digit] <= 0x39 else { return nil }
        let line = bytes[position..<min(bytes.count, position + longestBanner)].prefix { $0 >= 0x20 && $0 < 0x7F }
        return String(decoding: line, as: UTF8.self)
    }
}
