import AssayFacts
import AssayFindings
import AssayPolicy

/// Packages are installed only when the vendor's key signed them.
///
/// Why: whoever controls a mirror or the network between must not be able to install software.
///
/// Proof: every enabled package source: dnf, yum and tdnf need gpgcheck=1 and a key file that is in the subject (and, with
/// the row's parameter metadata=required, repo_gpgcheck=1, which tdnf obeys only with its plug-in repogpgcheck); apt needs
/// a keyring and no trusted=yes or allow-insecure=yes. Which of the package managers is installed decides what an unset
/// option means. Settings of the package manager as a whole count too. Certificate checks switched off, a key that is
/// fetched and unsigned metadata over http are exceptions; a signed index over http is not, nor is skip_if_unavailable:
/// both leave the signatures in force.
///
/// Remedy: set gpgcheck=1, repo_gpgcheck=1 and gpgkey=file:… for each repository; for apt, use Signed-By and remove
/// trusted=yes.
///
/// Reference: https://dnf.readthedocs.io/en/latest/conf_ref.html
enum SignedUpdatesCheck: Check {
    static let id = "updates.signed"
    static let severity = Severity.high

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let updates = facts.updates else { return .unknown("no package sources were looked for") }
        let enabled = updates.repositories.filter(\.isEnabled)
        var unknowns: [String] = updates.gaps.map { "'\($0.place.path)': \($0.reason)" }
        var evidence: [Evidence] = updates.weaknesses.map {
            Evidence(Location($0.place), $0.value, how: "package manager", isException: true)
        }
        var weak: [String] = []
        for repository in enabled {
            let problems = problems(repository, context)
            let missing = repository.keys.filter { $0.exists == nil }.map(\.name)
            if problems.isEmpty, let first = missing.first {
                unknowns.append("whether '\(first)' is there for \(repository.name)")
            }
            if !problems.isEmpty { weak.append(repository.name) }
            let remarks = repository.weaknesses.map(\.value).filter { !problems.contains($0) }
            let keys = (repository.keys.map(\.name) + remarks).joined(separator: "; ")
            evidence.append(
                Evidence(
                    Location(repository.place),
                    problems.isEmpty
                        ? "\(repository.name): \(keys)" : "\(repository.name): \(problems.joined(separator: "; "))",
                    how: repository.system, isException: !problems.isEmpty))
        }
        evidence = evidence.filter(\.isException) + evidence.filter { !$0.isException }
        if !weak.isEmpty || !updates.weaknesses.isEmpty {
            let what =
                weak.isEmpty
                ? "the package manager is told to check less: "
                    + updates.weaknesses.prefix(3).map(\.value).joined(separator: "; ")
                : "\(weak.count) of \(enabled.count) enabled package sources are not fully authenticated: "
                    + weak.prefix(3).joined(separator: ", ") + (weak.count > 3 ? " …" : "")
            return Judgement(.fail, .available, .set, what, decidedBy: "package sources", evidence: evidence)
        }
        if let first = unknowns.first { return .unknown("package sources: \(first)", evidence: evidence) }
        guard !enabled.isEmpty else {
            return updates.repositories.isEmpty
                ? .unknown("the subject has no package sources that we know of")
                : .notApplicable("no package source is enabled")
        }
        return Judgement(
            .pass, .on, .set, "all \(enabled.count) enabled package sources are authenticated with keys of the subject",
            decidedBy: "package sources", evidence: evidence)
    }

    private static func problems(_ repository: UpdateFacts.Repository, _ context: CheckContext) -> [String] {
        var problems: [String] = []
        if !repository.checksPackages {
            problems.append(repository.system == "apt" ? "its index is trusted without a signature" : "gpgcheck is off")
        }
        if repository.system != "apt", context.parameters["metadata"] == "required", !repository.checksMetadata {
            problems.append("repo_gpgcheck is off")
        }
        if repository.keys.isEmpty { problems.append("no key is named") }
        for key in repository.keys where key.exists == false { problems.append("the key '\(key.name)' is not there") }
        for key in repository.keys where !key.name.hasPrefix("/") && key.exists == nil && key.name.contains("://") {
            problems.append("the key '\(key.name)' is fetched, not pinned")
        }
        if !repository.checksCertificates { problems.append("certificates are not checked") }
        problems += repository.weaknesses.map(\.value).filter { weakness in
            // That metadata signatures are not checked counts where they are required.
            !weakness.hasPrefix("repo_gpgcheck") || context.parameters["metadata"] == "required"
        }
        return problems
    }
}
