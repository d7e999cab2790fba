import AssayTestSupport
import Foundation
import Testing

/// A tree that tries to hang, mislead or overflow what walks it.
struct HostileTree: CustomTestStringConvertible, Sendable {
    let name: String
    /// A shell script that makes the folder `root`, which has an os-release already.
    let script: String
    /// A word that the facts must hold, for what must be reported.
    var expected: String?

    var testDescription: String { name }

    static let all: [HostileTree] = [
        .init(
            name: "FIFOs and a socket",
            script: "mkfifo root/usr/bin/a root/etc/passwd root/etc/sysctl.d/1.conf root/boot/config-1"),
        .init(
            name: "device nodes",
            script:
                "mknod root/usr/bin/tty c 5 0; mknod root/etc/shadow c 1 5; mknod root/usr/bin/disk b 259 0; mknod root/zero c 1 5"
        ),
        .init(
            name: "links in circles and out of the root",
            script: """
                ln -s . root/usr/self; ln -s .. root/usr/up; ln -s ../../../../../../../../usr/bin root/usr/sbin
                ln -s / root/absolute; ln -s loop root/etc/loop; ln -s b root/usr/bin/a; ln -s a root/usr/bin/b
                ln -s /proc/self/root root/usr/lib64; ln -s /etc/shadow root/etc/shadow; ln -s /usr/../../etc root/opt
                """),
        .init(
            name: "100,000 files in a folder",
            script:
                "python3 -c 'for n in range(100000): open(f\"root/usr/bin/{n}\", \"w\").close()'; cp /bin/true root/usr/bin/zz",
            expected: "/usr/bin/zz"),
        .init(
            name: "folders 4,000 deep",
            script: """
                python3 -c 'import os
                os.chdir("root/usr")
                for n in range(4000): os.mkdir("d"); os.chdir("d")
                os.symlink("/bin/true", "link"); open("file", "w").close()'
                """),
        .init(
            name: "names of every kind",
            script: """
                for name in "$(printf 'new\\nline')" 'quo"te' "$(printf 'esc\\033[31m\\033]0;title\\007')" \
                    "$(printf '\\377\\376')" "$(printf 'rtl\\342\\200\\256txt')" '<script>' '%s%n' '|pipe' ' ' '-rf' \
                    "$(printf 'tab\\there')" "$(printf 'back\\\\slash')" "$(printf '%0255d' 1)"
                do cp /bin/true "root/usr/bin/$name" || exit 1; done
                """, expected: "new\\\\x0aline"),
        .init(
            name: "sparse terabytes",
            script: """
                head -c 4096 /bin/true >root/usr/bin/huge; head -c 64 /bin/true >root/usr/lib/huge.so
                for file in usr/bin/huge usr/lib/huge.so usr/bin/plain etc/sysctl.d/x.conf boot/config-6.1.0 \
                    boot/vmlinuz-6.1.0 etc/passwd etc/shadow etc/fstab etc/pam.d/login var/lib/dpkg/status \
                    usr/lib/modules/6.1.0/config; do
                    mkdir -p "root/$(dirname $file)"; truncate -s 1T "root/$file" || exit 1
                done
                """, expected: "/etc/sysctl.d/x.conf"),
        .init(
            name: "an ELF header that claims everything",
            script: """
                python3 -c 'import struct
                for number in range(16):
                    head = bytearray(open("/bin/true", "rb").read())
                    field = [32, 40, 54, 56, 58, 60, 62][number % 7]
                    value = [b"\\xff" * 8, b"\\x00" * 8][number // 8]
                    width = 8 if field < 54 else 2
                    head[field:field + width] = value[:width]
                    open(f"root/usr/bin/claim{number}", "wb").write(head)'
                """, expected: "/usr/bin/claim0"),
    ]
}

@Test(arguments: HostileTree.all)
func `a hostile tree is examined to its end, within a minute, and the report is sound`(_ tree: HostileTree) throws {
    let scratch = ScratchDirectory()
    try scratch.write("root/etc/os-release", "ID=debian\nVERSION_ID=12\n")
    shell("mkdir -p root/usr/bin root/usr/lib root/etc/sysctl.d root/boot", in: scratch.path)
    let made = shell(tree.script, in: scratch.path)
    guard made.status == 0 || Assay.isRoot else { return }
    #expect(made.status == 0, "\(made.errorText)")
    let result = Assay.run(
        "assay audit root --facts facts.json --format json --output report.json --progress none", in: scratch.path)
    #expect(result.isAnswer, "status \(result.status): \(result.errorText.prefix(2000))")
    if ReportSchema.isAvailable { #expect(ReportSchema.faults([scratch.path + "/report.json"]).isEmpty) }
    let facts = shell("cat facts.json", in: scratch.path)
    #expect(String(validating: facts.output, as: UTF8.self) != nil)
    if let expected = tree.expected { #expect(facts.text.contains(expected), "\(facts.text.prefix(2000))") }
    for format in ["text", "markdown", "html", "junit", "sarif"] {
        let report = Assay.run("assay audit --from-facts facts.json --explain --format \(format)", in: scratch.path)
        #expect(report.isAnswer, "\(format)")
        #expect(String(validating: report.output, as: UTF8.self) != nil, "\(format)")
        #expect(!report.output.contains { ($0 < 0x20 && $0 != 0x0A) || $0 == 0x7F }, "\(format)")
    }
}

@Test func `a hostile tree without an operating system is walked as a folder of ELF files`() throws {
    let scratch = ScratchDirectory()
    shell(
        """
        mkdir -p folder/a && mkfifo folder/fifo && ln -s . folder/loop && ln -s /bin/true folder/link && \
        cp /bin/true folder/a/one && ln folder/a/one folder/two && truncate -s 1T folder/sparse
        """, in: scratch.path)
    let result = Assay.run("assay audit folder --facts facts.json", in: scratch.path)
    #expect(result.isAnswer, "\(result.errorText)")
    let counted = shell(
        "python3 -c 'import json; print([f[\"path\"] for f in json.load(open(\"facts.json\"))[\"elf\"][\"files\"]])'",
        in: scratch.path)
    #expect(counted.text == "['/a/one']\n", "a link or a second name was counted: \(counted.text)")
}
