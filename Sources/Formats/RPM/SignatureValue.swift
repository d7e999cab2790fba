import AssayBytes

/// A tag and its value for a signature header.
public struct SignatureValue: Hashable, Sendable {
    /// The tag.
    public let tag: HeaderTag
    let type: ValueType
    let count: Int
    let bytes: [UInt8]

    /// Bytes: a signature packet, an MD5.
    public static func binary(_ tag: HeaderTag, _ bytes: [UInt8]) -> SignatureValue {
        SignatureValue(tag: tag, type: .binary, count: bytes.count, bytes: bytes)
    }

    /// A digest, written in hexadecimal.
    public static func digest(_ tag: HeaderTag, _ digest: [UInt8]) -> SignatureValue {
        SignatureValue(tag: tag, type: .string, count: 1, bytes: Array(Hex.encode(digest).utf8) + [0])
    }

    /// Signature packets under the tag of version 6, written in base 64.
    public static func openPGP(_ packets: [[UInt8]]) -> SignatureValue {
        SignatureValue(
            tag: .openPGP, type: .stringArray, count: packets.count, bytes: packets.flatMap { Base64.encode($0) + [0] })
    }

    /// A signature packet over the header under the tag that packages of version 4 have for its algorithm.
    ///
    /// - Parameters:
    ///   - packet: one OpenPGP signature packet.
    ///   - isRSA: whether the key is an RSA key; every other algorithm has the other tag.
    /// - Returns: the value for `RSAHEADER` or `DSAHEADER`.
    public static func headerSignature(_ packet: [UInt8], isRSA: Bool) -> SignatureValue {
        .binary(isRSA ? .rsaHeader : .dsaHeader, packet)
    }
}
