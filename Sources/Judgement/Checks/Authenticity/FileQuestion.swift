import AssayFacts
import AssayFindings
import AssayPolicy

/// One file, with everything that its checks judge by.
struct FileQuestion {
    let facts: AuthenticityFacts
    let file: VouchedFileFacts
    let policy: SignaturePolicy
    /// What the user is told to look at for the signature: a package's own header, else the voucher that satisfies, else
    /// the first that ends in a document.
    let voucher: VoucherFacts?
    /// Its document.
    let document: SignedDocumentFacts?
    /// What each of the document's signatures is worth.
    let standings: [SignatureStanding]
    /// Those of the documents of all vouchers.
    let allStandings: [SignatureStanding]
    /// The certificates with a good signature.
    let goodKeys: Set<String>

    init(_ file: VouchedFileFacts, _ facts: AuthenticityFacts, _ context: CheckContext) {
        let policy = context.signatures
        self.file = file
        self.facts = facts
        self.policy = policy
        let ending = file.vouchers.compactMap { voucher in
            facts.document(of: voucher).map { (voucher, $0) }
        }
        let standings = ending.map { _, document in
            document.signatures.map { SignatureStanding($0, for: file, facts, context) }
        }
        let chosen =
            ending.firstIndex { $0.1.kind == .packageHeader }
            ?? standings.firstIndex { FileQuestion.goodKeys($0).count >= policy.needed } ?? ending.indices.first
        voucher = chosen.map { ending[$0].0 } ?? file.vouchers.first
        document = chosen.map { ending[$0].1 }
        self.standings = chosen.map { standings[$0] } ?? []
        allStandings = standings.flatMap(\.self)
        goodKeys = FileQuestion.goodKeys(self.standings)
    }

    private static func goodKeys(_ standings: [SignatureStanding]) -> Set<String> {
        Set(standings.filter(\.isGood).compactMap(\.signature.certificate))
    }

    /// Whether as many pinned keys signed as the policy asks for.
    var isSigned: Bool { goodKeys.count >= policy.needed }

    /// Whether as many pinned keys as the policy asks for signed all of a package, and not its header alone.
    var isSignedWhole: Bool {
        FileQuestion.goodKeys(standings.filter { $0.signature.scope != "header" }).count >= policy.needed
    }

    /// Whether a voucher is the package's own signed header.
    func isOwn(_ voucher: VoucherFacts) -> Bool { facts.document(of: voucher)?.kind == .packageHeader }

    /// Whether a voucher ends in a document that is not the file itself, and nothing ties the file to it.
    func isLoose(_ voucher: VoucherFacts) -> Bool {
        guard voucher.links.isEmpty, let document = facts.document(of: voucher) else { return false }
        return switch document.kind {
        case .packageHeader: file.kind != .rpmPackage
        case .release, .repositoryIndex: file.kind != .repositoryMetadata
        case .checksumList: true
        }
    }

    /// Every statement about the file's bytes, with those of all vouchers.
    var links: [LinkFacts] { file.vouchers.flatMap(\.links) }

    /// The judgement of one aspect of the signatures.
    ///
    /// - Parameters:
    ///   - aspect: what is asked.
    ///   - pass: what is said of the good signatures.
    /// - Returns: a pass when enough signatures are good, whatever is against others; else what is against them.
    func judge(_ aspect: SignatureStanding.Aspect, pass: ([SignatureStanding]) -> String) -> Judgement {
        guard !standings.isEmpty else { return .notApplicable("there is no signature to look at") }
        let good = standings.filter(\.isGood)
        let others = standings.filter { standing in
            !standing.isGood && standing.objections.contains { $0.aspect == aspect }
        }
        if isSigned {
            return Judgement(
                .pass, .on, .measured, pass(good),
                evidence: good.flatMap { seen($0, aspect) } + others.map { objection($0, aspect, false) })
        }
        guard let first = others.first, let objection = first.objections.first(where: { $0.aspect == aspect }) else {
            let valid = standings.filter { $0.signature.check == .valid }
            return valid.isEmpty
                ? .notApplicable("no signature could be compared with the bytes")
                : Judgement(.pass, .on, .measured, pass(valid), evidence: valid.flatMap { seen($0, aspect) })
        }
        let evidence = others.map { self.objection($0, aspect, true) }
        return aspect == .support
            ? .unknown(objection.text, evidence: evidence)
            : Judgement(.fail, .off, .measured, objection.text, evidence: evidence)
    }

    /// What a good signature has to show: itself once, and the pins of its key.
    private func seen(_ standing: SignatureStanding, _ aspect: SignatureStanding.Aspect) -> [Evidence] {
        switch aspect {
        case .bytes: [Evidence(Location(standing.signature.place), standing.summary, how: "OpenPGP signature")]
        case .key:
            standing.pins.map { pin in
                Evidence(
                    Location(pin.origin), ([pin.fingerprint] + pin.userIDs.prefix(3)).joined(separator: ", "),
                    how: "pinned for \(pin.source)")
            }
        case .keyStatus, .time, .algorithm, .support: []
        }
    }

    private func objection(
        _ standing: SignatureStanding, _ aspect: SignatureStanding.Aspect, _ isException: Bool
    ) -> Evidence {
        let objections = standing.objections.filter { $0.aspect == aspect }
        return Evidence(
            Location(standing.signature.place), objections.map(\.text).joined(separator: "; "),
            how: objections.map(\.code).joined(separator: ", "), isException: isException)
    }
}

extension AuthenticityFacts {
    /// The document that a voucher ends in; nil also for an index of none, which only saved facts can have.
    fileprivate func document(of voucher: VoucherFacts) -> SignedDocumentFacts? {
        voucher.document.flatMap { documents.indices.contains($0) ? documents[$0] : nil }
    }
}

extension SignaturePolicy {
    /// The threshold; no policy makes an unsigned file a signed one.
    var needed: Int { max(threshold, 1) }
}

extension SignatureStanding {
    /// The signature in one line.
    var summary: String {
        let key = signature.signingKey ?? signature.claimedIssuers.first ?? "an unnamed key"
        let scope = signature.scope.map { ", over \($0)" } ?? ""
        let excused = excuses.isEmpty ? "" : "; " + excuses.joined(separator: "; ")
        return
            "v\(signature.version) by \(key), \(signature.keyAlgorithm) with \(signature.hashAlgorithm)\(scope)\(excused)"
    }
}
