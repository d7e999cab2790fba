import AssayTestSupport
import Foundation
import Testing

@Suite(.enabled(if: isAvailable("gcc") && isAvailable("python3"))) struct DiscloseTests {
    /// The finding, the package that the report must name, and its version and source.
    @Test(arguments: [
        ("kernel.kptr-restrict", "procps", "2:4.0.2", "procps-ng", "/usr/lib/sysctl.d/99-procps.conf"),
        ("elf.pie", "old", "1.0", "old", "/usr/bin/old"),
    ])
    func `a finding on a Debian root becomes a report that is high once it is filled`(
        check: String, package: String, version: String, source: String, path: String
    ) throws {
        let scratch = ScratchDirectory()
        try DiscloseFixture.debianRoot(in: scratch, hasProgram: check == "elf.pie")
        try scratch.write("fill.py", DiscloseFixture.fill)
        let result = Assay.run(
            """
            export SOURCE_DATE_EPOCH=1795910400
            assay disclose new --from-finding \(check) --subject root --output report.md -q || exit
            stat -c %a report.md; cp report.md new.md
            assay disclose check report.md >before; echo $?
            python3 fill.py report.md && assay disclose check report.md >after; echo $?
            """, in: scratch.path)
        #expect(result.text == "600\n1\n0\n", "\(result.text) \(result.errorText)")
        let report = try String(contentsOfFile: scratch.path + "/new.md", encoding: .utf8)
        for line in [
            "  name: \(package)", "  ecosystem: Debian:12", "  source-package: \(source)", "  check: \(check)",
            "  verdict: fail",
            "    - path: \(path)", "  operating-system: Debian GNU/Linux 12 (bookworm)",
            "  contact: security@debian.org",
            "  discovered: 2026-11-29",
        ] {
            #expect(report.contains("\n\(line)\n"), "'\(line)' in \(report)")
        }
        #expect(report.contains("version: \"\(version)\""), "\(report)")
        #expect(report.contains("pkg:deb/debian/\(package)@"))
        let after = try String(contentsOfFile: scratch.path + "/after", encoding: .utf8)
        #expect(after.contains("level high") && after.contains("fields of the security policy: 7 of 7"), "\(after)")
        let before = try String(contentsOfFile: scratch.path + "/before", encoding: .utf8)
        #expect(before.contains("missing report.md:") && before.contains("## Analysis"), "\(before)")
    }

    @Test func `the same report comes from the subject, its saved facts and its audit's report`() throws {
        let scratch = ScratchDirectory()
        try DiscloseFixture.debianRoot(in: scratch)
        let result = Assay.run(
            """
            export SOURCE_DATE_EPOCH=1795910400
            assay audit root --facts facts.json --format json --output audit.json --fail-on none
            assay disclose new --from-finding elf.pie --subject root >a.md
            assay disclose new --from-finding elf.pie --subject root --report audit.json >b.md
            assay disclose new --from-finding elf.pie --from-facts facts.json >c.md
            cmp a.md b.md && grep -c '^  name: old$' c.md
            """, in: scratch.path)
        #expect(result.text == "1\n", "\(result.text) \(result.errorText)")
    }

    @Test func `a package that is named is found, one that is not installed is refused`() throws {
        let scratch = ScratchDirectory()
        try DiscloseFixture.debianRoot(in: scratch)
        let result = Assay.run(
            """
            assay disclose new --package old --subject root | grep -A3 '^component'; echo $?
            assay disclose new --package missing --subject root; echo $?
            """, in: scratch.path)
        #expect(result.text == "component:\n  name: old\n  version: \"1.0\"\n  release:\n0\n2\n", "\(result.text)")
        #expect(result.errorText.contains("assay: error: the package 'missing' is not installed in 'root'"))
    }

    @Test(.enabled(if: isAvailable("rpmbuild") && isAvailable("rpm")))
    func `a finding on an Azure Linux root names the RPM package and its recipe`() throws {
        let scratch = ScratchDirectory()
        try scratch.write(
            "root/etc/os-release",
            "NAME=\"Microsoft Azure Linux\"\nID=azurelinux\nVERSION_ID=\"3.0\"\nPRETTY_NAME=\"Microsoft Azure Linux 3.0\"\n"
        )
        try scratch.write("root/usr/lib/sysctl.d/50-open.conf", "kernel.kptr_restrict = 0\n")
        try scratch.write(
            "build/open.spec",
            """
            Name: open
            Version: 1.0
            Release: 2.azl3
            Epoch: 3
            Summary: x
            License: x
            BuildArch: noarch
            %description
            x
            %package settings
            Summary: x
            %description settings
            x
            %install
            mkdir -p %{buildroot}/usr/lib/sysctl.d
            echo x > %{buildroot}/usr/lib/sysctl.d/50-open.conf
            %files settings
            /usr/lib/sysctl.d/50-open.conf
            """)
        let made = shell(
            """
            set -e
            rpmbuild -bb --define "_topdir $PWD/build" --define '_build_id_links none' build/open.spec
            rpm --root "$PWD/root" --define '_db_backend sqlite' --dbpath /var/lib/rpm --initdb
            rpm --root "$PWD/root" --define '_db_backend sqlite' --dbpath /var/lib/rpm --nodeps --justdb \
                --ignoreos --ignorearch -i build/RPMS/noarch/*.rpm
            """, in: scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        let result = Assay.run(
            """
            assay disclose new --from-finding kernel.kptr-restrict --subject root; echo $?
            assay disclose new --package open-settings --subject root >named; echo $?; grep -c open-settings named
            assay disclose new --package open --subject root; echo $?
            echo log >root/var/lib/rpm/rpmdb.sqlite-wal; assay disclose new --package open-settings --subject root; echo $?
            """, in: scratch.path)
        for line in [
            "  name: open-settings", "  version: \"3:1.0\"", "  release: 2.azl3", "  source-package: open",
            "  ecosystem: Azure Linux:3", "  repository: https://github.com/microsoft/azurelinux",
            "  reference: \"3.0\"",
            "  contact: secure@microsoft.com", "    - path: /usr/lib/sysctl.d/50-open.conf",
        ] {
            #expect(result.text.contains("\n\(line)\n"), "'\(line)' in \(result.text)")
        }
        #expect(
            result.text.contains("SPECS/open/open.spec") && result.text.contains("pkg:rpm/azurelinux/open-settings@"))
        #expect(result.text.hasSuffix("\n2\n2\n"), "\(result.text.suffix(40))")
        #expect(result.errorText.contains("the package 'open' is not installed in 'root'"), "\(result.errorText)")
        #expect(result.errorText.contains("write-ahead log"), "\(result.errorText)")
    }

    @Test func `a report is never overwritten, and a malformed one is refused with its place`() throws {
        let scratch = ScratchDirectory()
        try DiscloseFixture.debianRoot(in: scratch)
        try scratch.write("report.md", "keep\n")
        try scratch.write("bad.md", "---\nattachments:\n  - path: ../../etc/shadow\n---\n")
        try scratch.write("evil.md", "---\nattachments:\n  - path: link\n---\n")
        let result = Assay.run(
            """
            ln -s nowhere dangling; ln -s /etc/passwd link
            for f in report.md dangling; do assay disclose new --subject root --output $f; echo $?; done
            cat report.md; [ -e nowhere ] || echo kept
            for f in bad.md missing.md root /bin/true; do assay disclose check $f; echo $?; done
            head -c 3000000 /dev/zero >huge.md; assay disclose check huge.md; echo $?
            assay disclose check evil.md --level low >out; echo $?; grep -c 'symbolic link' out
            """, in: scratch.path)
        #expect(result.text == "2\n2\nkeep\nkept\n2\n2\n2\n2\n2\n1\n1\n", "\(result.text) \(result.errorText)")
        for says in [
            "'report.md' is there already", "'bad.md:3:11': the attachment '../../etc/shadow' has a component '..'",
            "'missing.md'", "'root': not a regular file", "'huge.md': larger than",
        ] { #expect(result.errorText.contains(says), "\(says): \(result.errorText)") }
    }

    @Test func `levels decide the exit code`() throws {
        let scratch = ScratchDirectory()
        let low = DiscloseFixture.complete.replacing("1. Install procps.\n2. Read", with: "Read")
        try scratch.write("high.md", DiscloseFixture.complete)
        try scratch.write("low.md", low)
        try scratch.write(
            "gone.md", DiscloseFixture.complete.replacing("cvss:", with: "attachments: [{path: x}]\ncvss:"))
        let result = Assay.run(
            """
            for f in high low gone; do for l in low medium high; do assay disclose check $f.md --level $l >out; echo $?; done; done
            """, in: scratch.path)
        #expect(result.text.split(separator: "\n") == ["0", "0", "0", "0", "1", "1", "2", "2", "2"], "\(result.text)")
    }

    @Test func `status lists what is due, and record writes it`() throws {
        let scratch = ScratchDirectory()
        try scratch.write("reports/a.md", DiscloseFixture.complete)
        try scratch.write("reports/b.md", DiscloseFixture.complete.replacing("  acknowledged: 2025-01-11\n", with: ""))
        let result = Assay.run(
            """
            export SOURCE_DATE_EPOCH=1736553600
            assay disclose status reports; echo $?
            export SOURCE_DATE_EPOCH=1736726400
            assay disclose status reports | grep -c DUE; assay disclose status reports >out; echo $?
            assay disclose record reports/b.md acknowledged; assay disclose status reports >out; echo $?
            assay disclose record reports/b.md acknowleged; echo $?
            """, in: scratch.path)
        #expect(
            result.text == """
                a.md  acknowledged  Kernel pointers are readable by every user
                b.md  sent  Kernel pointers are readable by every user
                  due 2025-01-12T00:00:00Z  acknowledgement: sent 2025-01-10, no acknowledgement: ask whether it arrived (security@debian.org)
                0
                1
                1
                reports/b.md: acknowledged 2025-01-13T00:00:00Z
                0
                64

                """, "\(result.text) \(result.errorText)")
    }

    @Test func `vectors are explained and weaknesses found`() throws {
        let result = Assay.run(
            """
            assay disclose cvss CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N | head -3; assay disclose cvss CVSS:3.1/AV:N; echo $?
            assay disclose cwe path traversal --limit 1 | head -1; assay disclose cwe qqqqzzzz; echo $?
            """, in: "/")
        #expect(
            result.text == """
                CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N
                  base  7.5  high
                  AV:N  Attack Vector: Network - the attacker needs no more than a network between, however many routers it has
                2
                CWE-22  Improper Limitation of a Pathname to a Restricted Directory ('Path Traversal')
                1

                """, "\(result.text)")
        #expect(result.errorText.contains("assay: error: 'CVSS:3.1/AV:N': the vector lacks AC (Attack Complexity)"))
    }

    @Test(.enabled(if: ReportSchema.isAvailable)) func `each JSON output is as its schema says`() throws {
        let scratch = ScratchDirectory()
        try scratch.write(
            "reports/a.md",
            DiscloseFixture.complete.replacing("  acknowledged: 2025-01-11\n", with: "").replacing(
                "none\n", with: "/home/jdoe\n"))
        try scratch.write("reports/b.md", "---\n")
        let result = Assay.run(
            """
            assay disclose check reports/a.md --format json >check.json; assay disclose status reports --format json >status.json
            assay disclose cvss CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:A --format json >cvss.json
            assay disclose cwe overflow --format json >cwe.json
            python3 -c 'import json, jsonschema, sys
            for name in ["check", "status", "cvss", "cwe"]:
                schema = json.load(open(sys.argv[1] + "/docs/schema/disclosure-%s.schema.json" % name))
                jsonschema.Draft202012Validator.check_schema(schema)
                document = json.load(open(name + ".json"))
                for error in jsonschema.Draft202012Validator(schema).iter_errors(document): print(name, error.json_path, error.message)
                print(name, document["schemaVersion"])' "$1"
            """, in: scratch.path, arguments: [Assay.package])
        #expect(result.text == "check 1\nstatus 1\ncvss 1\ncwe 1\n", "\(result.text) \(result.errorText)")
    }
}
