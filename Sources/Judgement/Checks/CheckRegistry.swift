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
        let rows = profile.sections.flatMap { section in section.rows.map { (section.title, $0) } }
        guard facts.subject.kind == .files, let authenticity = facts.authenticity else {
            return (rows.map { finding(facts, $1, section: $0, policy) }, nil)
        }
        var answers = [[(VouchedFileFacts, Judgement)]](repeating: [], count: rows.count)
        let context = CheckContext(expected: .byDefault, signatures: policy.signatures, today: policy.today)
        let chains = authenticity.files.map { file in
            let question = FileQuestion(file, authenticity, context)
            var steps: [FileChain.Step] = []
            for (index, (_, row)) in rows.enumerated() {
                guard let check = checks[row.check] as? any FileCheck.Type else { continue }
                let judgement = check.judge(question)
                answers[index].append((file, judgement))
                guard judgement.verdict != .notApplicable else { continue }
                steps.append(
                    FileChain.Step(
                        check: row.check, title: row.title, severity: row.severity ?? check.severity,
                        verdict: judgement.verdict, message: judgement.message, evidence: judgement.evidence))
            }
            return FileChain(name: file.name, kind: file.kind.rawValue, identity: file.identityText, steps: steps)
        }
        let findings = rows.enumerated().map { index, place in
            let (section, row) = place
            guard let check = checks[row.check] as? any FileCheck.Type else {
                return finding(facts, row, section: section, policy)
            }
            return finding(row, section: section, check.summary(answers[index]))
        }
        return (findings, chains)
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
