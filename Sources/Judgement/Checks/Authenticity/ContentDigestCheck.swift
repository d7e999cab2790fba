import AssayFacts
import AssayFindings
import AssayPolicy

/// The bytes are those that the signed text names.
///
/// Why: A signature covers the list, not the file. Only the digest in the list, recomputed, ties the two together.
///
/// Proof: The file is opened once and hashed through that one descriptor, so that nothing can be swapped in
/// between; size and digest are compared on every step from the file to the signed document.
///
/// Remedy: Do not use the file. Get it again; if it differs again, tell the vendor.
///
/// Reference: https://csrc.nist.gov/pubs/fips/180-4/upd1/final
enum ContentDigestCheck: FileCheck {
    static let id = "content.digest"
    static let severity = Severity.critical

    static func judge(_ question: FileQuestion) -> Judgement {
        let links = question.file.vouchers.flatMap { voucher in
            // A list that does not name the file is what `content.listed` is about; a package's header is no list.
            question.isOwn(voucher)
                ? voucher.links
                : voucher.links.filter { ![.notListed, .ambiguous, .malformedList].contains($0.fault) }
        }
        let wrong = links.filter(\.isContradicted)
        if let first = wrong.first {
            return Judgement(
                .fail, .off, .measured, "\(first.file) is not what \(first.statedBy.path) says",
                evidence: wrong.map { link in
                    Evidence(Location(link.statedBy), link.comparison, how: "mismatch", isException: true)
                })
        }
        if question.file.vouchers.contains(where: question.isLoose) {
            return .unknown("nothing says what its bytes must be")
        }
        guard !links.isEmpty else { return .notApplicable("nothing states a digest") }
        let open = links.filter { !$0.isConfirmed && $0.fault != .noUsableDigest }
        if let first = open.first {
            return .unknown(
                first.detail ?? "\(first.file) could not be compared with \(first.statedBy.path)",
                evidence: open.map {
                    Evidence(Location($0.statedBy), $0.comparison, how: "not compared", isException: true)
                })
        }
        let unusable = links.filter { $0.fault == .noUsableDigest }
        if let first = unusable.first, question.file.kind != .rpmPackage || unusable.count == links.count {
            return Judgement(
                .fail, .off, .measured, first.detail ?? "no digest that is accepted",
                evidence: unusable.map {
                    Evidence(Location($0.statedBy), $0.detail ?? $0.file, how: "digest", isException: true)
                })
        }
        let confirmed = links.filter(\.isConfirmed)
        let algorithms = Set(confirmed.compactMap(\.algorithm)).sorted().joined(separator: ", ")
        return Judgement(
            .pass, .on, .measured, algorithms.isEmpty ? "equal" : "equal (\(algorithms))",
            evidence: confirmed.map { Evidence(Location($0.statedBy), $0.comparison, how: "digest") })
    }
}
