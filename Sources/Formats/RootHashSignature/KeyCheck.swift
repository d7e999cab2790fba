internal import Crypto
internal import CryptoExtras
internal import X509

/// The arithmetic of a signature, all of it in the library.
struct KeyCheck {
    let key: Certificate.PublicKey
    let algorithm: SignatureAlgorithm
    let signature: [UInt8]

    /// The kind of signature that `key` makes, or nil when it is of no supported kind.
    static func algorithm(of key: Certificate.PublicKey) -> SignatureAlgorithm? {
        if _RSA.Signing.PublicKey(key) != nil { return .rsa }
        return fieldSize(of: key) == nil ? nil : .ecdsa
    }

    /// The bytes of one of the two numbers of an ECDSA signature by `key`.
    static func fieldSize(of key: Certificate.PublicKey) -> Int? {
        if P256.Signing.PublicKey(key) != nil { return 32 }
        if P384.Signing.PublicKey(key) != nil { return 48 }
        return P521.Signing.PublicKey(key) == nil ? nil : 66
    }

    /// Whether the signature is one of `message`.
    func accepts(_ message: [UInt8], _ digest: SignatureDigest, pss: Bool = false) -> Bool {
        switch digest {
        case .sha256: accepts(SHA256.hash(data: message), pss: pss)
        case .sha384: accepts(SHA384.hash(data: message), pss: pss)
        case .sha512: accepts(SHA512.hash(data: message), pss: pss)
        }
    }

    private func accepts(_ digest: some Digest, pss: Bool) -> Bool {
        switch algorithm {
        case .rsa:
            guard let key = _RSA.Signing.PublicKey(key) else { return false }
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature), for: digest,
                padding: pss ? .PSS : .insecurePKCS1v1_5)
        case .ecdsa:
            guard !pss else { return false }
            if let key = P256.Signing.PublicKey(key) {
                return (try? P256.Signing.ECDSASignature(derRepresentation: signature))
                    .map { key.isValidSignature($0, for: digest) } ?? false
            }
            if let key = P384.Signing.PublicKey(key) {
                return (try? P384.Signing.ECDSASignature(derRepresentation: signature))
                    .map { key.isValidSignature($0, for: digest) } ?? false
            }
            if let key = P521.Signing.PublicKey(key) {
                return (try? P521.Signing.ECDSASignature(derRepresentation: signature))
                    .map { key.isValidSignature($0, for: digest) } ?? false
            }
            return false
        }
    }
}
