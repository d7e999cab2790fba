import AssayFacts
import AssayFindings
import AssayPolicy

/// SSH accepts keys only.
///
/// Why: passwords are guessed; keys are not.
///
/// Proof: the effective settings of sshd_config with its includes, where the first value of a keyword wins and an unset one
/// has sshd's default: PasswordAuthentication no, KbdInteractiveAuthentication no (it asks for passwords only through PAM),
/// PermitEmptyPasswords no; or AuthenticationMethods that all demand a key. A Match block that allows passwords again is an
/// exception.
///
/// Remedy: set `PasswordAuthentication no` and `KbdInteractiveAuthentication no` in a file of /etc/ssh/sshd_config.d.
///
/// Reference: https://man.openbsd.org/sshd_config
enum KeyOnlySSHCheck: Check {
    static let id = "ssh.key-only"
    static let severity = Severity.medium

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let ssh = facts.ssh else { return .unknown("no SSH server was looked for") }
        guard ssh.isInstalled else { return .notApplicable("no SSH server is installed") }
        let methods = ssh.settings["authenticationmethods"]
        let demandsKey = methods.map { isKey($0.value) } ?? false
        var evidence: [Evidence] = []
        var open: [String] = []
        var missing: String?
        for keyword in keywords {
            guard let setting = ssh.settings[keyword] else {
                missing = missing ?? "the value of \(keyword) is not known"
                continue
            }
            // Without PAM, sshd has nothing that would ask for a password in a dialogue.
            let isInert = keyword == "kbdinteractiveauthentication" && ssh.settings["usepam"]?.value == "no"
            let isGood = setting.value == "no" || demandsKey || isInert
            if !isGood { open.append("\(keyword) \(setting.value)") }
            evidence.append(
                Evidence(
                    Location(setting.place), "\(keyword) \(setting.value)",
                    how: setting.place.line == nil ? "default" : "sshd_config", isException: !isGood))
        }
        if let methods {
            evidence.append(
                Evidence(Location(methods.place), "authenticationmethods \(methods.value)", how: "sshd_config"))
        }
        let loosening = ssh.conditional.filter { isLoosening($0.value, demandsKey) }
        evidence += ssh.conditional.map {
            Evidence(Location($0.place), $0.value, how: "Match block", isException: loosening.contains($0))
        }
        evidence = evidence.filter(\.isException) + evidence.filter { !$0.isException }
        // The first value of a keyword wins, so what could not be read may overrule what was.
        if let gap = ssh.gaps.first { return .unknown("'\(gap.place.path)': \(gap.reason)", evidence: evidence) }
        if let missing { return .unknown(missing, evidence: evidence) }
        if !open.isEmpty {
            let isDefault = evidence.filter(\.isException).allSatisfy { $0.how == "default" }
            return Judgement(
                .fail, .off, isDefault ? .kernelDefault : .set,
                "SSH accepts passwords: \(open.joined(separator: ", "))",
                decidedBy: isDefault ? "sshd's default" : "sshd_config", evidence: evidence)
        }
        if let first = loosening.first {
            return Judgement(
                .fail, .on, .set, "a Match block changes it: \(first.value)", decidedBy: "sshd_config",
                evidence: evidence)
        }
        return Judgement(
            .pass, .on, .set, demandsKey ? "SSH demands a key of everybody" : "SSH accepts keys only",
            decidedBy: "sshd_config", evidence: evidence)
    }

    private static let keywords = ["passwordauthentication", "kbdinteractiveauthentication", "permitemptypasswords"]

    /// Whether each list of methods, any of which is enough, has a key in it.
    private static func isKey(_ methods: String) -> Bool {
        let lists = methods.split(separator: " ")
        return !lists.isEmpty && lists.allSatisfy { $0.split(separator: ",").contains("publickey") }
    }

    /// Whether a value of a Match block lets somebody in with a password; `value` is `keyword value (Match …)`.
    private static func isLoosening(_ value: String, _ demandsKey: Bool) -> Bool {
        let words = value.split(separator: " ")
        guard let keyword = words.first else { return false }
        if keyword == "authenticationmethods" {
            let lists = words.dropFirst().prefix { $0 != "(Match" }
            return demandsKey && !isKey(lists.joined(separator: " "))
        }
        return !demandsKey && keywords.contains(String(keyword)) && words.dropFirst().first != "no"
    }
}
