internal import AssayBytes

/// One entry of `DT_RPATH` or `DT_RUNPATH`.
public struct SearchPathEntry: Hashable, Sendable {
    /// The tag that it comes from.
    public enum Tag: String, Hashable, Sendable {
        /// `DT_RPATH`: searched before `LD_LIBRARY_PATH`; ignored where a `DT_RUNPATH` is.
        case rpath = "DT_RPATH"
        /// `DT_RUNPATH`.
        case runpath = "DT_RUNPATH"
    }

    /// Where the loader looks.
    public enum Kind: String, Hashable, Sendable {
        /// Empty: the current directory.
        case empty
        /// Relative to the current directory.
        case relative
        /// Relative to the object's own directory.
        case origin
        /// A fixed directory.
        case absolute
        /// In a directory that every user may write to.
        case worldWritable
    }

    /// The tag that it comes from.
    public let tag: Tag
    /// The entry as written, in the form of `EscapedText`.
    public let path: String
    /// Where the loader looks.
    public let kind: Kind
    /// The place of its bytes.
    public let evidence: ELFEvidence
}

extension SearchPathEntry {
    /// Directories that every user may write to on a usual system.
    private static let writable = ["/tmp", "/var/tmp", "/dev/shm", "/run/shm", "/var/lock", "/run/lock", "/dev/mqueue"]

    /// The entries of one search path, in order, at most `ELFLimits.dynamicStrings`.
    static func split(_ string: DynamicString, tag: Tag) -> [SearchPathEntry] {
        var result: [SearchPathEntry] = []
        var start = 0
        let bytes = string.bytes
        for index in 0...bytes.count where index == bytes.count || bytes[index] == 0x3A {
            let piece = Array(bytes[start..<index])
            result.append(
                SearchPathEntry(
                    tag: tag, path: EscapedText(piece).description, kind: kind(of: piece),
                    evidence: ELFEvidence(tag.rawValue, at: string.offset + UInt64(start))))
            start = index + 1
        }
        return result
    }

    static func kind(of path: [UInt8]) -> Kind {
        guard let first = path.first else { return .empty }
        if path.starts(with: Array("$ORIGIN".utf8)) || path.starts(with: Array("${ORIGIN}".utf8)) { return .origin }
        guard first == 0x2F else { return .relative }
        let normal = normalised(path)
        for directory in writable {
            let prefix = Array(directory.utf8)
            if normal.starts(with: prefix), normal.count == prefix.count || normal[prefix.count] == 0x2F {
                return .worldWritable
            }
        }
        return .absolute
    }

    /// The path without `.`, `..` and doubled slashes, by its text alone.
    private static func normalised(_ path: [UInt8]) -> [UInt8] {
        var parts: [ArraySlice<UInt8>] = []
        for part in path.split(separator: 0x2F) where !part.elementsEqual([0x2E]) {
            if part.elementsEqual([0x2E, 0x2E]) {
                _ = parts.popLast()
            } else {
                parts.append(part)
            }
        }
        return parts.reduce(into: []) { $0 += [0x2F] + $1 }
    }
}
