public import AssayBytes

/// The entries of a tar archive that is not compressed (any more).
///
/// POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format"
/// (<https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html>), and GNU's long names and large numbers.
public struct TarArchive: Hashable, Sendable {
    /// What an entry is.
    public enum Kind: Hashable, Sendable {
        /// A file.
        case file
        /// A hard link to the entry of this path.
        case hardLink([UInt8])
        /// A symbolic link to this path.
        case symbolicLink([UInt8])
        /// A device with characters.
        case characterDevice
        /// A device with blocks.
        case blockDevice
        /// A directory.
        case directory
        /// A named pipe.
        case pipe
    }

    /// An entry.
    public struct Entry: Hashable, Sendable {
        /// The path as it stands, with any leading `./`.
        public let path: [UInt8]
        /// What it is.
        public let kind: Kind
        /// The POSIX mode without the type.
        public let mode: UInt64
        /// The owner's number.
        public let owner: UInt64
        /// The group's number.
        public let group: UInt64
        /// The owner's name, often empty.
        public let ownerName: [UInt8]
        /// The group's name, often empty.
        public let groupName: [UInt8]
        /// Seconds since 1970, fractions cut off.
        public let modification: Int64
        /// The content; empty but for files.
        public let content: ByteExtent

        /// The path without `./` before it and slashes behind it.
        public var normalizedPath: [UInt8] {
            Array(path.split(separator: 0x2F).filter { $0 != [0x2E] }.joined(separator: [0x2F]))
        }

        /// Whether the path is absolute or has `..` components.
        public var leavesDirectory: Bool {
            path.first == 0x2F || path.split(separator: 0x2F).contains { $0.elementsEqual([0x2E, 0x2E]) }
        }
    }

    /// How far reading goes before it fails with `DebianArchiveError.Code.limit`.
    public struct Limits: Hashable, Sendable {
        /// Entries in all.
        public var entries = 100_000
        /// Bytes of one extended header or long name.
        public var extendedHeaderBytes = 1 << 20
        /// Bytes of extended headers, long names and paths in all.
        public var nameBytes = 64 << 20

        /// The limits that fit any published package.
        public init() {}
    }

    /// The entries in their order; a path may occur more than once.
    public let entries: [Entry]
    /// Whether the archive ends with the two zero blocks that it must.
    public let hasEndMarker: Bool

    /// Reads the headers.
    ///
    /// - Throws: `DebianArchiveError`, or the source's own error.
    public init(_ source: any ByteSource, limits: Limits = Limits()) throws {
        var reader = TarReader(source: source, limits: limits)
        try reader.run()
        entries = reader.entries
        hasEndMarker = reader.hasEndMarker
    }

    /// The only entry of this normalized path, or nil when there is none.
    ///
    /// - Throws: `DebianArchiveError` of code `malformed` when there are several: programs differ in the one they take.
    public func entry(_ path: String) throws -> Entry? {
        let wanted = Array(path.utf8)
        let matches = entries.filter { $0.normalizedPath == wanted }
        guard matches.count <= 1 else {
            throw DebianArchiveError(
                code: .malformed, offset: matches[1].content.offset, detail: "'\(EscapedText(path))' occurs twice")
        }
        return matches.first
    }
}
