import AssayBytes
import AssayFacts
import AssayRPM

extension CoverageFacts {
    /// What protects a range of `package`.
    init(_ range: CoverageRange, of package: RPMFile) {
        let protection: Protection =
            switch range.coverage {
            case .signed: .signed
            case .digestCovered: .digestOnly
            case .attackerControlled: .attackerControlled
            }
        let claims = Self.list(range.claims.map { package.claims[$0].text })
        let reason =
            switch range.reason {
            case .signature: claims
            case .digestInSignedHeader: "\(claims) of the signed header"
            case .uncompressedDigestInSignedHeader: "the signed header has a digest of the uncompressed payload only"
            case .unsignedDigest: "\(claims), which nothing signs"
            case .beforeSignedBytes: "signatures and digests begin with the main header"
            case .nothing: "no signature and no digest that holds covers it"
            }
        self.init(
            part: range.part.text, offset: range.range.offset.rawValue, count: range.range.count.rawValue,
            protection: protection, reason: reason)
    }

    /// A few names, each once.
    private static func list(_ names: [String]) -> String {
        var seen: Set<String> = []
        let each = names.filter { seen.insert($0).inserted }
        return each.prefix(4).joined(separator: ", ") + (each.count > 4 ? " and \(each.count - 4) more" : "")
    }
}

extension CoverageRange.Part {
    /// The name for people.
    var text: String {
        switch self {
        case .lead: "lead"
        case .signatureIndex: "signature header"
        case .signatureTag(let tag): "signature header, \(tag.signatureName)"
        case .signatureGap: "signature header, bytes of no tag"
        case .padding: "padding"
        case .header: "header"
        case .payload: "payload"
        case .trailing: "bytes behind the stated end"
        }
    }
}

extension UnsignedContent {
    /// What no signature covers and is not as rpm writes it.
    ///
    /// What is said elsewhere is left out: that signatures or digests are missing or weak stands with the signatures and
    /// links, that bytes are missing is a problem of the file.
    static func of(
        _ package: RPMFile, _ observations: [AssayRPM.Observation], _ coverage: [CoverageRange], name: String
    ) -> [UnsignedContent] {
        let header = coverage.first { $0.part == .header }
        let end = coverage.last
        var result: [UnsignedContent] = []
        for observation in observations {
            switch observation.code {
            case .unsigned, .headerOnlySigned, .payloadNotCovered, .weakDigestsOnly, .unknownDigestAlgorithm,
                .missingBytes, .noIdentity, .duplicateTag:
                continue
            case .headerWithoutRegion where header?.coverage == .signed: continue
            case .trailingBytes where end?.coverage == .signed: continue
            default:
                let place = Place(name, offset: observation.range?.offset.rawValue)
                result.append(
                    UnsignedContent(
                        code: observation.code.rawValue, text: sentence(observation), place: place,
                        count: observation.range?.count.rawValue ?? 0))
            }
        }
        result += duplicates(package.signatureHeader, "signature header", name)
        if header?.coverage != .signed { result += duplicates(package.header, "main header", name) }
        return result
    }

    /// Main headers may have 65,535 entries, and one example proves as much as thousands.
    private static let maximumDuplicates = 32

    private static func duplicates(_ section: HeaderSection, _ header: String, _ name: String) -> [UnsignedContent] {
        section.duplicates.prefix(maximumDuplicates).compactMap { tag in
            guard let entry = section.entries.last(where: { $0.tag == tag }) else { return nil }
            let range = section.range(of: entry)
            return UnsignedContent(
                code: AssayRPM.Observation.Code.duplicateTag.rawValue,
                text: "\(tag) stands twice in the \(header), and readers differ in which one they take",
                place: Place(name, offset: range.offset.rawValue), count: range.count.rawValue)
        }
    }

    private static func sentence(_ observation: AssayRPM.Observation) -> String {
        switch observation.code {
        case .leadType, .leadBytes: "the lead: \(observation.detail)"
        case .signatureWithoutRegion, .signatureOutsideRegion, .signatureGap, .reservedSpace, .legacySignatureTag:
            "the signature header: \(observation.detail)"
        case .headerWithoutRegion: "the main header: \(observation.detail)"
        case .fileSignatures, .veritySignatures: "\(observation.detail), which rpm installs"
        default: observation.detail
        }
    }
}
