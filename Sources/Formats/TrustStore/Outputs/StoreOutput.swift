/// What a store is written as.
public enum StoreOutput: String, Hashable, Sendable, CaseIterable {
    /// PEM, trusted for TLS servers.
    case tlsBundle = "pem/tls-ca-bundle.pem"
    /// PEM, trusted for mail.
    case emailBundle = "pem/email-ca-bundle.pem"
    /// PEM, trusted for signed code.
    case objectSigningBundle = "pem/objsign-ca-bundle.pem"
    /// OpenSSL's TRUSTED CERTIFICATE blocks, distrust included.
    case opensslBundle = "openssl/ca-bundle.trust.crt"
    /// A Java key store.
    case javaKeyStore = "java/cacerts"
    /// EFI signature lists for EDK II.
    case edk2 = "edk2/cacerts.bin"
    /// One PEM file a certificate with links by both of OpenSSL's subject hashes.
    case directoryHash = "pem/directory-hash"
    /// One PEM file a certificate, named by the subject hash, as bundle2pem.sh writes.
    case legacy = "legacy"

    /// The path below the store's folder: a file, or a folder for the last two.
    public var path: String { rawValue }
}

/// One file of a store.
public struct StoreFile: Hashable, Sendable {
    /// What it holds.
    public enum Content: Hashable, Sendable {
        /// Bytes.
        case bytes([UInt8])
        /// A symbolic link to a name in the same folder.
        case link(String)
    }

    /// The path below the store's folder, for example `pem/directory-hash/0a1b2c3d.0`.
    public var path: String
    /// What it holds.
    public var content: Content

    /// Makes one.
    public init(path: String, content: Content) {
        self.path = path
        self.content = content
    }
}

extension StoreOutput {
    /// Those that are folders.
    public static let folders = allCases.filter(\.isFolder)

    /// Whether it is a folder of any number of files.
    public var isFolder: Bool {
        switch self {
        case .directoryHash, .legacy: true
        case .tlsBundle, .emailBundle, .objectSigningBundle, .opensslBundle, .javaKeyStore, .edk2: false
        }
    }

    /// Whether `other` is the path of the output's file, or of a name directly in its folder.
    public func holds(path other: String) -> Bool {
        guard isFolder else { return other == path }
        return other.hasPrefix(path + "/") && StoreOutput.isName(other.dropFirst(path.count + 1))
    }

    /// Whether `text` is one name that leads nowhere else.
    public static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text != "." && text != ".." && !text.utf8.contains { $0 == 0x2F || $0 == 0 }
    }
}
