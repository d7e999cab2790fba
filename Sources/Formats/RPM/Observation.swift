import AssayBytes

/// Something about a package that a reader should know before trusting it.
public struct Observation: Hashable, Sendable {
    /// What was seen, for code that decides by it.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name, in lower case with hyphens.
        public let rawValue: String

        /// Makes a code of its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// No signature at all.
        public static let unsigned = Code(rawValue: "unsigned")
        /// A signature covers the header, and neither a signature nor a digest under it covers the payload.
        public static let headerOnlySigned = Code(rawValue: "header-only-signed")
        /// What covers header or payload is MD5 or SHA-1 only: the digests of an unsigned package, or the payload's digests
        /// under a signed header.
        public static let weakDigestsOnly = Code(rawValue: "weak-digests-only")
        /// No digest and no signature covers the payload.
        public static let payloadNotCovered = Code(rawValue: "payload-not-covered")
        /// A digest's algorithm is not known, so that it cannot be verified.
        public static let unknownDigestAlgorithm = Code(rawValue: "unknown-digest-algorithm")
        /// The lead names another package than the header.
        public static let leadName = Code(rawValue: "lead-name")
        /// The lead says binary of a source package or the other way round.
        public static let leadType = Code(rawValue: "lead-type")
        /// The lead has a version, or bytes, that rpm does not write.
        public static let leadBytes = Code(rawValue: "lead-bytes")
        /// The signature header has a tag without a meaning there.
        public static let unknownSignatureTag = Code(rawValue: "unknown-signature-tag")
        /// A package of version 6 has a signature tag of older ones.
        public static let legacySignatureTag = Code(rawValue: "legacy-signature-tag")
        /// The signature header has IMA signatures, which rpm installs as `security.ima`.
        public static let fileSignatures = Code(rawValue: "file-signatures")
        /// The signature header has fs-verity signatures, which rpm installs.
        public static let veritySignatures = Code(rawValue: "verity-signatures")
        /// A tag stands twice in a header; readers differ in which one they take.
        public static let duplicateTag = Code(rawValue: "duplicate-tag")
        /// The signature header has entries or bytes outside of its region.
        public static let signatureOutsideRegion = Code(rawValue: "signature-outside-region")
        /// The signature header has no region.
        public static let signatureWithoutRegion = Code(rawValue: "signature-without-region")
        /// The main header has no immutable region; rpm since 2000 writes one and cannot verify without.
        public static let headerWithoutRegion = Code(rawValue: "header-without-region")
        /// Bytes of the signature header that belong to no tag are not zero.
        public static let signatureGap = Code(rawValue: "signature-gap")
        /// The reserved space of the signature header is not zero.
        public static let reservedSpace = Code(rawValue: "reserved-space")
        /// The bytes between both headers are not zero.
        public static let padding = Code(rawValue: "padding")
        /// The file goes on behind the end that the package states.
        public static let trailingBytes = Code(rawValue: "trailing-bytes")
        /// The file ends before the end that the package states.
        public static let missingBytes = Code(rawValue: "missing-bytes")
        /// The header has no name, version or release.
        public static let noIdentity = Code(rawValue: "no-identity")
    }

    /// What was seen.
    public let code: Code
    /// What exactly, in words.
    public let detail: String
    /// The tag that it is about.
    public let tag: HeaderTag?
    /// The bytes that it is about.
    public let range: ByteRange?

    init(_ code: Code, _ detail: String, tag: HeaderTag? = nil, range: ByteRange? = nil) {
        self.code = code
        self.detail = detail
        self.tag = tag
        self.range = range
    }
}

extension RPMFile {
    /// All that is remarkable about the package before a single byte is hashed, in a fixed order.
    public var observations: [Observation] {
        claimObservations + leadObservations + signatureHeaderObservations + headerObservations + sizeObservations
    }

    private var claimObservations: [Observation] {
        var result: [Observation] = []
        let coverage = claimedCoverage
        let payloadCover = coverage.first { $0.part == .payload }
        let isSigned = claims.contains(where: \.isSignature)
        if !isSigned {
            result.append(Observation(.unsigned, "no signature"))
        } else if payloadCover?.coverage != .signed {
            result.append(
                Observation(
                    .headerOnlySigned, "no signature covers the payload, nor a digest under one", range: payload))
        }
        if payloadCover?.coverage == .attackerControlled {
            result.append(Observation(.payloadNotCovered, "nothing covers the payload", range: payload))
        }
        let relevant: [Int] =
            isSigned
            ? (payloadCover?.reason == .digestInSignedHeader ? payloadCover?.claims ?? [] : [])
            : Array(claims.indices)
        let algorithms = relevant.compactMap { index -> DigestAlgorithm?? in
            guard case .digest(let algorithm) = claims[index].kind else { return nil }
            return .some(algorithm)
        }
        if !algorithms.isEmpty, algorithms.allSatisfy({ $0?.isWeak == true }) {
            let names = Set(algorithms.compactMap { $0?.rawValue }).sorted()
            result.append(Observation(.weakDigestsOnly, names.joined(separator: " and ")))
        }
        for claim in claims where claim.kind == .digest(nil) {
            let number = header.number(.payloadDigestAlgorithm) ?? 0
            result.append(Observation(.unknownDigestAlgorithm, "algorithm \(number) of OpenPGP", tag: claim.tag))
        }
        return result
    }

    private var headerObservations: [Observation] {
        var result: [Observation] = []
        if !header.hasRegion {
            result.append(Observation(.headerWithoutRegion, "no immutable region", range: header.range))
        }
        for tag in header.duplicates {
            result.append(Observation(.duplicateTag, "\(tag) of the main header stands there twice", tag: tag))
        }
        if [.name, .version, .release].contains(where: { header.text($0) == nil }) {
            result.append(Observation(.noIdentity, "name, version or release is missing"))
        }
        return result
    }

    private var sizeObservations: [Observation] {
        guard let stated = statedEnd, stated.end != size.rawValue else { return [] }
        if stated.end < size.rawValue {
            let range = ByteRange(max(stated.end, payload.offset.rawValue), size.rawValue)
            return [
                Observation(
                    .trailingBytes, "\(size.rawValue - stated.end) bytes behind the stated end", tag: stated.tag,
                    range: range)
            ]
        }
        return [
            Observation(
                .missingBytes, "\(stated.end - size.rawValue) bytes before the stated end are missing", tag: stated.tag)
        ]
    }
}
