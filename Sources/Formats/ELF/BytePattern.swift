internal import AssayBytes

/// Exact search of a short byte string, by comparing its rarest end first.
enum BytePattern {
    /// The first position of `needle` in `bytes` at or after `start`, or nil.
    static func first(_ needle: [UInt8], in bytes: [UInt8], from start: Int = 0) -> Int? {
        guard let head = needle.first, needle.count <= bytes.count else { return nil }
        let haystack = bytes.span
        let last = bytes.count - needle.count
        var at = start
        while at <= last {
            guard haystack[at] == head else {
                at += 1
                continue
            }
            var index = 1
            while index < needle.count, haystack[at + index] == needle[index] { index += 1 }
            if index == needle.count { return at }
            at += 1
        }
        return nil
    }
}

/// Walks a range of a file in bounded windows that overlap, so that a match across a border is seen once.
struct WindowWalk {
    static let window: UInt64 = 256 << 10
    static let overlap: UInt64 = 16

    let reader: ELFReader

    /// Calls `body` with each window, its file offset, and the number of start positions that are this window's own.
    ///
    /// - Returns: false when `body` asked to stop.
    func each(
        _ offset: UInt64, _ count: UInt64, _ body: (_ bytes: [UInt8], _ offset: UInt64, _ starts: Int) throws -> Bool
    ) throws -> Bool {
        guard reader.contains(offset, count) else {
            throw ELFError(.truncated, at: offset, "a range of \(count) bytes does not lie in the file")
        }
        // One buffer for all windows: allocating each would cost more than looking through it.
        var bytes = [UInt8](repeating: 0, count: Int(min(WindowWalk.window + WindowWalk.overlap, count)))
        var at: UInt64 = 0
        while at < count {
            let own = min(WindowWalk.window, count - at)
            let length = Int(min(own + WindowWalk.overlap, count - at))
            if bytes.count > length { bytes.removeLast(bytes.count - length) }
            var span = bytes.mutableSpan
            let read = try reader.source.read(into: &span, at: ByteOffset(offset + at))
            guard read == length else {
                throw ELFError(.truncated, at: offset + at, "a window of \(length) bytes could not be read whole")
            }
            guard try body(bytes, offset + at, Int(own)) else { return false }
            at += own
        }
        return true
    }
}
