/// A Debian repository as apt's sources name it: one per type, URI and suite.
///
/// https://manpages.debian.org/bookworm/apt/sources.list.5.en.html
public struct AptSource: Hashable, Sendable {
    /// Which keys may sign the repository.
    public enum SignedBy: Hashable, Sendable {
        /// No `Signed-By`: every key in `/etc/apt/trusted.gpg` and `/etc/apt/trusted.gpg.d` may.
        case anyTrustedKey
        /// Files of keys and fingerprints, as they stand.
        case keys(files: [String], fingerprints: [String])
        /// A key in the source's own text, ASCII-armoured.
        case embedded(String)
    }

    /// `deb` or `deb-src`.
    public let type: String
    /// The URI, variables and all.
    public let uri: String
    /// The suite or, with a slash at its end, an exact path.
    public let suite: String
    /// The components; none with an exact path.
    public let components: [String]
    /// Whether it is used (`Enabled`).
    public let isEnabled: Bool
    /// The options by their deb822 name in lower case (`signed-by`, `check-valid-until`, `architectures`).
    public let options: [String: String]
    /// Which keys may sign it.
    public let signedBy: SignedBy
    /// The line, or the first line of the stanza.
    public let position: SourcePosition

    /// The scheme of the URI in lower case.
    public var scheme: String? { urlScheme(uri) }

    /// `trusted`: true = never checked at all, false = never trusted, nil = by its signature.
    public var trusted: Bool? { options["trusted"].flatMap(AptBoolean.parse) }

    /// `allow-insecure`: whether an unsigned repository is accepted; nil = by the configuration.
    public var allowsInsecure: Bool? { options["allow-insecure"].flatMap(AptBoolean.parse) }

    /// `allow-weak`: whether weak hashes are accepted; nil = by the configuration.
    public var allowsWeak: Bool? { options["allow-weak"].flatMap(AptBoolean.parse) }

    /// `allow-downgrade-to-insecure`: whether a signed repository may become unsigned; nil = by the configuration.
    public var allowsDowngradeToInsecure: Bool? { options["allow-downgrade-to-insecure"].flatMap(AptBoolean.parse) }

    /// `check-valid-until`: whether old metadata is refused, so that nobody can hold updates back; nil = the default, yes.
    public var checksValidUntil: Bool? { options["check-valid-until"].flatMap(AptBoolean.parse) }

    /// `check-date`: whether the metadata's dates count at all; nil = the default, yes.
    public var checksDate: Bool? { options["check-date"].flatMap(AptBoolean.parse) }
}

/// apt's truth values.
public enum AptBoolean {
    /// The truth of `text` in apt's words, or nil for one that apt takes for neither.
    ///
    /// A number other than 0 and 1 is neither.
    public static func parse(_ text: String) -> Bool? {
        let word = text.lowercased()
        if ["no", "false", "without", "off", "disable", "0"].contains(word) { return false }
        if ["yes", "true", "with", "on", "enable", "1"].contains(word) { return true }
        return nil
    }
}

/// What a file of apt sources holds.
public struct AptSources: Hashable, Sendable {
    /// The most sources that one file can give: types, URIs and suites multiply.
    static let maximumSources = 10_000

    /// The sources, in the order of the file.
    public let sources: [AptSource]
    /// What cannot be read.
    ///
    /// apt refuses to work with any of these; the rest is read here all the same.
    public let diagnostics: [SourceDiagnostic]

    /// The files of keys that a source without `Signed-By` trusts, in apt's default places.
    public static let defaultKeyPaths = ["/etc/apt/trusted.gpg", "/etc/apt/trusted.gpg.d"]

    /// Reads a file by the kind that its name tells: `.sources` is deb822, anything else has a source a line.
    public init(_ bytes: [UInt8], path: String) {
        self =
            path.utf8.suffix(8).elementsEqual(".sources".utf8)
            ? AptSources(deb822: bytes, path: path) : AptSources(list: bytes, path: path)
    }

    init(sources: [AptSource], diagnostics: [SourceDiagnostic]) {
        self.sources = sources
        self.diagnostics = diagnostics
    }

    /// `Signed-By` taken apart.
    static func signedBy(_ value: String?) -> AptSource.SignedBy {
        guard let value, !value.isEmpty else { return .anyTrustedKey }
        if value.utf8.starts(with: "-----BEGIN PGP PUBLIC KEY BLOCK-----".utf8) { return .embedded(value) }
        let words = value[...].words(commas: true)
        let files = words.filter { $0.utf8.first == 0x2F }
        return words.isEmpty
            ? .anyTrustedKey : .keys(files: files, fingerprints: words.filter { $0.utf8.first != 0x2F })
    }
}
