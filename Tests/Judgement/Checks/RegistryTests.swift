import AssayChecks
import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

struct RegistryTests {
    @Test(arguments: ProfileCatalog.all.map(\.name))
    func `every row of a profile has its check`(_ name: String) throws {
        let profile = try #require(ProfileCatalog.profile(named: name))
        let missing = Set(profile.sections.flatMap(\.rows).map(\.check)).subtracting(CheckRegistry.ids)
        #expect(missing.isEmpty)
    }

    @Test func `every check is asked by a profile`() {
        let asked = Set(ProfileCatalog.all.flatMap(\.sections).flatMap(\.rows).map(\.check))
        #expect(Set(CheckRegistry.ids).subtracting(asked).isEmpty)
    }

    @Test(arguments: CheckRegistry.ids)
    func `every check has its page and severity`(_ id: String) throws {
        let page = try #require(CheckRegistry.page(id))
        #expect(page.id == id)
        #expect(!page.title.isEmpty && !page.why.isEmpty && !page.proof.isEmpty && !page.remedy.isEmpty)
        #expect(page.reference.hasPrefix("https://"))
        #expect(CheckRegistry.severity(id) != nil)
    }

    @Test func `a row without its check is unknown`() {
        let finding = judge("no.such", Made.root())
        #expect(finding.verdict == .unknown)
        #expect(finding.message.contains("no.such"))
    }

    @Test(arguments: [SubjectFacts.Kind.host, .rootDirectory, .elfFiles, .kernelConfiguration, .kernelImage])
    func `nothing passes where nothing is known`(_ kind: SubjectFacts.Kind) {
        let facts = Facts(subject: SubjectFacts(kind: kind, name: "nothing"))
        for check in CheckRegistry.ids {
            let finding = judge(check, facts)
            #expect(finding.verdict == .unknown || finding.verdict == .notApplicable, "\(check): \(finding.message)")
        }
    }

    @Test func `the profile's order is the findings' order`() throws {
        let profile = try #require(ProfileCatalog.profile(named: "azure-linux-3"))
        let findings = CheckRegistry.judge(
            Made.root(), by: profile, under: Policy(today: "2026-11-24"))
        #expect(findings.map(\.check) == profile.sections.flatMap(\.rows).map(\.check))
        #expect(findings.first?.section == "Networking")
    }
}
