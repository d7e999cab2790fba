/// One line of a checksum list that names a file and its digest.
public struct ChecksumEntry: Hashable, Sendable {
    /// How the line is written.
    public enum Style: Hashable, Sendable {
        /// `digest  name` or, with the marker of binary mode, `digest *name`.
        case gnu(isBinary: Bool)
        /// `digest name`, as `md5 -r` of BSD and others write it.
        case reversed
        /// `SHA256 (name) = digest`.
        case tagged
    }

    /// What told the algorithm.
    public enum AlgorithmSource: Hashable, Sendable {
        /// The line itself.
        case tag
        /// The name of the list.
        case listName
        /// Only the digest's length.
        case digestLength
    }

    /// The line, counted from 1.
    public let line: Int
    /// The hash function.
    public let algorithm: ChecksumAlgorithm
    /// How that is known.
    public let algorithmSource: AlgorithmSource
    /// The digest.
    public let digest: [UInt8]
    /// The name as the list means it, escapes resolved.
    public let path: [UInt8]
    /// How the line is written.
    public let style: Style

    /// The last component of `path`.
    public var baseName: ArraySlice<UInt8> {
        path[(path.lastIndex(of: 0x2F).map { $0 + 1 } ?? 0)...]
    }

    /// Whether the path leads elsewhere than below the list's own directory: it is absolute or has `..` components.
    ///
    /// Only the base name is ever compared, so that such a path leads nowhere here; `sha256sum --check` follows it.
    public var leavesDirectory: Bool {
        path.first == 0x2F || path.split(separator: 0x2F).contains { $0.elementsEqual([0x2E, 0x2E]) }
    }
}

/// A line that is neither entry nor comment nor empty.
public struct MalformedChecksumLine: Hashable, Sendable {
    /// The line, counted from 1.
    public let line: Int
    /// Why it is no entry.
    public let reason: String
}
