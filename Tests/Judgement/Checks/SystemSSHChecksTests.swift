import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

@testable import AssayChecks

struct SystemSSHChecksTests {
    private static let context = CheckContext(expected: .byDefault)
    private static let line = Place("/etc/ssh/sshd_config", line: 7)
    private static let keysOnly = [
        "passwordauthentication": "no", "kbdinteractiveauthentication": "no", "permitemptypasswords": "no",
        "usepam": "yes",
    ]

    private func judge(
        _ changes: [String: String] = [:], conditional: [String] = [], gaps: [Gap] = [], isInstalled: Bool = true,
        place: Place = Self.line
    ) -> Judgement {
        var facts = Facts(subject: SubjectFacts(kind: .host, name: "/"))
        let settings = Self.keysOnly.merging(changes) { _, new in new }
        var ssh = SSHFacts(
            isInstalled: isInstalled, settings: settings.mapValues { Sourced($0, place) },
            conditional: conditional.map { Sourced($0, Self.line) })
        ssh.gaps = gaps
        facts.ssh = ssh
        return KeyOnlySSHCheck.evaluate(facts, Self.context)
    }

    @Test(
        arguments: [
            ([:], Verdict.pass, "SSH accepts keys only"),
            (["passwordauthentication": "yes"], .fail, "SSH accepts passwords: passwordauthentication yes"),
            (["kbdinteractiveauthentication": "yes"], .fail, "SSH accepts passwords: kbdinteractiveauthentication yes"),
            (["kbdinteractiveauthentication": "yes", "usepam": "no"], .pass, "SSH accepts keys only"),
            (["permitemptypasswords": "yes"], .fail, "SSH accepts passwords: permitemptypasswords yes"),
            (
                ["passwordauthentication": "yes", "authenticationmethods": "publickey,password publickey"], .pass,
                "SSH demands a key of everybody"
            ),
            (
                ["passwordauthentication": "yes", "authenticationmethods": "publickey password"], .fail,
                "SSH accepts passwords: passwordauthentication yes"
            ),
            (
                ["passwordauthentication": "yes", "authenticationmethods": "any"], .fail,
                "SSH accepts passwords: passwordauthentication yes"
            ),
        ] as [([String: String], Verdict, String)])
    func `the settings decide`(changes: [String: String], verdict: Verdict, message: String) {
        let judgement = judge(changes)
        #expect(judgement.verdict == verdict)
        #expect(judgement.message == message)
    }

    @Test(
        arguments: [
            ("passwordauthentication yes (Match User backup)", [:], Verdict.fail),
            ("kbdinteractiveauthentication yes (Match Address 10.0.0.0/8)", [:], .fail),
            ("permitrootlogin yes (Match User root)", [:], .pass),
            ("authenticationmethods any (Match User x)", [:], .pass),
            ("authenticationmethods any (Match User x)", ["authenticationmethods": "publickey"], .fail),
            ("passwordauthentication yes (Match User x)", ["authenticationmethods": "publickey"], .pass),
        ] as [(String, [String: String], Verdict)])
    func `a Match block counts when it lets passwords in`(text: String, changes: [String: String], verdict: Verdict) {
        let judgement = judge(changes, conditional: [text])
        #expect(judgement.verdict == verdict)
        #expect(judgement.evidence.contains { $0.value == text && $0.isException == (verdict == .fail) })
    }

    @Test func `a default that lets passwords in is named as such`() {
        let judgement = judge(["passwordauthentication": "yes"], place: Place("sshd default"))
        #expect(judgement.verdict == .fail)
        #expect(judgement.basis == .kernelDefault)
        #expect(judgement.decidedBy == "sshd's default")
        #expect(judge(["passwordauthentication": "yes"]).basis == .set)
    }

    @Test func `what could not be read may overrule what was`() {
        let gap = Gap(Place("/etc/ssh/sshd_config.d/10.conf"), reason: "permission denied")
        #expect(judge(gaps: [gap]).verdict == .unknown)
        #expect(judge(["passwordauthentication": "yes"], gaps: [gap]).verdict == .unknown)
        #expect(judge(gaps: [gap]).message == "'/etc/ssh/sshd_config.d/10.conf': permission denied")
    }

    @Test func `without a server there is no question, without facts no answer`() {
        #expect(judge(isInstalled: false).verdict == .notApplicable)
        let nothing = Facts(subject: SubjectFacts(kind: .host, name: "/"))
        #expect(KeyOnlySSHCheck.evaluate(nothing, Self.context).verdict == .unknown)
    }
}
