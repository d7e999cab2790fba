import AssayBytes

/// How publishers call lists of checksums and their signatures.
enum ListNames {
    /// How a name speaks for a list.
    enum Rank: Int, Comparable {
        /// A list of this one file: `NAME.sha256`, `NAME-checksum`.
        case ofTheFile
        /// A list of several files: `SHA256SUMS`, `*-iso-checksum`, `CHECKSUM`.
        case ofTheFolder
        /// A list with digests that no longer protect: `MD5SUMS`. Read only where no other list names the file.
        case weak

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// What stands behind the name of a list in the name of its detached signature.
    static let signatureSuffixes = [".gpg", ".asc", ".sig", ".sign", "-signature", ".signature"]

    /// What stands behind the name of a file in the name of a list of this one file, in lower case.
    private static let ofTheFile = [
        ".sha256", ".sha384", ".sha512", ".sha256sum", ".sha384sum", ".sha512sum", ".sha256sums", ".sha512sums",
        ".checksum", "-checksum", "_checksum",
    ]
    private static let ofTheFolder = [
        "sha256sums", "sha384sums", "sha512sums", "sha256sum", "sha384sum", "sha512sum", "checksum", "checksums",
    ]
    private static let weak = ["md5sums", "sha1sums", "md5sum", "sha1sum"]
    private static let weakOfTheFile = [".md5", ".sha1", ".md5sum", ".sha1sum"]

    /// Whether `name` is worth a closer look: all names of lists, and of their signatures, hold one of these words.
    static func mayBeList(_ name: [UInt8]) -> Bool {
        let folded = lowered(name[...])
        return ["sha", "sum", "md5"].contains { folded.firstRange(of: $0) != nil }
    }

    /// How `name` speaks for a list that names `file`, or nil when it does not.
    static func rank(_ name: [UInt8], for file: [UInt8]) -> Rank? {
        guard name != file, !file.isEmpty else { return nil }
        let name = dropping(".txt", of: name) ?? name
        // `a.iso.sha256` and `a.sha256` are both usual.
        for stem in [file, withoutExtension(file)] where name.count > stem.count && name.starts(with: stem) {
            let suffix = lowered(name.dropFirst(stem.count))
            if ofTheFile.contains(suffix) { return .ofTheFile }
            if weakOfTheFile.contains(suffix) { return .weak }
        }
        let folded = lowered(name[...])
        if ofTheFolder.contains(folded) || folded.hasSuffix("-checksum") || folded.hasSuffix("-checksums")
            || folded.hasSuffix("-sha256sums") || folded.hasSuffix("-sha512sums")
        {
            return .ofTheFolder
        }
        return weak.contains(folded) ? .weak : nil
    }

    /// `name` without the suffix of a signature, or nil when it has none: such a file may be a list that is signed in
    /// itself.
    static func withoutSignatureSuffix(_ name: [UInt8]) -> [UInt8]? {
        for suffix in signatureSuffixes {
            if let rest = dropping(suffix, of: name) { return rest }
        }
        return nil
    }

    /// The names of a signature that covers `file` itself, which is not read.
    static func directSignatures(of file: [UInt8]) -> [[UInt8]] { signatureSuffixes.map { file + Array($0.utf8) } }

    private static func dropping(_ suffix: String, of name: [UInt8]) -> [UInt8]? {
        let length = suffix.utf8.count
        guard name.count > length, lowered(name.suffix(length)) == suffix else { return nil }
        return Array(name.dropLast(length))
    }

    private static func withoutExtension(_ name: [UInt8]) -> [UInt8] {
        guard let dot = name.lastIndex(of: 0x2E), dot > 0 else { return name }
        return Array(name[..<dot])
    }

    private static func lowered(_ name: ArraySlice<UInt8>) -> String {
        String(decoding: name.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}
