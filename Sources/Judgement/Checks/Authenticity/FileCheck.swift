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
        return summary(
            authenticity.files.map { file in (file, judge(FileQuestion(file, authenticity, context))) })
    }

    /// One judgement of many: the worst verdict, with the files that it comes from.
    static func summary(_ answers: [(VouchedFileFacts, Judgement)]) -> Judgement {
        guard let first = answers.first else { return withoutFiles }
        if answers.count == 1 { return first.1 }
        let verdict = answers.map(\.1.verdict).reduce(.notApplicable, Verdict.worse)
        let decisive = answers.filter { $0.1.verdict == verdict }
        let message =
            switch verdict {
            case .pass: same(decisive.map(\.1.message)) ?? "all \(decisive.count) files that can be asked"
            case .notApplicable: same(decisive.map(\.1.message)) ?? "no file can be asked"
            case .fail, .unknown:
                "\(decisive.count) of \(answers.count) files; "
                    + (same(decisive.map(\.1.message)) ?? "\(decisive[0].0.baseName): \(decisive[0].1.message)")
            }
        let open = answers.filter { $0.1.verdict == .fail || $0.1.verdict == .unknown }
        let shown = open.prefix(evidenceLimit)
        var judgement = Judgement(
            verdict, decisive.first?.1.state ?? .notApplicable, .measured, message,
            evidence: shown.map {
                Evidence(Location($0.0.name), $0.1.message, how: $0.1.verdict.rawValue, isException: true)
            })
        judgement.evidenceOmitted = open.count - shown.count
        for (_, answer) in answers { judgement.counts[answer.verdict.rawValue, default: 0] += 1 }
        return judgement
    }

    private static func same(_ messages: [String]) -> String? {
        guard let first = messages.first, messages.allSatisfy({ $0 == first }) else { return nil }
        return first
    }
}
