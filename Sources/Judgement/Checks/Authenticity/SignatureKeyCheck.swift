import AssayFacts
import AssayFindings
import AssayPolicy

/// A key that is pinned for the file's source made the signature.
///
/// Why: `gpg --verify` ends with 0 for a signature by any key of the keyring, and rpm takes every imported key for
/// every package. A name in a key proves nothing: anybody can make a key with that name.
///
/// Proof: The fingerprint of the signing key's certificate is compared with those pinned for the source: the one of
/// `--source` or `--key`, or else the source whose file names match.
///
/// Remedy: If the file is from another source, name it with `--source`, or pin its key with `assay keys add` after
/// you have compared the fingerprint with what the vendor publishes.
///
/// Reference: https://www.rfc-editor.org/rfc/rfc9580#section-5.5.4
enum SignatureKeyCheck: FileCheck {
    static let id = "signature.key"
    static let severity = Severity.critical

    static func judge(_ question: FileQuestion) -> Judgement {
        question.judge(.key) { good in
            good.compactMap { standing in
                standing.signature.certificate.map { fingerprint in
                    "\(fingerprint) (\(Set(standing.pins.map(\.source)).sorted().joined(separator: ", ")))"
                }
            }.joined(separator: "; ")
        }
    }
}
