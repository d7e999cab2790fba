import AssayTestSupport
import Foundation
import Testing

/// A folder with a report, its attachment and the keys of the vendor.
private func folder() throws -> ScratchDirectory {
    let scratch = ScratchDirectory()
    try scratch.write(
        "report.md",
        ExportExamples.report.replacing(
            "attachments: []",
            with: "attachments: [{path: poc/run.sh, kind: proof-of-concept, description: reads the file}]"))
    try scratch.write("poc/run.sh", "#!/bin/sh\nhead -1 /proc/kallsyms\n")
    shell("cp \"$1\"/*.asc .", in: scratch.path, arguments: [RecipientFixture.made.path])
    return scratch
}

/// The mail decrypted with the vendor's key and taken apart by Python.
private let reader = """
    import email, email.policy, subprocess, sys
    mail = email.message_from_bytes(open(sys.argv[1], "rb").read(), policy=email.policy.default)
    print(mail.get_content_type(), mail["subject"], mail["to"], len(mail.defects))
    cipher = list(mail.iter_parts())[1].get_content()
    open("cipher.asc", "wb").write(cipher if isinstance(cipher, bytes) else cipher.encode())
    plain = subprocess.run(["gpg", "--homedir", sys.argv[2], "--batch", "--quiet", "--decrypt", "cipher.asc"],
                           check=True, capture_output=True).stdout
    inner = email.message_from_bytes(plain, policy=email.policy.default)
    for part in inner.iter_parts():
        print("PART", part.get_content_type(), part.get_filename())
        content = part.get_content()
        print(content if isinstance(content, str) else content.decode())
    """

@Test(.enabled(if: isAvailable("gpg") && isAvailable("python3")), arguments: ["gpg", "sq"])
func `a mail is read by the vendor's key only, with all seven fields and the attachment`(program: String) throws {
    guard isAvailable(program) else { return }
    let scratch = try folder()
    try scratch.write("read.py", reader)
    let result = Assay.run(
        "assay disclose export report.md --to msrc-mail --recipient-key recipient.asc --with \(program) --output report.eml",
        in: scratch.path)
    #expect(result.status == 0, "\(result.errorText)")
    #expect(result.errorText.contains("compare the fingerprint"))
    let read = shell(
        "python3 read.py report.eml \"$1\"", in: scratch.path, arguments: [RecipientFixture.made.path + "/home"])
    #expect(read.status == 0, "\(read.errorText)")
    let lines = read.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.first == "multipart/encrypted Security report security@debian.org 0")
    for part in [
        "PART text/markdown None", "PART application/octet-stream report.md", "PART application/octet-stream run.sh",
        "## Type of issue", "CWE-200", "## Full paths of source files", "debian/sysctl.conf",
        "## Location of the affected source", "sources.debian.org", "## Special configuration",
        "## Step-by-step instructions to reproduce", "1. Install procps.", "## Proof of concept or exploit",
        "head -1 /proc/kallsyms", "## Impact, and how it is exploited", "Any local user learns",
    ] { #expect(read.text.contains(part), "\(part)") }
    let mail = shell("cat report.eml", in: scratch.path).text
    for secret in ["CWE-200", "kallsyms", "procps", "Kernel pointers", "run.sh"] {
        #expect(!mail.contains(secret), "'\(secret)' is readable on the way")
    }
    #expect(shell("ls -A ~/.gnupg 2>/dev/null | grep -c recipient", in: scratch.path).text == "0\n")
}

@Test(
    .enabled(if: isAvailable("gpg")),
    arguments: [
        ("expired.asc", "", 2, "expired"), ("two.asc", "", 2, "2 certificates"), ("secret.asc", "", 2, "secret"),
        ("report.md", "", 2, "OpenPGP"), ("none.asc", "", 2, "none.asc"),
        ("recipient.asc", "--recipient-fingerprint 2BC94FFF7015A5F28F1537AD0CD9FED33135CE90", 2, "fingerprint"),
        ("recipient.asc", "--recipient 'a@b,c@d'", 2, "mail address"),
    ])
func `a key that must not be used writes no mail`(key: String, options: String, status: Int32, word: String) throws {
    let scratch = try folder()
    let result = Assay.run(
        "assay disclose export report.md --to msrc-mail --recipient-key \(key) \(options) --output report.eml; s=$?; ls report.eml; exit $s",
        in: scratch.path)
    #expect(result.status == status, "\(result.errorText)")
    #expect(result.errorText.contains(word), "\(result.errorText)")
    #expect(result.text.isEmpty)
}

@Test(.enabled(if: isAvailable("gpg")))
func `a report below the level is not mailed, unless the user wants it`() throws {
    let scratch = try folder()
    shell("sed -i '/^type:/d' report.md", in: scratch.path)
    let refused = Assay.run(
        "assay disclose export report.md --to msrc-mail --recipient-key recipient.asc --output a.eml", in: scratch.path)
    #expect(refused.status == 1)
    #expect(refused.errorText.contains("does not reach the level 'low'"), "\(refused.errorText)")
    let wanted = Assay.run(
        "assay disclose export report.md --to msrc-mail --recipient-key recipient.asc --level none --output a.eml",
        in: scratch.path)
    #expect(wanted.status == 0, "\(wanted.errorText)")
}

