import AssayFacts
import AssayFindings
import AssayPolicy

/// Every trust anchor is a certificate authority.
///
/// Why: A server's own certificate among the anchors is silently in no bundle, so that what it was put there for does not work,
/// while p11-kit writes it into OpenSSL's bundle, where it is trusted.
///
/// Proof: Basic constraints of every anchor in the sources, its own or those that a source attaches; a certificate of version 1
/// counts when it is self-signed.
///
/// Remedy: Trust the certificate of the authority that issued it.
///
/// Reference: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9
enum TrustAuthorityCheck: Check {
    static let id = "trust.authority"
    static let severity = Severity.medium

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        switch TrustQuestion.start(facts, context) {
        case .answer(let judgement): judgement
        case .question(let question):
            question.judge(
                how: "basic constraints", failure: "are no certificate authorities", pass: "all are authorities",
                problem: { $0.isAuthority ? nil : "no certificate authority, so no bundle has it" })
        }
    }
}
