import AssayBytes
import AssayFileSystem

#if canImport(Glibc)
    import Glibc
#endif

/// Directories of a store on the running system.
enum KeyStoreDirectory {
    /// Makes a directory and those above it that are missing; only the owner may write to them.
    static func make(_ path: String) throws {
        var made = path.hasPrefix("/") ? "" : "."
        for name in path.split(separator: "/") {
            made += "/" + name
            guard unsafe mkdir(made, 0o755) != 0 else { continue }
            let code = errno
            // One that is there may be read-only for us, or be a link to another.
            if RootedDirectory.isHostDirectory(made) { continue }
            throw VerificationError("'\(EscapedText(made))' cannot be made: \(reason(code))")
        }
    }

    /// Whether there is nothing at `path`, as far as that can be told.
    static func isMissing(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) != 0 && errno == ENOENT
    }

    /// The names in a folder; none when it is missing.
    static func names(_ folder: String) throws -> [[UInt8]] {
        if isMissing(folder) { return [] }
        return try RootedDirectory(path: folder).entries(.root, limit: KeyStore.maximumFiles).map(\.name)
    }

    /// Refuses directories that others than the owner may write to.
    static func refuseShared(_ paths: [String]) throws {
        for path in paths {
            guard let reason = KeyStoreFile.sharing(try RootedDirectory(path: path).status(.root)) else { continue }
            throw VerificationError("'\(EscapedText(path))': \(reason)", hint: "chmod go-w '\(EscapedText(path))'")
        }
    }

    /// Removes a file if it is there.
    static func removeFile(_ path: String) throws {
        guard unsafe unlink(path) != 0 else { return }
        let code = errno
        guard code != ENOENT else { return }
        throw VerificationError("'\(EscapedText(path))' cannot be removed: \(reason(code))")
    }

    /// Removes a directory if nothing is in it.
    static func removeIfEmpty(_ path: String) { _ = unsafe rmdir(path) }

    private static func reason(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        let reason = unsafe String(cString: text)
        return reason.prefix(1).lowercased() + reason.dropFirst()
    }
}
