import AssayTestSupport

/// Reports and systems that tests of `assay disclose` need.
enum DiscloseFixture {
    /// A report that lacks nothing.
    static let complete = """
        ---
        id: 2026-0001
        title: Kernel pointers are readable by every user
        type: [CWE-200]
        component: {name: procps, version: "2:4.0.2", release: "3"}
        location: {url: "https://sources.debian.org/src/procps/2:4.0.2-3/"}
        source-files: [debian/sysctl.conf]
        environment: {operating-system: Debian GNU/Linux 12 (bookworm), version: "12", architecture: x86_64}
        cvss: {"3.1": "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N"}
        vendor: {name: Debian, contact: security@debian.org}
        reporter: {name: R. Porter, email: r.porter@example.org}
        timeline:
          sent: 2025-01-10
          acknowledged: 2025-01-11
        ---

        ## Summary
        The package sets kernel.kptr_restrict to 0.

        ## Special configuration
        none

        ## Steps to reproduce
        1. Install procps.
        2. Read /proc/kallsyms as any user.

        ## Reproduction output
        ```
        ffffffff81000000 T _text
        ```

        ## Proof of concept
        ```sh
        head -1 /proc/kallsyms
        ```

        ## Impact
        Any local user learns the addresses of the kernel, which makes exploits of other vulnerabilities reliable.

        ## Analysis
        The file debian/sysctl.conf of the package sets kernel.kptr_restrict = 0, which overrides the default of the
        distribution since version 2:4.0.2. Without the line the kernel's own default hides the addresses.

        """

    /// A root directory of Debian with a package whose file weakens a sysctl key, and another package with, if it is wanted, a
    /// program at a fixed address.
    static func debianRoot(in scratch: ScratchDirectory, hasProgram: Bool = true) throws {
        try scratch.write(
            "root/etc/os-release",
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n")
        try scratch.write("root/usr/lib/sysctl.d/99-procps.conf", "kernel.kptr_restrict = 0\n")
        try scratch.write(
            "root/var/lib/dpkg/status",
            """
            Package: procps
            Status: install ok installed
            Architecture: amd64
            Version: 2:4.0.2-3
            Source: procps-ng (2:4.0.2-3)

            Package: old
            Status: install ok installed
            Architecture: amd64
            Version: 1.0

            """)
        try scratch.write("root/var/lib/dpkg/info/procps.list", "/.\n/lib\n/lib/sysctl.d/99-procps.conf\n")
        try scratch.write("root/var/lib/dpkg/info/old.list", "/.\n/usr/bin/old\n")
        guard hasProgram else { return }
        shell(
            "mkdir -p root/usr/bin; echo 'int main(void){return 0;}' >old.c; gcc -no-pie -o root/usr/bin/old old.c",
            in: scratch.path)
    }

    /// A Python script that fills what a new report leaves open, and keeps all else.
    static let fill = """
        import re, sys
        path = sys.argv[1]
        text = open(path, encoding="utf-8").read()
        def field(name, value):
            global text
            text, count = re.subn(r"(?m)^(\\s*)%s:( \\[\\])?$" % re.escape(name), lambda m: m.group(1) + name + ": " + value, text, count=1)
            assert count == 1, name
        field("type", "[CWE-200]")
        field("source-files", "[debian/sysctl.conf]")
        field("\\"3.1\\"", '"CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N"')
        field("email", "r.porter@example.org")
        if "\\n  architecture:\\n" in text: text = text.replace("\\n  architecture:\\n", "\\n  architecture: x86_64\\n")
        def section(name, value):
            global text
            text, count = re.subn(r"(?m)^## %s\\n" % name, lambda m: m.group(0) + "\\n" + value + "\\n", text, count=1)
            assert count == 1, name
        section("Summary", "The package weakens the kernel.")
        section("Special configuration", "none")
        section("Proof of concept", "```sh\\nhead -1 /proc/kallsyms\\n```")
        section("Impact", "Any local user learns the addresses of the kernel, which makes other exploits reliable.")
        section("Analysis", "The file debian/sysctl.conf sets the value, which overrides the kernel's own default. " * 2)
        open(path, "w", encoding="utf-8").write(text)
        """
}
