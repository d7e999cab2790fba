import AssayFacts
import AssayFindings
import AssayPolicy

/// Logs cannot be changed unnoticed (forward-secure sealing of the journal).
///
/// Why: whoever breaks in removes the traces; a sealed journal shows it.
///
/// Proof: sealing needs a systemd built with gcrypt (the feature string in its library says +GCRYPT), a persistent journal,
/// Seal= not off, and a sealing key. With all but the key it is available; with the key, on. `Seal=yes` without a key does
/// nothing. A key that comes with an image is the same on every machine made from it.
///
/// Remedy: use a systemd built with gcrypt, set Storage=persistent and run `journalctl --setup-keys` on each machine.
///
/// Reference: https://www.freedesktop.org/software/systemd/man/latest/journalctl.html#--setup-keys
enum SealedLogsCheck: Check {
    static let id = "logs.sealing"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let journal = facts.journal else { return .notApplicable("the subject has no journal") }
        var evidence = [
            Evidence(Location(journal.seal.place), "Seal=\(journal.seal.value ? "yes" : "no")", how: "journald.conf"),
            Evidence(Location(journal.storage.place), "Storage=\(journal.storage.value)", how: "journald.conf"),
        ]
        evidence += journal.sealingKeys.map { Evidence(Location($0), "sealing key", how: "file") }
        if journal.files > 0 {
            evidence.append(
                Evidence(
                    Location("/var/log/journal"), "\(journal.sealedFiles) of \(journal.files) journal files are sealed",
                    how: "journal headers"))
        }
        switch journal.hasGcrypt {
        case .found(let hasGcrypt, let place):
            evidence.append(
                Evidence(
                    Location(place), hasGcrypt ? "+GCRYPT" : "-GCRYPT", how: "systemd's feature string",
                    isException: !hasGcrypt))
            guard hasGcrypt else {
                return Judgement(
                    Judgement.verdict(of: .off, expected: context.expected), .off, .measured,
                    "systemd is built without gcrypt, so journals cannot be sealed", decidedBy: "systemd",
                    evidence: evidence)
            }
        case .absent(let place):
            return .unknown(
                "whether systemd was built with gcrypt is not known: '\(place.path)' is not in the subject",
                evidence: evidence)
        case .unreadable(let place, let reason): return .unknown("'\(place.path)': \(reason)", evidence: evidence)
        }
        guard journal.seal.value else {
            return Judgement(
                Judgement.verdict(of: .available, expected: context.expected), .available, .set,
                "sealing is switched off (\(journal.seal.place.text))", decidedBy: "journald.conf", evidence: evidence)
        }
        if journal.sealingKeys.isEmpty {
            return Judgement(
                Judgement.verdict(of: .available, expected: context.expected), .available, .measured,
                "journals can be sealed; no sealing key was set up", decidedBy: "files", evidence: evidence)
        }
        if facts.subject.kind == .rootDirectory {
            return Judgement(
                .fail, .on, .conditional,
                "a sealing key is part of the subject: every machine made from it has the same", decidedBy: "files",
                evidence: evidence)
        }
        return Judgement(.pass, .on, .measured, "journals are sealed", decidedBy: "files", evidence: evidence)
    }
}
