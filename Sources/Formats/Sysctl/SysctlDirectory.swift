import AssayBytes

/// A directory entry below a `sysctl.d` directory.
public struct SysctlEntry: Hashable, Sendable {
    /// What opening the entry gives.
    public enum Contents: Hashable, Sendable {
        /// A regular file, or a link to one: its bytes.
        case bytes([UInt8])
        /// A link to `/dev/null`: the name is there and sets nothing, so a file of that name further down is hidden.
        case masked
        /// A link that leads nowhere: hides like `masked`; systemd-sysctl says nothing about it.
        case dangling
        /// A file whose bytes could not be read, and why.
        case unreadable(reason: String)
    }

    /// The file name, without a directory, as bytes.
    public let name: [UInt8]
    /// What is in it.
    public let contents: Contents

    /// Makes an entry.
    public init(name: [UInt8], contents: Contents) {
        self.name = name
        self.contents = contents
    }

    /// Makes an entry whose name is text.
    public init(_ name: String, _ contents: Contents) { self.init(name: Array(name.utf8), contents: contents) }

    /// Whether systemd looks at an entry of this name: it ends in `.conf` and is not hidden.
    public var isConfiguration: Bool { name.suffix(5) == Array(".conf".utf8)[...] && name.first != UInt8(ascii: ".") }
}

/// One of the directories that systemd-sysctl reads.
///
/// Entries that are neither regular files nor links to them (directories, devices) are left out by the caller.
public struct SysctlDirectory: Hashable, Sendable {
    /// The directories of systemd-sysctl, highest priority first. (`/lib/sysctl.d` follows where `/usr` is not merged.)
    public static let searchPath = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d"]

    /// The path, as it shall stand in locations.
    public let path: String
    /// What is in it, in any order.
    public let entries: [SysctlEntry]

    /// Makes a directory.
    public init(path: String, entries: [SysctlEntry]) {
        self.path = path
        self.entries = entries
    }

    func path(of entry: SysctlEntry) -> String { "\(path)/\(EscapedText(entry.name))" }
}

/// A file read after all directories: the credential `sysctl.extra`, or `/etc/sysctl.conf` where procps reads it.
///
/// systemd-sysctl never reads `/etc/sysctl.conf` by itself (since v207); distributions link it as
/// `/etc/sysctl.d/99-sysctl.conf`, which is then an ordinary entry of that directory.
public struct SysctlTrailingFile: Hashable, Sendable {
    /// The path, as it shall stand in locations.
    public let path: String
    /// What is in it.
    public let contents: SysctlEntry.Contents

    /// Makes a file.
    public init(path: String, contents: SysctlEntry.Contents) {
        self.path = path
        self.contents = contents
    }
}
