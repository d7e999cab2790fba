import Synchronization

/// Something whose bytes are written by position: a file, a region of an image, an array.
///
/// Several threads may write at once, to ranges that do not overlap.
public protocol ByteSink: Sendable {
    /// Writes all of `bytes` at `offset`; what lies between the old end and `offset` reads as zero.
    ///
    /// - Throws: an error of the sink (for a file, `FileSystemError`).
    func write(_ bytes: Span<UInt8>, at offset: ByteOffset) throws
}

/// Bytes in memory that are both read and written by position.
///
/// Grows up to `limit` bytes; a write behind that is refused.
public final class ByteArrayStore: ByteSource, ByteSink {
    private let contents: Mutex<[UInt8]>
    private let limit: Int

    /// Makes a store of `bytes` that grows up to `limit` bytes.
    public init(_ bytes: [UInt8] = [], limit: Int = .max) {
        contents = Mutex(bytes)
        self.limit = limit
    }

    /// A copy of all bytes.
    public var bytes: [UInt8] { contents.withLock { $0 } }

    /// The number of bytes.
    public var size: ByteCount { ByteCount(UInt64(contents.withLock { $0.count })) }

    /// Copies bytes from `offset` on into `buffer`.
    public func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) -> Int {
        let part = contents.withLock { bytes -> ArraySlice<UInt8> in
            guard let start = Int(exactly: offset.rawValue), start < bytes.count else { return [] }
            return bytes[start..<start + min(buffer.count, bytes.count - start)]
        }
        for (index, byte) in part.enumerated() { buffer[index] = byte }
        return part.count
    }

    /// Copies `bytes` to `offset`.
    ///
    /// - Throws: `ByteError.truncated` behind the limit.
    public func write(_ bytes: Span<UInt8>, at offset: ByteOffset) throws {
        guard let start = Int(exactly: offset.rawValue), start <= limit, bytes.count <= limit - start else {
            throw ByteError.truncated(at: offset, needed: bytes.count)
        }
        contents.withLock { contents in
            if contents.count < start + bytes.count {
                contents += [UInt8](repeating: 0, count: start + bytes.count - contents.count)
            }
            for index in bytes.indices { contents[start + index] = bytes[index] }
        }
    }
}
