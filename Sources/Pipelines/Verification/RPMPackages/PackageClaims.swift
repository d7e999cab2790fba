import AssayBytes
import AssayFacts
import AssayOpenPGP
import AssayRPM

/// The signatures and digests of a package, compared with its bytes.
struct PackageClaims {
    /// A signature that could be read.
    private struct Signature {
        let claim: Int
        let signature: OpenPGPSignature
    }

    /// The most signatures of one package that are examined; no package has more than a handful.
    private static let maximumSignatures = 64

    private let package: RPMFile
    private let name: String
    private var signatures: [Signature] = []
    /// The numbers of the hashed documents, by scope.
    private var documents: [IntegrityClaim.Scope: Int] = [:]
    /// The digests that were computed, by claim.
    private var computed: [Int: [UInt8]] = [:]

    /// What the signatures are over, with all of them.
    private(set) var document: SignedDocumentFacts
    /// Indexes of the claims that hold: signatures that are mathematically valid, digests that are right.
    private(set) var verified: Set<Int> = []
    /// What makes the package one that must be refused, as sentences, with the places.
    private(set) var problems: [(reason: String, offset: ByteOffset)] = []

    /// Reads the claims of `package` and wants what they are about to be hashed by `pass`.
    init(_ package: RPMFile, name: String, adding pass: inout PackagePass) {
        self.package = package
        self.name = name
        document = SignedDocumentFacts(kind: .packageHeader, name: name, signatures: [], searched: [])
        readSignatures()
        for scope in [IntegrityClaim.Scope.header, .headerAndPayload] {
            let those = signatures.filter { package.claims[$0.claim].scope == scope }
            guard let range = those.first.map({ package.claims[$0.claim].range }) else { continue }
            documents[scope] = pass.add(
                those.map(\.signature), from: range.offset.rawValue, to: range.end.rawValue)
        }
        for claim in package.claims { if let digest = Self.digest(of: claim) { pass.add(digest) } }
    }

    /// The digest that `claim` states, if it is one of bytes as they lie in the file.
    private static func digest(of claim: IntegrityClaim) -> PackagePass.Digest? {
        guard case .digest(let algorithm?) = claim.kind, claim.scope != .uncompressedPayload else { return nil }
        return PackagePass.Digest(
            algorithm: algorithm, start: claim.range.offset.rawValue, end: claim.range.end.rawValue)
    }

    private mutating func readSignatures() {
        var seen = 0
        for (index, claim) in package.claims.enumerated() where claim.isSignature {
            seen += 1
            guard seen <= Self.maximumSignatures else { continue }
            let place = place(of: claim)
            do {
                signatures.append(Signature(claim: index, signature: try Self.signature(claim.value)))
                document.searched.append(SignatureSearch(place, .found))
            } catch {
                document.searched.append(
                    SignatureSearch(place, .malformed, reason: "\(claim.tagName) holds no signature: \(error)"))
            }
        }
        if seen == 0 {
            document.searched = [
                SignatureSearch(Place(name, offset: package.signatureHeader.range.offset.rawValue), .absent)
            ]
        }
        if seen > Self.maximumSignatures {
            problems.append(
                (
                    "it has \(seen) signatures, of which \(Self.maximumSignatures) were examined",
                    package.signatureHeader.range.offset
                ))
        }
    }

    /// Why the value of a tag is no signature.
    private struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// The one packet that a tag must hold: rpm takes neither armor nor several.
    private static func signature(_ value: [UInt8]) throws -> OpenPGPSignature {
        guard let first = value.first, first & 0x80 != 0 else {
            throw Malformed(description: "the value is no OpenPGP packet")
        }
        let signatures = try OpenPGPSignature.parse(value)
        guard signatures.count == 1 else {
            throw Malformed(description: "\(signatures.count) signatures where one must be")
        }
        return signatures[0]
    }

    private func place(of claim: IntegrityClaim) -> Place {
        let section = claim.source == .main ? package.header : package.signatureHeader
        return Place(name, offset: section.entry(claim.tag).map { section.range(of: $0).offset.rawValue })
    }

    /// Compares everything with what `pass` hashed.
    mutating func compare(with pass: PackagePass, _ context: VerificationContext) {
        for signature in signatures {
            let claim = package.claims[signature.claim]
            guard let number = documents[claim.scope] else { continue }
            var facts = SignatureExamination.facts(
                signature.signature, over: pass.document(number), at: place(of: claim), scope: claim.scope.text, context
            )
            if signature.signature.type == .text {
                // Other bytes with the same lines would have the same signature, so it covers no bytes.
                facts.faults.append(
                    SignatureFacts.Fault(
                        code: SignatureFault.Code.wrongType.name,
                        text: "a signature over lines of text, where one over bytes must be"))
            } else if facts.check == .valid {
                verified.insert(signature.claim)
            }
            document.signatures.append(facts)
        }
        var digests: [PackagePass.Digest: [UInt8]] = [:]
        for (index, claim) in package.claims.enumerated() {
            guard let wanted = Self.digest(of: claim), let digest = digests[wanted] ?? pass.digest(wanted) else {
                continue
            }
            digests[wanted] = digest
            computed[index] = digest
            if digest == claim.value { verified.insert(index) }
        }
        noteWrongDigests()
    }

