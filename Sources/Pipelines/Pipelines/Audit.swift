import AssayChecks
import AssayCollectors
public import AssayFacts
public import AssayFindings
public import AssayPolicy
import AssaySubjects

/// The security features of a subject, proven: observe, then judge.
public enum Audit {
    /// The version of the tool.
    public static let toolVersion = "0.1.0"

    /// Observes the subject at `path` of the running system.
    ///
    /// - Parameters:
    ///   - path: a directory or file; `/` is the running machine.
    ///   - width: how many tasks run at a time.
    ///   - commandLine: a kernel command line for a kernel that is given without one.
    ///   - progress: called with the number of names seen since the last call, from any thread.
    /// - Returns: the facts.
    /// - Throws: `FileSystemError` or `SubjectError` when it is nothing that can be examined.
    public static func facts(
        of path: String, width: Int, commandLine: String?, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> Facts {
        let options = CollectionOptions(width: width, commandLine: commandLine, progress: progress)
        return try await Collection.facts(of: Subject.open(path), options)
    }

    /// Judges facts by a profile under a policy.
    ///
    /// - Parameters:
    ///   - facts: what was observed.
    ///   - profile: what is asked.
    ///   - policy: what counts.
    ///   - evaluatedAt: the time of judgement, RFC 3339 in UTC.
    ///   - vex: what VEX documents say; findings that they are about have notes of it.
    /// - Returns: the findings, the gate's outcome and what a report says about the subject.
    public static func judge(
        _ facts: Facts, by profile: Profile, under policy: Policy, evaluatedAt: String, vex: [VEXClaim] = []
    ) -> AuditResult {
        var judged = CheckRegistry.judgeWithFiles(facts, by: profile, under: policy)
        let system = facts.operatingSystem
        judged.findings = VEXMatching.annotate(
            judged.findings, with: vex,
            of: VEXSubject(
                systemID: system?.id, systemVersion: system?.version, systemName: system?.prettyName,
                name: facts.subject.name))
        return result(judged, facts, profile, policy, evaluatedAt)
    }

    /// Judges facts as `judge(_:by:under:evaluatedAt:)` does, many files by `width` tasks at a time.
    public static func judge(
        _ facts: Facts, by profile: Profile, under policy: Policy, evaluatedAt: String, width: Int
    ) async -> AuditResult {
        let judged = await CheckRegistry.judgeWithFiles(facts, by: profile, under: policy, width: width)
        return result(judged, facts, profile, policy, evaluatedAt)
    }

    private static func result(
        _ judged: (findings: [Finding], files: [FileChain]?), _ facts: Facts, _ profile: Profile, _ policy: Policy,
        _ evaluatedAt: String
    ) -> AuditResult {
        let (findings, outcome) = Gate.judge(judged.findings, under: policy)
        var result = AuditResult(
            toolVersion: toolVersion, evaluatedAt: evaluatedAt, subject: SubjectSummary(facts),
            profile: ProfileSummary(
                name: profile.name, version: profile.version, title: profile.title, reference: profile.reference),
            findings: findings, gaps: (facts.gaps + (facts.elf?.gaps ?? [])).map { Evidence($0) },
            skipped: facts.skipped.map { Evidence($0) }, failOn: policy.failOn, outcome: outcome)
        result.files = judged.files
        return result
    }

    /// The page of a check, or nil when there is none of that id.
    public static func page(of check: String) -> CheckPage? { CheckRegistry.page(check) }

    /// The ids of all checks, ordered.
    public static var checks: [String] { CheckRegistry.ids }
}

extension SubjectSummary {
    /// What a report says about the subject of `facts`.
    init(_ facts: Facts) {
        var counts: [String: Int] = [:]
        if let elf = facts.elf { counts["ELF files"] = elf.files.count }
        if let services = facts.services { counts["services"] = services.services.count }
        if let updates = facts.updates { counts["package sources"] = updates.repositories.count }
        if let authenticity = facts.authenticity {
            let names: [(VouchedFileFacts.Kind, one: String, many: String)] = [
                (.isoImage, "ISO image", "ISO images"), (.rpmPackage, "RPM package", "RPM packages"),
                (.debianPackage, "Debian package", "Debian packages"), (.repositoryMetadata, "index", "indexes"),
                (.other, "other file", "other files"),
            ]
            for (kind, one, many) in names {
                let count = authenticity.files.count { $0.kind == kind }
                if count > 0 { counts[count == 1 ? one : many] = count }
            }
        }
        self.init(
            kind: facts.subject.kind.rawValue,
            name: facts.subject.hostName.map { "\(facts.subject.name) (\($0))" } ?? facts.subject.name,
            operatingSystem: facts.operatingSystem.map { $0.prettyName ?? $0.id },
            kernels: facts.kernels.map { kernel in
                [kernel.release, kernel.architecture, kernel.isRunning ? "running" : nil].compactMap { $0 }
                    .joined(separator: " ")
            }, counts: counts)
    }
}

extension Evidence {
    init(_ gap: Gap) {
        self.init(
            Location(gap.place.path, line: gap.place.line, offset: gap.place.offset), gap.reason, how: "collection")
    }
}
