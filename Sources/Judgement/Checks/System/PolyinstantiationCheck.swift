import AssayFacts
import AssayFindings
import AssayPolicy

/// Users get their own /tmp, /var/tmp and home folders.
///
/// Why: directories that everybody shares let one user interfere with another's files.
///
/// Proof: pam_namespace.so is installed, directories are listed in namespace.conf, and the session stack of every login
/// service reaches the module, with includes followed. A configuration that no stack reaches is inert, and one whose
/// directory of instances has another mode than 000 lets nobody in.
///
/// Remedy: list the directories in /etc/security/namespace.conf and add `session required pam_namespace.so` to the login
/// services.
///
/// Reference: https://man7.org/linux/man-pages/man8/pam_namespace.8.html
enum PolyinstantiationCheck: Check {
    static let id = "process.polyinstantiation"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let accounts = facts.accounts else { return .unknown("no PAM configuration was looked for") }
        let directories = accounts.polyinstantiatedDirectories.map {
            Evidence(Location($0.place), $0.value, how: "namespace.conf")
        }
        let reached = accounts.namespaceServices.map { Evidence(Location($0.place), $0.value, how: "session stack") }
        let others = accounts.otherLoginServices.map {
            Evidence(Location($0.place), $0.value, how: "session stack without pam_namespace.so")
        }
        let module = accounts.namespaceModule.map {
            Evidence(Location($0), "pam_namespace.so", how: "installed module")
        }
        let evidence = directories + reached + [module].compactMap { $0 }
        let gap = accounts.gaps.first { gap in
            ["/etc/pam", "/etc/security", "/usr/lib/pam.d", "/usr/etc/pam.d"].contains { gap.place.path.hasPrefix($0) }
        }
        if !directories.isEmpty, !reached.isEmpty, others.isEmpty, module != nil {
            guard gap == nil || context.expected == .available else {
                return .unknown("'\(gap?.place.path ?? "")': \(gap?.reason ?? "")", evidence: evidence)
            }
            guard gap == nil else {
                return Judgement(
                    .pass, .available, .set,
                    "pam_namespace.so is installed; whether every login service uses it is not known",
                    decidedBy: "PAM", evidence: evidence)
            }
            return Judgement(
                .pass, .on, .set,
                "\(directories.count) \(directories.count == 1 ? "directory is" : "directories are") separate for each user "
                    + "in every login service",
                decidedBy: "PAM", evidence: evidence)
        }
        if module != nil {
            let missing =
                directories.isEmpty
                ? "no directory is listed in namespace.conf"
                : (reached.isEmpty ? "no login service uses it" : "\(others.count) of the login services do not use it")
            return Judgement(
                Judgement.verdict(of: .available, expected: context.expected), .available, .set,
                "pam_namespace.so is installed; \(missing)", decidedBy: "PAM", evidence: evidence + others)
        }
        if let gap { return .unknown("'\(gap.place.path)': \(gap.reason)", evidence: evidence) }
        if facts.isConfigurationOnly { return .unknown("the subject holds no programs", evidence: evidence) }
        return Judgement(
            Judgement.verdict(of: .off, expected: context.expected), .off, .measured,
            "pam_namespace.so is not installed", decidedBy: "PAM", evidence: evidence)
    }
}
