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
    public static func judge(
        _ facts: Facts, by profile: Profile, under policy: Policy
    ) -> [Finding] {
        profile.sections.flatMap { section in
            section.rows.map { row in finding(facts, row, section: section.title, policy) }
        }
    }

    /// Judges each file of `facts` by every row of `profile` that is asked of files, in its order.
    ///
    /// What has no meaning for a file is left out.
    public static func chains(
        _ facts: Facts, by profile: Profile, under policy: Policy
    ) -> [FileChain] {
        guard let authenticity = facts.authenticity else { return [] }
        let rows = profile.sections.flatMap(\.rows).compactMap { row in
            (checks[row.check] as? any FileCheck.Type).map { (row, $0) }
        }
        let context = CheckContext(expected: .byDefault, signatures: policy.signatures, today: policy.today)
        return authenticity.files.map { file in
            let question = FileQuestion(file, authenticity, context)
            let steps = rows.compactMap { row, check -> FileChain.Step? in
                let judgement = check.judge(question)
                guard judgement.verdict != .notApplicable else { return nil }
                return FileChain.Step(
                    check: row.check, title: row.title, severity: row.severity ?? check.severity,
                    verdict: judgement.verdict, message: judgement.message, evidence: judgement.evidence)
            }
            return FileChain(name: file.name, kind: file.kind.rawValue, identity: file.identityText, steps: steps)
        }
    }

    private static func finding(
        _ facts: Facts, _ row: Profile.Row, section: String, _ policy: Policy
    ) -> Finding {
        let page = generatedPages[row.check]
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
        return Finding(
            check: row.check, section: section, title: row.title,
            severity: row.severity ?? checks[row.check]?.severity ?? .medium, documented: row.documented,
            judgement: judgement, remedy: page?.remedy ?? "", reference: page?.reference ?? "")
    }
}
