import AssayFacts
import AssayFindings
import AssayPolicy

/// The root hash is signed by the certificate that was given.
///
/// Why: a root hash on a command line that an attacker can write proves nothing. With a signature, the kernel refuses
/// every root hash that the key in its keyring did not sign.
///
/// Proof: the PKCS#7 signature must be as the kernel wants it (DER, detached, one signer, no attributes, over the
/// lower-case hexadecimal text of the root hash without a newline), and be made with the certificate's key. The dates of
/// the certificate are checked too, which neither the kernel nor systemd does.
///
/// Remedy: sign the root hash again with `assay verity sign`.
///
/// Reference: https://docs.kernel.org/admin-guide/device-mapper/verity.html
enum RootHashSignatureCheck: Check {
    static let id = "verity.signature"
    static let severity = Severity.critical
    static let subjects: Set<SubjectFacts.Kind> = [.verityDevice]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let verity = facts.verity else { return .unknown("no hash tree was read") }
        guard let signature = verity.signature else { return .notApplicable("no signature was given") }
        let place = Location(signature.name)
        guard let first = signature.faults.first else {
            let algorithm = signature.algorithm.map { " (\($0))" } ?? ""
            return Judgement(
                .pass, .on, .measured, "signed by \(signature.certificate)\(algorithm)",
                evidence: [Evidence(place, signature.certificate, how: "certificate")])
        }
        let evidence = zip(signature.faults, signature.codes).map {
            Evidence(place, $0, how: $1, isException: true)
        }
        return Judgement(.fail, .off, .measured, first, evidence: evidence)
    }
}
