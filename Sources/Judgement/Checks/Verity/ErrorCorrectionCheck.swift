import AssayFacts
import AssayFindings
import AssayPolicy

/// The error correction data fit the data and the tree.
///
/// Why: parity that belongs to another image, or to a hash device of another size, corrects nothing when it is needed.
///
/// Proof: every codeword of the Reed-Solomon code is computed again from data and tree and compared with the parity
/// that is there.
///
/// Remedy: `assay verity repair` puts the data right from them; if the data are intact, format again to make the error
/// correction data anew.
///
/// Reference: https://docs.kernel.org/admin-guide/device-mapper/verity.html
enum ErrorCorrectionCheck: Check {
    static let id = "verity.error-correction"
    static let severity = Severity.medium
    static let subjects: Set<SubjectFacts.Kind> = [.verityDevice]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let verity = facts.verity else { return .unknown("no hash tree was read") }
        guard let correction = verity.errorCorrection else {
            return .notApplicable("no error correction data were given")
        }
        let place = Location(correction.device.name, offset: correction.offset)
        guard correction.damaged > 0 else {
            return Judgement(
                .pass, .on, .measured, "all \(correction.codewords) codewords with \(correction.roots) roots fit",
                evidence: [Evidence(place, "\(correction.roots) roots", how: "error correction data")])
        }
        let message =
            "\(correction.damaged) of \(correction.codewords) codewords are wrong, of which the code alone can correct "
            + "\(correction.correctable)"
        let evidence = correction.places.map {
            Evidence(place, $0, how: "error correction data", isException: true)
        }
        return Judgement(.fail, .off, .measured, message, evidence: evidence)
    }
}
