import AssayFindings
import Testing

/// Holds a case's finding against what it must be, with the rules that every finding keeps.
func hold(_ test: Case) {
    let finding = test.finding
    #expect(finding.verdict == test.verdict, "\(finding.message)")
    #expect(finding.state == test.state, "\(finding.message)")
    if test.verdict == .pass || test.verdict == .fail { #expect(finding.basis == test.basis, "\(finding.message)") }
    #expect(finding.message.contains(test.says), "\(finding.message)")
    #expect(!finding.message.isEmpty)
    switch finding.verdict {
    case .pass, .fail:
        #expect(finding.decidedBy != nil)
        #expect(!finding.evidence.isEmpty)
    case .unknown, .notApplicable: break
    }
    if finding.verdict == .fail {
        #expect(finding.evidence.first?.isException == true, "a failure shows first what is against it")
    }
}
