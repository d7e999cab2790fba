import AssayBytes

#if canImport(Glibc)
    import Glibc
#endif

/// A new directory of this user only, removed with what is in it when this value goes.
public final class TemporaryDirectory: Sendable {
    private static let maximumDepth = 8

    /// Where it is.
    public let path: String

    /// Makes a directory in `parent`.
    ///
    /// - Throws: `FileSystemError` when that cannot be done.
    public init(in parent: String = "/tmp") throws {
        var name = Array((parent + "/assay-XXXXXX").utf8CString)
        let made = unsafe name.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) } != nil
        }
        guard made else { throw FileSystemError(errno: errno, path: EscapedText(parent).description) }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { TemporaryDirectory.remove(Array(path.utf8), depth: 0) }

    /// Removes what is there, a link as the link that it is.
    private static func remove(_ path: [UInt8], depth: Int) {
        guard depth <= maximumDepth else { return }
        if let directory = try? RootedDirectory(path: String(decoding: path, as: UTF8.self)),
            let entries = try? directory.entries(TreePath("/"))
        {
            for entry in entries {
                let child = path + [UInt8(ascii: "/")] + entry.name
                if entry.type == .directory {
                    remove(child, depth: depth + 1)
                } else {
                    _ = unsafe withCPath(child) { unsafe unlink($0) }
                }
            }
        }
        _ = unsafe withCPath(path) { unsafe rmdir($0) }
    }
}
