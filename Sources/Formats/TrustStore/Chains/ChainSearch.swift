/// Searches the paths from a certificate to the anchors of a store.
///
/// By RFC 5280, section 6 (<https://www.rfc-editor.org/rfc/rfc5280#section-6>): names, signatures, dates, basic constraints,
/// key usages. Policies and name constraints are not looked into.
struct ChainSearch {
    /// The most certificates of a path, signatures checked and paths compared: hostile chains end.
    static let longestPath = 12
    static let mostSignatures = 500
    static let mostPaths = 64

    private let store: TrustStore
    private let given: [TrustCertificate]
    private let purpose: Purpose
    private let time: Int64
    private var entries: [UInt32: [TrustEntry]] = [:]
    private var known: [TrustCertificate: TrustEntry] = [:]
    private var signaturesLeft = ChainSearch.mostSignatures
    private var pathsLeft = ChainSearch.mostPaths
    private var best: ChainVerdict?
    private var bestWeight = Int.max

    init(_ store: TrustStore, _ given: [TrustCertificate], purpose: Purpose, time: Int64) {
        self.store = store
        self.given = given
        self.purpose = purpose
        self.time = time
        for entry in store.entries {
            known[entry.certificate] = entry
            entries[ChainSearch.hash(entry.certificate.subject), default: []].append(entry)
        }
    }

    /// The first path that is trusted, else the one against which the least speaks.
    mutating func run() -> ChainVerdict {
        guard let first = given.first else { return ChainVerdict(steps: [], restrictsNames: false) }
        follow([ChainStep(certificate: first, entry: known[first], given: 0)])
        return best ?? ChainVerdict(steps: [], restrictsNames: false)
    }

    private var isDone: Bool { bestWeight == 0 || pathsLeft <= 0 }

    private mutating func follow(_ path: [ChainStep]) {
        guard let last = path.last, !isDone else { return }
        if last.entry?.standing == .anchor { return judge(path, nil) }
        guard path.count < ChainSearch.longestPath else { return judge(path, .limit) }
        let candidates = issuers(of: last.certificate).filter { candidate in
            !path.contains { $0.certificate == candidate.certificate }
        }
        guard !candidates.isEmpty else {
            return judge(path, last.certificate.isSelfIssued ? .selfSigned : .noIssuer)
        }
        var end = ChainProblem.signatureMismatch
        var isFollowed = false
        for candidate in candidates where !isDone {
            guard signaturesLeft > 0 else {
                end = .limit
                break
            }
            signaturesLeft -= 1
            switch SignatureCheck.of(last.certificate, by: candidate.certificate) {
            case .valid:
                isFollowed = true
                follow(path + [candidate])
            case .invalid: continue
            case .unsupported: end = .signatureUnsupported(last.certificate.signatureAlgorithm)
            }
        }
        if !isFollowed { judge(path, end) }
    }

    /// The certificates with the issuer's name, anchors first.
    private func issuers(of certificate: TrustCertificate) -> [ChainStep] {
        let hash = ChainSearch.hash(certificate.issuer)
        var result: [ChainStep] = []
        let stored = entries[hash] ?? []
        for entry in stored.filter({ $0.standing == .anchor }) + stored.filter({ $0.standing != .anchor }) {
            result.append(
                ChainStep(
                    certificate: entry.certificate, entry: entry, given: given.firstIndex(of: entry.certificate)))
        }
        for (number, other) in given.enumerated() where known[other] == nil {
            if ChainSearch.hash(other.subject) == hash {
                result.append(ChainStep(certificate: other, entry: nil, given: number))
            }
        }
        return result
    }

    /// Equal for names that OpenSSL takes for equal; a signature tells the rest apart.
    private static func hash(_ name: [UInt8]) -> UInt32 { SubjectHash.current(name) ?? SubjectHash.old(name) }

    // MARK: Judging

    private mutating func judge(_ path: [ChainStep], _ end: ChainProblem?) {
        pathsLeft -= 1
        var path = path
        var authorities = 0
        for index in path.indices {
            path[index].problems = problems(of: path[index], at: index, of: path.count, above: authorities)
            if index > 0, !path[index].certificate.isSelfIssued { authorities += 1 }
        }
        if let end {
            path[path.count - 1].problems.append(end)
        } else if let limit = distrustAfter(path), let issued = path[0].certificate.notBefore, issued > limit {
            path[path.count - 1].problems.append(.distrustedAfter(limit))
        }
        let weight = path.flatMap(\.problems).reduce(0) { $0 + $1.weight }
        guard weight < bestWeight else { return }
        bestWeight = weight
        best = ChainVerdict(steps: path, restrictsNames: path.contains { $0.certificate.restrictsNames })
    }

    private func distrustAfter(_ path: [ChainStep]) -> Int64? {
        guard path.count > 1, let anchor = path.last?.entry else { return nil }
        switch purpose {
        case .serverAuth: return anchor.serverDistrustAfter
        case .emailProtection: return anchor.emailDistrustAfter
        default: return nil
        }
    }

    /// What speaks against the certificate at `index`; `authorities` stand between it and the first one.
    private func problems(
        of step: ChainStep, at index: Int, of count: Int, above authorities: Int
    ) -> [ChainProblem] {
        let certificate = step.certificate
        var result: [ChainProblem] = []
        if let begin = certificate.notBefore, let end = certificate.notAfter {
            if time > end { result.append(.expired(end)) }
            if time < begin { result.append(.notYetValid(begin)) }
        } else {
            result.append(.noDates)
        }
        let isAnchor = index == count - 1 && step.entry?.standing == .anchor
        let decision = store.decision(for: certificate, purpose: purpose)
        switch decision.rule {
        case .distrustedCertificate, .distrustedName, .distrustedKey: result.append(.distrusted(decision))
        case .purposeRejected: result.append(.notForPurpose(decision))
        default: if isAnchor && !decision.isTrusted { result.append(.notForPurpose(decision)) }
        }
        if !isAnchor, let usages = certificate.ownUsages, !usages.contains(where: { $0 == purpose || $0 == .any }) {
            result.append(.otherUsage)
        }
        guard index > 0 else { return result }
        if !(step.entry?.isAuthority ?? certificate.isAuthorityByItself) { result.append(.notAuthority) }
        if !certificate.maySignCertificates { result.append(.maySignNothing) }
        if let allowed = certificate.pathLength, authorities > allowed {
            result.append(.pathTooLong(allowed: allowed))
        }
        return result
    }
}

extension TrustStore {
    /// Whether the first of `certificates` is trusted for a purpose at `time` (seconds since 1970), by a path through the
    /// others and the certificates of the store.
    ///
    /// Bounded: at most 12 certificates a path, 64 paths, 500 signatures.
    public func chain(from certificates: [TrustCertificate], purpose: Purpose, time: Int64) -> ChainVerdict {
        var search = ChainSearch(self, certificates, purpose: purpose, time: time)
        return search.run()
    }
}
