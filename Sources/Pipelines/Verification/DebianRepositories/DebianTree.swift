import AssayBytes
import AssayFileSystem

/// The files of a Debian repository, or of what apt fetched of several, in one folder.
struct DebianTree: Sendable {
    /// A file.
    struct File: Sendable {
        let path: TreePath
        /// Bytes, when it was found.
        let size: UInt64
    }

    /// A file that a Release file may list.
    struct Index: Sendable {
        let file: File
        /// The path relative to the Release file; in apt's lists with the extension that apt gave it.
        let listedAs: String
    }

    /// A Release file, in one or two forms, and the files around it.
    struct Suite: Sendable {
        /// The folder, or for apt's lists the address of one, that paths are relative to.
        var directory: TreePath
        var inRelease: TreePath?
        var release: TreePath?
        /// Where the signature of `release` lies, if anywhere.
        var signature: TreePath
        /// The suite or codename that the place names.
        var requestedAs: String?
        /// Where the paths of packages begin.
        var packageRoot: TreePath
        var indexes: [Index] = []
    }

    /// A place that could not be looked at.
    struct Gap: Sendable {
        let path: TreePath
        let reason: String
    }

    let directory: RootedDirectory
    /// The folder as the user named it, without slashes behind it.
    let path: String
    /// Whether these are apt's lists: files under the names of their addresses, perhaps compressed by apt itself.
    let isAptLists: Bool
    /// Whether packages that no index lists are reported.
    var reportsUnlisted = true
    var suites: [Suite] = []
    /// Indexes without a Release file.
    var strays: [File] = []
    var packages: [File] = []
    var gaps: [Gap] = []

    init(directory: RootedDirectory, path: String, isAptLists: Bool) {
        self.directory = directory
        var path = path
        while path.utf8.count > 1, path.utf8.last == 0x2F { path.removeLast() }
        self.path = path
        self.isAptLists = isAptLists
    }

    /// The folder, escaped for display.
    var name: String { EscapedText(path).description }

    /// A file of the folder, escaped for display.
    func name(_ file: TreePath) -> String {
        guard !file.names.isEmpty else { return name }
        let separator: [UInt8] = path == "/" ? [] : [0x2F]
        return EscapedText(Array(path.utf8) + separator + file.relativeBytes).description
    }
}

extension [DebianTree.Suite] {
    /// Each suite's position by its folder.
    var positions: [TreePath: Int] { Dictionary(enumerated().map { ($1.directory, $0) }) { first, _ in first } }
}

extension [TreePath: Int] {
    /// The value of the nearest folder above `path`, with the names below that folder.
    func nearest(above path: TreePath) -> (value: Int, rest: [[UInt8]])? {
        var folder = path
        while !folder.names.isEmpty {
            folder = folder.parent
            if let value = self[folder] { return (value, Array(path.names[folder.names.count...])) }
        }
        return nil
    }
}
