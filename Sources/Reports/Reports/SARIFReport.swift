import AssayBytes
import AssayFindings
import AssayJSON

/// A result as SARIF 2.1.0, one run.
///
/// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Every row is a result: `fail`, `pass`,
/// `notApplicable`, and `open` for what could not be answered. Paths are relative to the root of the subject, whose place
/// on the reader's machine is not known: `originalUriBaseIds` names it without a URI (section 3.14.14).
struct SARIFReport {
    /// Locations that a result lists; the rest stays in the JSON report.
    private static let locationLimit = 100
    /// Characters of a value.
    private static let textLimit = 2_000
    /// Numbers up to here are exact in every JSON reader (RFC 8259, section 6).
    private static let exactNumbers: UInt64 = 1 << 53

    private let result: AuditResult
    private let summary: Summary

    init(_ result: AuditResult) {
        self.result = result
        summary = Summary(result)
    }

    /// The document.
    var document: JSONValue {
        .object([
            "$schema": .string(
                "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"),
            "runs": .array([run]),
            "version": .string("2.1.0"),
        ])
    }

    private var run: JSONValue {
        let rules = ruleOrder
        var indexes: [String: Int] = [:]
        for (index, rule) in rules.enumerated() { indexes[rule.check] = index }
        return .object([
            "automationDetails": .object(["id": .string("assay/audit/\(SARIFReport.percent(result.profile.name))/")]),
            "columnKind": .string("unicodeCodePoints"),
            "invocations": .array([invocation]),
            "originalUriBaseIds": .object([
                "SUBJECT": .object(["description": text("The root of the subject '\(result.subject.name)'")])
            ]),
            "properties": properties,
            "results": .array(result.findings.map { self.finding($0, index: indexes[$0.check] ?? -1) }),
            "tool": .object([
                "driver": .object([
                    "name": .string("assay"),
                    "rules": .array(rules.map(rule)),
                    "version": .string(result.toolVersion),
                ])
            ]),
        ])
    }

    private var properties: JSONValue {
        .members([
            "failOn": .string(result.failOn.rawValue),
            "kernels": .strings(result.subject.kernels),
            "operatingSystem": result.subject.operatingSystem.map { .string($0) },
            "outcome": .string(result.outcome.rawValue),
            "profile": .string("\(result.profile.name) \(result.profile.version)"),
            "subject": .string(result.subject.name),
            "subjectKind": .string(result.subject.kind),
        ])
    }

    /// One rule a check, in the order of the profile.
    private var ruleOrder: [Finding] {
        var seen: Set<String> = []
        return result.findings.filter { seen.insert($0.check).inserted }
    }

