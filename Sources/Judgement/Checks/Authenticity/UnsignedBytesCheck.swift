import AssayFacts
import AssayFindings
import AssayPolicy

/// The parts that no signature covers are as honest tools write them.
///
/// Why: Lead, signature header and padding of a package are outside of every signature. Whoever hands over the file
/// can put something there for a reader with a bug, or for a tool that trusts it.
///
/// Proof: The lead must repeat the package's name and type, the signature header must hold known tags once, inside
/// its region, and padding must be zero; a .deb must have its three members only.
///
/// Remedy: Get the package again from the vendor, or rewrite its signature header with `assay sign rpm`.
///
/// Reference: https://rpm.org/docs/latest/manual/format_v4.html
enum UnsignedBytesCheck: FileCheck {
    static let id = "content.unsigned-bytes"
    static let severity = Severity.medium

    static func judge(_ question: FileQuestion) -> Judgement {
        let file = question.file
        guard [.rpmPackage, .debianPackage].contains(file.kind) else {
            return .notApplicable("only packages have such parts")
        }
        guard file.problem == nil else { return .notApplicable("the package could not be understood") }
        let found = file.unsignedContent.filter { !FileSignaturesCheck.codes.contains($0.code) }
        guard let first = found.first else { return Judgement(.pass, .on, .measured, "nothing unusual") }
        return Judgement(
            .fail, .off, .measured, "chosen by whoever handed over the file: \(first.text)",
            evidence: found.map {
                Evidence(Location($0.place), "\($0.text) (\($0.count) bytes)", how: $0.code, isException: true)
            })
    }
}
