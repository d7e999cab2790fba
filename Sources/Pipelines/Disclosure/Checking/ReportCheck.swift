import AssayBytes
import AssayCVSS
import AssayCWE
import AssayVulnerabilityReport
import Crypto

/// Checks whether a report is complete, and whether it holds what it should not.
public enum ReportCheck {
    /// The most warnings of one kind.
    private static let maximumWarningsOfKind = 100

    /// Checks `opened` and its attachments.
    ///
    /// - Parameters:
    ///   - opened: the report.
    ///   - level: the level that is asked for.
    /// - Returns: what is missing, and what should be looked at.
    public static func result(_ opened: OpenedReport, requesting level: ReportLevel) -> ReportCheckResult {
        let report = opened.report
        let name = EscapedText(opened.path).description
        var unreadable: [String] = []
        var attachments: [(attachment: Attachment, size: Int)] = []
        var warnings: [ReportCheckResult.Warning] = []
        let personal = PersonalData(
            known: Set([report.reporter.email, report.vendor.contact].compactMap { $0?.lowercased() }))
        warnings += secrets(Array(opened.file.text.utf8), in: name, personal, isText: true)
        for (index, attachment) in report.attachments.enumerated() {
            do {
                let bytes = try opened.content(of: attachment)
                attachments.append((attachment, bytes.count))
                let digest = Hex.encode(SHA256.hash(data: bytes))
                if let pinned = attachment.sha256, pinned != digest {
                    let line = opened.file.line(of: "attachments[\(index)].sha256")
                    unreadable.append(
                        "\(name):\(line): '\(EscapedText(attachment.path))' has another SHA-256: \(digest)")
                }
                warnings += secrets(
                    bytes, in: EscapedText(attachment.path).description, personal,
                    isText: String(validating: bytes, as: UTF8.self) != nil)
            } catch {
                unreadable.append((error as? DisclosureError)?.description ?? "\(error)")
            }
        }
        warnings += values(opened, name) + links(opened, name)
        warnings += SeveralIssues.reasons(report).map { field, reason in
            ReportCheckResult.Warning(
                kind: .severalIssues, message: "\(reason): one issue a report", file: name,
                line: opened.file.line(of: field))
        }
        let requirements = ReportRequirements.of(opened, attachments: attachments)
        var reached = ReportLevel.none
        for step in ReportLevel.allCases.dropFirst() {
            guard requirements.allSatisfy({ $0.isMet || $0.level > step }) else { break }
            reached = step
        }
        return ReportCheckResult(
            report: name, level: reached, requested: level, requirements: requirements,
            warnings: bounded(warnings), unreadable: unreadable)
    }

    /// The first warnings of each kind; the last of them says how many more there are.
    ///
    /// Many of one kind push none of another out.
    private static func bounded(_ warnings: [ReportCheckResult.Warning]) -> [ReportCheckResult.Warning] {
        let counts = Dictionary(grouping: warnings, by: \.kind).mapValues(\.count)
        var seen: [ReportCheckResult.Warning.Kind: Int] = [:]
        return warnings.compactMap { warning in
            seen[warning.kind, default: 0] += 1
            let more = (counts[warning.kind] ?? 0) - maximumWarningsOfKind
            guard let number = seen[warning.kind], number <= maximumWarningsOfKind else { return nil }
            guard number == maximumWarningsOfKind, more > 0 else { return warning }
            var last = warning
            last.message += " (and \(more) more of this kind)"
            return last
        }
    }

    private static func secrets(
        _ bytes: [UInt8], in file: String, _ personal: PersonalData, isText: Bool
    ) -> [ReportCheckResult.Warning] {
        let found =
            SecretScan(bytes).matches().map {
                (
                    kind: ReportCheckResult.Warning.Kind.secret, offset: $0.offset,
                    message: "this looks like \($0.kind): take it out, and replace it where it is in use"
                )
            }
            + personal.matches(bytes).map {
                (
                    kind: .personalData, offset: $0.offset,
                    message: "\(EscapedText($0.text)) tells about somebody: take it out if it is not needed"
                )
            }
        var lines = LineCounter(bytes)
        return found.sorted { $0.offset < $1.offset }.map {
            ReportCheckResult.Warning(
                kind: $0.kind, message: $0.message, file: file, line: isText ? lines.line(at: $0.offset) : nil,
                offset: isText ? nil : $0.offset)
        }
    }

    private static func links(_ opened: OpenedReport, _ name: String) -> [ReportCheckResult.Warning] {
        let bytes = Array(opened.file.text.utf8)
        let proof = opened.report.sections[.proofOfConcept] ?? ""
        var lines = LineCounter(bytes)
        var seen: Set<String> = []
        return PublicLink.addresses(in: bytes).compactMap { url, offset in
            guard seen.insert(url).inserted,
                let what = PublicLink.reason(url, in: opened.report, isProof: proof.contains(url))
            else { return nil }
            return ReportCheckResult.Warning(
                kind: .publicLink,
                message: "'\(EscapedText(url))' leads to \(what): what is public cannot be reported in private",
                file: name, line: lines.line(at: offset))
        }
    }

    private static func values(_ opened: OpenedReport, _ name: String) -> [ReportCheckResult.Warning] {
        let report = opened.report
        var warnings: [ReportCheckResult.Warning] = []
        func warn(_ field: String, _ message: String) {
            warnings.append(
                ReportCheckResult.Warning(kind: .value, message: message, file: name, line: opened.file.line(of: field))
            )
        }
        var severities: [CVSSScore.Severity] = []
        for (key, text, version) in [
            ("3.1", report.cvss.version31, CVSSVersion.v31), ("4.0", report.cvss.version40, .v40),
        ] {
            guard let text else { continue }
            do {
                let vector = try CVSSVector(text)
                severities.append(vector.baseScore.severity)
                if vector.version != version { warn("cvss.\(key)", "the vector is of CVSS \(vector.version.rawValue)") }
            } catch {
                warn("cvss.\(key)", "no CVSS vector: \(EscapedText(error.description))")
            }
        }
        if severities.isEmpty { warn("cvss", "no CVSS vector says how severe it is") }
        if Set(severities).count > 1 {
            warn(
                "cvss",
                "the vectors give different severities: \(severities.map(\.rawValue).joined(separator: " and "))")
        }
        for (index, type) in report.types.enumerated() {
            guard let weakness = Weakness.named(type) else { continue }
            if weakness.isDeprecated { warn("type[\(index)]", "\(type) (\(weakness.name)) is deprecated") }
            if weakness.isTooGeneral {
                warn("type[\(index)]", "\(type) (\(weakness.name)) is too general: choose a kind of it")
            }
        }
        if report.vendor.contact == nil { warn("vendor.contact", "no contact: where would the report go") }
        if report.reporter.email == nil { warn("reporter.email", "no mail address: whom would the vendor ask") }
        if report.status.state == .notAffected, report.status.justification == nil, report.status.statement == nil {
            warn("status", "what is not affected needs a justification or a statement")
        }
        return warnings
    }
}

/// Counts lines up to offsets that only grow, so that all of them cost one pass.
private struct LineCounter {
    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The line of `offset`, counted from 1.
    mutating func line(at offset: Int) -> Int {
        while self.offset < offset {
            if bytes[self.offset] == UInt8(ascii: "\n") { line += 1 }
            self.offset += 1
        }
        return line
    }
}
