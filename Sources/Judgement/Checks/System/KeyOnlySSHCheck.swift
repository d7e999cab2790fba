import AssayFacts
import AssayFindings
import AssayPolicy

/// SSH accepts keys only.
///
/// Why: passwords are guessed; keys are not.
///
/// Proof: the effective settings of sshd_config with its includes, where the first value of a keyword wins and an unset one
/// has sshd's default: PasswordAuthentication no, KbdInteractiveAuthentication no, PermitEmptyPasswords no. A Match block
/// that allows passwords again is an exception.
///
/// Remedy: set `PasswordAuthentication no` and `KbdInteractiveAuthentication no` in a file of /etc/ssh/sshd_config.d.
///
/// Reference: https://man.openbsd.org/sshd_config
enum KeyOnlySSHCheck: Check {
    static let id = "ssh.key-only"
    static let severity = Severity.medium

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let ssh = facts.ssh, ssh.isInstalled else { return .notApplicable("no SSH server is installed") }
        let wanted = [
            ("passwordauthentication", "no"), ("kbdinteractiveauthentication", "no"), ("permitemptypasswords", "no"),
        ]
        var evidence: [Evidence] = []
        var open: [String] = []
        for (keyword, value) in wanted {
            guard let setting = ssh.settings[keyword] else {
                return .unknown("the value of \(keyword) is not known")
            }
            let isGood = setting.value.lowercased() == value
            if !isGood { open.append("\(keyword) \(setting.value)") }
            evidence.append(
                Evidence(
                    Location(setting.place), "\(keyword) \(setting.value)",
                    how: setting.place.line == nil ? "default" : "sshd_config", isException: !isGood))
        }
        evidence += ssh.conditional.map {
            Evidence(Location($0.place), $0.value, how: "Match block", isException: true)
        }
        evidence = evidence.filter(\.isException) + evidence.filter { !$0.isException }
        if !open.isEmpty {
            return Judgement(
                .fail, .off, .set, "SSH accepts passwords: \(open.joined(separator: ", "))", decidedBy: "sshd_config",
                evidence: evidence)
        }
        if let first = ssh.conditional.first {
            return Judgement(
                .fail, .on, .set, "a Match block changes it: \(first.value)", decidedBy: "sshd_config",
                evidence: evidence)
        }
        if let gap = ssh.gaps.first { return .unknown("'\(gap.place.path)': \(gap.reason)", evidence: evidence) }
        return Judgement(.pass, .on, .set, "SSH accepts keys only", decidedBy: "sshd_config", evidence: evidence)
    }
}
