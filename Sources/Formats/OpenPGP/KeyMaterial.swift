internal import AssayBytes
internal import Crypto
internal import CryptoExtras

/// The public numbers of a key, ready to check signatures with.
enum KeyMaterial: Sendable {
    case rsa(_RSA.Signing.PublicKey, modulusSize: Int)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
    /// Nothing here can check signatures of this key, and why.
    case unsupported(String)

    /// Whether `signature` is one of `digest` by this key.
    func isValid(_ signature: SignatureNumbers, _ digest: DigestValue) -> Bool {
        switch digest {
        case .sha1(let digest): isValid(signature, digest)
        case .sha256(let digest): isValid(signature, digest)
        case .sha384(let digest): isValid(signature, digest)
        case .sha512(let digest): isValid(signature, digest)
        }
    }

    private func isValid(_ signature: SignatureNumbers, _ digest: some Digest) -> Bool {
        switch (self, signature) {
        case (.rsa(let key, let size), .rsa(let number)):
            guard let padded = number.padded(to: size) else { return false }
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: padded), for: digest, padding: .insecurePKCS1v1_5)
        case (.p256(let key), .pair(let first, let second)):
            guard let raw = SignatureNumbers.raw(first, second, 32),
                let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
            else { return false }
            return key.isValidSignature(signature, for: digest)
        case (.p384(let key), .pair(let first, let second)):
            guard let raw = SignatureNumbers.raw(first, second, 48),
                let signature = try? P384.Signing.ECDSASignature(rawRepresentation: raw)
            else { return false }
            return key.isValidSignature(signature, for: digest)
        case (.p521(let key), .pair(let first, let second)):
            guard let raw = SignatureNumbers.raw(first, second, 66),
                let signature = try? P521.Signing.ECDSASignature(rawRepresentation: raw)
            else { return false }
            return key.isValidSignature(signature, for: digest)
        case (.ed25519(let key), .pair(let first, let second)):
            guard let raw = SignatureNumbers.raw(first, second, 32) else { return false }
            return key.isValidSignature(raw, for: Array(digest))
        case (.ed25519(let key), .ed25519(let raw)):
            return key.isValidSignature(raw, for: Array(digest))
        default: return false
        }
    }
}

/// The numbers of a signature.
enum SignatureNumbers: Hashable, Sendable {
    /// One number.
    case rsa([UInt8])
    /// Two numbers: ECDSA, and EdDSA in its old form.
    case pair([UInt8], [UInt8])
    /// The 64 bytes of RFC 8032.
    case ed25519([UInt8])
    /// Of an algorithm that is not checked here.
    case opaque

    /// Reads the rest of a signature packet.
    static func parse(_ algorithm: PublicKeyAlgorithm, _ bytes: [UInt8]) throws -> SignatureNumbers {
        var cursor = ByteCursor(bytes.span)
        let numbers: SignatureNumbers
        switch algorithm {
        case .rsa, .rsaSignOnly: numbers = .rsa(try cursor.mpi(.malformedSignature))
        case .ecdsa, .eddsaLegacy:
            numbers = .pair(try cursor.mpi(.malformedSignature), try cursor.mpi(.malformedSignature))
        case .ed25519: numbers = .ed25519(try cursor.bytes(64))
        default: return .opaque
        }
        guard cursor.isAtEnd else {
            throw OpenPGPError(.malformedSignature, "there are bytes behind the numbers of the signature")
        }
        return numbers
    }

    /// Both numbers at full width, one behind the other.
    static func raw(_ first: [UInt8], _ second: [UInt8], _ size: Int) -> [UInt8]? {
        guard let first = first.padded(to: size), let second = second.padded(to: size) else { return nil }
        return first + second
    }
}

extension [UInt8] {
    /// The same number in `size` bytes, or nil when it needs more.
    func padded(to size: Int) -> [UInt8]? {
        count <= size ? [UInt8](repeating: 0, count: size - count) + self : nil
    }

    /// The bits of the number.
    var bitCount: Int { first.map { count * 8 - $0.leadingZeroBitCount } ?? 0 }
}

extension ByteCursor {
    /// The most bits of a number, as many as any key in use has.
    private static let maximumBits = 16384

    /// Reads a multiprecision integer without leading zeros (RFC 9580, section 3.2).
    ///
    /// - Throws: when its bit count is not that of the number: two spellings of one number would be two signatures.
    mutating func mpi(_ code: OpenPGPError.Code) throws -> [UInt8] {
        let bits = Int(try u16(.big))
        guard bits <= Self.maximumBits else {
            throw OpenPGPError(code, "a number of \(bits) bits is longer than any in use")
        }
        let number = try bytes((bits + 7) / 8)
        guard number.bitCount == bits else {
            throw OpenPGPError(code, "a number says that it has \(bits) bits and has \(number.bitCount)")
        }
        return number
    }
}
