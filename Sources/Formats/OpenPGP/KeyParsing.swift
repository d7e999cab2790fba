internal import AssayBytes
internal import Crypto
internal import CryptoExtras

/// A curve by its object identifier (RFC 9580, section 9.2).
struct NamedCurve {
    let identifier: [UInt8]
    let name: String
    let bits: Int

    static let all: [NamedCurve] = [
        NamedCurve(identifier: [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07], name: "nistp256", bits: 256),
        NamedCurve(identifier: [0x2B, 0x81, 0x04, 0x00, 0x22], name: "nistp384", bits: 384),
        NamedCurve(identifier: [0x2B, 0x81, 0x04, 0x00, 0x23], name: "nistp521", bits: 521),
        NamedCurve(identifier: [0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01], name: "ed25519", bits: 255),
        NamedCurve(
            identifier: [0x2B, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01], name: "cv25519", bits: 255),
        NamedCurve(
            identifier: [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07], name: "brainpoolP256r1", bits: 256),
        NamedCurve(
            identifier: [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B], name: "brainpoolP384r1", bits: 384),
        NamedCurve(
            identifier: [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D], name: "brainpoolP512r1", bits: 512),
        NamedCurve(identifier: [0x2B, 0x81, 0x04, 0x00, 0x0A], name: "secp256k1", bits: 256),
    ]
}

/// What the algorithm part of a key packet says.
struct ParsedKeyMaterial {
    let material: KeyMaterial
    /// The name with the size or the curve, such as `rsa4096`, `nistp256`, `ed25519`.
    let name: String
    /// The strength-giving size in bits, where the algorithm has one.
    let bits: Int?

    private static func malformed(_ message: String) -> OpenPGPError { OpenPGPError(.malformedKey, message) }

    /// Reads the numbers of a key of `algorithm` to their last byte.
    static func parse(_ algorithm: PublicKeyAlgorithm, _ bytes: [UInt8]) throws -> ParsedKeyMaterial {
        var cursor = ByteCursor(bytes.span)
        let parsed: ParsedKeyMaterial
        switch algorithm.rawValue {
        case 1, 2, 3: parsed = try rsa(&cursor, algorithm)
        case 16, 17, 20:
            let prime = try cursor.mpi(.malformedKey)
            for _ in 0..<(algorithm == .dsa ? 3 : 2) { _ = try cursor.mpi(.malformedKey) }
            parsed = unsupported(algorithm.description + String(prime.bitCount), algorithm, prime.bitCount)
        case 18:
            let curve = try curve(&cursor)
            _ = try cursor.mpi(.malformedKey)
            _ = try cursor.bytes(Int(try cursor.u8()))
            parsed = unsupported("ecdh-" + (curve?.name ?? "unknown-curve"), algorithm, curve?.bits)
        case 19: parsed = try ecdsa(&cursor)
        case 22: parsed = try eddsa(&cursor)
        case 25: parsed = try fixed(&cursor, 32, algorithm, 255)
        case 26: parsed = try fixed(&cursor, 56, algorithm, 448)
        case 28: parsed = try fixed(&cursor, 57, algorithm, 448)
        case 27:
            parsed = ParsedKeyMaterial(
                material: .ed25519(try edwards(try cursor.bytes(32))), name: "ed25519", bits: 255)
        // The numbers of an algorithm that is not known here have no known end.
        default: return unsupported(algorithm.description, algorithm, nil)
        }
        guard cursor.isAtEnd else { throw malformed("there are bytes behind the numbers of the key") }
        return parsed
    }

    private static func unsupported(
        _ name: String, _ algorithm: PublicKeyAlgorithm, _ bits: Int?
    ) -> ParsedKeyMaterial {
        ParsedKeyMaterial(material: .unsupported("signatures by \(name) are not checked"), name: name, bits: bits)
    }

    private static func fixed(
        _ cursor: inout ByteCursor, _ count: Int, _ algorithm: PublicKeyAlgorithm, _ bits: Int
    ) throws -> ParsedKeyMaterial {
        try cursor.skip(count)
        return unsupported(algorithm.description, algorithm, bits)
    }

