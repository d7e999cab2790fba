import AssayBytes

/// The directories that pam_namespace gives each user an instance of, namespace.conf(5).
///
/// The file `/etc/security/namespace.conf` and the `.conf` files of `/etc/security/namespace.d` are read one after the
/// other, in the order of their names.
public struct NamespaceConfiguration: Hashable, Sendable {
    /// How instances are told apart.
    public enum Method: String, Hashable, Sendable {
        /// By user.
        case user
        /// By security context and user.
        case context
        /// By security level and user.
        case level
        /// A directory that goes away with the session.
        case tmpdir
        /// A file system in memory that goes away with the session.
        case tmpfs
    }

    /// One line.
    public struct Entry: Hashable, Sendable {
        /// The directory, such as `/tmp`; `$HOME` and `$USER` are not filled in.
        public let directory: String
        /// The prefix of the instances' paths.
        public let instancePrefix: String
        /// How instances are told apart.
        public let method: Method
        /// What follows the method, such as `create=0700,root,root`.
        public let options: [String]
        /// Users named by the line; the instances are for all others, or only for them where `isOnlyListed`.
        public let users: [String]
        /// Whether the list says who gets an instance (`~` before it) rather than who does not.
        public let isOnlyListed: Bool
        /// Where the line stands.
        public let location: AccountLocation
    }

    /// The entries in order.
    public let entries: [Entry]
    /// Lines that are no entry: pam_namespace refuses the whole file there.
    public let malformed: [AccountLocation]

    /// Reads one file; any bytes are accepted.
    public init(_ bytes: [UInt8], path: String = "/etc/security/namespace.conf") {
        var entries: [Entry] = []
        var malformed: [AccountLocation] = []
        if bytes.count > AccountLimit.bytes { malformed.append(AccountLocation(path: path, line: 1)) }
        for line in TextLines(bytes.count <= AccountLimit.bytes ? bytes : []) {
            let location = AccountLocation(path: path, line: line.number)
            let words = line.text.prefix { $0 != "#" }.split(maxSplits: 3, whereSeparator: isBlank)
            guard !words.isEmpty, entries.count < 100_000 else { continue }
            let method = words.dropFirst(2).first?.split(separator: ":").map(String.init) ?? []
            guard words.count >= 3, words[0].hasPrefix("/") || words[0].hasPrefix("$"),
                let kind = method.first.flatMap({ Method(rawValue: $0) })
            else {
                if malformed.count < AccountLimit.diagnostics { malformed.append(location) }
                continue
            }
            let list = trimmed(words.dropFirst(3).first ?? "")
            let isOnlyListed = list.hasPrefix("~")
            entries.append(
                Entry(
                    directory: String(words[0]), instancePrefix: String(words[1]), method: kind,
                    options: Array(method.dropFirst()),
                    users: (isOnlyListed ? list.dropFirst() : list).split(separator: ",").map(String.init),
                    isOnlyListed: isOnlyListed, location: location))
        }
        self.entries = entries
        self.malformed = malformed
    }
}
