import AssayBytes

/// How well bytes of a package are protected.
public enum CoverageClass: Hashable, Sendable {
    /// A verified signature covers them, itself or by a digest under it.
    case signed
    /// Only a digest covers them that nobody signed: whoever changes the bytes changes the digest.
    case digestCovered
    /// Nothing covers them: whoever can write the file chooses them.
    case attackerControlled
}

/// Bytes of a package file with what protects them.
public struct CoverageRange: Hashable, Sendable {
    /// What the bytes are.
    public enum Part: Hashable, Sendable {
        /// The first 96 bytes.
        case lead
        /// Magic bytes, counts, index and region trailer of the signature header.
        case signatureIndex
        /// The value of a tag of the signature header.
        case signatureTag(HeaderTag)
        /// Bytes of the signature header's data that belong to no tag.
        case signatureGap
        /// Bytes between both headers.
        case padding
        /// The main header.
        case header
        /// The payload.
        case payload
        /// Bytes behind the end that the package states.
        case trailing
    }

    /// Why the bytes have their class.
    public enum Reason: Hashable, Sendable {
        /// A signature covers the bytes themselves.
        case signature
        /// A digest in the signed main header covers the bytes.
        case digestInSignedHeader
        /// The signed main header has a digest of what the bytes give when they are uncompressed, and none of the bytes.
        case uncompressedDigestInSignedHeader
        /// Only digests that nobody signed cover the bytes.
        case unsignedDigest
        /// Signatures and digests begin with the main header.
        case beforeSignedBytes
        /// No signature and no digest covers the bytes.
        case nothing
    }

    /// What the bytes are.
    public let part: Part
    /// Where they are.
    public let range: ByteRange
    /// How well they are protected.
    public let coverage: CoverageClass
    /// Why.
    public let reason: Reason
    /// Indexes into `RPMFile.claims` of the verified claims that protect the bytes.
    public let claims: [Int]
}

extension RPMFile {
    /// The coverage as it would be if every claim of the package held.
    public var claimedCoverage: [CoverageRange] { coverage(verified: Set(claims.indices)) }

    /// Every byte of the file in order, each with what protects it.
    ///
    /// - Parameter verified: indexes into `claims` of the claims that were verified: signatures by an accepted key,
    ///   digests by an accepted algorithm. The others count as absent.
    /// - Returns: ranges that follow each other without gaps, from the first byte of the file to the last.
    public func coverage(verified: Set<Int>) -> [CoverageRange] {
        let held = claims.indices.filter { verified.contains($0) }
        let headerCover = headerCover(held)
        let payloadCover = payloadCover(held, header: headerCover.coverage)
        var result = unsignedRanges
        result.append(
            CoverageRange(
                part: .header, range: header.range, coverage: headerCover.coverage, reason: headerCover.reason,
                claims: headerCover.claims))
        for (part, range) in payloadParts {
            result.append(
                CoverageRange(
                    part: part, range: range, coverage: payloadCover.coverage, reason: payloadCover.reason,
                    claims: payloadCover.claims))
        }
        return result
    }

    private typealias Cover = (coverage: CoverageClass, reason: CoverageRange.Reason, claims: [Int])

    private func headerCover(_ held: [Int]) -> Cover {
        let over = held.filter { claims[$0].scope == .header || claims[$0].scope == .headerAndPayload }
        let signatures = over.filter { claims[$0].isSignature }
        if !signatures.isEmpty { return (.signed, .signature, signatures) }
        return over.isEmpty ? (.attackerControlled, .nothing, []) : (.digestCovered, .unsignedDigest, over)
    }

    private func payloadCover(_ held: [Int], header: CoverageClass) -> Cover {
        let signatures = held.filter { claims[$0].scope == .headerAndPayload && claims[$0].isSignature }
        if !signatures.isEmpty { return (.signed, .signature, signatures) }
        let digests = held.filter { claims[$0].scope == .payload || claims[$0].scope == .headerAndPayload }
        let inHeader = digests.filter { claims[$0].source == .main }
        if header == .signed, !inHeader.isEmpty { return (.signed, .digestInSignedHeader, inHeader) }
        let uncompressed = held.filter { claims[$0].scope == .uncompressedPayload }
        if header == .signed, !uncompressed.isEmpty {
            // Other bytes can give the same contents, so the bytes themselves are not signed.
            return (.digestCovered, .uncompressedDigestInSignedHeader, uncompressed + digests)
        }
        let all = digests + uncompressed
        return all.isEmpty ? (.attackerControlled, .nothing, []) : (.digestCovered, .unsignedDigest, all)
    }

    /// The payload, cut in two when the package states an end before the file's.
    private var payloadParts: [(CoverageRange.Part, ByteRange)] {
        guard let stated = statedEnd, stated.end >= payload.offset.rawValue, stated.end < payload.end.rawValue else {
            return [(.payload, payload)]
        }
        return [
            (.payload, ByteRange(payload.offset.rawValue, stated.end)),
            (.trailing, ByteRange(stated.end, payload.end.rawValue)),
        ]
    }

    /// Lead, signature header and padding: no signature and no digest has ever covered them.
    var unsignedRanges: [CoverageRange] {
        var parts: [(CoverageRange.Part, UInt64, UInt64)] = [(.lead, 0, signatureHeader.range.offset.rawValue)]
        let data = signatureHeader.dataOffset.rawValue
        parts.append((.signatureIndex, signatureHeader.range.offset.rawValue, data))
        var position = data
        var tags = signatureHeader.entries.map { entry in
            let range = signatureHeader.range(of: entry)
            return (CoverageRange.Part.signatureTag(entry.tag), range.offset.rawValue, range.end.rawValue)
        }
        if let trailer = signatureHeader.trailer {
            // Entries outside of the region may have their data behind the trailer.
            let place = tags.firstIndex { $0.1 >= trailer.end.rawValue } ?? tags.count
            tags.insert((.signatureIndex, trailer.offset.rawValue, trailer.end.rawValue), at: place)
        }
        for tag in tags {
            if tag.1 > position { parts.append((.signatureGap, position, tag.1)) }
            parts.append(tag)
            position = tag.2
        }
        let end = signatureHeader.range.end.rawValue
        if end > position { parts.append((.signatureGap, position, end)) }
        if !padding.isEmpty { parts.append((.padding, padding.offset.rawValue, padding.end.rawValue)) }
        return parts.map { part, start, end in
            CoverageRange(
                part: part, range: ByteRange(start, end), coverage: .attackerControlled, reason: .beforeSignedBytes,
                claims: [])
        }
    }
}
