import AssayBytes
public import AssayFileSystem

/// What is examined, recognised by its content.
public enum Subject: Sendable {
    /// The running machine, from its root directory.
    case host(RootedDirectory)
    /// The root directory of an operating system; never mixed with the host.
    case rootDirectory(RootedDirectory, path: String)
    /// A folder that is no root directory: its ELF files are examined.
    case elfFolder(RootedDirectory, path: String)
    /// One ELF file.
    case elfFile(FileSource, path: String)
    /// A kernel's build configuration, as text.
    case kernelConfiguration([UInt8], path: String)
    /// A kernel image (bzImage, arm64 Image), compressed configuration or unified kernel image.
    case kernelImage(FileSource, path: String)

    /// The largest kernel configuration that is read; real ones have 0.3 MB.
    static let largestConfiguration: UInt64 = 16 << 20

    /// Opens `path` of the running system and recognises what it is.
    ///
    /// - Throws: `FileSystemError` when it cannot be opened, `SubjectError` when it is nothing that can be examined.
    public static func open(_ path: String) throws -> Subject {
        let name = EscapedText(path).description
        let file: FileSource
        do {
            file = try RootedDirectory.openHostFile(path)
        } catch let error as FileSystemError where error.code == .wrongType {
            guard RootedDirectory.isHostDirectory(path) else { throw error }
            return try openDirectory(path, name: name)
        }
        let start = try file.prefix(at: .zero, atMost: 4096)
        switch start {
        case _ where start.starts(with: [0x7F, 0x45, 0x4C, 0x46]): return .elfFile(file, path: name)
        case _ where Subject.isKernelImage(start): return .kernelImage(file, path: name)
        case _ where Subject.isKernelConfiguration(start):
            guard file.size.rawValue <= largestConfiguration else {
                throw SubjectError(name, "a kernel configuration of more than \(largestConfiguration >> 20) MiB")
            }
            return .kernelConfiguration(try file.readToEnd(limit: Int(largestConfiguration)), path: name)
        case []: throw SubjectError(name, "the file is empty")
        default:
            throw SubjectError(
                name, "neither an ELF file, nor a kernel configuration, nor a kernel image, nor a directory")
        }
    }

    private static func openDirectory(_ path: String, name: String) throws -> Subject {
        let root = try RootedDirectory(path: path)
        if try root.isSameDirectory(as: RootedDirectory(path: "/")) { return .host(root) }
        func isDirectory(_ path: TreePath) -> Bool { (try? root.status(path))?.type == .directory }
        func exists(_ path: TreePath) -> Bool { (try? root.status(path)) != nil }
        if exists("/etc/os-release") || exists("/usr/lib/os-release") || (isDirectory("/etc") && isDirectory("/usr")) {
            return .rootDirectory(root, path: name)
        }
        return .elfFolder(root, path: name)
    }

    /// Kconfig writes `#` comments and `CONFIG_` lines only.
    private static func isKernelConfiguration(_ start: [UInt8]) -> Bool {
        var symbols = 0
        for line in TextLines(start).prefix(40) where !line.text.isEmpty {
            if line.text.hasPrefix("CONFIG_") || line.text.hasPrefix("# CONFIG_") {
                symbols += 1
            } else if !line.text.hasPrefix("#") {
                return false
            }
        }
        return symbols > 0
    }

    /// A boot sector with the setup header of Linux/x86 (`HdrS` at 0x202), arm64 (`ARM\x64` at 0x38), a PE image, or gzip.
    private static func isKernelImage(_ start: [UInt8]) -> Bool {
        func holds(_ magic: [UInt8], at offset: Int) -> Bool {
            start.count >= offset + magic.count && Array(start[offset..<(offset + magic.count)]) == magic
        }
        return holds(Array("HdrS".utf8), at: 0x202) || holds([0x41, 0x52, 0x4D, 0x64], at: 0x38)
            || holds([0x4D, 0x5A], at: 0) || holds([0x1F, 0x8B, 8], at: 0)
    }
}

/// A subject that cannot be examined.
public struct SubjectError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path, escaped.
    public let path: String
    /// Why.
    public let reason: String

    /// The sentence for people.
    public var description: String { "'\(path)': \(reason)" }

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }
}
