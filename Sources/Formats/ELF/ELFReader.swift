internal import AssayBytes

/// Bounded windows of one file, read by position; the first window is kept because most tables lie in it.
struct ELFReader: Sendable {
    static let headLength = 8_192

    let source: any ByteSource
    let size: UInt64
    let head: [UInt8]

    init(_ source: any ByteSource) throws {
        self.source = source
        size = source.size.rawValue
        head = try source.prefix(at: .zero, atMost: ELFReader.headLength)
    }

    /// Whether `count` bytes at `offset` lie in the file.
    func contains(_ offset: UInt64, _ count: UInt64) -> Bool { offset <= size && count <= size - offset }

    /// Reads exactly `count` bytes; the caller has bounded `count` by the file's size or one of `ELFLimits`.
    func bytes(at offset: UInt64, count: UInt64, _ what: String) throws -> [UInt8] {
        guard contains(offset, count), let length = Int(exactly: count) else {
            throw ELFError(.truncated, at: offset, "\(what) of \(count) bytes does not lie in the file")
        }
        if offset + count <= UInt64(head.count) {
            let start = Int(offset)
            return Array(head[start..<(start + length)])
        }
        let result = try source.prefix(at: ByteOffset(offset), atMost: length)
        guard result.count == length else {
            throw ELFError(.truncated, at: offset, "\(what) of \(count) bytes could not be read whole")
        }
        return result
    }
}

/// Numbers of a table whose length was checked before.
struct ELFTable: Sendable {
    let bytes: [UInt8]
    let order: Endianness

    var count: Int { bytes.count }

    @inline(__always) func u16(_ at: Int) -> UInt16 {
        order == .little
            ? UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8 : UInt16(bytes[at + 1]) | UInt16(bytes[at]) << 8
    }

    @inline(__always) func u32(_ at: Int) -> UInt32 {
        order == .little
            ? UInt32(u16(at)) | UInt32(u16(at + 2)) << 16 : UInt32(u16(at + 2)) | UInt32(u16(at)) << 16
    }

    @inline(__always) func u64(_ at: Int) -> UInt64 {
        order == .little
            ? UInt64(u32(at)) | UInt64(u32(at + 4)) << 32 : UInt64(u32(at + 4)) | UInt64(u32(at)) << 32
    }
}

/// The end of a range, or nil when it does not fit in 64 bits.
func rangeEnd(_ start: UInt64, _ count: UInt64) -> UInt64? {
    let (end, overflow) = start.addingReportingOverflow(count)
    return overflow ? nil : end
}
