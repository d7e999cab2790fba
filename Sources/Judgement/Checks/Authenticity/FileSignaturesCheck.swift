import AssayFacts
import AssayFindings
import AssayPolicy

/// File signatures of a package are not taken as authenticated.
///
/// Why: IMA and fs-verity signatures stand in the signature header, which no OpenPGP signature covers; rpm installs
/// them as security.ima, whoever put them there.
///
/// Proof: The tags 274 to 277 of the signature header.
///
/// Remedy: Let the kernel's keyring decide about them, and do not take their presence as a proof of anything.
///
/// Reference: https://rpm.org/docs/latest/manual/tags.html
enum FileSignaturesCheck: FileCheck {
    static let id = "content.file-signatures"
    static let severity = Severity.info

    /// The codes of what this check reports.
    static let codes: Set<String> = ["file-signatures", "verity-signatures"]

    static func judge(_ question: FileQuestion) -> Judgement {
        let file = question.file
        guard file.kind == .rpmPackage, file.problem == nil else { return .notApplicable("only packages have them") }
        let found = file.unsignedContent.filter { codes.contains($0.code) }
        guard let first = found.first else { return Judgement(.pass, .on, .measured, "none") }
        return Judgement(
            .fail, .off, .measured, first.text,
            evidence: found.map {
                Evidence(Location($0.place), "\($0.text) (\($0.count) bytes)", how: $0.code, isException: true)
            })
    }
}
