/// Something whose bytes are read by position: a file, a region of an image, an array.
///
/// Readers ask for bounded windows and never for the whole, so that memory stays flat as the input grows.
public protocol ByteSource: Sendable {
    /// The number of bytes from the first to the last readable one.
    var size: ByteCount { get }

    /// Reads bytes from `offset` on into `buffer`, as many as fit and exist.
    ///
    /// - Parameters:
    ///   - buffer: where the bytes go, from its first element on.
    ///   - offset: the position of the first byte.
    /// - Returns: the number of bytes read: fewer than `buffer.count` only where the source ends; 0 at or behind its end.
    /// - Throws: an error of the source (for a file, `FileSystemError`).
    func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int
}

extension ByteSource {
    /// Reads exactly `count` bytes at `offset` into a new array.
    ///
    /// The caller bounds `count` before the call; nothing is allocated for a range that lies outside the source.
    ///
    /// - Throws: `ByteError.truncated` when the range is not wholly inside the source, or the source's own error.
    public func bytes(at offset: ByteOffset, count: Int) throws -> [UInt8] {
        guard count >= 0, let end = offset.advanced(by: ByteCount(UInt64(count))), end.rawValue <= size.rawValue else {
            throw ByteError.truncated(at: offset, needed: count)
        }
        let result = try prefix(at: offset, atMost: count)
        guard result.count == count else { throw ByteError.truncated(at: offset, needed: count) }
        return result
    }

    /// Reads up to `count` bytes at `offset`; fewer when the source ends before.
    public func prefix(at offset: ByteOffset, atMost count: Int) throws -> [UInt8] {
        guard offset.rawValue < size.rawValue, count > 0 else { return [] }
        let available = Int(clamping: size.rawValue - offset.rawValue)
        var result = [UInt8](repeating: 0, count: min(count, available))
        var span = result.mutableSpan
        let read = try self.read(into: &span, at: offset)
        if read < result.count { result.removeLast(result.count - read) }
        return result
    }
}

/// A `ByteSource` over bytes in memory.
public struct ByteArraySource: ByteSource {
    private let bytes: [UInt8]

    /// Makes a source of `bytes`.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The number of bytes.
    public var size: ByteCount { ByteCount(UInt64(bytes.count)) }

    /// Copies bytes from `offset` on into `buffer`.
    public func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) -> Int {
        guard let start = Int(exactly: offset.rawValue), start < bytes.count else { return 0 }
        let count = min(buffer.count, bytes.count - start)
        for index in 0..<count { buffer[index] = bytes[start + index] }
        return count
    }
}
