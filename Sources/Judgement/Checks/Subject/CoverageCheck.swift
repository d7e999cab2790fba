import AssayFacts
import AssayFindings
import AssayPolicy

/// Everything of the subject could be read.
///
/// Why: a file that could not be read may be the one that is not protected. A pass for the rest must not hide it.
///
/// Proof: the walk and the readers record each name that they could not open, read or understand. Any of them, or a
/// subject in which nothing was found at all, makes this row unknown, with the list.
///
/// Remedy: run the audit as a user who may read the whole subject, or leave the named parts out on purpose.
///
/// Reference: https://man7.org/linux/man-pages/man7/path_resolution.7.html
enum CoverageCheck: Check {
    static let id = "subject.coverage"
    static let severity = Severity.medium
    static let subjects: Set<SubjectFacts.Kind> = [
        .host, .rootDirectory, .elfFiles, .kernelConfiguration, .kernelImage,
    ]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        var seen: Set<Gap> = []
        let gaps = (facts.gaps + (facts.elf?.gaps ?? [])).filter { seen.insert($0).inserted }
        var judgement: Judgement
        if let first = gaps.first {
            judgement = .unknown(
                "\(gaps.count == 1 ? "one name" : "\(gaps.count) names") of the subject could not be read, "
                    + "the first: '\(first.place.path)': \(first.reason)",
                evidence: gaps.map { Evidence(Location($0.place), $0.reason, how: "not read", isException: true) })
            judgement.counts["not read"] = gaps.count
        } else if let reason = nothingRead(facts) {
            judgement = .unknown(reason)
        } else {
            judgement = Judgement(.pass, .on, .measured, "everything that was looked at could be read")
        }
        if let elf = facts.elf { judgement.counts["ELF files"] = elf.files.count }
        if !facts.skipped.isEmpty { judgement.counts["left out on purpose"] = facts.skipped.count }
        return judgement.cappingEvidence()
    }

    /// Why an answer without gaps is still none.
    private static func nothingRead(_ facts: Facts) -> String? {
        let hasConfiguration = facts.kernels.contains { $0.configuration.value != nil }
        let hasFiles = facts.elf.map { !$0.files.isEmpty } ?? false
        switch facts.subject.kind {
        case .elfFiles: return hasFiles ? nil : "no ELF file was found"
        case .kernelConfiguration, .kernelImage: return hasConfiguration ? nil : "no kernel configuration was read"
        case .verityDevice: return facts.verity == nil ? "no hash tree was read" : nil
        case .files: return facts.authenticity?.files.isEmpty ?? true ? "no file was looked at" : nil
        case .host, .rootDirectory:
            let isEmpty = facts.operatingSystem == nil && facts.kernels.isEmpty && !hasFiles
            return isEmpty ? "nothing of an operating system was found" : nil
        }
    }
}
