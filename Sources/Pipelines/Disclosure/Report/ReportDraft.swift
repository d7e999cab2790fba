import AssayBytes
public import AssayFacts
import AssayFileSystem
import AssayFindings
public import AssayVulnerabilityReport
import Crypto

/// A report before anybody wrote in it: filled with what is known.
public struct ReportDraft: Sendable {
    /// What was observed in the subject, where that is known.
    public var facts: Facts?
    /// The finding that the report is about.
    public var finding: AuditedFinding?
    /// The package that the report is about; the owner of what the finding shows if it is nil.
    public var package: String?
    /// The subject as the user named it, while it can be opened; nil for saved facts.
    public var subjectPath: String?
    /// When the report is begun.
    public var time: Int64

    /// The most pieces of evidence that go into a report.
    private static let maximumEvidence = 20
    /// The largest subject that is hashed.
    private static let maximumHashedSize: UInt64 = 4 << 30

    /// Makes a draft.
    public init(
        facts: Facts?, finding: AuditedFinding? = nil, package: String? = nil, subjectPath: String? = nil, time: Int64
    ) {
        self.facts = facts
        self.finding = finding
        self.package = package
        self.subjectPath = subjectPath
        self.time = time
    }

    /// The report.
    ///
    /// - Throws: `DisclosureError` when a named package is not installed, or a database or the subject cannot be read.
    public func report() throws -> VulnerabilityReport {
        var report = VulnerabilityReport()
        let distribution = facts?.operatingSystem.map(Distribution.init)
        report.environment = try environment()
        report.status.state = .affected
        report.timeline[.discovered] = ReportTime(UTCTime.day(time))
        if let distribution { report.vendor = distribution.vendor }
        if let finding { fill(&report, from: finding) }
        try fillComponent(&report, distribution)
        return report
    }

    private func environment() throws -> Environment {
        var environment = Environment()
        if let facts {
            environment.operatingSystem = facts.operatingSystem.map { $0.prettyName ?? $0.id }
            environment.version = facts.operatingSystem?.version
            let kernel = facts.kernels.first(where: \.isRunning) ?? facts.kernels.first
            environment.kernel = kernel?.release
            environment.architecture = kernel?.architecture ?? facts.elf?.files.first?.machine
            environment.subject.kind = facts.subject.kind.rawValue
            environment.subject.name = Self.shortName(facts.subject.name)
        } else if let subject = finding?.subject {
            environment.operatingSystem = subject.operatingSystem
            environment.version = subject.operatingSystem?.split(separator: " ").last {
                $0.first?.isNumber == true
            }.map(String.init)
            let kernel = subject.kernels.first?.split(separator: " ").map(String.init) ?? []
            environment.kernel = kernel.first
            environment.architecture = kernel.dropFirst().first
            environment.subject.kind = subject.kind
            environment.subject.name = Self.shortName(subject.name)
        }
        if let digest = try subjectDigest() { environment.subject.digests["sha256"] = digest }
        return environment
    }

    /// The name without the folders before it, which say more of the reporter than of the subject.
    private static func shortName(_ name: String) -> String {
        name.split(separator: "/").last.map(String.init) ?? name
    }

    /// The SHA-256 of a subject that is a file.
    private func subjectDigest() throws -> String? {
        guard let subjectPath, !RootedDirectory.isHostDirectory(subjectPath) else { return nil }
        do {
            let file = try RootedDirectory.openHostFile(subjectPath)
            guard file.status.size <= Self.maximumHashedSize else { return nil }
            var hash = SHA256()
            var offset = ByteOffset.zero
            while case let chunk = try file.prefix(at: offset, atMost: 1 << 20), !chunk.isEmpty {
                hash.update(data: chunk)
                guard let next = offset.advanced(by: ByteCount(UInt64(chunk.count))) else { break }
                offset = next
            }
            return Hex.encode(hash.finalize())
        } catch let error as FileSystemError {
            throw DisclosureError(error.description)
        }
    }

