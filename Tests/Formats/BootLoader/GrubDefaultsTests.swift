import AssayBootLoader
import Foundation
import Testing

struct GrubDefaultsTests {
    private func defaults(_ texts: String...) -> GrubDefaults {
        GrubDefaults(texts.enumerated().map { GrubDefaults.File(path: "f\($0)", bytes: Array($1.utf8)) })
    }

    @Test(arguments: [
        ("GRUB_CMDLINE_LINUX=ro", "ro"),
        ("GRUB_CMDLINE_LINUX='a b'\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"", "a b quiet"),
        ("GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX b\"", "a b"),
        ("GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX=\"${GRUB_CMDLINE_LINUX} b\"", "a b"),
        ("GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX+=\" c\"", "a c"), ("export GRUB_CMDLINE_LINUX=x", "x"),
        ("#GRUB_CMDLINE_LINUX=x", ""), ("GRUB_CMDLINE_LINUX=\"a \\\nb\"", "a b"),
        ("GRUB_CMDLINE_LINUX=\"\\$kernelopts\"", "$kernelopts"),
        ("GRUB_CMDLINE_LINUX=a#b", "a#b"), ("GRUB_CMDLINE_LINUX=a;GRUB_TIMEOUT=0", "a"),
        ("GRUB_CMDLINE_LINUX=\"a'b\"", "a'b"),
    ])
    func `assignments are read as the shell reads them`(text: String, expected: String) {
        let value = defaults(text).commandLine
        #expect(value.text == expected)
        #expect(value.isCertain)
    }

    @Test func `later files go on from earlier ones`() {
        let defaults = defaults("GRUB_CMDLINE_LINUX=\"a\"\n", "\nGRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX selinux=0\"")
        #expect(defaults.commandLine.text == "a selinux=0")
        #expect(defaults.variables["GRUB_CMDLINE_LINUX"]?.assignments.map(\.description) == ["f0:1", "f1:2"])
        #expect(defaults.recoveryCommandLine.text == "single a selinux=0")
    }

    @Test(arguments: [
        "GRUB_CMDLINE_LINUX=$(cat x)", "GRUB_CMDLINE_LINUX=`x`", "GRUB_CMDLINE_LINUX=${a:-b}",
        "if x; then GRUB_CMDLINE_LINUX=a; fi", "x && GRUB_CMDLINE_LINUX=a",
    ])
    func `what the shell would compute is doubtful`(text: String) {
        #expect(!defaults(text).commandLine.isCertain)
    }

    @Test func `Azure Linux's template`() throws {
        let path =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/Vectors/BootLoader/azurelinux-default-grub"
        let defaults = defaults(try String(contentsOfFile: path, encoding: .utf8))
        let value = defaults.commandLine
        #expect(value.text.contains(" rd.auto=1 net.ifnames=0 lockdown=integrity "))
        #expect(value.text.hasSuffix("$kernelopts"))
        #expect(value.doubts.map(\.token).contains("{{.SELinux}}"))
        #expect(defaults.variables["GRUB_TIMEOUT"]?.value.text == "0")
    }

    @Test func `a quoted string without an end is recorded`() {
        #expect(defaults("A=\"x\ny").diagnostics.map(\.message) == ["a quoted string has no end"])
    }
}
