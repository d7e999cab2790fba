import AssayTestSupport
import Foundation
import Testing

/// What a user who is not root can read is judged; the rest is unknown, with its reason.
@Test func `what may not be read is unknown with its reason, and a waiver accepts it`() throws {
    let scratch = try Fixture.folder()
    let checks = ["subject.coverage", "elf.pie", "accounts.password-hashing"]
    try scratch.write("mine.yaml", Fixture.profile(checks: checks))
    try scratch.write("policy.yaml", Fixture.policy(waived: checks))
    try scratch.write("root/etc/os-release", "ID=debian\nVERSION_ID=12\n")
    try scratch.write("root/etc/shadow", "root:$6$salt$hash:19000:0:99999:7:::\n")
    try scratch.write("root/usr/closed/x", "x")
    shell(
        """
        mkdir -p root/usr/bin && cp /bin/true root/usr/bin/true && cp /bin/true root/usr/bin/locked && chmod -R a+rX . && \
        cp "$1" assay && chmod 755 assay . && chmod 0 root/etc/shadow root/usr/bin/locked root/usr/closed
        """, in: scratch.path, arguments: [Assay.binary])
    let user = Assay.isRoot ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "env"
    guard shell("\(user) ./assay --version", in: scratch.path).status == 0 else {
        // The Swift runtime may lie where only root can read it.
        return
    }
    let words = "timeout 60 \(user) ./assay audit root --profile ./mine.yaml --format json"
    let result = Assay.run(words, in: scratch.path)
    #expect(result.status == 2, "\(result.errorText)")
    for (path, reason) in [("/usr/bin/locked", "permission denied"), ("/usr/closed", "permission denied")] {
        #expect(result.text.contains(path) && result.text.contains(reason), "\(path)")
    }
    try scratch.write("report.json", result.output)
    let verdicts = shell(
        """
        python3 -c 'import json
        for row in json.load(open("report.json"))["findings"]: print(row["check"], row["verdict"])'
        """, in: scratch.path)
    // A file that cannot be opened may be no ELF file at all: it is the coverage that is unknown.
    #expect(verdicts.text == "subject.coverage unknown\nelf.pie pass\naccounts.password-hashing unknown\n")
    if ReportSchema.isAvailable { #expect(ReportSchema.faults([scratch.path + "/report.json"]).isEmpty) }
    let waived = Assay.run(words + " --policy ./policy.yaml", in: scratch.path)
    #expect(waived.status == 0, "\(waived.errorText)")
    #expect(waived.text.contains("a test"), "the reason of the waiver is in the report")
}

@Test func `a subject that may not be read at all is 2`() throws {
    let scratch = try Fixture.folder()
    shell(
        "cp \"$1\" assay && chmod 755 assay . && mkdir closed && chmod 0 config closed", in: scratch.path,
        arguments: [Assay.binary])
    let user = Assay.isRoot ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "env"
    guard shell("\(user) ./assay --version", in: scratch.path).status == 0 else { return }
    for subject in ["config", "closed", "closed/x"] {
        let result = Assay.run("timeout 60 \(user) ./assay audit \(subject)", in: scratch.path)
        #expect(result.status == 2, "\(subject)")
        #expect(result.errorText.contains("'\(subject)': permission denied"), "\(result.errorText)")
    }
}

@Test func `--output into a folder that may not be written is 2 and leaves nothing`() throws {
    let scratch = try Fixture.folder()
    shell("cp \"$1\" assay && chmod 755 assay . && chmod 555 folder", in: scratch.path, arguments: [Assay.binary])
    let user = Assay.isRoot ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "env"
    guard shell("\(user) ./assay --version", in: scratch.path).status == 0 else { return }
    let result = Assay.run("timeout 60 \(user) ./assay audit config --output folder/r.json", in: scratch.path)
    #expect(result.status == 2)
    #expect(result.errorText.contains("'folder/r.json': permission denied"), "\(result.errorText)")
    #expect(shell("ls -A folder", in: scratch.path).output.isEmpty)
}
