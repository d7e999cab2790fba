import AssayFacts
import AssayFindings
import Testing

struct CoverageTests {
    private static let gap = Gap(Place("/etc/shadow"), reason: "permission denied")

    private static func file(_ path: String) -> ELFFileFacts {
        ELFFileFacts(path: path, kind: .pie, machine: "x86-64 64", language: "C", size: 1, mode: 0o755)
    }

    private static func elf(_ files: [ELFFileFacts], gaps: [Gap] = []) -> Facts {
        Facts(subject: SubjectFacts(kind: .elfFiles, name: "bin")).with { facts in
            var elf = ELFFacts()
            elf.files = files
            elf.gaps = gaps
            facts.elf = elf
        }
    }

    @Test(arguments: [
        (Made.root(Made.kernel([:])), Verdict.pass, "could be read"),
        (
            Made.root(Made.kernel([:])).with { $0.gaps = [gap] }, .unknown,
            "one name of the subject could not be read, the first: '/etc/shadow': permission denied"
        ),
        (Made.root(), .unknown, "nothing of an operating system was found"),
        (elf([file("bin/a")]), .pass, "could be read"),
        (elf([]), .unknown, "no ELF file was found"),
        (
            elf([file("bin/a")], gaps: [Gap(Place("bin/b"), reason: "program headers outside the file")]), .unknown,
            "'bin/b'"
        ),
        (Made.configuration(Made.kernel([:])), .pass, "could be read"),
        (
            Made.configuration(Made.kernel(without: KernelBuildTests.unreadable)), .unknown,
            "no kernel configuration was read"
        ),
    ])
    func `what could not be read is unknown`(_ facts: Facts, _ verdict: Verdict, _ says: String) {
        let finding = judge("subject.coverage", facts)
        #expect(finding.verdict == verdict)
        #expect(finding.message.contains(says), "\(finding.message)")
    }

    @Test func `many gaps are counted, and as many shown as a report holds`() {
        let gaps = (0..<200).map { Gap(Place("/x/\($0)"), reason: "permission denied") }
        let finding = judge("subject.coverage", Made.root(Made.kernel([:])).with { $0.gaps = gaps + gaps })
        #expect(finding.counts["not read"] == 200)
        #expect(finding.evidence.count == 50)
        #expect(finding.evidenceOmitted == 150)
    }
}
