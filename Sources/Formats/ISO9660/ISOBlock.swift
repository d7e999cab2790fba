public import AssayBytes

/// A run of consecutive bytes of an image.
public struct ISOExtent: Hashable, Sendable {
    /// The first byte.
    public let offset: ByteOffset
    /// The number of bytes.
    public let count: ByteCount

    /// Makes the run of `count` bytes from `offset` on.
    public init(offset: ByteOffset, count: ByteCount) {
        self.offset = offset
        self.count = count
    }

    /// The position behind the last byte, or nil when it does not fit in 64 bits.
    public var end: ByteOffset? { offset.advanced(by: count) }

    /// Whether all bytes lie in a file of `size` bytes.
    public func isWithin(_ size: ByteCount) -> Bool { end.map { $0.rawValue <= size.rawValue } ?? false }
}

/// Bytes of an image with their position, read field by field.
///
/// ECMA-119, section 7 (<https://ecma-international.org/publications-and-standards/standards/ecma-119/>) numbers the byte
/// orders: 7.2.1 and 7.3.1 little-endian, 7.2.2 and 7.3.2 big-endian, 7.2.3 and 7.3.3 both, one behind the other.
struct ISOBlock {
    /// Where the first byte is in the image.
    let start: UInt64
    let bytes: [UInt8]

    init(start: UInt64, bytes: [UInt8]) {
        self.start = start
        self.bytes = bytes
    }

    /// Reads `count` bytes at `start`; the caller has bounded `count`.
    init(_ source: any ByteSource, at start: UInt64, count: Int, _ what: @autoclosure () -> String) throws {
        self.start = start
        do {
            bytes = try source.bytes(at: ByteOffset(start), count: count)
        } catch is ByteError {
            throw ISO9660Error(
                code: .truncated, offset: ByteOffset(start), detail: "\(what()) needs \(count) bytes")
        }
    }

    func u8(_ index: Int) throws(ISO9660Error) -> UInt8 {
        guard bytes.indices.contains(index) else { throw end(index) }
        return bytes[index]
    }

    func slice(_ index: Int, _ count: Int) throws(ISO9660Error) -> ArraySlice<UInt8> {
        guard index >= 0, count >= 0, index <= bytes.count, count <= bytes.count - index else { throw end(index) }
        return bytes[index..<(index + count)]
    }

    func u16(_ index: Int, _ order: Endianness = .little) throws(ISO9660Error) -> UInt16 {
        let part = try slice(index, 2)
        let pair = (UInt16(part[index]), UInt16(part[index + 1]))
        return order == .little ? pair.0 | pair.1 << 8 : pair.0 << 8 | pair.1
    }

    func u32(_ index: Int, _ order: Endianness = .little) throws(ISO9660Error) -> UInt32 {
        let part = try slice(index, 4)
        return order == .little
            ? part.reversed().reduce(0) { $0 << 8 | UInt32($1) } : part.reduce(0) { $0 << 8 | UInt32($1) }
    }

    func u64(_ index: Int) throws(ISO9660Error) -> UInt64 {
        try slice(index, 8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A 16-bit number in both byte orders, which must say the same: readers differ in the one that they take.
    func both16(_ index: Int, _ name: String) throws(ISO9660Error) -> UInt16 {
        let little = try u16(index)
        let big = try u16(index + 2, .big)
        guard little == big else { throw disagreement(index, name, UInt64(little), UInt64(big)) }
        return little
    }

    /// A 32-bit number in both byte orders, which must say the same.
    func both32(_ index: Int, _ name: String) throws(ISO9660Error) -> UInt32 {
        let little = try u32(index)
        let big = try u32(index + 4, .big)
        guard little == big else { throw disagreement(index, name, UInt64(little), UInt64(big)) }
        return little
    }

    private func disagreement(_ index: Int, _ name: String, _ little: UInt64, _ big: UInt64) -> ISO9660Error {
        .malformed(start + UInt64(index), "\(name) is \(little) in one byte order and \(big) in the other")
    }

    private func end(_ index: Int) -> ISO9660Error {
        ISO9660Error(
            code: .truncated, offset: ByteOffset(start.addingReportingOverflow(UInt64(clamping: index)).partialValue),
            detail: "a field lies behind the end of its structure")
    }
}