    private func fill(_ report: inout VulnerabilityReport, from finding: AuditedFinding) {
        report.title = finding.message
        report.finding = ReportedFinding(
            check: finding.check, verdict: finding.verdict.rawValue, message: finding.message,
            evidence: finding.evidence.prefix(Self.maximumEvidence).map {
                ReportedFinding.Evidence(path: $0.path, line: $0.line, value: $0.value, how: $0.how)
            })
        let subject = report.environment.subject.name ?? "/"
        report.sections[.stepsToReproduce] = """
            1. Run `assay audit \(subject)` (\(finding.judgedBy)).
            2. Look at the row `\(finding.check)` (\(finding.title)).
            """
        var lines = ["\(finding.check): \(finding.verdict.rawValue): \(finding.message)"]
        for evidence in finding.evidence.prefix(Self.maximumEvidence) {
            let place = evidence.line.map { "\(evidence.path):\($0)" } ?? evidence.path
            lines.append("  \(place): \(evidence.value) (\(evidence.how))")
        }
        let fence = String(repeating: "`", count: max(3, Self.longestRun(of: "`", in: lines) + 1))
        report.sections[.reproductionOutput] = "\(fence)text\n\(lines.joined(separator: "\n"))\n\(fence)"
    }

    private static func longestRun(of mark: Character, in lines: [String]) -> Int {
        var longest = 0
        var run = 0
        for character in lines.joined(separator: "\n") {
            run = character == mark ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    private func fillComponent(_ report: inout VulnerabilityReport, _ distribution: Distribution?) throws {
        let names = package.map { [$0] } ?? candidates()
        if isAboutKernel, package == nil {
            // The kernel is there even where no package brought it.
            report.component.name = "linux"
            report.component.version = report.environment.kernel
        } else {
            report.component.name = names.first
        }
        report.component.architecture = report.environment.architecture
        report.component.ecosystem = distribution?.ecosystem
        guard let subjectPath, RootedDirectory.isHostDirectory(subjectPath) else { return }
        let record: InstalledPackageRecord?
        do {
            record = try InstalledPackageSearch(root: RootedDirectory(path: subjectPath))
                .find(names: names, owning: package == nil ? evidencePaths() : [])
        } catch let error as FileSystemError {
            throw DisclosureError(error.description)
        }
        guard let record else {
            guard let package else { return }
            throw DisclosureError(
                "the package '\(EscapedText(package))' is not installed in '\(EscapedText(subjectPath))'")
        }
        report.component.name = record.name
        report.component.version = record.version
        report.component.release = record.release
        report.component.architecture = record.architecture ?? report.component.architecture
        report.component.sourcePackage = record.source
        guard let distribution else { return }
        report.component.packageURL = PackageURL.text(record, distribution)
        if let source = record.source {
            (report.location, report.component.spec) = distribution.source(source, record.fullVersion)
        }
    }

    /// The packages that the finding is likely about, the likeliest first.
    private func candidates() -> [String] {
        guard let finding else { return [] }
        var names: [String] = []
        let exceptions = finding.evidence.filter(\.isException).map(\.path)
        if let file = facts?.elf?.files.first(where: { exceptions.contains($0.path) }), let owner = file.package {
            names.append(owner)
        }
        names += finding.packages
        // The kernel itself, under the names of the distributions.
        if isAboutKernel {
            let kernel = facts?.kernels.first(where: \.isRunning) ?? facts?.kernels.first
            if let kernel { names += ["linux-image-\(kernel.release)", "linux-image-\(kernel.release)-unsigned"] }
            if facts?.operatingSystem?.id != "debian" { names.append("kernel") }
        }
        return names
    }

    /// Whether the finding is about the kernel and not about a file that a package brings.
    private var isAboutKernel: Bool {
        guard let finding else { return false }
        return finding.check.hasPrefix("kernel.") || finding.check.hasPrefix("aslr.")
    }

    private func evidencePaths() -> [[UInt8]] {
        guard let finding else { return [] }
        return finding.evidence.prefix(Self.maximumEvidence).compactMap { evidence in
            evidence.path.hasPrefix("/") ? EscapedText.unescape(evidence.path) : nil
        }
    }
}
