/// The listing of one directory of drop-ins, such as `/etc/systemd/journald.conf.d`.
public struct DropInDirectory: Hashable, Sendable {
    /// The directory's path in the subject.
    public let path: String
    /// Its entries by name; give links as what they lead to, or as `unreadable`.
    public let entries: [String: UnitDirectoryEntry]

    /// Makes a listing.
    public init(path: String, entries: [String: UnitDirectoryEntry]) {
        self.path = path
        self.entries = entries
    }

    /// The files with `suffix` in the order of their names; of equal names the first directory's counts, and a mask
    /// there hides the others.
    static func merged(
        _ directories: [DropInDirectory], suffix: String
    ) -> (files: [(path: String, bytes: [UInt8])], unreadable: [String: String]) {
        var winners: [String: (path: String, entry: UnitDirectoryEntry)] = [:]
        for directory in directories {
            for (name, entry) in directory.entries where name.hasSuffix(suffix) && winners[name] == nil {
                if case .other = entry { continue }
                winners[name] = (directory.path + "/" + name, entry)
            }
        }
        var files: [(path: String, bytes: [UInt8])] = []
        var unreadable: [String: String] = [:]
        for (_, winner) in winners.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        where !winner.entry.isMask {
            switch winner.entry {
            case .file(let bytes): files.append((winner.path, bytes))
            case .unreadable(let reason): unreadable[winner.path] = reason
            case .symlink(let target): unreadable[winner.path] = "symbolic link to \(target) was not followed"
            case .masked, .other: continue
            }
        }
        return (files, unreadable)
    }
}

/// A daemon's configuration: its main file and the drop-ins of all directories, merged as systemd does.
public struct SystemdConfiguration: Hashable, Sendable {
    /// The main file, if there is one, then the drop-ins in the order in which they are read.
    public let files: [ConfigurationFile]
    /// Files that apply but could not be read, with the reason: a value is then not certain.
    public let unreadable: [String: String]

    /// The directories that hold a daemon's main file and `.d` directory, highest priority first.
    public static let directoryPaths = [
        "/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd", "/lib/systemd",
    ]

    /// Merges a main file with drop-ins.
    ///
    /// - Parameters:
    ///   - main: the main file with the highest priority; nil when there is none.
    ///   - dropIns: the listings of the `.d` directories, highest priority first.
    /// - Returns: the files in the order in which systemd reads them.
    public static func merged(main: ConfigurationFile?, dropIns: [DropInDirectory]) -> SystemdConfiguration {
        let found = DropInDirectory.merged(dropIns, suffix: ".conf")
        let files = found.files.map { ConfigurationFile($0.bytes, path: $0.path) }
        return SystemdConfiguration(files: (main.map { [$0] } ?? []) + files, unreadable: found.unreadable)
    }

    /// The assignments of `key` in `section`, in the order in which they are read: the last valid one counts.
    public func assignments(_ section: String, _ key: String) -> [Assignment] {
        files.flatMap(\.assignments).filter { $0.section == section && $0.key == key }
    }
}