    private func rule(_ finding: Finding) -> JSONValue {
        let name = finding.check.split { $0 == "." || $0 == "-" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return .members([
            "defaultConfiguration": .object(["level": .string(finding.severity.level)]),
            "fullDescription": text("\(finding.title): \(finding.section)"),
            "help": finding.remedy.isEmpty ? nil : text(finding.remedy),
            "helpUri": finding.reference.isWebAddress ? .string(finding.reference) : nil,
            "id": .string(finding.check),
            "name": .string(name.joined()),
            "properties": .members([
                "documented": finding.documented.map { .string($0.rawValue) },
                "precision": .string("high"),
                "security-severity": finding.severity.score.map { .string($0) },
                "tags": .strings(["security", finding.section]),
            ]),
            "shortDescription": text(finding.title),
        ])
    }

    private func finding(_ finding: Finding, index: Int) -> JSONValue {
        let shown = finding.evidence.filter(\.isException)
        let other = finding.evidence.filter { !$0.isException }
        let failed = finding.verdict == .fail
        return .members([
            "kind": .string(finding.verdict.kind),
            // Section 3.27.10: a result that is not a failure has the level "none".
            "level": .string(failed ? finding.severity.level : "none"),
            "locations": .array(locations(shown.isEmpty ? other : shown)),
            "message": text(finding.message),
            "partialFingerprints": .object(["assayFinding/v1": .string(finding.fingerprint)]),
            "properties": .members([
                "basis": .string(finding.basis.rawValue),
                "counts": finding.counts.isEmpty ? nil : .integers(finding.counts),
                "decidedBy": finding.decidedBy.map { .string($0) },
                "evidenceOmitted": finding.evidenceOmitted == 0 ? nil : .integer(finding.evidenceOmitted),
                "severity": .string(finding.severity.rawValue),
                "state": .string(finding.state.rawValue),
                "vex": finding.vex.map { .array($0.map(JSONReport.vex)) },
            ]),
            "relatedLocations": shown.isEmpty || other.isEmpty ? nil : .array(locations(other)),
            "ruleId": .string(finding.check),
            "ruleIndex": .integer(index),
            // Section 3.27.23: when one result of a run has suppressions, all have the member.
            "suppressions": .array(finding.waiver.map { [suppression($0)] } ?? []),
        ])
    }

    private func suppression(_ waiver: Waiver) -> JSONValue {
        let owner = waiver.owner.map { ", accepted by \($0)" } ?? ""
        return .object([
            "justification": .string("\(waiver.reason) (until \(waiver.expires)\(owner))"),
            "kind": .string("external"),
            "status": .string("accepted"),
        ])
    }

    private var invocation: JSONValue {
        let gaps = result.gaps.map { notification($0, "could not be read", level: "warning") }
        let skipped = result.skipped.map { notification($0, "left out", level: "note") }
        let isTime = result.evaluatedAt.isTimestamp
        return .members([
            "endTimeUtc": isTime ? .string(result.evaluatedAt) : nil,
            "executionSuccessful": .bool(true),
            "exitCode": .integer(result.exitCode),
            "exitCodeDescription": .string(result.outcomeText(summary)),
            "toolExecutionNotifications": .array(gaps + skipped),
        ])
    }

    private func notification(_ evidence: Evidence, _ what: String, level: String) -> JSONValue {
        .object([
            "level": .string(level),
            "locations": .array(locations([evidence])),
            "message": text("'\(evidence.location.path)' \(what): \(evidence.value)"),
        ])
    }

    private func locations(_ evidence: [Evidence]) -> [JSONValue] {
        evidence.prefix(SARIFReport.locationLimit).map { evidence in
            let reference = SARIFReport.reference(evidence.location.path)
            let offset = evidence.location.offset
            let hasLine = evidence.location.line.map { $0 > 0 } ?? false
            let exact = offset.flatMap { $0 <= SARIFReport.exactNumbers ? Int(exactly: $0) : nil }
            let region = JSONValue.members([
                "byteOffset": exact.map { .integer($0) },
                "startLine": hasLine ? evidence.location.line.map { .integer($0) } : nil,
            ])
            let hasRegion = region.object?.keys.isEmpty == false
            let physical = reference.map { reference in
                JSONValue.members([
                    "artifactLocation": .object(["uri": .string(reference), "uriBaseId": .string("SUBJECT")]),
                    "region": hasRegion ? region : nil,
                ])
            }
            let large = exact == nil ? offset.map { JSONValue.string(String($0)) } : nil
            return .members([
                "message": text("\(evidence.how): \(evidence.value)"),
                "physicalLocation": physical,
                "properties": large.map { .object(["byteOffset": $0]) },
            ])
        }
    }

    private func text(_ text: String) -> JSONValue {
        .object(["text": .string(PrintableText.of(text, limit: SARIFReport.textLimit))])
    }

    /// The path as a relative URI reference (RFC 3986, section 4.2), or nil when it names nothing below the root.
    static func reference(_ path: String) -> String? {
        let bytes = EscapedText.unescape(path) ?? Array(path.utf8)
        let reference = percent(bytes.drop { $0 == 0x2F })
        return reference.isEmpty ? nil : reference
    }

    private static func percent(_ text: String) -> String { percent(text.utf8) }

    /// Percent-encodes all but the unreserved characters and the slash (RFC 3986, section 2).
    private static func percent(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return text
    }
}

extension Verdict {
    /// The value of `kind` (section 3.27.9).
    fileprivate var kind: String {
        switch self {
        case .pass: "pass"
        case .fail: "fail"
        case .notApplicable: "notApplicable"
        case .unknown: "open"
        }
    }
}

extension Severity {
    /// The value of `level` (section 3.27.10).
    fileprivate var level: String {
        switch self {
        case .critical, .high: "error"
        case .medium, .low: "warning"
        case .info: "note"
        }
    }

    /// The middle of the band that code scanning services give the severity; none for what is only worth knowing.
    fileprivate var score: String? {
        switch self {
        case .critical: "9.5"
        case .high: "8.0"
        case .medium: "5.5"
        case .low: "3.0"
        case .info: nil
        }
    }
}

extension String {
    /// Whether this is an https URL of harmless characters: the only kind of link that a report makes.
    var isWebAddress: Bool {
        hasPrefix("https://") && utf8.count > 8 && utf8.count <= 2_000
            && utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-._~:/?#@!$&()*+,;=%".utf8.contains(byte)
                }
            }
    }

    /// Whether this has the form `YYYY-MM-DDTHH:MM:SSZ` (RFC 3339 in UTC, whole seconds).
    var isTimestamp: Bool {
        let form = "0000-00-00T00:00:00Z".utf8
        return utf8.count == form.count
            && zip(utf8, form).allSatisfy { $1 == 0x30 ? (0x30...0x39).contains($0) : $0 == $1 }
    }
}
