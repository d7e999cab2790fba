import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

@testable import AssayChecks

struct SystemJournalChecksTests {
    private static let byDefault = CheckContext(expected: .byDefault)
    private static let available = CheckContext(expected: .available)
    private static let library = Place("/usr/lib/systemd/libsystemd-shared-255.so")
    private static let directory = Place("/var/log/journal")

    private func facts(
        kind: SubjectFacts.Kind = .host, storage: String = "persistent", seal: Bool = true, hasKey: Bool = true,
        sealed: Int = 1, files: Int = 2, directory: Observation<Bool> = .found(true, Self.directory),
        gcrypt: Observation<Bool> = .found(true, Self.library)
    ) -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: kind, name: "/"))
        facts.journal = JournalFacts(
            storage: Sourced(storage, Place("/etc/systemd/journald.conf", line: 2)),
            seal: Sourced(seal, Place("/etc/systemd/journald.conf", line: 3)), hasPersistentDirectory: directory,
            sealingKeys: hasKey ? [Place("/var/log/journal/m/fss")] : [], sealedFiles: sealed, files: files,
            hasGcrypt: gcrypt)
        return facts
    }

    private func judge(_ facts: Facts, _ context: CheckContext = Self.byDefault) -> Judgement {
        SealedLogsCheck.evaluate(facts, context)
    }

    @Test func `a key, a journal on disk and gcrypt make sealing on`() {
        #expect(judge(facts()).verdict == .pass)
        #expect(judge(facts()).state == .on)
        #expect(judge(facts(sealed: 0, files: 0)).state == .on)
    }

    @Test func `a key that comes with an image seals nothing`() {
        let judgement = judge(facts(kind: .rootDirectory), Self.available)
        #expect(judgement.verdict == .fail)
        #expect(judgement.basis == .conditional)
    }

    @Test func `what keeps journals from being sealed is said`() {
        let table: [(Facts, String)] = [
            (facts(seal: false), "sealing is switched off ('/etc/systemd/journald.conf')"),
            (facts(storage: "volatile"), "journals are not kept on disk, so they are not sealed (Storage=volatile)"),
            (
                facts(storage: "auto", directory: .absent(Self.directory)),
                "journals are not kept on disk, so they are not sealed (there is no '/var/log/journal')"
            ),
            (facts(hasKey: false), "journals can be sealed; no sealing key was set up"),
            (facts(sealed: 0), "a sealing key was set up, and none of 2 journal files is sealed"),
        ]
        for (facts, message) in table {
            #expect(judge(facts).message == message)
            #expect(judge(facts).state == .available)
            #expect(judge(facts).verdict == .fail)
            #expect(judge(facts, Self.available).verdict == .pass)
        }
    }

    @Test func `without gcrypt it is off, and unknown where systemd's library is not there`() {
        #expect(judge(facts(gcrypt: .found(false, Self.library)), Self.available).verdict == .fail)
        #expect(judge(facts(gcrypt: .found(false, Self.library)), Self.available).state == .off)
        #expect(judge(facts(gcrypt: .absent(Self.library)), Self.available).verdict == .unknown)
        #expect(judge(facts(gcrypt: .unreadable(Self.library, reason: "denied")), Self.available).verdict == .unknown)
    }

    @Test func `a gap leaves open whether there is a key`() {
        var facts = facts(hasKey: false)
        facts.journal?.gaps = [Gap(Self.directory, reason: "permission denied")]
        #expect(judge(facts).message == "'/var/log/journal': permission denied")
        #expect(judge(facts).verdict == .unknown)
        #expect(judge(facts, Self.available).verdict == .pass)
    }

    @Test func `a subject without a journal is not asked`() {
        let nothing = Facts(subject: SubjectFacts(kind: .rootDirectory, name: "/tree"))
        #expect(judge(nothing).verdict == .notApplicable)
    }
}
