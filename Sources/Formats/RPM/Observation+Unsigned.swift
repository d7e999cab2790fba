import AssayBytes

extension RPMFile {
    /// What stands in the lead against what stands in the header.
    var leadObservations: [Observation] {
        var result: [Observation] = []
        let range = ByteRange(0, UInt64(Lead.size))
        if (lead.type == 1) != isSource || lead.type > 1 {
            result.append(
                Observation(.leadType, "type \(lead.type) of a \(isSource ? "source" : "binary") package", range: range)
            )
        }
        // Writers differ: with or without the epoch, cut off at 65 bytes.
        if let name = rawText(.name), let version = rawText(.version), let release = rawText(.release) {
            let dash = [UInt8(ascii: "-")]
            let epoch = header.number(.epoch).map { Array("\($0):".utf8) } ?? []
            let names = [name + dash + version + dash + release, name + dash + epoch + version + dash + release]
            if !names.contains(where: { Array($0.prefix(65)) == lead.name }) {
                result.append(Observation(.leadName, "the lead names another package than the header", range: range))
            }
        }
        let expected: UInt8 = (header.number(.rpmFormat) ?? 0) >= 6 ? 4 : 3
        if lead.major != expected || lead.minor != 0 {
            result.append(Observation(.leadBytes, "version \(lead.major).\(lead.minor)", range: range))
        }
        if !lead.hasZeroReserve || lead.hasBytesBehindName {
            result.append(Observation(.leadBytes, "bytes that have no meaning are not zero", range: range))
        }
        return result
    }

    private func rawText(_ tag: HeaderTag) -> [UInt8]? { header.strings(tag)?.first.map { Array($0) } }

    /// What stands in the signature header and between both headers.
    var signatureHeaderObservations: [Observation] {
        var result: [Observation] = []
        if !signatureHeader.hasRegion {
            result.append(Observation(.signatureWithoutRegion, "no region", range: signatureHeader.range))
        } else if let range = signatureHeader.rangeOutsideRegion {
            result.append(Observation(.signatureOutsideRegion, "bytes behind the region's trailer", range: range))
        }
        let isVersion6 = (header.number(.rpmFormat) ?? 0) >= 6
        for entry in signatureHeader.entries {
            let observe = { (code: Observation.Code, detail: String) in
                result.append(
                    Observation(code, detail, tag: entry.tag, range: signatureHeader.range(of: entry)))
            }
            if signatureHeader.hasRegion, !entry.isInsideRegion {
                observe(.signatureOutsideRegion, "\(entry.tag) stands behind the region")
            }
            if TagRule.signatureHeader[entry.tag] == nil {
                observe(.unknownSignatureTag, "\(entry.tag) has no meaning in a signature header")
            }
            if isVersion6, entry.tag >= .size { observe(.legacySignatureTag, "\(entry.tag) in version 6") }
            switch entry.tag {
            case .fileSignatures: observe(.fileSignatures, "\(entry.count) IMA signatures that nothing signs")
            case .veritySignatures: observe(.veritySignatures, "\(entry.count) fs-verity signatures that nothing signs")
            case .reserved, .reservedSpace:
                if signatureHeader.rawBytes(entry).contains(where: { $0 != 0 }) {
                    observe(.reservedSpace, "reserved bytes are not zero")
                }
            default: break
            }
        }
        for tag in signatureHeader.duplicates {
            result.append(Observation(.duplicateTag, "\(tag) of the signature header stands there twice", tag: tag))
        }
        for range in unsignedRanges.filter({ $0.part == .signatureGap }).map(\.range)
        where !signatureHeader.isZero(range) {
            result.append(Observation(.signatureGap, "bytes that belong to no tag are not zero", range: range))
        }
        if !hasZeroPadding { result.append(Observation(.padding, "the padding is not zero", range: padding)) }
        return result
    }
}

extension HeaderSection {
    /// The trailer of the region, which is data of no tag.
    var trailer: ByteRange? {
        guard hasRegion, let offset = regionTrailerOffset else { return nil }
        let start = dataOffset.rawValue + UInt64(offset)
        return ByteRange(start, start + UInt64(HeaderSection.entrySize))
    }

    /// Data behind the region's trailer.
    var rangeOutsideRegion: ByteRange? {
        guard let trailer, trailer.end < range.end else { return nil }
        return ByteRange(trailer.end.rawValue, range.end.rawValue)
    }

    /// Whether all bytes of `range`, which lies inside the data, are zero.
    func isZero(_ range: ByteRange) -> Bool {
        guard let start = Int(exactly: range.offset.rawValue - dataOffset.rawValue), let count = range.count.asInt
        else {
            return false
        }
        return data[start..<(start + count)].allSatisfy { $0 == 0 }
    }
}
