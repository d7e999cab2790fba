#if canImport(Glibc)
    import Glibc
#endif

/// What kind of thing a name stands for.
public enum FileType: String, Hashable, Sendable, Codable {
    /// A file with bytes of its own.
    case regular
    /// A directory.
    case directory
    /// A symbolic link.
    case symbolicLink
    /// A FIFO, socket, block or character device: never opened.
    case special
}

/// What `stat` says about a file.
public struct FileStatus: Hashable, Sendable {
    /// The kind.
    public let type: FileType
    /// The permission bits with set-user-ID (0o4000), set-group-ID (0o2000) and sticky (0o1000).
    public let mode: UInt32
    /// The owner's numeric user ID.
    public let userID: UInt32
    /// The owner's numeric group ID.
    public let groupID: UInt32
    /// The size in bytes.
    public let size: UInt64
    /// The device that holds the file.
    public let device: UInt64
    /// The number of the inode on that device.
    public let inode: UInt64
    /// The number of names that the inode has.
    public let linkCount: UInt64
    /// The device number, for a block or character device.
    public let deviceNumber: UInt64

    init(_ raw: stat) {
        type =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .special
            }
        mode = raw.st_mode & 0o7777
        userID = raw.st_uid
        groupID = raw.st_gid
        size = UInt64(max(0, raw.st_size))
        device = UInt64(raw.st_dev)
        inode = UInt64(raw.st_ino)
        linkCount = UInt64(raw.st_nlink)
        deviceNumber = UInt64(raw.st_rdev)
    }
}
