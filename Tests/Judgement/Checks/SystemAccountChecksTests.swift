import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

@testable import AssayChecks

struct SystemAccountChecksTests {
    private static let byDefault = CheckContext(expected: .byDefault)
    private static let available = CheckContext(expected: .available)
    private static let shadow = Place("/etc/shadow")
    private static let pam = Place("/etc/pam.d/common-password", line: 25)
    private static let login = Place("/etc/login.defs", line: 12)

    private func facts(
        _ schemes: [String: String] = ["root": "yescrypt", "daemon": "locked"],
        pam: Observation<String> = .found("yescrypt", Self.pam),
        login: Observation<String> = .found("SHA512", Self.login), gaps: [Gap] = []
    ) -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: .rootDirectory, name: "/tree"))
        let passwords = schemes.sorted { $0.key < $1.key }.map {
            AccountFacts.Password(user: $0.key, scheme: $0.value, place: Place("/etc/shadow", line: 1))
        }
        var accounts = AccountFacts(passwords: .found(passwords, Self.shadow), loginDefsMethod: login, pamMethod: pam)
        accounts.gaps = gaps
        facts.accounts = accounts
        return facts
    }

    private func hashing(_ facts: Facts) -> Judgement { PasswordHashingCheck.evaluate(facts, Self.byDefault) }

    @Test(arguments: ["yescrypt", "gost-yescrypt", "scrypt", "bcrypt", "sha512crypt", "locked", "disabled"])
    func `these stored passwords are good`(scheme: String) {
        let judgement = hashing(facts(["user": scheme]))
        #expect(judgement.verdict == .pass)
        #expect(judgement.message == "new passwords are hashed with sha512 or yescrypt")
    }

    @Test(arguments: ["sha256crypt", "sha1crypt", "sunmd5", "md5crypt", "bsdicrypt", "bigcrypt", "descrypt", "nthash"])
    func `these stored passwords are weak`(scheme: String) {
        let judgement = hashing(facts(["user": scheme, "root": "yescrypt"]))
        #expect(judgement.verdict == .fail)
        #expect(judgement.message == "user's hash is \(scheme)")
        #expect(judgement.evidence.first?.isException == true)
    }

    @Test func `an empty password is a failure of its own`() {
        #expect(hashing(facts(["guest": "empty"])).message == "guest has no password")
    }

    @Test(
        arguments: [
            ("sha512", "SHA512", Verdict.pass), ("yescrypt", "YESCRYPT", .pass), ("blowfish", "BCRYPT", .pass),
            ("gost_yescrypt", "SHA512", .pass), ("md5", "SHA512", .fail), ("sha256", "SHA512", .fail),
            ("yescrypt", "MD5", .fail), ("yescrypt", "DES", .fail), ("default", "SHA512", .pass),
            ("default", "MD5", .fail),
            ("default", nil, .unknown), ("yescrypt", nil, .pass), (nil, "SHA512", .pass), (nil, nil, .unknown),
        ] as [(String?, String?, Verdict)])
    func `both configurations must name a good method`(pam: String?, login: String?, verdict: Verdict) {
        let judgement = hashing(
            facts(
                pam: pam.map { .found($0, Self.pam) } ?? .absent(Self.pam),
                login: login.map { .found($0, Self.login) } ?? .absent(Self.login)))
        #expect(judgement.verdict == verdict)
        if verdict == .pass { #expect(judgement.decidedBy == (pam == nil || pam == "default" ? "login.defs" : "PAM")) }
    }

    @Test func `what could not be read is unknown, and only where it matters`() {
        let denied = Gap(Self.shadow, reason: "permission denied")
        #expect(hashing(facts(gaps: [denied])).message == "'/etc/shadow': permission denied")
        #expect(hashing(facts(gaps: [Gap(Place("/etc/security/namespace.conf"), reason: "odd")])).verdict == .pass)
        #expect(hashing(facts(pam: .unreadable(Self.pam, reason: "malformed"))).verdict == .unknown)
        var unread = facts()
        unread.accounts?.passwords = .unreadable(Self.shadow, reason: "permission denied")
        #expect(hashing(unread).verdict == .unknown)
        #expect(hashing(facts(["a": "md5crypt"], gaps: [denied])).verdict == .fail)
    }

    private func namespaces(
        directories: [String] = ["/tmp"], using: [String] = ["login", "sshd"], others: [String] = [],
        hasModule: Bool = true, gaps: [Gap] = []
    ) -> Facts {
        var facts = facts(gaps: gaps)
        facts.accounts?.polyinstantiatedDirectories = directories.map {
            Sourced($0, Place("/etc/security/namespace.conf", line: 1))
        }
        facts.accounts?.namespaceServices = using.map { Sourced($0, Place("/etc/pam.d/\($0)", line: 4)) }
        facts.accounts?.otherLoginServices = others.map { Sourced($0, Place("/etc/pam.d/\($0)")) }
        facts.accounts?.namespaceModule = hasModule ? Place("/usr/lib/security/pam_namespace.so") : nil
        return facts
    }

    @Test func `private directories are on when the module, the list and every login service agree`() {
        let judgement = PolyinstantiationCheck.evaluate(namespaces(), Self.byDefault)
        #expect(judgement.verdict == .pass)
        #expect(judgement.state == .on)
        #expect(judgement.message == "1 directory is separate for each user in every login service")
    }

    @Test func `what is missing is said`() {
        let table: [(Facts, String)] = [
            (namespaces(directories: []), "pam_namespace.so is installed; no directory is listed in namespace.conf"),
            (namespaces(using: [], others: ["login"]), "pam_namespace.so is installed; no login service uses it"),
            (
                namespaces(others: ["su", "sudo"]),
                "pam_namespace.so is installed; 2 of the login services do not use it"
            ),
        ]
        for (facts, message) in table {
            let judgement = PolyinstantiationCheck.evaluate(facts, Self.available)
            #expect(judgement.message == message)
            #expect(judgement.verdict == .pass)
            #expect(judgement.state == .available)
            #expect(PolyinstantiationCheck.evaluate(facts, Self.byDefault).verdict == .fail)
        }
        let off = PolyinstantiationCheck.evaluate(namespaces(hasModule: false), Self.available)
        #expect(off.verdict == .fail)
        #expect(off.state == .off)
    }

    @Test func `a gap of PAM or namespace.conf makes on unknown, one of shadow does not`() {
        let odd = Gap(Place("/etc/security/namespace.conf", line: 1), reason: "wrong mode")
        #expect(PolyinstantiationCheck.evaluate(namespaces(gaps: [odd]), Self.byDefault).verdict == .unknown)
        #expect(PolyinstantiationCheck.evaluate(namespaces(gaps: [odd]), Self.available).state == .available)
        let shadow = Gap(Self.shadow, reason: "permission denied")
        #expect(PolyinstantiationCheck.evaluate(namespaces(gaps: [shadow]), Self.byDefault).verdict == .pass)
    }
}
