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
        var open: [(file: Int, judgement: Judgement)] = []
        // The first of the worst, and whether all others of that verdict say the same.
        var one = answer(first)
        var decisive = (file: first, isAlike: true)
        for index in indices {
            let judgement = answer(index)
            counts[judgement.verdict, default: 0] += 1
            if judgement.verdict == .fail || judgement.verdict == .unknown { open.append((index, judgement)) }
            if judgement.verdict == one.verdict {
                decisive.isAlike = decisive.isAlike && judgement.message == one.message
            } else if Verdict.worse(one.verdict, judgement.verdict) == judgement.verdict {
                one = judgement
                decisive = (index, true)
            }
        }
        let verdict = one.verdict
        let count = counts[verdict] ?? 0
        let same = decisive.isAlike ? one.message : nil
        let message =
            switch verdict {
            case .pass: same ?? "all \(count) files that can be asked"
            case .notApplicable: same ?? "no file can be asked"
            case .fail, .unknown:
                "\(count) of \(indices.count) files; "
                    + (same ?? "\(files[decisive.file].baseName): \(one.message)")
            }
        var judgement = Judgement(
            verdict, one.state, .measured, message,
            evidence: open.prefix(evidenceLimit).map { file, answer in
                Evidence(Location(files[file].name), answer.message, how: answer.verdict.rawValue, isException: true)
            })
        judgement.evidenceOmitted = open.count - judgement.evidence.count
        for (verdict, count) in counts { judgement.counts[verdict.rawValue] = count }
        return judgement
    }
}
