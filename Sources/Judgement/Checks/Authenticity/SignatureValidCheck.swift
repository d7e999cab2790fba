import AssayFacts
import AssayFindings
import AssayPolicy

/// The signature is one of exactly these bytes.
///
/// Why: One changed byte of a list, or of a package's header, makes every statement in it worthless.
///
/// Proof: The digest over the exact bytes of the document, compared with the signature by each candidate key.
/// Signatures over keys or user IDs, signatures with critical parts that are not understood, and signatures whose
/// signed part names another key are refused. Of a cleartext message only the signed text is read.
///
/// Remedy: Do not use the file. Get file, list and signature again from the vendor.
///
/// Reference: https://www.rfc-editor.org/rfc/rfc9580#section-5.2.4
enum SignatureValidCheck: FileCheck {
    static let id = "signature.valid"
    static let severity = Severity.critical

    static func judge(_ question: FileQuestion) -> Judgement {
        let forged = question.allStandings.filter { standing in
            standing.signature.check == .invalid && standing.objections.contains { $0.aspect == .bytes }
        }
        if let first = forged.first, let objection = first.objections.first(where: { $0.aspect == .bytes }) {
            // A wrong signature that names a pinned key is a forgery or damage, however good others are.
            return Judgement(
                .fail, .off, .measured, objection.text,
                evidence: forged.map { standing in
                    Evidence(
                        Location(standing.signature.place),
                        standing.objections.map(\.text).joined(separator: "; "), how: "bad-signature", isException: true
                    )
                })
        }
        return question.judge(.bytes) { good in
            good.count == 1 ? "right for exactly these bytes" : "\(good.count) are right for exactly these bytes"
        }
    }
}
