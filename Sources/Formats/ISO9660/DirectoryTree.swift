public import AssayBytes

/// A file, directory or link of an image.
public struct ISOEntry: Hashable, Sendable {
    /// What an entry is.
    public enum Kind: Hashable, Sendable {
        /// A directory.
        case directory
        /// A file with content.
        case file
        /// A symbolic link to this path; links are never followed here.
        case symbolicLink([UInt8])
        /// A device, pipe or socket by its POSIX mode.
        case special
    }

    /// The name in the tree's view, without version number.
    public let name: [UInt8]
    /// What it is.
    public let kind: Kind
    /// Where the content is: the parts of a file of several extents in their order, of a directory one.
    public let extents: [ISOExtent]
    /// Bytes of content.
    public let size: ByteCount
    /// The POSIX mode where Rock Ridge gives one.
    public let mode: UInt32?
    /// Whether the entry is marked hidden.
    public let isHidden: Bool
    /// The directory it is in, as an index of `DirectoryTree.entries`; the root is in itself.
    public let parent: Int
    /// Directories above it; 0 for the root.
    public let depth: Int
}

/// All entries of an image as one of its views shows them.
public struct DirectoryTree: Hashable, Sendable {
    /// Whose names an image is listed by.
    public enum View: Hashable, Sendable {
        /// The primary descriptor's: upper case, with a version number that is cut off.
        case primary
        /// The primary descriptor's with the POSIX names that Rock Ridge adds.
        case rockRidge
        /// The Joliet descriptor's.
        case joliet
    }

    /// How far a walk goes before it fails with `ISO9660Error.Code.limit`.
    public struct Limits: Hashable, Sendable {
        /// Directories above one another.
        public var depth = 64
        /// Entries in all.
        public var entries = 250_000
        /// Bytes of directories in all.
        public var directoryBytes = 128 << 20
        /// Bytes of names in all.
        public var nameBytes = 64 << 20
        /// Bytes of Rock Ridge continuation areas in all.
        public var continuationBytes = 64 << 20

        /// The limits that fit any published image.
        public init() {}
    }

    /// Whose names these are.
    public let view: View
    /// The entries, the root first and each directory's children together.
    public let entries: [ISOEntry]
    /// The children of each entry, as a range of `entries`; empty for what is no directory.
    let children: [Range<Int>]

    /// The entries whose content lies outside the file, as indices of `entries`: of a cut image, or of a hostile one.
    public let outside: [Int]

    /// The path of an entry without a leading slash; empty for the root.
    public func path(of index: Int) -> [UInt8] {
        guard entries.indices.contains(index) else { return [] }
        var parts: [[UInt8]] = []
        var current = index
        // The root has index 0, and a parent's index is always lower than its child's.
        while current > 0 {
            parts.append(entries[current].name)
            current = entries[current].parent
        }
        return Array(parts.reversed().joined(separator: [0x2F]))
    }

    /// The entries directly in a directory, as indices of `entries`.
    public func children(of index: Int) -> Range<Int> { children.indices.contains(index) ? children[index] : 0..<0 }

    /// Finds the entry of a path.
    ///
    /// - Parameters:
    ///   - path: components between slashes; empty ones count for nothing. Symbolic links are not followed.
    ///   - ignoringCase: whether ASCII letters match in either case, as firmware and Windows look names up. The primary
    ///     view has upper case only, whatever the file was called.
    /// - Returns: nil when there is none.
    /// - Throws: `ISO9660Error` of code `malformed` when two entries match: readers would disagree.
    public func lookup(_ path: String, ignoringCase: Bool) throws -> ISOEntry? {
        var index = 0
        for component in path.utf8.split(separator: 0x2F) {
            let wanted = ignoringCase ? component.map(lowered) : Array(component)
            let matches = children(of: index).filter { child in
                let name = entries[child].name
                return ignoringCase ? name.count == wanted.count && name.map(lowered) == wanted : name == wanted
            }
            guard let match = matches.first else { return nil }
            guard matches.count == 1 else {
                throw ISO9660Error(
                    code: .malformed, offset: entries[index].extents.first?.offset ?? .zero,
                    detail: "two entries are called '\(EscapedText(wanted))'")
            }
            index = match
        }
        return entries[index]
    }

    /// The file whose content begins at `offset`, such as a boot image's, as an index of `entries`.
    public func file(at offset: ByteOffset) -> Int? {
        entries.indices.first {
            entries[$0].kind == .file && entries[$0].size > .zero && entries[$0].extents.first?.offset == offset
        }
    }
}

/// The lower-case letter for an upper-case ASCII one.
func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }
