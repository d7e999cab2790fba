import AssayFacts
import AssayFindings
import Testing

struct UpdatesTests {
    private static let key = UpdateFacts.Key(name: "/etc/pki/rpm-gpg/KEY", exists: true)

    private static func repository(
        _ name: String = "base", system: String = "dnf", enabled: Bool = true, packages: Bool = true,
        metadata: Bool = true, keys: [UpdateFacts.Key] = [key], certificates: Bool = true, weaknesses: [String] = []
    ) -> UpdateFacts.Repository {
        let place = Place("/etc/yum.repos.d/\(name).repo", line: 1)
        return UpdateFacts.Repository(
            name: name, system: system, isEnabled: enabled, checksPackages: packages, checksMetadata: metadata,
            keys: keys, addresses: ["https://example.org"], checksCertificates: certificates,
            weaknesses: weaknesses.map { Sourced($0, place) }, place: place)
    }

    private static func root(
        _ repositories: UpdateFacts.Repository..., gaps: [Gap] = [], global: String? = nil
    ) -> Facts {
        var updates = UpdateFacts()
        updates.repositories = repositories
        updates.gaps = gaps
        if let global { updates.weaknesses = [Sourced(global, Place("/etc/apt/apt.conf.d/99x", line: 2))] }
        return Made.root().with { $0.updates = updates }
    }

    private static let withoutPlugin = "repo_gpgcheck=1 has no effect: the plug-in is not installed"

    private static let cases: [Case] = [
        Case("all checked", "updates.signed", root(repository()), .pass, .on, .set, says: "all 1 enabled"),
        Case(
            "gpgcheck=0", "updates.signed", root(repository(packages: false), repository("two")), .fail, .available,
            .set, says: "1 of 2 enabled package sources are not fully authenticated: base"),
        Case(
            "a disabled source does not count", "updates.signed",
            root(repository(), repository("off", enabled: false, packages: false)), .pass, .on, .set, says: "all 1"),
        Case(
            "none is enabled", "updates.signed", root(repository(enabled: false)), .notApplicable, .notApplicable,
            says: "no package source is enabled"),
        Case("none at all", "updates.signed", root(), .unknown, .unknown, says: "no package sources"),
        Case(
            "the key is not there", "updates.signed",
            root(repository(keys: [UpdateFacts.Key(name: "/etc/pki/KEY", exists: false)])), .fail, .available, .set,
            says: "base"),
        Case(
            "whether the key is there is not known", "updates.signed",
            root(repository(keys: [UpdateFacts.Key(name: "/etc/pki/KEY", exists: nil)])), .unknown, .unknown,
            says: "whether '/etc/pki/KEY' is there"),
        Case(
            "the key is fetched", "updates.signed",
            root(repository(keys: [UpdateFacts.Key(name: "https://example.org/KEY", exists: nil)])), .fail, .available,
            .set, says: "base"),
        Case("no key", "updates.signed", root(repository(keys: [])), .fail, .available, .set, says: "base"),
        Case(
            "metadata without a signature", "updates.signed", root(repository(metadata: false)), .pass, .on, .set,
            says: "all 1"),
        Case(
            "metadata without a signature where it is required", "updates.signed", root(repository(metadata: false)),
            .fail, .available, .set, says: "base", parameters: ["metadata": "required"]),
        Case(
            "tdnf without its plug-in", "updates.signed", root(repository(weaknesses: [withoutPlugin])), .pass, .on,
            .set, says: "all 1"),
        Case(
            "tdnf without its plug-in where metadata must be signed", "updates.signed",
            root(repository(weaknesses: [withoutPlugin])), .fail, .available, .set, says: "base",
            parameters: ["metadata": "required"]),
        Case(
            "certificates are not checked", "updates.signed", root(repository(certificates: false)), .fail, .available,
            .set, says: "base"),
        Case(
            "apt as a whole accepts what is not signed", "updates.signed",
            root(repository(system: "apt"), global: "APT::Get::AllowUnauthenticated is true"), .fail, .available, .set,
            says: "told to check less: APT::Get::AllowUnauthenticated is true"),
        Case(
            "a file is not readable", "updates.signed",
            root(repository(), gaps: [Gap(Place("/etc/yum.repos.d/x.repo"), reason: "permission denied")]), .unknown,
            .unknown, says: "permission denied"),
        Case(
            "a failure beats what is not readable", "updates.signed",
            root(
                repository(packages: false),
                gaps: [Gap(Place("/etc/yum.repos.d/x.repo"), reason: "permission denied")]), .fail, .available, .set,
            says: "base"),
    ]

    @Test(arguments: cases)
    func `package sources are judged`(_ question: Case) {
        let finding = question.finding
        #expect(finding.verdict == question.verdict)
        #expect(finding.state == question.state)
        if finding.verdict == .pass || finding.verdict == .fail { #expect(finding.basis == question.basis) }
        #expect(finding.message.contains(question.says), "\(finding.message)")
    }

    @Test func `a weakness that does not count is shown all the same`() {
        let finding = judge(
            "updates.signed", UpdatesTests.root(UpdatesTests.repository(weaknesses: [UpdatesTests.withoutPlugin])))
        #expect(finding.evidence.contains { $0.value.contains("no effect") && !$0.isException })
    }
}
