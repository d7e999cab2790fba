import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

@testable import AssayChecks

struct SystemServiceChecksTests {
    private static let byDefault = CheckContext(expected: .byDefault)
    private static let available = CheckContext(expected: .available)

    private func service(
        _ name: String, _ settings: [String: String] = [:], starts: Bool = true, isEarly: Bool = false
    ) -> ServiceFacts.Service {
        ServiceFacts.Service(
            name: name, enablement: "enabled", startsAtBoot: starts, isEarlyBoot: isEarly,
            settings: settings.mapValues { Sourced($0, Place("/etc/systemd/system/\(name)", line: 3)) }, program: nil,
            place: Place("/usr/lib/systemd/system/\(name)"))
    }

    private func facts(_ services: [ServiceFacts.Service], hasSystemd: Bool = true, gaps: [Gap] = []) -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: .rootDirectory, name: "/tree"))
        var section = ServiceFacts()
        section.services = services
        section.hasSystemd = hasSystemd
        section.gaps = gaps
        facts.services = section
        return facts
    }

    @Test(arguments: [("yes", true), ("disconnected", true), ("no", false), (nil, false)] as [(String?, Bool)])
    func `a private tmp counts when it is yes or disconnected`(value: String?, isOn: Bool) {
        let facts = facts([service("a.service", value.map { ["PrivateTmp": $0] } ?? [:])])
        let judgement = PrivateTmpCheck.evaluate(facts, Self.byDefault)
        #expect(judgement.verdict == (isOn ? .pass : .fail))
        #expect(judgement.state == (isOn ? .on : .available))
        #expect(judgement.counts == ["services": 1, "with": isOn ? 1 : 0])
        #expect(judgement.evidence.map(\.isException) == [!isOn])
        #expect(judgement.evidence.first?.location.line == (value == nil ? nil : 3))
    }

    @Test func `services that are of the early boot or do not start are not asked`() {
        let services = [
            service("a.service", ["PrivateTmp": "yes"]), service("b.service", isEarly: true),
            service("c.service", starts: false),
        ]
        let judgement = PrivateTmpCheck.evaluate(facts(services), Self.byDefault)
        #expect(judgement.verdict == .pass)
        #expect(judgement.message == "1 of 1 services that start at boot have a private /tmp")
    }

    @Test func `where the feature need only be available, no service is an exception`() {
        let judgement = PrivateTmpCheck.evaluate(facts([service("a.service")]), Self.available)
        #expect(judgement.verdict == .pass)
        #expect(judgement.state == .available)
        #expect(judgement.evidence.map(\.isException) == [false])
    }

    @Test func `a unit that could not be read makes a pass unknown, not a failure`() {
        let gap = Gap(Place("/etc/systemd/system/b.service"), reason: "permission denied")
        let good = facts([service("a.service", ["PrivateTmp": "yes"])], gaps: [gap])
        #expect(PrivateTmpCheck.evaluate(good, Self.byDefault).verdict == .unknown)
        #expect(
            PrivateTmpCheck.evaluate(good, Self.byDefault).message
                == "'/etc/systemd/system/b.service': permission denied")
        #expect(PrivateTmpCheck.evaluate(facts([service("a.service")], gaps: [gap]), Self.byDefault).verdict == .fail)
    }

    @Test func `a subject without systemd is not asked, one that was not looked at is unknown`() {
        #expect(PrivateTmpCheck.evaluate(facts([], hasSystemd: false), Self.available).verdict == .notApplicable)
        let unread = facts([], hasSystemd: false, gaps: [Gap(Place("/usr/lib/systemd/system"), reason: "denied")])
        #expect(PrivateTmpCheck.evaluate(unread, Self.available).verdict == .unknown)
        let nothing = Facts(subject: SubjectFacts(kind: .rootDirectory, name: "/tree"))
        #expect(PrivateTmpCheck.evaluate(nothing, Self.available).verdict == .unknown)
    }

    @Test func `no more evidence than a report shows is kept`() {
        let judgement = PrivateTmpCheck.evaluate(facts((0..<60).map { service("a\($0).service") }), Self.byDefault)
        #expect(judgement.evidence.count + judgement.evidenceOmitted == 60)
        #expect(judgement.evidenceOmitted > 0)
    }

    @Test func `a filter of a service that starts makes the sandbox on, where the kernel has seccomp`() {
        var facts = facts([service("a.service", ["SystemCallFilter": "@system-service"])])
        #expect(SandboxCheck.evaluate(facts, Self.available).verdict == .unknown)
        var live = LiveKernelFacts(
            release: "6.6.1", machine: "x86_64", securityModules: .absent(Place("/sys/kernel/security/lsm")),
            lockdown: .absent(Place("/sys/kernel/security/lockdown")),
            seccompActions: .found(["kill", "errno"], Place("/proc/sys/kernel/seccomp/actions_avail")),
            secureBoot: .absent(Place("/sys/firmware/efi")), personality: .absent(Place("/proc/self/personality")))
        live.filteredProcesses = []
        facts.live = live
        let judgement = SandboxCheck.evaluate(facts, Self.byDefault)
        #expect(judgement.verdict == .pass)
        #expect(judgement.state == .on)
        #expect(judgement.evidence.contains { $0.value == "a.service: @system-service" })
        facts.services?.services = [service("a.service", ["SystemCallFilter": "~@mount"], starts: false)]
        #expect(SandboxCheck.evaluate(facts, Self.byDefault).verdict == .fail)
        #expect(SandboxCheck.evaluate(facts, Self.available).state == .available)
    }
}