@Test(arguments: ["github", "csaf", "csaf-vex", "openvex", "osv", "cve", "markdown", "html"])
func `every export is written where it is wanted`(kind: String) throws {
    let scratch = try folder()
    let options = kind == "cve" ? "2" : "0"
    let result = Assay.run(
        "export SOURCE_DATE_EPOCH=1795910400; assay disclose export report.md --to \(kind) --output out; s=$?; assay disclose export report.md --to \(kind) | cmp - out 2>/dev/null || [ $s -ne 0 ] || exit 9; exit $s",
        in: scratch.path)
    #expect(String(result.status) == options, "\(result.errorText)")
    if kind == "cve" {
        #expect(result.errorText.contains("report.md:") && result.errorText.contains("cve-organisation"))
    }
    for wrong in ["--output report.md", "--recipient a@b.c"] {
        #expect(Assay.run("assay disclose export report.md --to \(kind) \(wrong)", in: scratch.path).status == 64)
    }
}

@Test func `an import is a report that can be checked and exported`() throws {
    let scratch = try folder()
    let result = Assay.run(
        """
        for kind in csaf csaf-vex 'csaf --csaf-version 2.1' 'csaf-vex --csaf-version 2.1' openvex osv; do
            rm -f "$kind.json"
            assay disclose export report.md --to $kind --output "$kind.json" && \
            assay disclose import "$kind.json" --output "$kind.md" && \
            { assay disclose check "$kind.md" >/dev/null; [ $? -eq 1 ]; } || echo "no: $kind"
        done
        printf '{"document": {"category": "csaf_vex"}}' > bad.json; assay disclose import bad.json; echo $?
        """, in: scratch.path)
    #expect(result.text == "2\n", "\(result.text)\(result.errorText)")
    #expect(result.errorText.contains("bad.json:1:14"), "\(result.errorText)")
}

@Test func `the version of CSAF is chosen by an option that belongs to CSAF`() throws {
    let scratch = try folder()
    let result = Assay.run(
        """
        for options in '' '--csaf-version 2.0' '--csaf-version 2.1'; do
            assay disclose export report.md --to csaf-vex $options | grep -o '"csaf_version": "[^"]*"'
        done
        for options in 'csaf --csaf-version 2.2' 'osv --csaf-version 2.1' 'openvex --csaf-version 2.0'; do
            assay disclose export report.md --to $options; echo $?
        done
        """, in: scratch.path)
    let version = "\"csaf_version\": \"2."
    #expect(
        result.text == "\(version)0\"\n\(version)0\"\n\(version)1\"\n64\n64\n64\n", "\(result.text)\(result.errorText)")
}

@Test func `security-txt makes, checks and signs`() throws {
    let scratch = ScratchDirectory()
    shell("cp -a \"$1\"/home .", in: scratch.path, arguments: [RecipientFixture.made.path])
    let result = Assay.run(
        GnuPG.home.replacing("mkdir -m 700 home", with: ":") + """

            assay disclose security-txt make --contact https://a.example/r --canonical https://a.example/.well-known/security.txt \
                --output security.txt 2>/dev/null && assay disclose security-txt check security.txt --format json > made.json
            echo $?
            key=$(fingerprint secure@example.org)
            assay disclose security-txt sign security.txt --key "$key" --output signed.txt && \
                gpg --export "$key" > key.pgp && assay disclose security-txt check signed.txt --certificate key.pgp
            echo $?
            sed 's,/r$,/x,' signed.txt > changed.txt; assay disclose security-txt check changed.txt --certificate key.pgp
            echo $?
            printf 'Contact: me\\n' > bad.txt; assay disclose security-txt check bad.txt; echo $?
            assay disclose security-txt sign bad.txt --key "$key"; echo $?
            assay disclose security-txt check none.txt; echo $?
            assay disclose security-txt make --contact me; echo $?
            """, in: scratch.path)
    let lines = result.text.split(separator: "\n").map(String.init)
    #expect(
        lines.filter { Int($0) != nil } == ["0", "0", "1", "1", "2", "2", "64"], "\(result.text)\(result.errorText)")
    #expect(result.text.contains("changed.txt: no signature by the certificate holds"), "\(result.text)")
    #expect(result.text.contains("error: bad.txt:1: 'me' is no URI"), "\(result.text)")
    let schema = shell(
        """
        python3 -c 'import json, jsonschema, sys
        jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open("made.json")))' "$1"
        """, in: scratch.path, arguments: [Assay.package + "/docs/schema/security-txt-check.schema.json"])
    #expect(schema.status == 0, "\(schema.errorText)")
}
