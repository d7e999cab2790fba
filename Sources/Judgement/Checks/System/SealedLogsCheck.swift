import AssayFacts
import AssayFindings
import AssayPolicy

/// Logs cannot be changed unnoticed (forward-secure sealing of the journal).
///
/// Why: whoever breaks in removes the traces; a sealed journal shows it.
///
/// Proof: sealing needs a systemd built with gcrypt (the feature string in its library says +GCRYPT), a persistent journal,
/// Seal= not off, and a sealing key. With all but the key it is available; with the key, on, unless the journal files that
/// are there are not sealed. `Seal=yes` without a key does nothing. A key that comes with an image is the same on every
/// machine made from it.
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
        func available(_ message: String, _ basis: Basis, decidedBy: String) -> Judgement {
            Judgement(
                Judgement.verdict(of: .available, expected: context.expected), .available, basis, message,
                decidedBy: decidedBy, evidence: evidence)
        }
        guard journal.seal.value else {
            return available(
                "sealing is switched off ('\(journal.seal.place.path)')", .set, decidedBy: "journald.conf")
        }
        if let reason = unkept(journal) { return available(reason, .set, decidedBy: "journald.conf") }
        if let gap = journal.gaps.first, context.expected == .byDefault {
            return .unknown("'\(gap.place.path)': \(gap.reason)", evidence: evidence)
        }
        guard !journal.sealingKeys.isEmpty else {
            return available("journals can be sealed; no sealing key was set up", .measured, decidedBy: "files")
        }
        if facts.subject.kind == .rootDirectory {
            return Judgement(
                .fail, .on, .conditional,
                "a sealing key is part of the subject: every machine made from it has the same", decidedBy: "files",
                evidence: evidence)
        }
        if journal.files > 0, journal.sealedFiles == 0 {
            return available(
                "a sealing key was set up, and none of \(journal.files) journal files is sealed", .conflict,
                decidedBy: "journal headers")
        }
        return Judgement(.pass, .on, .measured, "journals are sealed", decidedBy: "files", evidence: evidence)
    }

    /// Why the journal is not on disk, where alone it is sealed; nil when it is, or may be.
    private static func unkept(_ journal: JournalFacts) -> String? {
        switch (journal.storage.value, journal.hasPersistentDirectory) {
        case ("volatile", _), ("none", _):
            "journals are not kept on disk, so they are not sealed (Storage=\(journal.storage.value))"
        case ("auto", .absent(let place)), ("auto", .found(false, let place)):
            "journals are not kept on disk, so they are not sealed (there is no '\(place.path)')"
        default: nil
        }
    }
}
