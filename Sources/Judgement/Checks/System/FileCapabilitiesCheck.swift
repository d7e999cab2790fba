import AssayFacts
import AssayFindings
import AssayPolicy

/// Programs get single capabilities instead of all of root's power.
///
/// Why: a program that needs to open a raw socket does not need to be root.
///
/// Proof: the extended attribute security.capability of every file. The feature is available when the kernel and the file
/// system keep such attributes, and on when files use them; with `no_file_caps` on its command line the kernel ignores them:
/// off. Attributes get lost when a root directory is unpacked without them, so their absence in a directory proves nothing.
/// Malformed attributes are exceptions; set-user-ID files are listed.
///
/// Remedy: replace set-user-ID bits with capabilities (setcap) where a program allows it.
///
/// Reference: https://man7.org/linux/man-pages/man7/capabilities.7.html
enum FileCapabilitiesCheck: Check {
    static let id = "files.capabilities"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let privileges = facts.privileges else { return .unknown("no files were looked at") }
        let malformed = privileges.capabilities.filter { $0.privilege.hasPrefix("malformed") }
        var evidence = privileges.capabilities.map { file in
            Evidence(
                Location(file.place), file.privilege, how: file.package.map { "package \($0)" } ?? "file capabilities",
                isException: file.privilege.hasPrefix("malformed"))
        }
        evidence += privileges.setID.prefix(100).map { file in
            Evidence(
                Location(file.place), file.privilege, how: file.package.map { "set-ID, package \($0)" } ?? "set-ID")
        }
        var judgement: Judgement
        if let kernel = facts.judgedKernels.first(where: { $0.parameter("no_file_caps") != nil }) {
            judgement = Judgement.kernel(
                .off, .set, "no_file_caps on the kernel command line makes the kernel ignore capabilities of files",
                context, decidedBy: "kernel command line", evidence: [kernel.commandLineEvidence("no_file_caps")])
            evidence = judgement.evidence + evidence
        } else if privileges.supportsCapabilities == false {
            judgement = .kernel(
                .off, .measured, "the running kernel ignores capabilities of files", context,
                decidedBy: "running kernel", evidence: [])
        } else if let first = malformed.first {
            judgement = Judgement(
                .fail, .available, .measured, "\(first.place.path): \(first.privilege)", decidedBy: "files")
        } else if !privileges.capabilities.isEmpty {
            judgement = Judgement(
                .pass, .on, .measured,
                "\(privileges.capabilities.count) files have capabilities; \(privileges.setID.count) are set-ID",
                decidedBy: "files")
        } else if privileges.supportsCapabilities == true {
            judgement = Judgement(
                Judgement.verdict(of: .available, expected: context.expected), .available, .measured,
                "no file has capabilities, the file system keeps them; \(privileges.setID.count) files are set-ID",
                decidedBy: "files")
        } else {
            judgement = .unknown(
                "no file has capabilities; they may have been lost when the subject was unpacked")
        }
        judgement.evidence = evidence
        judgement = judgement.exceptionsFirst
        judgement.counts = ["with capabilities": privileges.capabilities.count, "set-ID": privileges.setID.count]
        return judgement
    }
}
