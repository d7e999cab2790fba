import AssayCWE
import AssayVulnerabilityReport

/// What the quality levels and the security policy ask of a report.
struct ReportRequirements {
    private let opened: OpenedReport
    /// The attachments that could be read, with how many bytes they have.
    private let attachments: [(attachment: Attachment, size: Int)]
    private var found: [ReportCheckResult.Requirement] = []

    /// The fewest letters of an analysis and of an impact that say something.
    private static let analysisLength = 120
    private static let impactLength = 60
    /// The largest proof of concept that counts as minimised, in bytes of all its parts.
    private static let proofSize = 256 << 10
    /// Words that stand for what is still to be written.
    private static let placeholders = ["todo", "tbd", "fixme", "xxx", "...", "…", "n/a", "?", "unknown", "lorem ipsum"]

    init(_ opened: OpenedReport, attachments: [(attachment: Attachment, size: Int)]) {
        self.opened = opened
        self.attachments = attachments
    }

    /// The requirements in the order of the levels.
    static func of(
        _ opened: OpenedReport, attachments: [(attachment: Attachment, size: Int)]
    ) -> [ReportCheckResult.Requirement] {
        var requirements = ReportRequirements(opened, attachments: attachments)
        requirements.low()
        requirements.medium()
        requirements.high()
        return requirements.found
    }

    private var report: VulnerabilityReport { opened.report }

    private mutating func low() {
        field("title", report.title, .low, "what is wrong, in one line")
        let weaknesses = report.types.map { (id: $0, weakness: Weakness.named($0)) }
        let strange = weaknesses.filter { $0.weakness == nil }.map(\.id)
        add(
            "type", "type", .low, isPolicyField: true, !weaknesses.isEmpty && strange.isEmpty,
            strange.isEmpty
                ? "the type of issue: a CWE identifier ('assay disclose cwe WORDS' finds it)"
                : "the CWE list \(Weakness.listVersion) has no \(strange.joined(separator: ", "))")
        field("component.name", report.component.name, .low, "the affected package or program")
        field("component.version", report.component.version, .low, "its version")
        field(
            "environment.operating-system", report.environment.operatingSystem, .low,
            "the operating system that it was reproduced on")
        field("environment.version", report.environment.version, .low, "the version of the operating system")
        let hasOutput = has(.reproductionOutput) || has(attached: .reproductionOutput)
        add(
            "reproduction-output", "## Reproduction output", .low, hasOutput,
            "what the steps printed, in the section or attached")
        add(
            "proof-of-concept", "## Proof of concept", .low, isPolicyField: true,
            has(.proofOfConcept) || has(attached: .proofOfConcept),
            "a proof of concept or an exploit, in the section or attached")
    }

    private mutating func medium() {
        let steps = content(.stepsToReproduce)
        let isStepwise = Self.stepCount(steps) >= 2 || steps.contains("```") || steps.contains("~~~")
        add(
            "steps", "## Steps to reproduce", .medium, isPolicyField: true, has(.stepsToReproduce) && isStepwise,
            "step by step: two steps or more, or commands in a code block")
        let proof = content(.proofOfConcept)
        let isConcrete = proof.contains("```") || proof.contains("~~~") || has(attached: .proofOfConcept)
        add(
            "reliable-proof", "## Proof of concept", .medium, isConcrete,
            "code or commands that show it every time: a code block or an attachment of kind proof-of-concept")
        let size = attachments.filter { $0.attachment.kind == .proofOfConcept }.reduce(proof.utf8.count) {
            $0 + $1.size
        }
        add(
            "minimised-proof", "## Proof of concept", .medium, isConcrete && size <= Self.proofSize,
            size <= Self.proofSize
                ? "no more than is needed to show it"
                : "\(size) bytes are more than the \(Self.proofSize) that count as minimised")
        field("environment.architecture", report.environment.architecture, .medium, "the architecture")
    }

    private mutating func high() {
        let files = report.sourceFiles.filter { !Self.isPlaceholder($0) }
        let relative = files.filter { !$0.contains("/") }
        add(
            "source-files", "source-files", .high, isPolicyField: true, !files.isEmpty && relative.isEmpty,
            relative.isEmpty
                ? "full paths of the source files that the issue shows in"
                : "'\(relative[0])' is no full path: the folders belong to it")
        let hasState = report.location.repository != nil && report.location.reference != nil
        add(
            "location", "location", .high, isPolicyField: true, hasState || report.location.url != nil,
            "the affected source: a repository with its tag, branch or commit, or a URL")
        add(
            "special-configuration", "## Special configuration", .high, isPolicyField: true,
            has(.specialConfiguration, allowingNone: true), "any configuration that is needed, or 'none'")
        add(
            "impact", "## Impact", .high, isPolicyField: true,
            has(.impact) && content(.impact).count >= Self.impactLength,
            "what an attacker gains and how it would be exploited, in \(Self.impactLength) letters or more")
        add("summary", "## Summary", .high, has(.summary), "what is wrong, in a few sentences")
        let analysis = content(.analysis)
        add(
            "analysis", "## Analysis", .high, has(.analysis) && analysis.count >= Self.analysisLength,
            "the cause in detail, in \(Self.analysisLength) letters or more")
        let names = files.flatMap { [$0, $0.split(separator: "/").last.map(String.init) ?? $0] }
        add(
            "analysis-source", "## Analysis", .high, !files.isEmpty && names.contains { analysis.contains($0) },
            "the analysis names a file of 'source-files'")
    }

    private mutating func field(_ field: String, _ value: String?, _ level: ReportLevel, _ message: String) {
        add(field, field, level, value.map { !Self.isPlaceholder($0) } ?? false, message)
    }

    private mutating func add(
        _ id: String, _ field: String, _ level: ReportLevel, isPolicyField: Bool = false, _ isMet: Bool,
        _ message: String
    ) {
        found.append(
            ReportCheckResult.Requirement(
                id: id, field: field, level: level, isMet: isMet, message: message, isPolicyField: isPolicyField,
                line: opened.file.line(of: field)))
    }

    private func content(_ section: ReportSection) -> String { report.sections[section] ?? "" }

    private func has(_ section: ReportSection, allowingNone: Bool = false) -> Bool {
        let text = content(section)
        return !text.isEmpty
            && (allowingNone && !text.isEmpty && !["todo", "tbd", "...", "?"].contains(text.trimmed.lowercased())
                || !Self.isPlaceholder(text))
    }

    private func has(attached kind: Attachment.Kind) -> Bool {
        attachments.contains { $0.attachment.kind == kind && $0.size > 0 }
    }

    private static func isPlaceholder(_ text: String) -> Bool {
        let text = text.trimmed.lowercased()
        return text.isEmpty || placeholders.contains(text)
            || text.split { $0 == " " || $0 == "\n" }.allSatisfy { placeholders.contains(String($0)) }
    }

    /// Lines that begin as elements of a list do.
    private static func stepCount(_ text: String) -> Int {
        text.split(separator: "\n").filter { line in
            let line = line.drop { $0 == " " }
            if ["- ", "* ", "+ "].contains(where: line.hasPrefix) { return true }
            let digits = line.prefix(3).prefix { $0.isNumber }
            return !digits.isEmpty && [". ", ") "].contains(where: line.dropFirst(digits.count).hasPrefix)
        }.count
    }
}
