import AssayFacts
import AssayFindings
import AssayPolicy

/// The signature covers header and payload.
///
/// Why: A package whose signature is over the header only, without a digest of the payload inside, can be given any
/// content.
///
/// Proof: Which byte ranges a valid signature covers, directly or through the payload digest in the signed header;
/// `--explain` and the saved facts show the map.
///
/// Remedy: Rebuild the package with rpm 4.14 or later, which puts a payload digest into the header, and sign it
/// again.
///
/// Reference: https://rpm.org/docs/latest/manual/format_v4.html
enum ContentCoverageCheck: FileCheck {
    static let id = "content.coverage"
    static let severity = Severity.critical

    static func judge(_ question: FileQuestion) -> Judgement {
        let file = question.file
        guard file.kind == .rpmPackage else { return .notApplicable("only a package has parts with other protection") }
        let map = file.coverage.map {
            Evidence(
                Location(file.name, offset: $0.offset), "\($0.part), \($0.count) bytes: \($0.reason)",
                how: $0.protection.rawValue)
        }
        guard !question.standings.isEmpty else { return .notApplicable("there is no signature") }
        let bare = file.vouchers.flatMap(\.links).filter { $0.fault == .noUsableDigest }
        let open = file.coverage.filter { ($0.part == "header" || $0.part == "payload") && $0.protection != .signed }
        if let first = open.first, question.standings.contains(where: { $0.signature.check == .valid }) {
            return Judgement(
                .fail, .off, .measured, bare.first?.detail ?? "no signature covers the \(first.part): \(first.reason)",
                evidence: map)
        }
        guard open.isEmpty, !file.coverage.isEmpty else {
            return .notApplicable("no signature is right, so none covers anything")
        }
        return Judgement(.pass, .on, .measured, "header and payload", evidence: map)
    }
}
