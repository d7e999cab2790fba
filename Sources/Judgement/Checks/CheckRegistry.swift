public import AssayFacts
public import AssayFindings
public import AssayPolicy

/// All checks by id.
public enum CheckRegistry {
    /// The ids, ordered.
    public static let ids: [String] = checks.keys.sorted()

    private static let checks: [String: any Check.Type] = Dictionary(
        uniqueKeysWithValues: generatedChecks.map { ($0.id, $0) })

    /// The page of the check `id`, or nil when there is no such check.
    public static func page(_ id: String) -> CheckPage? { generatedPages[id] }

    /// The severity that a failure of `id` has unless a profile says otherwise.
    public static func severity(_ id: String) -> Severity? { checks[id]?.severity }

    /// Judges `facts` by every row of `profile`, in its order.
    ///
    /// A row whose check does not exist is an unknown, not an omission: `ProfileFile` refuses such a profile before.
    public static func judge(_ facts: Facts, by profile: Profile, under policy: Policy) -> [Finding] {
        judgeWithFiles(facts, by: profile, under: policy).findings
    }

    /// Judges `facts` by every row of `profile`, and says of each file whose authenticity was asked what was found, in the
    /// order of the rows.
    ///
    /// What has no meaning for a file is left out of its chain.
    public static func judgeWithFiles(
        _ facts: Facts, by profile: Profile, under policy: Policy
    ) -> (findings: [Finding], files: [FileChain]?) {
        guard let files = FileJudge(facts, profile, policy) else {
            return (findings(facts, profile, policy, nil), nil)
        }
        return findings(facts, profile, policy, files, files.all.map(files.answer))
    }

    /// The same, with the files judged by `width` tasks at a time.
    public static func judgeWithFiles(
        _ facts: Facts, by profile: Profile, under policy: Policy, width: Int
    ) async -> (findings: [Finding], files: [FileChain]?) {
        guard let files = FileJudge(facts, profile, policy) else {
            return (findings(facts, profile, policy, nil), nil)
        }
        let size = max(16, files.all.count / max(1, 4 * width) + 1)
        let parts = stride(from: 0, to: files.all.count, by: size).map { $0..<min($0 + size, files.all.count) }
        let answers = await withTaskGroup(of: (Int, [FileJudge.Answer]).self) { group in
            for (index, part) in parts.enumerated() {
                group.addTask { (index, part.map(files.answer)) }
            }
            var results = [[FileJudge.Answer]](repeating: [], count: parts.count)
            for await (index, answers) in group { results[index] = answers }
            return results.flatMap(\.self)
        }
        return findings(facts, profile, policy, files, answers)
    }

    /// Files, each with every check that is asked of files.
    private struct FileJudge: Sendable {
        let authenticity: AuthenticityFacts
        let rows: [Profile.Row]
        let checks: [(any FileCheck.Type)?]
        let context: CheckContext
        var all: Range<Int> { authenticity.files.indices }

        init?(_ facts: Facts, _ profile: Profile, _ policy: Policy) {
            guard facts.subject.kind == .files, let authenticity = facts.authenticity else { return nil }
            self.authenticity = authenticity
            rows = profile.sections.flatMap(\.rows)
            checks = rows.map { CheckRegistry.checks[$0.check] as? any FileCheck.Type }
            context = CheckContext(expected: .byDefault, signatures: policy.signatures, today: policy.today)
        }

        /// What was found of one file.
        struct Answer: Sendable {
            /// One judgement a row; nil for a row that is not asked of files.
            let judgements: [Judgement?]
            let chain: FileChain
        }

        func answer(_ file: Int) -> Answer {
            let question = FileQuestion(authenticity.files[file], authenticity, context)
            let judgements = checks.map { $0?.judge(question) }
            return Answer(judgements: judgements, chain: chain(file, judgements))
        }

        private func chain(_ file: Int, _ answers: [Judgement?]) -> FileChain {
            let steps = rows.indices.compactMap { index -> FileChain.Step? in
                guard let judgement = answers[index], judgement.verdict != .notApplicable else { return nil }
                return FileChain.Step(
                    check: rows[index].check, title: rows[index].title,
                    severity: rows[index].severity ?? checks[index]?.severity ?? .medium,
                    verdict: judgement.verdict, message: judgement.message, evidence: judgement.evidence)
            }
            return FileChain(
                name: authenticity.files[file].name, kind: authenticity.files[file].kind.rawValue,
                identity: authenticity.files[file].identityText, steps: steps)
        }
    }

    private static func findings(
        _ facts: Facts, _ profile: Profile, _ policy: Policy, _ files: FileJudge, _ answers: [FileJudge.Answer]
    ) -> (findings: [Finding], files: [FileChain]?) {
        let summaries = files.checks.indices.map { row -> Judgement? in
            // Every check that is asked of files answers for each of them.
            files.checks[row]?.summary(files.authenticity.files, answers.indices) { file in
                answers[file].judgements[row] ?? .unknown("the file was not judged")
            }
        }
        return (findings(facts, profile, policy, summaries), answers.map(\.chain))
    }

    /// One finding a row; `summaries` has the judgements of rows that are asked of files.
    private static func findings(
        _ facts: Facts, _ profile: Profile, _ policy: Policy, _ summaries: [Judgement?]?
    ) -> [Finding] {
        let rows = profile.sections.flatMap { section in section.rows.map { (section.title, $0) } }
        return rows.enumerated().map { index, place in
            let (section, row) = place
            if let judgement = summaries?[index] { return finding(row, section: section, judgement) }
            return finding(facts, row, section: section, policy)
        }
    }

    private static func finding(
        _ facts: Facts, _ row: Profile.Row, section: String, _ policy: Policy
    ) -> Finding {
        let judgement: Judgement
        if let check = checks[row.check] {
            let context = CheckContext(
                expected: row.expectation, parameters: row.parameters, signatures: policy.signatures,
                today: policy.today)
            judgement =
                check.subjects.contains(facts.subject.kind)
                ? check.evaluate(facts, context)
                : .notApplicable("a subject of this kind cannot show it")
        } else {
            judgement = .unknown("there is no check '\(row.check)'")
        }
        return finding(row, section: section, judgement)
    }

    private static func finding(_ row: Profile.Row, section: String, _ judgement: Judgement) -> Finding {
        let page = generatedPages[row.check]
        return Finding(
            check: row.check, section: section, title: row.title,
            severity: row.severity ?? checks[row.check]?.severity ?? .medium, documented: row.documented,
            judgement: judgement, remedy: page?.remedy ?? "", reference: page?.reference ?? "")
    }
}
