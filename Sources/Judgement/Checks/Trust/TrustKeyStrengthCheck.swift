import AssayFacts
import AssayFindings
import AssayPolicy

/// Every trust anchor has a strong key.
///
/// Why: Whoever computes the private key of one anchor can issue a certificate for any name, and no signature of that anchor
/// shows it.
///
/// Proof: The public key of every anchor in the sources: RSA and DSA from 2,048 bits (the row's parameter `rsa`), elliptic
/// curves from 224 bits, Ed25519, Ed448, ML-DSA and SLH-DSA. A key of another algorithm, or one that cannot be read, is
/// unknown.
///
/// Remedy: Remove the anchor, or distrust it; ask the authority for its new root.
///
/// Reference: https://csrc.nist.gov/pubs/sp/800/131/a/r2/final
enum TrustKeyStrengthCheck: Check {
    static let id = "trust.key-strength"
    static let severity = Severity.medium

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        switch TrustQuestion.start(facts, context) {
        case .answer(let judgement): judgement
        case .question(let question):
            question.judge(
                how: "key", failure: "have weak keys", pass: "no key is weak",
                problem: { anchor in
                    guard let bits = anchor.keyBits, bits < least(anchor.keyKind, context) else { return nil }
                    return "\(anchor.keyKind) of \(bits) bits" + (anchor.curve.map { " (\($0))" } ?? "")
                }, doubt: { $0.keyBits == nil && !isStrong($0.keyKind) ? "a key of the algorithm \($0.keyKind)" : nil })
        }
    }

    private static func least(_ kind: String, _ context: CheckContext) -> Int {
        kind == "EC" ? 224 : context.number("rsa", default: 2048)
    }

    /// Algorithms whose keys are all strong: ML-DSA is 2.16.840.1.101.3.4.3.17 to 19, SLH-DSA 20 to 31 (FIPS 204, FIPS 205).
    private static func isStrong(_ kind: String) -> Bool {
        if kind == "Ed25519" || kind == "Ed448" { return true }
        let arc = "2.16.840.1.101.3.4.3."
        guard kind.hasPrefix(arc), let number = Int(kind.dropFirst(arc.count)) else { return false }
        return (17...31).contains(number)
    }
}
