internal import Crypto
internal import CryptoExtras
internal import SwiftASN1
internal import X509

/// A signature without PKCS#7 around it, as hardware modules and key services return it.
enum RawSignature {
    /// The longest signature of a supported key: RSA of 16384 bits.
    static let maximumSize = 2048

    /// Whether `bytes` are neither text nor the start of a PKCS#7 message, and short enough for a raw signature.
    ///
    /// A PKCS#7 message is a SEQUENCE that starts with an object identifier below 1.2.840.113549.1. An RSA signature is a
    /// random number: looked at less closely, some would pass for such a message.
    static func isPossible(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty, bytes.count <= maximumSize, DERFraming.textFault(bytes) == nil else { return false }
        guard bytes[0] == 0x30, bytes.count > 2 else { return true }
        let content = bytes.dropFirst(bytes[1] < 0x80 ? 2 : 2 + Int(bytes[1] & 0x7F))
        return
            !(content.first == 0x06 && content.dropFirst(2).starts(with: [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01]))
    }

    /// The signature in the form that PKCS#7 carries.
    ///
    /// - Throws: when `key` cannot have made one of this form and length.
    static func canonical(_ bytes: [UInt8], _ key: Certificate.PublicKey) throws(RootHashSignatureFault) -> [UInt8] {
        if let rsa = _RSA.Signing.PublicKey(key) {
            let expected = (rsa.keySizeInBits + 7) / 8
            guard bytes.count == expected else {
                throw RootHashSignatureFault(
                    .rawSignatureLength, "a signature by this RSA key has \(expected) bytes, not \(bytes.count)")
            }
            return bytes
        }
        guard let size = KeyCheck.fieldSize(of: key) else {
            throw RootHashSignatureFault(.unsupportedKey, "the key of the certificate is not supported")
        }
        if let pair = try? ECDSAPair(derEncoded: bytes), pair.fits(size) { return bytes }
        guard bytes.count == 2 * size, let der = try? ECDSAPair(concatenated: bytes).der() else {
            throw RootHashSignatureFault(
                .rawSignatureLength,
                "an ECDSA signature by this key is DER or has \(2 * size) bytes; these \(bytes.count) bytes are neither"
            )
        }
        return der
    }
}

/// The two numbers of an ECDSA signature (RFC 3279, section 2.2.3).
private struct ECDSAPair {
    let r: [UInt8]
    let s: [UInt8]

    init(derEncoded bytes: [UInt8]) throws {
        var elements = try ASN1Elements(of: try DER.parse(bytes), .sequence, "the ECDSA signature")
        r = try elements.primitive(.integer)
        s = try elements.primitive(.integer)
        try elements.end()
    }

    /// Both numbers, big-endian, one after the other.
    init(concatenated bytes: [UInt8]) {
        r = ECDSAPair.integer(bytes.prefix(bytes.count / 2))
        s = ECDSAPair.integer(bytes.suffix(bytes.count / 2))
    }

    /// Whether both numbers fit into `size` bytes, or one more for the sign.
    func fits(_ size: Int) -> Bool { (1...(size + 1)).contains(r.count) && (1...(size + 1)).contains(s.count) }

    func der() throws -> [UInt8] {
        var serializer = DER.Serializer()
        serializer.appendConstructedNode(identifier: .sequence) { sequence in
            for number in [r, s] {
                sequence.appendPrimitiveNode(identifier: .integer) { $0.append(contentsOf: number) }
            }
        }
        return serializer.serializedBytes
    }

    /// The content bytes of a positive INTEGER: no zero in front but the one that keeps it positive.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let number = bytes.drop { $0 == 0 }
        guard let first = number.first else { return [0] }
        return (first >= 0x80 ? [0] : []) + number
    }
}
