/// What GRUB would find at a path of its file systems.
public enum GrubFile: Hashable, Sendable {
    /// A file.
    case bytes([UInt8])
    /// A directory, with the names in it.
    case directory([String])
    /// Nothing is there.
    case absent
    /// Something is there, or may be, that could not be read.
    case unreadable(reason: String)
}

/// Where something stands.
public struct GrubLocation: Hashable, Sendable, CustomStringConvertible {
    /// The path of the script as it was looked up.
    public let path: String
    /// Counted from 1.
    public let line: Int

    /// `path:line`.
    public var description: String { "\(path):\(line)" }
}

/// A file that the script asked for.
public struct GrubLookup: Hashable, Sendable {
    /// How it ended.
    public enum State: Hashable, Sendable {
        /// It was read.
        case loaded
        /// It is not there, so that the command fails.
        case absent
        /// It could not be read; what it would do is not known.
        case unreadable(reason: String)
        /// Its path is not known.
        case unresolved([GrubDoubt])
    }

    /// The command that asked: `load_env`, `source`, `configfile`, `blscfg`.
    public let command: String
    /// The path after expansion.
    public let path: String
    /// Where the command stands.
    public let location: GrubLocation
    /// How it ended.
    public let state: State
}
