/// How a file of rpm's database is stored.
///
/// https://github.com/rpm-software-management/rpm/tree/master/lib/backend
public enum RPMDatabaseFormat: Hashable, Sendable {
    /// SQLite 3 (`rpmdb.sqlite`), the default since rpm 4.16.
    case sqlite
    /// Berkeley DB (`Packages`), the default before; not read.
    case berkeleyDB
    /// rpm's own (`Packages.db`), used by SUSE; not read.
    case ndb

    /// Recognises the format by a file's first bytes (16 at least), or nil when it is none of them.
    public init?(prefix: [UInt8]) {
        if prefix.starts(with: "SQLite format 3\0".utf8) {
            self = .sqlite
        } else if prefix.starts(with: "RpmP".utf8) {
            self = .ndb
        } else if prefix.count >= 16, RPMDatabaseFormat.berkeleyMagics.contains(Array(prefix[12..<16])) {
            self = .berkeleyDB
        } else {
            return nil
        }
    }

    /// Whether Assay reads the packages of such a file.
    public var isSupported: Bool { self == .sqlite }

    /// The name for people.
    public var name: String {
        switch self {
        case .sqlite: "SQLite"
        case .berkeleyDB: "Berkeley DB"
        case .ndb: "ndb"
        }
    }

    /// Hash (0x61561) and B-tree (0x53162) files in either byte order, at offset 12.
    private static let berkeleyMagics: Set<[UInt8]> = [
        [0x61, 0x15, 0x06, 0x00], [0x00, 0x06, 0x15, 0x61], [0x62, 0x31, 0x05, 0x00], [0x00, 0x05, 0x31, 0x62],
    ]
}
