import AssayChecks
import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

struct AuthenticityChainTests {
    private static func step(_ check: String, _ verdict: Verdict, _ severity: Severity) -> FileChain.Step {
        FileChain.Step(
            check: check, title: check.uppercased(), severity: severity, verdict: verdict, message: "why", evidence: [])
    }

    private static let cases: [([(String, Verdict, Severity)], Severity, Set<String>, Verdict, String?)] = [
        ([], .low, [], .unknown, nil), ([("a", .pass, .high)], .low, [], .pass, nil),
        ([("a", .pass, .info)], .critical, [], .pass, nil),
        ([("a", .pass, .high), ("b", .fail, .medium)], .low, [], .fail, "b"),
        ([("a", .pass, .high), ("b", .fail, .medium)], .medium, [], .fail, "b"),
        ([("a", .pass, .high), ("b", .fail, .medium)], .high, [], .pass, nil),
        ([("a", .pass, .high), ("b", .fail, .critical)], .low, ["b"], .pass, nil),
        ([("a", .unknown, .critical), ("b", .fail, .low)], .low, [], .fail, "b"),
        ([("a", .unknown, .critical), ("b", .fail, .low)], .low, ["b"], .unknown, "a"),
        ([("a", .unknown, .critical), ("b", .fail, .low)], .medium, [], .unknown, "a"),
        ([("a", .fail, .low), ("b", .fail, .critical), ("c", .fail, .critical)], .low, [], .fail, "b"),
        ([("a", .fail, .low), ("b", .fail, .critical)], .low, ["b"], .fail, "a"),
        // What nothing is left of was not verified.
        ([("a", .fail, .low)], .critical, [], .unknown, nil), ([("a", .fail, .high)], .low, ["a"], .unknown, nil),
    ]

    @Test(arguments: cases.indices)
    func `the worst step that counts decides`(_ index: Int) {
        let (steps, failOn, waived, verdict, deciding) = Self.cases[index]
        let chain = FileChain(name: "x", kind: "other", identity: nil, steps: steps.map(Self.step))
        #expect(chain.verdict(failOn: failOn, waived: waived) == verdict)
        #expect(chain.decidingStep(failOn: failOn, waived: waived)?.check == deciding)
    }

    @Test func `a chain has the steps that mean something for its file, in the profile's order`() throws {
        let judged = Genuine.iso.judged()
        let chain = try #require(judged.chains.first)
        #expect(chain.name == "/srv/Vendor-3.0-x86_64.iso" && chain.kind == "isoImage")
        #expect(chain.identity == "VENDOR-3.0, boots on UEFI x86_64")
        #expect(chain.steps.map(\.check) == judged.findings.filter { $0.verdict == .pass }.map(\.check))
        #expect(Genuine.deb.judged().chains.first?.identity == "tool 1.2-3 amd64")
        #expect(!chain.steps.contains { $0.check == "content.coverage" })
    }

    @Test func `each file has its own chain, also beside files of other kinds`() {
        let bad = Genuine.iso.link { $0.computed = "00" }.files[0]
        let facts = Genuine.iso.with { $0.files.append(bad) }
        #expect(facts.judged().chains.map { $0.verdict(failOn: .low) } == [.pass, .fail])
        #expect(facts.judged().chains.map { $0.verdict(failOn: .low, waived: ["content.digest"]) } == [.pass, .pass])
    }

    @Test func `chains and gate agree about one file, under waivers and thresholds`() {
        let spoilt = [
            Genuine.iso.link { $0.computed = "00" }, Genuine.iso.link { $0.computed = nil }, Genuine.iso.signed(),
            Genuine.rpm.file { $0.coverage = [] }, Genuine.deb.with { $0.evaluatedAt = .max },
            Genuine.rpm.file { $0.package?.contradictions = ["no"] },
        ]
        for facts in spoilt {
            for failOn in Severity.allCases {
                for waived in ["content.digest", "signature.present", "identity.package"] {
                    let waiver = Waiver(check: waived, reason: "known", expires: "2026-12-31")
                    let judged = facts.judged(
                        .standard, Policy(failOn: failOn, waivers: [waiver], today: "2026-11-24"))
                    let covered = Set(judged.findings.filter { $0.waiver != nil }.map(\.check))
                    let verdict = judged.chains.first?.verdict(failOn: failOn, waived: covered)
                    #expect(verdict?.rawValue == judged.outcome.rawValue)
                }
            }
        }
    }
}
