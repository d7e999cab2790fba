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
    public static func judge(_ facts: Facts, by profile: Profile) -> [Finding] {
        profile.sections.flatMap { section in
            section.rows.map { row in finding(facts, row, section: section.title) }
        }
    }

    private static func finding(_ facts: Facts, _ row: Profile.Row, section: String) -> Finding {
        let page = generatedPages[row.check]
        let judgement: Judgement
        if let check = checks[row.check] {
            let context = CheckContext(expected: row.expectation, parameters: row.parameters)
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
