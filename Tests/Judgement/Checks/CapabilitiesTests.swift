import AssayFacts
import AssayFindings
import Testing

struct CapabilitiesTests {
    private static func facts(
        _ capabilities: [String], supports: Bool? = nil, cmdline: String? = nil
    ) -> Facts {
        var privileges = PrivilegeFacts()
        privileges.capabilities = capabilities.map {
            PrivilegeFacts.File(place: Place("/usr/bin/ping"), privilege: $0, package: "iputils")
        }
        privileges.setID = [PrivilegeFacts.File(place: Place("/usr/bin/su"), privilege: "4755 0:0")]
        privileges.supportsCapabilities = supports
        return Made.root().with {
            $0.privileges = privileges
            if let cmdline { $0.kernels = [Made.kernel([:], cmdline: cmdline)] }
        }
    }

    private static let cases: [Case] = [
        Case(
            "files have them", "files.capabilities", facts(["cap_net_raw=ep"]), .pass, .on,
            says: "1 files have capabilities; 1 are set-ID", expected: .available),
        Case(
            "no file, a live host", "files.capabilities", facts([], supports: true), .pass, .available,
            says: "the file system keeps them", expected: .available),
        Case(
            "no file, a directory", "files.capabilities", facts([]), .unknown, .unknown, says: "lost",
            expected: .available),
        Case(
            "a malformed attribute", "files.capabilities", facts(["cap_net_raw=ep", "malformed: size 3"]), .fail,
            .available, says: "malformed", expected: .available),
        Case(
            "the command line switches them off", "files.capabilities",
            facts(["cap_net_raw=ep"], cmdline: "quiet no_file_caps"), .fail, .off, .set, says: "no_file_caps",
            expected: .available),
        Case(
            "the running kernel ignores them", "files.capabilities", facts(["cap_net_raw=ep"], supports: false), .fail,
            .off, says: "running kernel ignores", expected: .available),
    ]

    @Test(arguments: cases)
    func `capabilities of files are judged`(_ question: Case) {
        let finding = question.finding
        #expect(finding.verdict == question.verdict)
        #expect(finding.state == question.state)
        if finding.verdict == .pass || finding.verdict == .fail { #expect(finding.basis == question.basis) }
        #expect(finding.message.contains(question.says), "\(finding.message)")
    }

    @Test func `a malformed attribute comes first and every owner is named`() {
        let evidence = judge("files.capabilities", CapabilitiesTests.facts(["cap_net_raw=ep", "malformed: size 3"]))
            .evidence
        #expect(evidence.map(\.isException) == [true, false, false])
        #expect(evidence[1].how == "package iputils")
    }
}