    private static func rsa(
        _ cursor: inout ByteCursor, _ algorithm: PublicKeyAlgorithm
    ) throws -> ParsedKeyMaterial {
        let modulus = try cursor.mpi(.malformedKey)
        let exponent = try cursor.mpi(.malformedKey)
        let bits = modulus.bitCount
        let name = "rsa\(bits)"
        guard bits >= 1024 else {
            return ParsedKeyMaterial(
                material: .unsupported("RSA keys of \(bits) bits are not checked"), name: name, bits: bits)
        }
        guard !exponent.isEmpty, exponent.count <= 8 else {
            throw malformed("the RSA exponent has \(exponent.bitCount) bits")
        }
        // Under 2048 bits the library takes a key only in its DER form.
        let key =
            bits >= 2048
            ? try? _RSA.Signing.PublicKey(n: modulus, e: exponent)
            : try? _RSA.Signing.PublicKey(unsafeDERRepresentation: SubjectPublicKeyInfo.rsa(modulus, exponent))
        guard let key else { throw malformed("the RSA key is none that the library takes") }
        return ParsedKeyMaterial(material: .rsa(key, modulusSize: modulus.count), name: name, bits: bits)
    }

    private static func curve(_ cursor: inout ByteCursor) throws -> NamedCurve? {
        let length = Int(try cursor.u8())
        guard length != 0, length != 0xFF else { throw malformed("the curve has a reserved length") }
        let identifier = try cursor.bytes(length)
        return NamedCurve.all.first { $0.identifier == identifier }
    }

    private static func ecdsa(_ cursor: inout ByteCursor) throws -> ParsedKeyMaterial {
        let curve = try curve(&cursor)
        let point = try cursor.mpi(.malformedKey)
        let material: KeyMaterial
        do {
            switch curve?.name {
            case "nistp256": material = .p256(try P256.Signing.PublicKey(x963Representation: point))
            case "nistp384": material = .p384(try P384.Signing.PublicKey(x963Representation: point))
            case "nistp521": material = .p521(try P521.Signing.PublicKey(x963Representation: point))
            default:
                let name = curve?.name ?? "an unknown curve"
                material = .unsupported("ECDSA on \(name) is not checked")
            }
        } catch {
            throw malformed("the key is no point of \(curve?.name ?? "its curve")")
        }
        return ParsedKeyMaterial(material: material, name: curve?.name ?? "ecdsa-unknown-curve", bits: curve?.bits)
    }

    private static func eddsa(_ cursor: inout ByteCursor) throws -> ParsedKeyMaterial {
        let curve = try curve(&cursor)
        let point = try cursor.mpi(.malformedKey)
        guard curve?.name == "ed25519" else {
            return ParsedKeyMaterial(
                material: .unsupported("EdDSA on \(curve?.name ?? "an unknown curve") is not checked"),
                name: "eddsa-" + (curve?.name ?? "unknown-curve"), bits: curve?.bits)
        }
        // 0x40 says that the point stands in its own form (RFC 9580, section 11.2.3.1).
        guard point.count == 33, point[0] == 0x40 else { throw malformed("the Ed25519 point is not in its own form") }
        return ParsedKeyMaterial(
            material: .ed25519(try edwards(Array(point.dropFirst()))), name: "ed25519", bits: curve?.bits)
    }

    private static func edwards(_ bytes: [UInt8]) throws -> Curve25519.Signing.PublicKey {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
            throw malformed("the Ed25519 key is none that the library takes")
        }
        return key
    }
}

/// DER for an RSA key (RFC 5280, section 4.1.2.7; RFC 8017, appendix A.1).
enum SubjectPublicKeyInfo {
    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        switch count {
        case 0..<0x80: return [tag, UInt8(count)] + content
        case 0x80..<0x100: return [tag, 0x81, UInt8(count)] + content
        default: return [tag, 0x82, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)] + content
        }
    }

    private static func integer(_ number: [UInt8]) -> [UInt8] {
        element(0x02, (number.first ?? 0) & 0x80 == 0 ? number : [0] + number)
    }

    /// The key of `modulus` and `exponent`, both without leading zeros and together under 64 KiB.
    static func rsa(_ modulus: [UInt8], _ exponent: [UInt8]) -> [UInt8] {
        let algorithm: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00]
        let key = element(0x30, integer(modulus) + integer(exponent))
        return element(0x30, element(0x30, algorithm) + element(0x03, [0] + key))
    }
}
