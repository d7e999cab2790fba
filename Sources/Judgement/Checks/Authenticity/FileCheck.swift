import AssayFacts
import AssayFindings
import AssayPolicy

/// One question that is asked of each file whose authenticity matters.
protocol FileCheck: Check {
    /// Judges one file. Pure: no clock, no files, no environment.
    static func judge(_ question: FileQuestion) -> Judgement
    /// The answer when there is no file at all.
    static var withoutFiles: Judgement { get }
}

/// Evidence that one judgement over many files shows at most.
private let evidenceLimit = 200

extension FileCheck {
    static var subjects: Set<SubjectFacts.Kind> { [.files] }

    static var withoutFiles: Judgement { .notApplicable("there is no file to ask about") }

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let authenticity = facts.authenticity else { return .unknown("no file was looked at") }
        let answers = authenticity.files.map { judge(FileQuestion($0, authenticity, context)) }
        return summary(authenticity.files, answers.indices) { answers[$0] }
    }

    /// One judgement of many: the worst verdict, with the files that it comes from.
    ///
    /// - Parameters:
    ///   - files: the files.
    ///   - indices: which of them were judged.
    ///   - answer: the judgement of the file with an index.
    /// - Returns: the judgement of all.
    static func summary(
        _ files: [VouchedFileFacts], _ indices: Range<Int>, _ answer: (Int) -> Judgement
    ) -> Judgement {
        guard let first = indices.first else { return withoutFiles }
        if indices.count == 1 { return answer(first) }
        var counts: [Verdict: Int] = [:]
        for index in indices { counts[answer(index).verdict, default: 0] += 1 }
        let verdict = counts.keys.reduce(.notApplicable, Verdict.worse)
        let decisive = indices.filter { answer($0).verdict == verdict }
        let one = answer(decisive[0])
        let same = decisive.allSatisfy { answer($0).message == one.message } ? one.message : nil
        let message =
            switch verdict {
            case .pass: same ?? "all \(decisive.count) files that can be asked"
            case .notApplicable: same ?? "no file can be asked"
            case .fail, .unknown:
                "\(decisive.count) of \(indices.count) files; "
                    + (same ?? "\(files[decisive[0]].baseName): \(one.message)")
            }
        let open = indices.filter { [.fail, .unknown].contains(answer($0).verdict) }
        var judgement = Judgement(
            verdict, one.state, .measured, message,
            evidence: open.prefix(evidenceLimit).map { index in
                let answer = answer(index)
                return Evidence(
                    Location(files[index].name), answer.message, how: answer.verdict.rawValue, isException: true)
            })
        judgement.evidenceOmitted = open.count - judgement.evidence.count
        for (verdict, count) in counts { judgement.counts[verdict.rawValue] = count }
        return judgement
    }
}