    /// Digests of either header that are not those of the bytes: rpm refuses such a package.
    private mutating func noteWrongDigests() {
        let linked = payloadClaim
        let wrong = computed.keys.sorted().filter { !verified.contains($0) && $0 != linked }
        guard let first = wrong.first else { return }
        let names = wrong.prefix(4).map { package.claims[$0].text }
        let offset = place(of: package.claims[first]).offset ?? 0
        problems.append(
            (
                names.joined(separator: ", ") + (wrong.count > 4 ? " and \(wrong.count - 4) more" : "")
                    + (wrong.count == 1 ? " is not the digest of the bytes" : " are not the digests of the bytes"),
                ByteOffset(offset)
            ))
    }

    /// The strongest digest of the payload that stands in the main header.
    private var payloadClaim: Int? {
        package.claims.indices.filter { package.claims[$0].source == .main && package.claims[$0].scope == .payload }
            .max { left, right in
                // Of equals the first, which is the one that rpm takes.
                (strength(left), right) < (strength(right), left)
            }
    }

    private func algorithm(_ claim: Int) -> DigestAlgorithm? {
        guard case .digest(let algorithm) = package.claims[claim].kind else { return nil }
        return algorithm
    }

    private func strength(_ claim: Int) -> Int { PackageDigests.strength(algorithm(claim)) }

    /// What the header says that the payload must be; nil when signatures cover it themselves, or nothing is signed.
    var payloadLink: LinkFacts? {
        guard let claim = payloadClaim else { return isPayloadLeftOpen ? missingLink : nil }
        let claimed = package.claims[claim]
        var link = LinkFacts(
            file: "payload",
            statedBy: Place("header \(claimed.tagName)", offset: place(of: claimed).offset))
        link.algorithm = algorithm(claim)?.rawValue
        link.expected = Hex.encode(claimed.value)
        link.computed = computed[claim].map { Hex.encode($0) }
        link.expectedSize = package.header.number(.compressedPayloadSize)
        link.size = package.payload.count.rawValue
        guard strength(claim) <= 0 else { return link }
        guard isPayloadLeftOpen else {
            // Signatures cover the payload themselves, and the digest is only one more witness, if it is any.
            return link.computed == nil ? nil : link
        }
        link.fault = .noUsableDigest
        link.detail =
            algorithm(claim).map { "\($0.rawValue) " + ($0.isWeak ? "can be forged" : "is not computed here") }
            ?? "the algorithm \(package.header.number(.payloadDigestAlgorithm) ?? 0) of OpenPGP is not known"
        return link
    }

    private var missingLink: LinkFacts {
        var link = LinkFacts(
            file: "payload", statedBy: Place("\(name): main header", offset: package.header.range.offset.rawValue))
        link.size = package.payload.count.rawValue
        link.fault = .noUsableDigest
        link.detail =
            package.claims.contains { $0.scope == .uncompressedPayload }
            ? "only the header is signed, and its digest is one of the uncompressed payload, which is not computed"
            : "only the header is signed: nothing says what the payload must be"
        return link
    }

    /// Whether a signature of the header leaves the payload open unless a digest says what it must be.
    ///
    /// A signature over both closes it only for signatures of the same certificate that have nothing less against them:
    /// whoever accepts the one over the header would otherwise have accepted nothing for the payload.
    private var isPayloadLeftOpen: Bool {
        let headers = document.signatures.filter { $0.scope == IntegrityClaim.Scope.header.text }
        let both = document.signatures.filter { $0.scope == IntegrityClaim.Scope.headerAndPayload.text }
        let valid = headers.filter { $0.check == .valid }
        guard !valid.isEmpty else { return both.isEmpty && !headers.isEmpty }
        return !valid.allSatisfy { header in
            both.contains { other in
                other.check == .valid && other.certificate == header.certificate
                    && Set(other.faults.map(\.code)).isSubset(of: header.faults.map(\.code))
            }
        }
    }
}

extension IntegrityClaim.Scope {
    /// Which bytes, for people.
    var text: String {
        switch self {
        case .header: "header"
        case .headerAndPayload: "header and payload"
        case .payload: "payload"
        case .uncompressedPayload: "uncompressed payload"
        }
    }
}
