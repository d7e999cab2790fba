import AssayBytes
import CAssayShims

#if canImport(Glibc)
    import Glibc
#endif

/// One name in a directory.
public struct DirectoryEntry: Hashable, Sendable {
    /// The name's bytes: never empty, `.` or `..`, without `/` and NUL.
    public let name: [UInt8]
    /// The kind, where the directory says it; nil when only `stat` can tell.
    public let type: FileType?

    /// The name, escaped for display.
    public var text: String { EscapedText(name).description }
}

/// The entries of an open directory, ordered by their bytes.
func listEntries(_ directory: Descriptor, path: @autoclosure () -> String, limit: Int) throws -> [DirectoryEntry] {
    var entries: [DirectoryEntry] = []
    var buffer = [UInt8](repeating: 0, count: 32_768)
    while true {
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe assay_getdents64(directory.number, bytes.baseAddress, bytes.count)
        }
        guard count >= 0 else { throw FileSystemError(errno: errno, path: path()) }
        if count == 0 { break }
        try appendEntries(buffer.span.extracting(first: count), to: &entries)
        guard entries.count <= limit else {
            throw FileSystemError(code: .tooLarge, path: path(), reason: "more than \(limit) entries")
        }
    }
    return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
}

/// Decodes the records of getdents64(2): inode (8), offset (8), record length (2), type (1), name (NUL-terminated).
private func appendEntries(_ records: Span<UInt8>, to entries: inout [DirectoryEntry]) throws {
    var start = 0
    while start < records.count {
        var cursor = ByteCursor(records)
        try cursor.seek(to: start + 16)
        let length = Int(try cursor.u16(.little))
        let kind = try cursor.u8()
        guard length > 19 else { throw ByteError.truncated(at: ByteOffset(UInt64(start)), needed: 19) }
        let field = try cursor.bytes(length - 19)
        let name = Array(field.prefix { $0 != 0 })
        start += length
        guard name != [0x2E], name != [0x2E, 0x2E] else { continue }
        let type: FileType? =
            switch Int32(kind) {
            case Int32(DT_REG): .regular
            case Int32(DT_DIR): .directory
            case Int32(DT_LNK): .symbolicLink
            case Int32(DT_UNKNOWN): nil
            default: .special
            }
        entries.append(DirectoryEntry(name: name, type: type))
    }
}
