import AssayFileSystem

#if canImport(Glibc)
    import Glibc
#endif

/// A folder that only this user can enter, for what another program must read; it goes away with the value.
final class PrivateFolder: Sendable {
    let path: String

    /// Makes the folder beside `file`.
    init(beside file: String) throws {
        let prefix = file.utf8.lastIndex(of: 0x2F).map { String(file[...$0]) } ?? "./"
        let name = prefix + ".assay-sign-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        guard unsafe mkdir(name, 0o700) == 0 else {
            throw VerificationError(
                "a folder for the work could not be made in '\(prefix)': \(unsafe String(cString: strerror(errno)))")
        }
        path = name
    }

    deinit {
        _ = unsafe unlink(path + "/to-be-signed")
        _ = unsafe rmdir(path)
    }
}
