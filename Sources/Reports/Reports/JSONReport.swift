import AssayFindings
import AssayJSON

/// A result as JSON: the model member by member, with 64-bit offsets as decimal strings.
///
/// `docs/schema/audit-report.schema.json` is its contract. Members that are nil are left out.
enum JSONReport {
    /// The document of `result`.
    static func document(_ result: AuditResult) -> JSONValue {
        .members([
            "evaluatedAt": .string(result.evaluatedAt),
            "failOn": .string(result.failOn.rawValue),
            "files": result.files.map { .array($0.map { file($0, result) }) },
            "findings": .array(result.findings.map(finding)),
            "gaps": .array(result.gaps.map(evidence)),
            "outcome": .string(result.outcome.rawValue),
            "profile": .object([
                "name": .string(result.profile.name),
                "reference": .string(result.profile.reference),
                "title": .string(result.profile.title),
                "version": .string(result.profile.version),
            ]),
            "schemaVersion": .integer(result.schemaVersion),
            "skipped": .array(result.skipped.map(evidence)),
            "subject": .members([
                "counts": .integers(result.subject.counts),
                "kernels": .strings(result.subject.kernels),
                "kind": .string(result.subject.kind),
                "name": .string(result.subject.name),
                "operatingSystem": result.subject.operatingSystem.map { .string($0) },
            ]),
            "toolVersion": .string(result.toolVersion),
        ])
    }

    private static func file(_ chain: FileChain, _ result: AuditResult) -> JSONValue {
        let waived = Set(result.findings.filter { $0.waiver != nil }.map(\.check))
        return .members([
            "identity": chain.identity.map { .string($0) },
            "kind": .string(chain.kind),
            "name": .string(chain.name),
            "steps": .array(
                chain.steps.map { step in
                    .object([
                        "check": .string(step.check),
                        "evidence": .array(step.evidence.map(evidence)),
                        "message": .string(step.message),
                        "severity": .string(step.severity.rawValue),
                        "title": .string(step.title),
                        "verdict": .string(step.verdict.rawValue),
                    ])
                }),
            "verdict": .string(chain.verdict(failOn: result.failOn, waived: waived).rawValue),
        ])
    }

    private static func finding(_ finding: Finding) -> JSONValue {
        .members([
            "basis": .string(finding.basis.rawValue),
            "check": .string(finding.check),
            "counts": .integers(finding.counts),
            "decidedBy": finding.decidedBy.map { .string($0) },
            "documented": finding.documented.map { .string($0.rawValue) },
            "evidence": .array(finding.evidence.map(evidence)),
            "evidenceOmitted": .integer(finding.evidenceOmitted),
            "groups": .array(finding.groups.map(group)),
            "message": .string(finding.message),
            "reference": .string(finding.reference),
            "remedy": .string(finding.remedy),
            "section": .string(finding.section),
            "severity": .string(finding.severity.rawValue),
            "state": .string(finding.state.rawValue),
            "title": .string(finding.title),
            "verdict": .string(finding.verdict.rawValue),
            "vex": finding.vex.map { .array($0.map(vex)) },
            "waiver": finding.waiver.map(waiver),
        ])
    }

    private static func group(_ group: Group) -> JSONValue {
        .object([
            "counts": .integers(group.counts),
            "kind": .string(group.kind),
            "name": .string(group.name),
        ])
    }

    private static func evidence(_ evidence: Evidence) -> JSONValue {
        .object([
            "how": .string(evidence.how),
            "isException": .bool(evidence.isException),
            "location": .members([
                "line": evidence.location.line.map { .integer($0) },
                "offset": evidence.location.offset.map { .string(String($0)) },
                "path": .string(evidence.location.path),
            ]),
            "value": .string(evidence.value),
        ])
    }

    /// What a VEX document says, as JSON.
    static func vex(_ note: VEXNote) -> JSONValue {
        .members([
            "author": .string(note.author),
            "justification": note.justification.map { .string($0) },
            "product": .string(note.product),
            "source": .string(note.source),
            "statement": note.statement.map { .string($0) },
            "status": .string(note.status),
            "timestamp": .string(note.timestamp),
            "vulnerability": .string(note.vulnerability),
        ])
    }

    private static func waiver(_ waiver: Waiver) -> JSONValue {
        .members([
            "check": .string(waiver.check),
            "expires": .string(waiver.expires),
            "owner": waiver.owner.map { .string($0) },
            "reason": .string(waiver.reason),
        ])
    }
}
