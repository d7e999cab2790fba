/// What a known tag's value must look like.
struct TagRule: Hashable, Sendable {
    /// The only type that it may have.
    var type: ValueType
    /// The only number of values that it may have.
    var count: Int?

    init(_ type: ValueType, count: Int? = nil) {
        self.type = type
        self.count = count
    }

    /// The tags of signature headers that rpm gives a meaning.
    static let signatureHeader: [HeaderTag: TagRule] = [
        .dsaHeader: TagRule(.binary), .rsaHeader: TagRule(.binary), .sha1Header: TagRule(.string),
        .longSize: TagRule(.int64, count: 1), .longArchiveSize: TagRule(.int64, count: 1),
        .sha256Header: TagRule(.string), .fileSignatures: TagRule(.stringArray),
        .fileSignatureLength: TagRule(.int32, count: 1), .veritySignatures: TagRule(.stringArray),
        .veritySignatureAlgorithm: TagRule(.int32, count: 1), .openPGP: TagRule(.stringArray),
        .sha3Header: TagRule(.string), .reserved: TagRule(.binary), .size: TagRule(.int32, count: 1),
        .pgp: TagRule(.binary), .md5: TagRule(.binary, count: 16), .gpg: TagRule(.binary),
        .payloadSize: TagRule(.int32, count: 1), .reservedSpace: TagRule(.binary),
    ]

    /// The tags of main headers that this module reads one number of.
    private static let singleNumbers: Set<HeaderTag> = [
        .epoch, .buildTime, .archiveSize, .headerFileSignatureLength, .payloadDigestAlgorithm, .compressedPayloadSize,
        .uncompressedPayloadSize, .rpmFormat,
    ]

    /// The rule for `tag` in a header; nil for an unknown tag, which may be anything.
    static func rule(for tag: HeaderTag, in kind: HeaderKind) -> TagRule? {
        guard kind == .main else { return signatureHeader[tag] }
        guard let type = HeaderTag.headerType(tag) else { return nil }
        return TagRule(type, count: !type.isString && singleNumbers.contains(tag) ? 1 : nil)
    }

    /// Whether `entry` is what the tag must be; the three types of strings stand for each other in main headers, as in rpm.
    func accepts(_ entry: HeaderEntry, in kind: HeaderKind) -> Bool {
        let hasType = entry.type == type || (kind == .main && entry.type.isString && type.isString)
        return hasType && (count == nil || count == entry.count)
    }
}

extension HeaderTag {
    /// Whether the tag has a meaning in the signature header only: 256 to 999, but for the keys that a header may carry.
    var belongsToSignatureHeader: Bool { (256...999).contains(rawValue) && rawValue != 266 }

    /// Tags of the signature header with the main header's tag of the same meaning: only one of both may be there.
    static let exclusivePairs: [(signature: HeaderTag, header: HeaderTag)] = [
        (.payloadSize, .archiveSize), (.fileSignatures, .headerFileSignatures),
        (.fileSignatureLength, .headerFileSignatureLength),
    ]
}
