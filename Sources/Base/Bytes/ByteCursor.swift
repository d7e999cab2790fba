/// Byte order of a multi-byte number.
public enum Endianness: Hashable, Sendable {
    /// Least significant byte first.
    case little
    /// Most significant byte first.
    case big
}

/// A reader that walks once over borrowed bytes and throws where they end.
///
/// Positions are relative to the span's first byte. Nothing is copied until `bytes(_:)` asks for it.
public struct ByteCursor: ~Escapable {
    private let span: Span<UInt8>
    /// Bytes read so far.
    public private(set) var position: Int

    /// Starts at the first byte of `span`.
    @_lifetime(copy span)
    public init(_ span: Span<UInt8>) {
        self.span = span
        self.position = 0
    }

    /// Bytes not read yet.
    public var remaining: Int { span.count - position }

    /// Whether every byte was read.
    public var isAtEnd: Bool { position == span.count }

    /// Moves to `position`, counted from the first byte.
    ///
    /// - Throws: `ByteError.truncated` when that lies behind the end.
    public mutating func seek(to position: Int) throws(ByteError) {
        guard position >= 0, position <= span.count else { throw .truncated(at: offset, needed: position) }
        self.position = position
    }

    /// Passes over `count` bytes.
    public mutating func skip(_ count: Int) throws(ByteError) {
        try require(count)
        position += count
    }

    /// Reads one byte.
    public mutating func u8() throws(ByteError) -> UInt8 {
        try require(1)
        defer { position += 1 }
        return span[position]
    }

    /// Reads a 16-bit number.
    public mutating func u16(_ order: Endianness) throws(ByteError) -> UInt16 { UInt16(try number(2, order)) }

    /// Reads a 32-bit number.
    public mutating func u32(_ order: Endianness) throws(ByteError) -> UInt32 { UInt32(try number(4, order)) }

    /// Reads a 64-bit number.
    public mutating func u64(_ order: Endianness) throws(ByteError) -> UInt64 { try number(8, order) }

    /// Reads `count` bytes into a new array.
    public mutating func bytes(_ count: Int) throws(ByteError) -> [UInt8] {
        try require(count)
        let part = span.extracting(position..<(position + count))
        let result = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            // The part has `count` bytes, which is the room that the buffer has.
            unsafe part.withUnsafeBufferPointer { source in _ = unsafe buffer.initialize(fromContentsOf: source) }
            initialized = count
        }
        position += count
        return result
    }

    private var offset: ByteOffset { ByteOffset(UInt64(position)) }

    private func require(_ count: Int) throws(ByteError) {
        guard count >= 0, count <= remaining else { throw .truncated(at: offset, needed: count) }
    }

    private mutating func number(_ width: Int, _ order: Endianness) throws(ByteError) -> UInt64 {
        try require(width)
        var result: UInt64 = 0
        for index in 0..<width {
            let byte = UInt64(span[position + index])
            switch order {
            case .little: result |= byte << (8 * UInt64(index))
            case .big: result = result << 8 | byte
            }
        }
        position += width
        return result
    }
}
