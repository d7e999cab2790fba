import AssayFindings
import AssayPolicy
import Testing

/// A finding of a check that is named after its verdict.
func finding(_ check: String, _ verdict: Verdict, _ severity: Severity = .medium) -> Finding {
    let state: FeatureState =
        switch verdict {
        case .pass: .on
        case .fail: .off
        case .notApplicable: .notApplicable
        case .unknown: .unknown
        }
    return Finding(
        check: check, section: "", title: "", severity: severity, documented: nil,
        judgement: Judgement(verdict, state, .measured, "a reason"), remedy: "", reference: "")
}

struct GateTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let findings: [Finding]
        var failOn = Severity.low
        var waivers: [Waiver] = []
        let outcome: Outcome
    }

    static let waiver = Waiver(check: "a.a", reason: "accepted", expires: "2026-11-23")

    @Test(arguments: [
        Case(testDescription: "all pass", findings: [finding("a.a", .pass)], outcome: .pass),
        Case(testDescription: "no finding at all is no success", findings: [], outcome: .unknown),
        Case(
            testDescription: "nothing but not applicable is no success", findings: [finding("a.a", .notApplicable)],
            outcome: .unknown),
        Case(
            testDescription: "not applicable beside a pass",
            findings: [finding("a.a", .notApplicable), finding("b.b", .pass)],
            outcome: .pass),
        Case(testDescription: "a failure", findings: [finding("a.a", .fail), finding("b.b", .pass)], outcome: .fail),
        Case(
            testDescription: "an unknown", findings: [finding("a.a", .unknown), finding("b.b", .pass)],
            outcome: .unknown),
        Case(
            testDescription: "a failure beats an unknown", findings: [finding("a.a", .unknown), finding("b.b", .fail)],
            outcome: .fail),
        Case(
            testDescription: "an unknown before a failure changes nothing",
            findings: [finding("b.b", .fail), finding("a.a", .unknown)], outcome: .fail),
        Case(
            testDescription: "a failure below the threshold",
            findings: [finding("a.a", .fail, .low), finding("b.b", .pass)],
            failOn: .high, outcome: .pass),
        Case(
            testDescription: "a failure at the threshold", findings: [finding("a.a", .fail, .high)], failOn: .high,
            outcome: .fail),
        Case(
            testDescription: "an unknown below the threshold",
            findings: [finding("a.a", .unknown, .low), finding("b.b", .pass)], failOn: .high, outcome: .pass),
        Case(
            testDescription: "nothing but an unknown below the threshold is no success",
            findings: [finding("a.a", .unknown, .low)], failOn: .high, outcome: .unknown),
        Case(
            testDescription: "a waived failure", findings: [finding("a.a", .fail), finding("b.b", .pass)],
            waivers: [waiver],
            outcome: .pass),
        Case(
            testDescription: "a waived unknown", findings: [finding("a.a", .unknown), finding("b.b", .pass)],
            waivers: [waiver], outcome: .pass),
        Case(
            testDescription: "a waiver of another check", findings: [finding("b.b", .fail)], waivers: [waiver],
            outcome: .fail),
        Case(
            testDescription: "a waived failure beside an unknown",
            findings: [finding("a.a", .fail), finding("b.b", .unknown)],
            waivers: [waiver], outcome: .unknown),
    ])
    func `findings and a policy make one outcome`(_ test: Case) {
        let policy = Policy(failOn: test.failOn, waivers: test.waivers, today: "2026-11-23")
        #expect(Gate.judge(test.findings, under: policy).outcome == test.outcome)
    }

    @Test(arguments: [
        ("2026-11-22", Outcome.pass), ("2026-11-23", .pass), ("2026-11-24", .fail), ("2027-01-01", .fail),
    ])
    func `a waiver holds until the end of its last day`(_ today: String, _ outcome: Outcome) {
        let policy = Policy(waivers: [GateTests.waiver], today: today)
        let (findings, found) = Gate.judge([finding("a.a", .fail)], under: policy)
        #expect(found == outcome)
        #expect(findings.first?.waiver?.reason == (outcome == .pass ? "accepted" : nil))
    }

    @Test func `a waiver is not attached to a pass`() {
        let policy = Policy(waivers: [GateTests.waiver], today: "2026-11-23")
        #expect(Gate.judge([finding("a.a", .pass)], under: policy).findings.first?.waiver == nil)
    }

    @Test func `of two verdicts the worse stands for both, in any order`() {
        let order: [Verdict] = [.fail, .unknown, .pass, .notApplicable]
        for (index, worse) in order.enumerated() {
            for better in order[index...] {
                #expect(Verdict.worse(worse, better) == worse)
                #expect(Verdict.worse(better, worse) == worse)
            }
        }
    }
}
