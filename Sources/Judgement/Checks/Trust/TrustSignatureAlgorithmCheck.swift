import AssayFacts
import AssayFindings
import AssayPolicy

/// No anchor that another authority issued is signed with MD5 or SHA-1.
///
/// Why: Two certificates with one SHA-1 or MD5 digest can be made, so such a signature proves nothing about the one that is
/// trusted. Nobody checks the signature of a self-signed anchor: it is trusted by its bytes, and its algorithm is no weakness.
///
/// Proof: The signature algorithm of every anchor in the sources, and whether issuer and subject are the same. Self-signed
/// anchors with an old algorithm are listed and do not count.
///
/// Remedy: Trust the authority's root, or an intermediate certificate that is signed with SHA-256, instead.
///
/// Reference: https://csrc.nist.gov/pubs/sp/800/131/a/r2/final
enum TrustSignatureAlgorithmCheck: Check {
    static let id = "trust.signature-algorithm"
    static let severity = Severity.low

    private static let weak: Set<String> = ["MD2", "MD4", "MD5", "SHA-1"]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        switch TrustQuestion.start(facts, context) {
        case .answer(let judgement): return judgement
        case .question(let question):
            func isWeak(_ anchor: TrustAnchorFacts) -> Bool { anchor.signatureDigest.map(weak.contains) ?? false }
            let selfSigned = question.facts.anchors.filter { $0.isSelfIssued && isWeak($0) }
            let remark =
                selfSigned.isEmpty
                ? "" : "; \(selfSigned.count) self-signed ones have an old algorithm, which nobody checks"
            var judgement = question.judge(
                how: "signature", failure: "are signed by others with MD5 or SHA-1",
                pass: "none that others issued is signed with MD5 or SHA-1",
                problem: { anchor in
                    guard !anchor.isSelfIssued, isWeak(anchor) else { return nil }
                    return "signed by another authority with \(anchor.signatureDigest ?? "")"
                })
            guard [.pass, .fail].contains(judgement.verdict) else { return judgement }
            judgement.message += remark
            let room = TrustQuestion.evidenceLimit - judgement.evidence.count
            judgement.evidence += selfSigned.prefix(max(0, room)).map { anchor in
                Evidence(
                    Location(anchor.place), "\(anchor.name): self-signed with \(anchor.signatureDigest ?? "")",
                    how: "self-signed")
            }
            judgement.evidenceOmitted += max(0, selfSigned.count - max(0, room))
            return judgement
        }
    }
}
