import AssayFacts
import AssayFindings
import AssayPolicy

/// Something that is signed vouches for the file.
///
/// Why: A checksum that nobody signed protects against a bad download and against nothing else: who can change the
/// file can change the checksum. `rpmkeys -K` says "digests OK" of such a package.
///
/// Proof: The package's own header signatures, or the way from the file through lists of digests to a document with
/// an OpenPGP signature. A signature file that is empty, malformed, or holds another kind of OpenPGP data is no
/// signature.
///
/// Remedy: Put the vendor's list of checksums and its signature beside the file, or name them with `--checksums` and
/// `--signature`; for a .deb, name its repository with `--repository`; sign your own packages with `assay sign rpm`.
///
/// Reference: https://www.rfc-editor.org/rfc/rfc9580#section-5.2
enum SignaturePresentCheck: FileCheck {
    static let id = "signature.present"
    static let severity = Severity.critical

    static func judge(_ question: FileQuestion) -> Judgement {
        guard let document = question.document else {
            let link = question.voucher?.links.last
            let place = link.map { Location($0.statedBy) } ?? Location(question.file.name)
            let reason = link?.detail ?? "nothing was found that could vouch for it"
            return Judgement(
                .fail, .off, .measured, "nothing that is signed vouches for it; \(reason)",
                evidence: [Evidence(place, reason, how: "search", isException: true)])
        }
        let searches = document.searched.map { search in
            Evidence(
                Location(search.place), search.reason ?? search.result.rawValue,
                how: "signature",
                isException: document.signatures.isEmpty)
        }
        guard document.signatures.isEmpty else {
            let count = document.signatures.count
            return Judgement(
                .pass, .on, .measured, count == 1 ? "one signature" : "\(count) signatures", evidence: searches)
        }
        if let search = document.searched.first(where: { $0.result == .unreadable }) {
            return .unknown(
                "the signature could not be read: \(search.reason ?? search.place.path)", evidence: searches)
        }
        if let search = document.searched.first(where: { $0.result == .malformed }) {
            return Judgement(
                .fail, .off, .measured, "what should be the signature is none: \(search.reason ?? search.place.path)",
                evidence: searches)
        }
        return Judgement(.fail, .off, .measured, "it is unsigned", evidence: searches)
    }
}
