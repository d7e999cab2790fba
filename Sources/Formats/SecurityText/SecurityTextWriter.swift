/// What a security.txt file shall say.
public struct SecurityTextContent: Hashable, Sendable {
    /// Where to report, the preferred way first: `https:`, `mailto:` or `tel:` URIs.
    public var contacts: [String]
    /// Until when the file holds, seconds since 1970.
    public var expires: Int64
    /// Where the key for encrypted mail is.
    public var encryption: [String] = []
    /// Where those who reported are thanked.
    public var acknowledgments: [String] = []
    /// The languages that are read (`en`), the preferred one first.
    public var languages: [String] = []
    /// Where the file is published.
    public var canonical: [String] = []
    /// Where the policy stands.
    public var policy: [String] = []
    /// Where open positions stand.
    public var hiring: [String] = []
    /// The provider-metadata.json of CSAF.
    public var providerMetadata: [String] = []

    /// Makes a content of the two fields that must be there.
    public init(contacts: [String], expires: Int64) {
        self.contacts = contacts
        self.expires = expires
    }

    /// The file: one field a line, ended by LF.
    ///
    /// - Returns: nil when a value would break its line: nothing is written then.
    public var bytes: [UInt8]? {
        var lines: [(String, String)] = contacts.map { ("Contact", $0) }
        lines.append(("Expires", SecurityTextTime.text(expires)))
        lines += encryption.map { ("Encryption", $0) } + acknowledgments.map { ("Acknowledgments", $0) }
        if !languages.isEmpty { lines.append(("Preferred-Languages", languages.joined(separator: ", "))) }
        lines += canonical.map { ("Canonical", $0) } + policy.map { ("Policy", $0) } + hiring.map { ("Hiring", $0) }
        lines += providerMetadata.map { ("CSAF", $0) }
        let isSafe = lines.allSatisfy { line in
            !line.1.isEmpty && line.1.utf8.count <= 2048
                && line.1.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        }
        return isSafe ? Array(lines.map { "\($0.0): \($0.1)\n" }.joined().utf8) : nil
    }
}
