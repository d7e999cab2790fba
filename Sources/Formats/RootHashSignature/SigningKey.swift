internal import Crypto
internal import CryptoExtras
internal import SwiftASN1
internal import X509

/// A private key to sign with.
enum SigningKey {
    case rsa(_RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)

    /// The most bytes of a key that are looked at.
    static let maximumSize = 64 * 1024

    /// Reads a PEM file with one private key; the parameters that `openssl ecparam` writes in front are passed over.
    init(pem: [UInt8]) throws(RootHashSignatureFault) {
        guard pem.count <= Self.maximumSize else {
            throw RootHashSignatureFault(
                .privateKeyMalformed, "the private key is larger than \(Self.maximumSize) bytes")
        }
        let text = String(decoding: pem, as: UTF8.self)
        guard !text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----"), !text.contains("Proc-Type: 4,ENCRYPTED") else {
            throw RootHashSignatureFault(
                .privateKeyEncrypted, "the private key is encrypted",
                hint: "decrypt it with 'openssl pkey', or sign with an external signer that holds the key")
        }
        guard !text.contains("-----BEGIN OPENSSH PRIVATE KEY-----") else {
            throw RootHashSignatureFault(
                .privateKeyMalformed, "the private key is an OpenSSH key, not PKCS#8",
                hint: "convert it with 'ssh-keygen -p -m PKCS8'")
        }
        let blocks = try PEMBlock.all(in: pem, .privateKeyMalformed, "the private key")
        let keys = blocks.filter { $0.discriminator != "EC PARAMETERS" && $0.discriminator != "CERTIFICATE" }
        guard keys.count == 1, let block = keys.first else {
            throw RootHashSignatureFault(
                .privateKeyMalformed, "the private key file holds \(keys.count) keys, not one")
        }
        guard ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"].contains(block.discriminator) else {
            throw RootHashSignatureFault(
                .privateKeyMalformed, "the private key file holds '\(block.label)', not a private key")
        }
        self = try Self.read(block)
    }

    private static func read(_ block: PEMDocument) throws(RootHashSignatureFault) -> SigningKey {
        if let key = try? P256.Signing.PrivateKey(derRepresentation: block.derBytes) { return .p256(key) }
        if let key = try? P384.Signing.PrivateKey(derRepresentation: block.derBytes) { return .p384(key) }
        if let key = try? P521.Signing.PrivateKey(derRepresentation: block.derBytes) { return .p521(key) }
        if let key = try? _RSA.Signing.PrivateKey(derRepresentation: block.derBytes) { return .rsa(key) }
        // Nothing of the library's message is repeated: it could hold bytes of the key.
        throw RootHashSignatureFault(
            .privateKeyMalformed,
            "the private key is damaged, or neither RSA of at least \(CertificateNames.minimumModulusBits) bits nor on P-256, "
                + "P-384 or P-521")
    }

    var publicKey: Certificate.PublicKey {
        switch self {
        case .rsa(let key): Certificate.PublicKey(key.publicKey)
        case .p256(let key): Certificate.PublicKey(key.publicKey)
        case .p384(let key): Certificate.PublicKey(key.publicKey)
        case .p521(let key): Certificate.PublicKey(key.publicKey)
        }
    }

    func signature(of message: [UInt8], _ digest: SignatureDigest) throws -> [UInt8] {
        switch digest {
        case .sha256: try signature(SHA256.hash(data: message))
        case .sha384: try signature(SHA384.hash(data: message))
        case .sha512: try signature(SHA512.hash(data: message))
        }
    }

    private func signature(_ digest: some Digest) throws -> [UInt8] {
        switch self {
        case .rsa(let key): Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
        case .p256(let key): Array(try key.signature(for: digest).derRepresentation)
        case .p384(let key): Array(try key.signature(for: digest).derRepresentation)
        case .p521(let key): Array(try key.signature(for: digest).derRepresentation)
        }
    }
}
