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
        guard file.kind == .rpmPackage || question.document?.kind == .packageHeader else {
            return .notApplicable("only a package has parts with other protection")
        }
        let map = file.coverage.map {
            Evidence(
                Location(file.name, offset: $0.offset), "\($0.part), \($0.count) bytes: \($0.reason)",
                how: $0.protection.rawValue)
        }
        guard !question.standings.isEmpty else { return .notApplicable("there is no signature") }
        guard question.standings.contains(where: { $0.signature.check == .valid }) else {
            return .notApplicable("no signature is right, so none covers anything")
        }
        func failed(_ reason: String) -> Judgement { Judgement(.fail, .off, .measured, reason, evidence: map) }
        let own = file.vouchers.filter(question.isOwn).flatMap(\.links)
        let parts = file.coverage.filter { $0.part == "header" || $0.part == "payload" }
        // A digest that can be forged covers nothing, whatever else says what the payload must be.
        if let bare = own.first(where: { $0.fault == .noUsableDigest }) {
            return failed(bare.detail ?? "only the header is signed, without a usable digest of the payload")
        }
        if let open = parts.first(where: { $0.protection != .signed }) {
            return failed("no signature covers the \(open.part): \(open.reason)")
        }
        guard Set(parts.map(\.part)).count == 2 else {
            return .unknown("which bytes the signatures cover is not known", evidence: map)
        }
        // The map counts every signature that is right, also one that the policy does not accept.
        let isTied = own.contains { $0.isConfirmed && !weakDigests.contains($0.algorithm ?? "") }
        guard !question.isSigned || question.isSignedWhole || isTied else {
            return failed("the signatures that count cover the header only")
        }
        return Judgement(.pass, .on, .measured, "header and payload", evidence: map)
    }

    /// Digest algorithms for which two payloads of one digest can be made.
    private static let weakDigests: Set<String> = ["MD5", "SHA-1"]
}
