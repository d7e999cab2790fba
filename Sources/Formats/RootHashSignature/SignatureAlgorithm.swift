internal import SwiftASN1

/// The digest that a signature is made with.
public enum SignatureDigest: String, Hashable, Sendable, CaseIterable {
    /// SHA-256.
    case sha256
    /// SHA-384.
    case sha384
    /// SHA-512.
    case sha512

    var identifier: ASN1ObjectIdentifier {
        switch self {
        case .sha256: [2, 16, 840, 1, 101, 3, 4, 2, 1]
        case .sha384: [2, 16, 840, 1, 101, 3, 4, 2, 2]
        case .sha512: [2, 16, 840, 1, 101, 3, 4, 2, 3]
        }
    }

    /// The digest that `identifier` names.
    ///
    /// - Throws: weak and unsupported digests by name.
    init(_ identifier: ASN1ObjectIdentifier) throws(RootHashSignatureFault) {
        if let digest = Self.allCases.first(where: { $0.identifier == identifier }) {
            self = digest
            return
        }
        let weak: [ASN1ObjectIdentifier: String] = [
            [1, 2, 840, 113_549, 2, 2]: "md2", [1, 2, 840, 113_549, 2, 4]: "md4", [1, 2, 840, 113_549, 2, 5]: "md5",
            [1, 3, 14, 3, 2, 26]: "sha1",
        ]
        if let name = weak[identifier] {
            throw RootHashSignatureFault(
                .weakDigest, "the digest of the signature is \(name), which has known collisions",
                hint: "sign again with '-md sha256'")
        }
        let name = identifier == [2, 16, 840, 1, 101, 3, 4, 2, 4] ? "sha224" : "\(identifier)"
        throw RootHashSignatureFault(
            .unsupportedDigest, "the digest of the signature is \(name), not sha256, sha384 or sha512")
    }
}

/// The algorithm of a signature.
public enum SignatureAlgorithm: String, Hashable, Sendable {
    /// RSA with PKCS#1 v1.5 padding.
    case rsa
    /// ECDSA on the curve of the key.
    case ecdsa

    static let rsaEncryption: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 1, 1]

    /// The identifier that the kernel reads: rsaEncryption without a digest, ECDSA with one.
    func identifier(_ digest: SignatureDigest) -> ASN1ObjectIdentifier {
        switch (self, digest) {
        case (.rsa, _): Self.rsaEncryption
        case (.ecdsa, .sha256): [1, 2, 840, 10045, 4, 3, 2]
        case (.ecdsa, .sha384): [1, 2, 840, 10045, 4, 3, 3]
        case (.ecdsa, .sha512): [1, 2, 840, 10045, 4, 3, 4]
        }
    }

    /// The algorithm that `identifier` names beside the digest `digest`.
    ///
    /// - Throws: other algorithms by name, and an ECDSA algorithm of another digest.
    init(_ identifier: ASN1ObjectIdentifier, digest: SignatureDigest) throws(RootHashSignatureFault) {
        if identifier == Self.rsaEncryption {
            self = .rsa
            return
        }
        let ecdsa = SignatureDigest.allCases.first { Self.ecdsa.identifier($0) == identifier }
        guard let ecdsa else {
            throw RootHashSignatureFault(
                .unsupportedSignatureAlgorithm,
                "the signature algorithm is \(Self.name(identifier)); "
                    + "the kernel reads rsaEncryption (PKCS#1 v1.5) and ecdsa-with-SHA256, -SHA384, -SHA512")
        }
        guard ecdsa == digest else {
            throw RootHashSignatureFault(
                .digestContradiction,
                "the signature algorithm says \(ecdsa.rawValue) and the digest algorithm \(digest.rawValue)")
        }
        self = .ecdsa
    }

    static func name(_ identifier: ASN1ObjectIdentifier) -> String {
        let names: [ASN1ObjectIdentifier: String] = [
            [1, 2, 840, 113_549, 1, 1, 5]: "sha1WithRSAEncryption",
            [1, 2, 840, 113_549, 1, 1, 10]: "RSASSA-PSS",
            [1, 2, 840, 113_549, 1, 1, 11]: "sha256WithRSAEncryption",
            [1, 2, 840, 113_549, 1, 1, 12]: "sha384WithRSAEncryption",
            [1, 2, 840, 113_549, 1, 1, 13]: "sha512WithRSAEncryption",
            [1, 2, 840, 10040, 4, 1]: "DSA",
            [1, 2, 840, 10045, 2, 1]: "EC",
            [1, 2, 840, 10045, 4, 1]: "ecdsa-with-SHA1",
            [1, 2, 840, 10045, 4, 3, 1]: "ecdsa-with-SHA224",
            [1, 3, 101, 112]: "Ed25519",
            [1, 3, 101, 113]: "Ed448",
        ]
        return names[identifier] ?? "\(identifier)"
    }
}
