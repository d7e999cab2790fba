import AssayFacts
import AssayFindings
import AssayPolicy

/// Passwords are hashed with SHA-512 crypt or better.
///
/// Why: stolen hashes of weak schemes are guessed millions of times faster.
///
/// Proof: three things must agree: pam_unix.so's option in the password stack (it decides what passwd writes),
/// ENCRYPT_METHOD in login.defs (chpasswd, useradd), and the hashes in /etc/shadow, of which only the scheme is kept.
/// yescrypt, gost-yescrypt, scrypt, bcrypt and SHA-512 crypt are good; an empty password is none.
///
/// Remedy: set `password … pam_unix.so yescrypt` (or sha512) and ENCRYPT_METHOD YESCRYPT (or SHA512), then have the listed
/// accounts change their passwords.
///
/// Reference: https://man7.org/linux/man-pages/man5/crypt.5.html
enum PasswordHashingCheck: Check {
    static let id = "accounts.password-hashing"
    static let severity = Severity.high

    private static let strong: Set<String> = [
        "yescrypt", "gost-yescrypt", "scrypt", "bcrypt", "sha512crypt", "sha512", "blowfish", "gost_yescrypt",
        "gostyescrypt",
    ]
    /// Accounts that nobody can log in to with a password.
    private static let closed: Set<String> = ["locked", "disabled", "none"]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let accounts = facts.accounts else { return .unknown("no accounts were looked for") }
        var evidence: [Evidence] = []
        var weak: [String] = []
        var unknown: [String] = []
        func note(_ observation: Observation<String>, _ name: String) {
            switch observation {
            case .found(let value, let place):
                let isStrong = strong.contains(value.lowercased())
                if value == "default" {
                    evidence.append(Evidence(Location(place), "\(name) names no method", how: "configuration"))
                    // pam_unix(8) then takes the method of login.defs; what it does without one depends on its build.
                    if case .absent = accounts.loginDefsMethod {
                        unknown.append("neither \(name) nor login.defs names a hashing method")
                    }
                    return
                }
                if !isStrong { weak.append("\(name) is \(value)") }
                evidence.append(
                    Evidence(Location(place), "\(name) \(value)", how: "configuration", isException: !isStrong))
            case .absent(let place):
                evidence.append(Evidence(Location(place), "\(name) is not set", how: "configuration"))
            case .unreadable(let place, let reason): unknown.append("'\(place.path)': \(reason)")
            }
        }
        note(accounts.pamMethod, "pam_unix.so")
        note(accounts.loginDefsMethod, "ENCRYPT_METHOD")
        switch accounts.passwords {
        case .absent(let place): evidence.append(Evidence(Location(place), "no such file", how: "accounts"))
        case .unreadable(let place, let reason): unknown.append("'\(place.path)': \(reason)")
        case .found(let passwords, _):
            for password in passwords where !closed.contains(password.scheme) {
                let isStrong = strong.contains(password.scheme)
                if !isStrong {
                    weak.append(
                        password.scheme == "empty"
                            ? "\(password.user) has no password" : "\(password.user)'s hash is \(password.scheme)")
                }
                evidence.append(
                    Evidence(
                        Location(password.place), "\(password.user): \(password.scheme)", how: "stored hash",
                        isException: !isStrong))
            }
        }
        let files = ["/etc/shadow", "/etc/passwd", "/etc/login.defs"]
        unknown += accounts.gaps.filter { files.contains($0.place.path) }.map { "'\($0.place.path)': \($0.reason)" }
        evidence = evidence.filter(\.isException) + evidence.filter { !$0.isException }
        if let first = weak.first {
            let more = weak.count > 1 ? " and \(weak.count - 1) more" : ""
            return Judgement(.fail, .off, .set, first + more, decidedBy: "accounts", evidence: evidence)
                .cappingEvidence()
        }
        if let first = unknown.first { return .unknown(first, evidence: evidence) }
        let pam = accounts.pamMethod.value.flatMap { $0 == "default" ? nil : $0 }
        let names = Set([pam, accounts.loginDefsMethod.value?.lowercased()].compactMap { $0 })
        guard !names.isEmpty else {
            return .unknown("neither PAM nor login.defs names a hashing method", evidence: evidence)
        }
        return Judgement(
            .pass, .on, .set, "new passwords are hashed with \(names.sorted().joined(separator: " or "))",
            decidedBy: pam == nil ? "login.defs" : "PAM", evidence: evidence
        ).cappingEvidence()
    }
}
