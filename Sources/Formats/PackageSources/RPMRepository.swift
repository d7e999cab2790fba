/// The program that reads the repositories; each has its own defaults and its own idea of "true".
public enum RPMPackageManager: String, Hashable, Sendable, CaseIterable {
    /// dnf 4 and 5, and yum where it is a link to them.
    case dnf
    /// yum 3.
    case yum
    /// tdnf, of Photon and Azure Linux.
    case tdnf
}

/// What is in force, and which layer decided it.
public struct RepositorySetting<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The layer that a value comes from.
    public enum Origin: Hashable, Sendable {
        /// The repository's own section.
        case repository(SourcePosition)
        /// The section `[main]` of the configuration.
        case main(SourcePosition)
        /// What the package manager takes when nothing is said.
        case builtIn(RPMPackageManager)
    }

    /// What is in force.
    public let value: Value
    /// Which layer decided.
    public let origin: Origin

    /// Where the value stands, nil for a built-in one.
    public var position: SourcePosition? {
        switch origin {
        case .repository(let position), .main(let position): position
        case .builtIn: nil
        }
    }
}

/// A place that something is fetched from, with variables such as `$releasever` and `$basearch` left as they are.
public struct RepositoryURL: Hashable, Sendable {
    /// What the URL is for.
    public enum Role: String, Hashable, Sendable {
        /// The repository itself.
        case baseURL = "baseurl"
        /// A list of mirrors with checksums.
        case metalink
        /// A plain list of mirrors.
        case mirrorList = "mirrorlist"
        /// A public key.
        case key = "gpgkey"
    }

    /// What it is for.
    public let role: Role
    /// The text.
    public let text: String
    /// The scheme in lower case (`https`); nil for a path or a text that begins with a variable.
    public let scheme: String?
    /// Where it stands.
    public let position: SourcePosition

    /// Whether what is fetched is protected on the way or never leaves the machine; false also where no scheme is known.
    public var isProtectedTransport: Bool { scheme == "https" || scheme == "file" }

    /// The path of a local file (`file:///etc/pki/…` or an absolute path), with its variables; nil for anything else.
    public var localPath: String? {
        if text.utf8.first == 0x2F { return text }
        guard scheme == "file" else { return nil }
        let rest = text.utf8.dropFirst(5)
        // file:///path and file://localhost/path both name a path on this machine.
        guard rest.starts(with: "//".utf8) else { return rest.first == 0x2F ? String(Substring(rest)) : nil }
        guard let slash = rest.dropFirst(2).firstIndex(of: 0x2F) else { return nil }
        return String(Substring(rest[slash...]))
    }
}

/// A repository of RPM packages with everything that decides whether its packages are checked.
public struct RPMRepository: Hashable, Sendable {
    /// The section's name.
    public let id: String
    /// Where the section begins.
    public let position: SourcePosition
    /// The name for people, with its variables; nil when it has none.
    public let name: String?
    /// Whether it is used.
    public let enabled: RepositorySetting<Bool>
    /// Whether the signature of each package is checked.
    public let packageSignatures: RepositorySetting<Bool>
    /// Whether the signature of the repository's metadata is checked.
    ///
    /// For tdnf this is what is asked for: the plug-in
    /// `repogpgcheck` does the check (`RPMRepositories.tdnfPluginsEnabled`).
    public let metadataSignatures: RepositorySetting<Bool>
    /// Whether the certificate of an https server is checked.
    public let certificateChecks: RepositorySetting<Bool>
    /// Whether the repository may be left out silently when it cannot be reached.
    public let skipIfUnavailable: RepositorySetting<Bool>
    /// The public keys.
    public let keys: [RepositoryURL]
    /// Where packages come from: `baseurl`, `metalink` and `mirrorlist`, all that are there.
    public let urls: [RepositoryURL]
}
