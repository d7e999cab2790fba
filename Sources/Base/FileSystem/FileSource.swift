public import AssayBytes
import CAssayShims

#if canImport(Glibc)
    import Glibc
#endif

/// An open regular file, read by position with `pread`.
///
/// The size is the one at opening: a file that shrinks later reads short, one that grows is read up to the old end.
public struct FileSource: ByteSource {
    /// What errors call the file; most files never need it as text.
    enum Name: Sendable, CustomStringConvertible {
        /// A file of a subject.
        case inTree(TreePath)
        /// A file of the running system, as the user named it, escaped.
        case ofHost(String)

        var description: String {
            switch self {
            case .inTree(let path): path.description
            case .ofHost(let text): text
            }
        }
    }

    private let descriptor: Descriptor
    private let name: Name
    /// What `fstat` said when the file was opened.
    public let status: FileStatus

    /// Takes over `descriptor`, which must be a regular file.
    init(_ descriptor: Descriptor, _ name: Name) throws {
        self.descriptor = descriptor
        self.name = name
        status = try descriptor.status(path: name.description)
        guard status.type == .regular else {
            throw FileSystemError(code: .wrongType, path: name.description, reason: "not a regular file")
        }
    }

    /// The size in bytes when the file was opened.
    public var size: ByteCount { ByteCount(status.size) }

    /// The descriptor's number, for a system call that needs one while this value lives.
    public var descriptorNumber: Int32 { descriptor.number }

    /// The value of the extended attribute `attribute`, or nil when the file has none of that name.
    public func extendedAttribute(_ attribute: String) throws -> [UInt8]? {
        try unsafe readExtendedAttribute(path: name.description) { buffer in
            unsafe fgetxattr(descriptor.number, attribute, buffer.baseAddress, buffer.count)
        }
    }

    /// Reads bytes from `offset` on into `buffer` with `pread`.
    public func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
        try descriptor.read(into: &buffer, at: offset, path: name.description)
    }

    /// Reads to the end, as `read` does: for files of `/proc` and `/sys`, which have no size.
    ///
    /// - Throws: `FileSystemError.Code.tooLarge` when there are more than `limit` bytes.
    public func readToEnd(limit: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(max(Int(clamping: status.size) + 1, 4096), 1 << 20, limit + 1))
        while true {
            var span = chunk.mutableSpan
            let count = try readOnce(into: &span, at: result.count)
            if count == 0 { return result }
            guard result.count + count <= limit else {
                throw FileSystemError(code: .tooLarge, path: name.description, reason: "larger than \(limit) bytes")
            }
            result += chunk[..<count]
        }
    }

    private func readOnce(into buffer: inout MutableSpan<UInt8>, at offset: Int) throws -> Int {
        while true {
            let length = buffer.count
            let count = unsafe buffer.withUnsafeMutableBufferPointer { pointer in
                unsafe pread(descriptor.number, pointer.baseAddress, length, off_t(offset))
            }
            if count >= 0 { return count }
            guard errno == EINTR else { throw FileSystemError(errno: errno, path: name.description) }
        }
    }
}
