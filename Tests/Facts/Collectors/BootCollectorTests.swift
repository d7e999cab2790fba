import AssayFacts
import AssayTestSupport
import Foundation
import Testing

@testable import AssayCollectors

struct BootCollectorTests {
    /// A tree with the kernels `releases`.
    private func tree(_ releases: [String], _ lines: [String] = ["CONFIG_X86_64=y"]) throws -> ScratchDirectory {
        let tree = ScratchDirectory()
        for release in releases {
            try tree.write("boot/config-\(release)", KernelFixture.configuration("6.6.1", lines))
        }
        return tree
    }

    @Test
    func `sources come in the order of their truth`() throws {
        let tree = try tree(["6.6.1-a"])
        try tree.write(
            "boot/efi/EFI/Linux/a.efi", KernelFixture.unified(release: "6.6.1-a", commandLine: "from=uki\u{0}"))
        try tree.write("efi/loader/entries/a.conf", "linux /a/6.6.1-a/linux\noptions from=bls\n")
        try tree.folder("efi/EFI/systemd")
        try tree.write("boot/grub2/grub.cfg", "menuentry 'A' {\n linux /vmlinuz-6.6.1-a from=grub\n}\n")
        try tree.write("etc/kernel/cmdline", "from=install\n")
        try tree.write("etc/default/grub", "GRUB_CMDLINE_LINUX=\"from=\"\nGRUB_CMDLINE_LINUX_DEFAULT=defaults\n")
        let found = try KernelTree(tree, commandLine: "from=option")
        #expect(
            found.lines("6.6.1-a") == [
                "unifiedKernelImage: from=uki", "bootLoaderEntry: from=bls", "grub: from=grub",
                "kernelInstall: from=install", "grubDefaults: from= defaults", "option: from=option",
            ])
        let lines = try #require(found.kernels.first?.commandLines)
        #expect(
            lines.map(\.place) == [
                Place("/boot/efi/EFI/Linux/a.efi"), Place("/efi/loader/entries/a.conf", line: 2),
                Place("/boot/grub2/grub.cfg", line: 2), Place("/etc/kernel/cmdline"),
                Place("/etc/default/grub", line: 1), Place("--cmdline"),
            ])
        #expect(lines.allSatisfy { $0.unresolved.isEmpty })
        #expect(found.kernels.first?.commandLineGaps.isEmpty == true)
    }

    @Test
    func `each entry is for the kernel that it names, the default one first`() throws {
        let tree = try tree(["6.6.1-a", "6.6.2-b", "6.6.3-c"])
        try tree.write(
            "boot/grub/grub.cfg",
            """
            set default="1>1"
            menuentry 'C' { linux /boot/vmlinuz-6.6.3-c quiet }
            submenu 'Advanced' {
              menuentry 'B' { linux /boot/vmlinuz-6.6.2-b single }
              menuentry 'B again' { linux (hd0,gpt2)/boot/vmlinuz-6.6.2-b ro lockdown=integrity }
              menuentry 'gone' { linux /boot/vmlinuz-5.4.0-gone debug }
            }
            """)
        let found = try KernelTree(tree)
        #expect(found.lines("6.6.3-c") == ["grub: quiet"])
        #expect(found.lines("6.6.2-b") == ["grub: ro lockdown=integrity", "grub: single"])
        #expect(found.kernel("6.6.2-b")?.commandLines.map(\.isDefault) == [true, false])
        #expect(found.kernel("6.6.2-b")?.commandLines.map(\.entry) == ["B again", "B"])
        #expect(found.kernels.first?.release == "6.6.2-b")
        #expect(found.lines("6.6.1-a").isEmpty)
        #expect(found.kernel("6.6.1-a")?.commandLineGaps.contains { $0.place.path == "/boot/grub/grub.cfg" } == true)
    }

    @Test
    func `the environment block decides what a script leaves to it`() throws {
        let tree = try tree(["6.6.1-a"])
        try tree.write("boot/grub2/grubenv", "# GRUB Environment Block\nkernelopts=root=/dev/sda2 selinux=0\n#####")
        try tree.write(
            "boot/grub2/grub.cfg",
            "load_env\nmenuentry 'A' {\n linux /vmlinuz-6.6.1-a quiet $kernelopts $nothing\n}\n")
        let found = try KernelTree(tree)
        #expect(found.lines("6.6.1-a") == ["grub: quiet root=/dev/sda2 selinux=0"])
        #expect(found.kernels.first?.commandLines.first?.unresolved == [])
    }

    @Test
    func `the boot file system comes before the root for the paths of a script`() throws {
        let tree = try tree(["6.6.1-a"])
        try tree.write(
            "boot/mariner.cfg", "# GRUB Environment Block\nmariner_linux=vmlinuz-6.6.1-a\nmariner_cmdline=audit=1\n")
        try tree.write("boot/systemd.cfg", "# GRUB Environment Block\nsystemd_cmdline=net.ifnames=0\n")
        try tree.write(
            "boot/grub2/grub.cfg",
            """
            set bootprefix=
            load_env -f $bootprefix/mariner.cfg
            if [ -f $bootprefix/systemd.cfg ]; then
                load_env -f $bootprefix/systemd.cfg
            else
                set systemd_cmdline=none
            fi
            menuentry "Azure Linux" {
                linux $bootprefix/$mariner_linux $mariner_cmdline lockdown=integrity $systemd_cmdline $kernelopts
            }
            """)
        #expect(try KernelTree(tree).lines("6.6.1-a") == ["grub: audit=1 lockdown=integrity net.ifnames=0"])
    }

    @Test
    func `Azure Linux's template applies to every kernel and says what it leaves open`() throws {
        let vector = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Vectors/BootLoader/azurelinux-grub.cfg")
        let tree = try tree(["6.6.1-a", "6.6.2-b"])
        try tree.write("boot/grub2/grub.cfg", Array(Data(contentsOf: vector)))
        let found = try KernelTree(tree)
        for release in ["6.6.1-a", "6.6.2-b"] {
            let line = try #require(found.kernel(release)?.commandLines.first)
            #expect(line.source == .grub)
            #expect(line.isDefault)
            #expect(line.entry == "Azure Linux")
            #expect(line.parameters.contains(.init(name: "lockdown", value: "integrity")))
            #expect(line.parameters.contains(.init(name: "sysctl.kernel.unprivileged_bpf_disabled", value: "1")))
            for part in ["{{.SELinux}}", "{{.ExtraCommandLine}}", "$kernelopts", "$mariner_cmdline"] {
                #expect(line.unresolved.contains { $0.hasPrefix("'\(part)'") }, "\(part)")
            }
            // The path of the kernel is not part of the command line.
            #expect(!line.unresolved.contains { $0.hasPrefix("'$mariner_linux'") })
        }
    }

    @Test
    func `loader entries that GRUB reads are those of its menu, with its variables and its default`() throws {
        let tree = try tree(["6.6.1-a", "6.6.2-b"])
        try tree.write(
            "boot/grub2/grubenv", "# GRUB Environment Block\nkernelopts=root=/dev/sda2\nsaved_entry=id-6.6.1-a\n")
        try tree.write("boot/grub2/grub.cfg", "load_env\nset default=\"${saved_entry}\"\nblscfg\n")
        for release in ["6.6.1-a", "6.6.2-b"] {
            try tree.write(
                "boot/loader/entries/id-\(release).conf",
                "title Linux \(release)\nversion \(release)\nlinux /vmlinuz-\(release)\noptions $kernelopts audit=1\n")
        }
        let found = try KernelTree(tree)
        #expect(found.kernels.map(\.release) == ["6.6.1-a", "6.6.2-b"])
        #expect(found.lines("6.6.1-a") == ["bootLoaderEntry: root=/dev/sda2 audit=1"])
        #expect(found.lines("6.6.2-b") == ["bootLoaderEntry: root=/dev/sda2 audit=1"])
        let lines = found.kernels.compactMap(\.commandLines.first)
        #expect(lines.map(\.isDefault) == [true, false])
        #expect(lines.first?.place == Place("/boot/loader/entries/id-6.6.1-a.conf", line: 4))
    }

    @Test
    func `loader entries without GRUB follow loader.conf, and an unknown variable is unresolved`() throws {
        let tree = try tree(["6.6.1-a", "6.6.2-b"])
        try tree.write("efi/loader/loader.conf", "default a.conf\n")
        try tree.write("efi/loader/entries/a.conf", "linux /x/6.6.1-a/linux\noptions quiet\noptions $tuned_params\n")
        try tree.write("efi/loader/entries/b.conf", "linux /x/6.6.2-b/linux\noptions quiet\n")
        let found = try KernelTree(tree)
        #expect(found.kernel("6.6.1-a")?.commandLines.first?.isDefault == true)
        #expect(
            found.kernel("6.6.1-a")?.commandLines.first?.unresolved == [
                "'$tuned_params': there is no environment block"
            ])
        #expect(found.kernel("6.6.2-b")?.commandLines.first?.isDefault == false)
    }

    @Test
    func `entries that the present GRUB script does not read do not decide`() throws {
        let tree = try tree(["6.6.1-a"])
        try tree.write("boot/loader/entries/a.conf", "linux /vmlinuz-6.6.1-a\noptions lockdown=integrity\n")
        try tree.write("boot/grub2/grub.cfg", "menuentry 'A' { linux /vmlinuz-6.6.1-a quiet }\n")
        #expect(try KernelTree(tree).lines("6.6.1-a") == ["grub: quiet", "bootLoaderEntry: lockdown=integrity"])
    }

    @Test
    func `an image that waits to be installed decides only where no boot loader speaks`() throws {
        let tree = try tree(["6.6.1-a"])
        try tree.write(
            "usr/lib/modules/6.6.1-a/vmlinuz-uki.efi",
            KernelFixture.unified(release: "6.6.1-a", commandLine: "console=ttyS0"))
        #expect(try KernelTree(tree).lines("6.6.1-a") == ["unifiedKernelImage: console=ttyS0"])
        try tree.write("boot/grub2/grub.cfg", "menuentry 'A' { linux /vmlinuz-6.6.1-a lockdown=integrity }\n")
        let found = try KernelTree(tree)
        #expect(found.lines("6.6.1-a") == ["grub: lockdown=integrity", "unifiedKernelImage: console=ttyS0"])
        #expect(found.kernels.first?.commandLines.map(\.isDefault) == [true, false])
    }

    @Test
    func `a unified kernel image alone is a kernel, its addons add to its command line`() throws {
        let tree = ScratchDirectory()
        let addon = KernelFixture.portableExecutable([(".cmdline", Array("lockdown=none".utf8))])
        let configuration = KernelFixture.configuration("6.1.9")
        try tree.write(
            "efi/EFI/Linux/x.efi",
            KernelFixture.unified(release: nil, commandLine: "quiet lockdown=integrity", configuration: configuration))
        try tree.write("efi/EFI/Linux/x.efi.extra.d/b.addon.efi", addon)
        try tree.write(
            "efi/loader/addons/all.addon.efi", KernelFixture.portableExecutable([(".cmdline", Array("audit=1".utf8))]))
        try tree.write("efi/EFI/Linux/shell.efi", KernelFixture.portableExecutable([(".text", [0xC3])]))
        let found = try KernelTree(tree)
        #expect(found.kernels.map(\.release) == ["6.1.9-image"])
        #expect(
            found.lines("6.1.9-image") == ["unifiedKernelImage: quiet lockdown=integrity audit=1 lockdown=none"])
        #expect(found.kernels.first?.commandLines.first?.entry == "x with all.addon.efi, b.addon.efi")
        #expect(
            found.kernels.first?.configuration.value?.origin == "IKCONFIG in Image, .linux of a unified kernel image")
    }

    @Test
    func `what could not be read makes the less truthful sources doubtful`() throws {
        let tree = try tree(["6.6.1-a"])
        try tree.link("boot/grub2/grub.cfg", to: "grub.cfg")
        try tree.write("boot/efi/EFI/Linux/x.efi", "MZ no image")
        try tree.write("etc/default/grub", "GRUB_CMDLINE_LINUX=lockdown=integrity\n")
        let kernel = try #require(try KernelTree(tree, commandLine: "quiet").kernels.first)
        #expect(kernel.commandLines.map(\.source) == [.grubDefaults, .option])
        let unresolved = kernel.commandLines.map(\.unresolved)
        #expect(unresolved[0].contains { $0.hasPrefix("'/boot/grub2/grub.cfg', which would decide:") })
        #expect(unresolved[0].contains { $0.hasPrefix("'/boot/efi/EFI/Linux/x.efi', which would decide:") })
        #expect(unresolved[1].isEmpty)
        #expect(
            kernel.commandLineGaps.map(\.place.path).sorted() == ["/boot/efi/EFI/Linux/x.efi", "/boot/grub2/grub.cfg"])
    }

    @Test
    func `a default that depends on what is not known is said to be undecided`() throws {
        let tree = try tree(["6.6.1-a"])
        try tree.write(
            "boot/grub2/grub.cfg",
            """
            search --set=default --file /choice
            menuentry 'A' { linux /vmlinuz-6.6.1-a lockdown=integrity }
            menuentry 'B' { linux /vmlinuz-6.6.1-a }
            """)
        let kernel = try #require(try KernelTree(tree).kernels.first)
        #expect(kernel.commandLines.map(\.isDefault) == [false, false])
        #expect(
            kernel.commandLines.allSatisfy { $0.unresolved.contains { $0.hasPrefix("which entry is the default:") } })
    }

    @Test
    func `variables for GRUB in the defaults of grub-mkconfig are unresolved`() throws {
        let tree = try tree(["6.6.1-a"])
        try tree.write(
            "etc/default/grub",
            "GRUB_CMDLINE_LINUX=\"{{.SELinux}} lockdown=integrity\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"\\$kernelopts\"\n")
        try tree.write("etc/default/grub.d/50-x.cfg", "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX audit=1\"\n")
        let line = try #require(try KernelTree(tree).kernels.first?.commandLines.first)
        #expect(line.text == "{{.SELinux}} lockdown=integrity audit=1 $kernelopts")
        #expect(line.place == Place("/etc/default/grub.d/50-x.cfg", line: 1))
        #expect(
            line.unresolved == [
                "'{{.SELinux}}': a template that was not filled in",
                "'$kernelopts': a variable that GRUB sets at boot",
            ])
    }

    @Test(arguments: [
        (["CONFIG_X86_64=y", "CONFIG_CMDLINE_BOOL=y", "CONFIG_CMDLINE=\"a=1 b\""], "a=1 b quiet"),
        (["CONFIG_X86_64=y", "# CONFIG_CMDLINE_BOOL is not set", "CONFIG_CMDLINE=\"a=1\""], "quiet"),
        (
            [
                "CONFIG_X86_64=y", "CONFIG_CMDLINE_BOOL=y", "CONFIG_CMDLINE=\"a=1\"", "CONFIG_CMDLINE_OVERRIDE=y",
            ], "a=1"
        ),
        (["CONFIG_ARM64=y", "CONFIG_CMDLINE=\"a=1\"", "CONFIG_CMDLINE_FROM_BOOTLOADER=y"], "quiet"),
        (["CONFIG_ARM64=y", "CONFIG_CMDLINE=\"a=1\"", "CONFIG_CMDLINE_FORCE=y"], "a=1"),
        (["CONFIG_ARM64=y", "CONFIG_CMDLINE=\"a=1\"", "CONFIG_CMDLINE_EXTEND=y"], "quiet a=1"),
        (["CONFIG_ARM64=y", "CONFIG_CMDLINE=\"\"", "CONFIG_CMDLINE_FORCE=y"], "quiet"),
    ])
    func `the built-in command line is joined as the architecture joins it`(lines: [String], expected: String) throws {
        let tree = try tree(["6.6.1-a"], lines)
        try tree.write("boot/grub2/grub.cfg", "menuentry 'A' { linux /vmlinuz-6.6.1-a quiet }\n")
        #expect(try KernelTree(tree).lines("6.6.1-a") == ["grub: \(expected)"])
    }

    @Test
    func `a boot configuration that is not read is unresolved`() throws {
        let tree = try tree(["6.6.1-a"], ["CONFIG_X86_64=y", "CONFIG_BOOT_CONFIG=y"])
        try tree.write("boot/grub2/grub.cfg", "menuentry 'A' { linux /vmlinuz-6.6.1-a bootconfig }\n")
        #expect(
            try KernelTree(tree).kernels.first?.commandLines.first?.unresolved == [
                "'bootconfig': the boot configuration at the end of the initrd was not read"
            ])
    }

    @Test
    func `a script beside GRUB on UEFI's file system that only leads on adds nothing`() throws {
        let tree = try tree(["6.6.1-a"])
        try tree.write("boot/grub2/grub.cfg", "menuentry 'A' { linux /vmlinuz-6.6.1-a quiet }\n")
        try tree.write(
            "boot/efi/EFI/azurelinux/grub.cfg",
            "search --no-floppy --fs-uuid --set=dev 1234\nset prefix=($dev)/grub2\nconfigfile $prefix/grub.cfg\n")
        #expect(try KernelTree(tree).lines("6.6.1-a") == ["grub: quiet"])
    }
}
