import AssayBytes
public import AssayFacts
import AssayOpenPGP

/// Pinned certificates, by the source (vendor, repository) that they are accepted for.
///
/// A directory of the store has a folder for each source, and in it `FINGERPRINT.pgp` or `.asc` (one certificate, its primary
/// key of that fingerprint), `FINGERPRINT.disabled` (the certificate is not accepted for the source, wherever it stands) and
/// `file-names` (patterns of the names of the files that the source publishes, one a line). What is in several directories is
/// taken together, so that a revocation in any of them counts.
public struct KeyStore: Sendable {
    /// The directory of the whole machine.
    public static let systemDirectory = "/etc/assay/keys"

    /// The most bytes of one file.
    static let maximumFileSize = 1 << 20
    /// The most files of all directories.
    static let maximumFiles = 1000
    /// The most sources of all directories.
    static let maximumSources = 256

    /// The directories, in order of precedence.
    public let directories: [String]
    /// Whether the keys that come with the tool are in the store.
    public let hasBuiltInKeys: Bool

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - directories: in order of precedence: the first one that has a certificate is named as its origin. A missing
    ///     one is empty.
    ///   - hasBuiltInKeys: whether the keys that come with the tool are in the store, behind all others.
    public init(directories: [String], hasBuiltInKeys: Bool = true) {
        self.directories = directories
        self.hasBuiltInKeys = hasBuiltInKeys
    }

    /// What a store holds.
    public struct Contents: Hashable, Sendable {
        /// The keys that are accepted, those of a source together, ordered by source.
        public var keys: PinnedKeys
        /// The keys that a `.disabled` file takes out.
        public var disabled: PinnedKeys
        /// What could not be used and why: nothing is passed over silently.
        public var problems: [FileProblem]
    }

    /// Reads the whole store.
    ///
    /// - Returns: keys and problems. A damaged file is a problem, and the other files are read all the same.
    /// - Throws: `VerificationError` when a built-in key is damaged.
    public func contents() throws -> Contents {
        var reading = KeyStoreReading()
        for directory in directories { reading.read(directory) }
        if hasBuiltInKeys {
            for key in try AzureLinuxKeys.pinned() { reading.add(key) }
        }
        return reading.contents
    }

    /// The name of `fingerprint` for a source, or why it may not be used.
    static func checked(_ fingerprint: String) throws -> Fingerprint {
        guard let fingerprint = Fingerprint(fingerprint) else {
            throw VerificationError(
                "'\(EscapedText(fingerprint))' is no fingerprint",
                hint: "give all 40 or 64 hexadecimal digits; a key ID can be forged")
        }
        return fingerprint
    }

    /// Whether `name` can be the name of a source: 1 to 64 of a to z, 0 to 9, '.', '_', '-', the first a letter or digit.
    public static func isSourceName(_ name: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        let marks: Set<UInt8> = [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")]
        return (1...64).contains(name.utf8.count) && name.utf8.first.map(isPlain) == true
            && name.utf8.allSatisfy { isPlain($0) || marks.contains($0) }
    }
}
