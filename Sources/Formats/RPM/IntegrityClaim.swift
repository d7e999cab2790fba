import AssayBytes

/// An algorithm for digests.
public enum DigestAlgorithm: String, Hashable, Sendable {
    /// MD5.
    case md5 = "MD5"
    /// SHA-1.
    case sha1 = "SHA-1"
    /// SHA-224.
    case sha224 = "SHA-224"
    /// SHA-256.
    case sha256 = "SHA-256"
    /// SHA-384.
    case sha384 = "SHA-384"
    /// SHA-512.
    case sha512 = "SHA-512"
    /// SHA3-256.
    case sha3 = "SHA3-256"

    /// Bytes of a digest.
    public var size: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha224: 28
        case .sha256, .sha3: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// Whether two different inputs with the same digest can be made.
    public var isWeak: Bool { self == .md5 || self == .sha1 }

    /// The algorithm with this number of OpenPGP (RFC 9580, section 9.5).
    init?(openPGP number: UInt64) {
        switch number {
        case 1: self = .md5
        case 2: self = .sha1
        case 8: self = .sha256
        case 9: self = .sha384
        case 10: self = .sha512
        case 11: self = .sha224
        case 12: self = .sha3
        default: return nil
        }
    }
}

/// A signature or digest that a package carries, and the bytes that it is about; it is not verified.
public struct IntegrityClaim: Hashable, Sendable {
    /// What is claimed.
    public enum Kind: Hashable, Sendable {
        /// Somebody signed the bytes. The value is an OpenPGP signature packet.
        case signature
        /// The bytes have this digest; nil for an algorithm that this module does not know.
        case digest(DigestAlgorithm?)
    }

    /// Which part of the package a claim is about.
    public enum Scope: Hashable, Sendable {
        /// The main header, from its magic bytes to the end of its data.
        case header
        /// The main header and all bytes behind it.
        case headerAndPayload
        /// All bytes behind the main header.
        case payload
        /// What the payload gives when it is uncompressed.
        case uncompressedPayload
    }

    /// Signature or digest.
    public let kind: Kind
    /// What it is about.
    public let scope: Scope
    /// The tag that holds it.
    public let tag: HeaderTag
    /// Which of the tag's values, from 0.
    public let index: Int
    /// Which header holds it: a claim of the main header is under the signatures over that header.
    public let source: HeaderKind
    /// The signature packet or the digest.
    public let value: [UInt8]
    /// The bytes of the file to hash; for an uncompressed payload, the bytes to uncompress.
    public let range: ByteRange

    /// Whether it is a signature.
    public var isSignature: Bool { kind == .signature }
}

extension IntegrityClaim {
    /// What one tag claims.
    private struct Tag {
        let tag: HeaderTag
        let kind: Kind
        let scope: Scope
    }

    private static let signatureTags: [HeaderTag: Tag] = table([
        Tag(tag: .dsaHeader, kind: .signature, scope: .header),
        Tag(tag: .rsaHeader, kind: .signature, scope: .header),
        Tag(tag: .openPGP, kind: .signature, scope: .header),
        Tag(tag: .pgp, kind: .signature, scope: .headerAndPayload),
        Tag(tag: .gpg, kind: .signature, scope: .headerAndPayload),
        Tag(tag: .md5, kind: .digest(.md5), scope: .headerAndPayload),
        Tag(tag: .sha1Header, kind: .digest(.sha1), scope: .header),
        Tag(tag: .sha256Header, kind: .digest(.sha256), scope: .header),
        Tag(tag: .sha3Header, kind: .digest(.sha3), scope: .header),
    ])

    /// The two tags whose algorithm a third one names are not here.
    private static let headerTags: [HeaderTag: Tag] = table([
        Tag(tag: .payloadSHA512, kind: .digest(.sha512), scope: .payload),
        Tag(tag: .payloadSHA512Alternative, kind: .digest(.sha512), scope: .uncompressedPayload),
        Tag(tag: .payloadSHA3, kind: .digest(.sha3), scope: .payload),
        Tag(tag: .payloadSHA3Alternative, kind: .digest(.sha3), scope: .uncompressedPayload),
    ])

    private static func table(_ tags: [Tag]) -> [HeaderTag: Tag] {
        Dictionary(uniqueKeysWithValues: tags.map { ($0.tag, $0) })
    }

    /// All claims of both headers.
    ///
    /// - Throws: `RPMError.tagValue` when a digest or a base 64 text is not one.
    static func claims(
        signatureHeader: HeaderSection, header: HeaderSection, payload: ByteRange
    ) throws(RPMError) -> [IntegrityClaim] {
        let all = ByteRange(header.range.offset.rawValue, payload.end.rawValue)
        var claims: [IntegrityClaim] = []
        for section in [signatureHeader, header] {
            for entry in section.entries {
                guard let tag = tag(entry.tag, in: section) else { continue }
                let range: ByteRange =
                    switch tag.scope {
                    case .header: header.range
                    case .headerAndPayload: all
                    case .payload, .uncompressedPayload: payload
                    }
                for (index, value) in try values(of: entry, tag, in: section).enumerated() {
                    claims.append(
                        IntegrityClaim(
                            kind: tag.kind, scope: tag.scope, tag: tag.tag, index: index, source: section.kind,
                            value: value, range: range))
                }
            }
        }
        return claims
    }

    private static func tag(_ tag: HeaderTag, in section: HeaderSection) -> Tag? {
        guard section.kind == .main else { return signatureTags[tag] }
        guard tag == .payloadDigest || tag == .payloadDigestAlternative else { return headerTags[tag] }
        // Version 6 has no tag for the algorithm: the tags are called PAYLOADSHA256 and PAYLOADSHA256ALT there.
        let algorithm = section.number(.payloadDigestAlgorithm).map { DigestAlgorithm(openPGP: $0) } ?? .sha256
        return Tag(
            tag: tag, kind: .digest(algorithm),
            scope: tag == .payloadDigest ? .payload : .uncompressedPayload)
    }

    private static func values(
        of entry: HeaderEntry, _ tag: Tag, in section: HeaderSection
    ) throws(RPMError) -> [[UInt8]] {
        let error = { (detail: String) in
            RPMError(code: .tagValue, offset: section.range(of: entry).offset, detail: "\(tag.tag) \(detail)")
        }
        guard let strings = section.strings(entry) else { return [Array(section.rawBytes(entry))] }
        var result: [[UInt8]] = []
        for string in strings {
            guard case .digest(let algorithm) = tag.kind else {
                guard let packet = Base64.decode(string) else { throw error("is not base 64") }
                result.append(packet)
                continue
            }
            guard let digest = Hex.decode(String(decoding: string, as: UTF8.self)) else {
                throw error("is not hexadecimal")
            }
            guard algorithm == nil || algorithm?.size == digest.count else {
                throw error("has \(digest.count) bytes, not those of \(algorithm?.rawValue ?? "")")
            }
            result.append(digest)
        }
        return result
    }
}
