/// What a name in a unit directory is.
public enum UnitDirectoryEntry: Hashable, Sendable {
    /// A regular file with its content; an empty one masks.
    case file([UInt8])
    /// A symbolic link with its target as stored; one to `/dev/null` masks.
    case symlink(target: String)
    /// A file known to be empty or the null device.
    case masked
    /// A file that could not be read, with the reason.
    case unreadable(reason: String)
    /// Something else (FIFO, socket, device, directory), named for people.
    case other(String)

    /// Whether systemd takes the entry as "never load this".
    var isMask: Bool {
        switch self {
        case .file(let bytes): bytes.isEmpty
        case .symlink(let target): UnitPath.normalized(target, in: "/") == "/dev/null"
        case .masked: true
        case .unreadable, .other: false
        }
    }

    var isSymlink: Bool {
        if case .symlink = self { true } else { false }
    }
}

/// The listing of one directory of the unit load path.
public struct UnitDirectory: Hashable, Sendable {
    /// The directory's path in the subject, such as `/etc/systemd/system`.
    public var path: String
    /// The directory's entries by name, without subdirectories.
    public var entries: [String: UnitDirectoryEntry]
    /// The entries of the subdirectories (`foo.service.d`, `multi-user.target.wants`, …) by the subdirectory's name.
    public var subdirectories: [String: [String: UnitDirectoryEntry]]
    /// The names of subdirectories that could not be listed, with the reason.
    public var unreadableSubdirectories: [String: String]

    /// Makes a listing.
    public init(
        path: String, entries: [String: UnitDirectoryEntry] = [:],
        subdirectories: [String: [String: UnitDirectoryEntry]] = [:], unreadableSubdirectories: [String: String] = [:]
    ) {
        self.path = path
        self.entries = entries
        self.subdirectories = subdirectories
        self.unreadableSubdirectories = unreadableSubdirectories
    }
}

/// Whose units a set holds.
public enum UnitScope: Hashable, Sendable {
    /// The units of the system manager.
    case system
    /// The units of every user's manager.
    case user

    /// The directories to list, highest priority first (systemd.unit(5), "Unit File Load Path").
    ///
    /// `/lib/…` stands for distributions with a separate `/usr`; leave it out where `/lib` is a link to `/usr/lib`.
    /// The user scope has the system-wide directories only: those in home directories depend on the session.
    public var directoryPaths: [String] {
        switch self {
        case .system:
            [
                "/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient",
                "/run/systemd/generator.early", "/etc/systemd/system", "/etc/systemd/system.attached",
                "/run/systemd/system", "/run/systemd/system.attached", "/run/systemd/generator",
                "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
                "/run/systemd/generator.late",
            ]
        case .user:
            [
                "/etc/xdg/systemd/user", "/etc/systemd/user", "/run/systemd/user", "/usr/local/share/systemd/user",
                "/usr/share/systemd/user", "/usr/local/lib/systemd/user", "/usr/lib/systemd/user",
            ]
        }
    }

    /// Where `systemctl enable` writes.
    var persistentConfiguration: String { self == .system ? "/etc/systemd/system" : "/etc/systemd/user" }

    func isRuntime(_ directory: String) -> Bool { directory.hasPrefix("/run/") }

    func isGenerator(_ directory: String) -> Bool {
        directory.hasPrefix("/run/systemd/generator") || directory.hasPrefix("/run/systemd/user-generator")
    }

    func isTransient(_ directory: String) -> Bool {
        directory == "/run/systemd/transient" || directory.hasSuffix(".control")
    }
}

/// Paths inside a subject, as text.
enum UnitPath {
    /// `path` made absolute below `directory`, without `.`, `..` and doubled slashes; never above the root.
    static func normalized(_ path: String, in directory: String) -> String {
        var parts: [Substring] = []
        let whole = path.utf8.first == UInt8(ascii: "/") ? path : directory + "/" + path
        for part in whole.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": if !parts.isEmpty { parts.removeLast() }
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The directory and the last component of a normalized path.
    static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        let directory = slash == path.startIndex ? "/" : String(path[..<slash])
        return (directory, String(path[path.index(after: slash)...]))
    }
}
