import AssayBytes

#if canImport(Glibc)
    import Glibc
#endif

/// Why a file or directory could not be read or written.
public struct FileSystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// There is nothing of that name.
        public static let notFound = Code(name: "not-found")
        /// The user may not read it.
        public static let permissionDenied = Code(name: "permission-denied")
        /// It is not a regular file (a directory, FIFO, socket or device), or not a directory where one is needed.
        public static let wrongType = Code(name: "wrong-type")
        /// It is larger than the caller accepts.
        public static let tooLarge = Code(name: "too-large")
        /// Its symbolic links do not end, or lead out of the root.
        public static let unresolvable = Code(name: "unresolvable")
        /// The kernel reported another error.
        public static let inputOutput = Code(name: "input-output")
    }

    /// What went wrong.
    public let code: Code
    /// The path, escaped for display.
    public let path: String
    /// The reason without the path.
    public let reason: String

    /// The sentence for people.
    public var description: String { "'\(path)': \(reason)" }

    /// Makes an error from its parts.
    public init(code: Code, path: String, reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }

    /// Makes an error from `errno` as the call that failed left it.
    init(errno number: Int32, path: String) {
        let code: Code =
            switch number {
            case ENOENT, ENOTDIR, ENXIO, ENODEV: .notFound
            case EACCES, EPERM: .permissionDenied
            case EISDIR: .wrongType
            case ELOOP, EXDEV, ENAMETOOLONG: .unresolvable
            case EFBIG, EOVERFLOW: .tooLarge
            default: .inputOutput
            }
        var reason = number == ENOSYS ? "openat2(2) is missing: Linux 5.6 or later is needed" : ""
        if reason.isEmpty, let text = unsafe strerror(number) { reason = unsafe String(cString: text) }
        self.init(code: code, path: path, reason: reason.prefix(1).lowercased() + reason.dropFirst())
    }
}
