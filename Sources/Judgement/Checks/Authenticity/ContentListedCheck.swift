import AssayFacts
import AssayFindings
import AssayPolicy

/// The signed list names exactly this file.
///
/// Why: `sha256sum --check` ends with 0 when the file that you wanted is not in the list at all, as long as others
/// match. Azure Linux's official link once served a validly signed image of another release.
///
/// Proof: Exactly one entry with the file's own name, in the text that is signed; entries that name it twice, in
/// two ways, or through another folder are refused.
///
/// Remedy: Get the list that belongs to the file, and keep the vendor's file name.
///
/// Reference: https://www.gnu.org/software/coreutils/manual/html_node/cksum-output-modes.html
enum ContentListedCheck: FileCheck {
    static let id = "content.listed"
    static let severity = Severity.critical

    static func judge(_ question: FileQuestion) -> Judgement {
        // What a package says of its own payload is no list.
        let links = question.file.vouchers.filter { !question.isOwn($0) }.flatMap(\.links)
        guard !links.isEmpty else { return .notApplicable("it needs no list: it is signed itself") }
        let faults = links.filter { [.notListed, .ambiguous, .malformedList].contains($0.fault) }
        guard let first = faults.first else {
            return Judgement(
                .pass, .on, .measured, "named once",
                evidence: links.map { Evidence(Location($0.statedBy), $0.file, how: "entry") })
        }
        return Judgement(
            .fail, .off, .measured, first.detail ?? "no list names it",
            evidence: faults.map {
                Evidence(Location($0.statedBy), $0.detail ?? $0.file, how: $0.fault?.rawValue ?? "", isException: true)
            })
    }
}
