import AssayBytes
public import AssayFileSystem

/// A file that is to be verified, opened once: everything is read through the one descriptor, so that nothing can be
/// swapped between two looks.
public struct SubjectFile: Sendable {
    /// The path as it was given or found.
    public let path: String
    /// The opened file.
    public let source: FileSource

    /// Opens a regular file of the running system.
    ///
    /// - Throws: `FileSystemError`, also for what is no regular file.
    public init(path: String) throws {
        self.path = path
        source = try RootedDirectory.openHostFile(path)
    }

    /// Makes it of a file that is open already.
    public init(path: String, source: FileSource) {
        self.path = path
        self.source = source
    }

    /// The path, escaped for display.
    public var name: String { EscapedText(path).description }
    /// The last component of the path, as lists name it.
    public var baseName: [UInt8] { Array(path.utf8.split(separator: 0x2F).last ?? []) }
    /// The folder that it lies in, for what is looked for beside it.
    public var folder: String {
        guard let slash = path.utf8.lastIndex(of: 0x2F) else { return "." }
        let folder = String(path[..<slash])
        return folder.isEmpty ? "/" : folder
    }
}
