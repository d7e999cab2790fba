import AssayBootLoader
import Foundation
import Testing

/// grub-mkconfig with a made-up disk, kernels and settings, in a mount namespace.
struct GrubMkconfigTests {
    static let program = "/usr/sbin/grub-mkconfig"

    static let namespace: [String]? = [["-m"], ["--user", "--map-root-user", "-m"]].first { arguments in
        (try? Reference.run("/usr/bin/unshare", arguments + ["/bin/sh", "-c", "mount --bind /tmp /boot"]))?.status == 0
    }

    /// Without the permission to make namespaces only root in CI must not pass silently.
    static let isEnabled =
        FileManager.default.isExecutableFile(atPath: program) && namespace != nil
        || Reference.isContinuousIntegration && getuid() == 0

    /// Answers what grub-mkconfig asks about disks.
    private static let probe = """
        #!/bin/sh
        while test $# -gt 0; do
            case $1 in --target=*) target=${1#--target=} ;; -t | --target) target=$2 ;; esac
            shift
        done
        case $target in
        device) echo /dev/sda1 ;; fs) echo ext2 ;; partmap) echo gpt ;; fs_uuid) echo 1111-2222 ;;
        partuuid) echo aaaa-bb ;; hints_string) echo --hint-bios=hd0,gpt1 ;; drive) echo '(hd0,gpt1)' ;;
        compatibility_hint) echo hd0,gpt1 ;;
        esac
        """

    @Test(
        .enabled(if: isEnabled, "grub-mkconfig is not installed, or no permission to make mount namespaces"),
        arguments: [
            "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=\"lockdown=integrity\"\n",
            "GRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX='a=1'\nGRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX b=2\"\n",
            "GRUB_DISABLE_SUBMENU=y\nGRUB_CMDLINE_LINUX_DEFAULT=\"x \\\n y\"\n",
        ])
    func `the script that grub-mkconfig writes is evaluated and has the predicted command lines`(
        settings: String
    ) throws {
        let namespace = try #require(Self.namespace, "root cannot make namespaces here")
        let root = "/tmp/assay-mkconfig-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: root + "/boot/grub", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        for name in ["vmlinuz-6.9.0-1", "initrd.img-6.9.0-1", "vmlinuz-6.11.0-1", "initrd.img-6.11.0-1"] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(root)/boot/\(name)"))
        }
        try Data(Self.probe.utf8).write(to: URL(fileURLWithPath: root + "/probe"))
        try FileManager.default.createDirectory(atPath: root + "/default", withIntermediateDirectories: true)
        try Data(settings.utf8).write(to: URL(fileURLWithPath: root + "/default/grub"))
        let script = """
            set -e
            chmod 755 \(root)/probe
            mount --bind \(root)/probe /usr/sbin/grub-probe
            mount --bind \(root)/boot /boot
            mount --bind \(root)/default /etc/default
            GRUB_DISABLE_OS_PROBER=true \(Self.program)
            """
        let (status, output) = try Reference.run("/usr/bin/unshare", namespace + ["/bin/sh", "-c", script])
        try #require(status == 0)

        let configuration = GrubConfiguration(
            script: Array(output.utf8), path: "/boot/grub/grub.cfg", variables: ["prefix": "/boot/grub"]
        ) { _ in .absent }
        #expect(configuration.diagnostics.isEmpty)
        #expect(configuration.missing.isEmpty)
        #expect(configuration.unknownCommands.isEmpty)
        let defaults = GrubDefaults([GrubDefaults.File(path: "/etc/default/grub", bytes: Array(settings.utf8))])
        let entry = try #require(configuration.defaultEntry.entry)
        guard case .linux(let kernel) = entry.action else {
            Issue.record("no kernel: \(entry.action)")
            return
        }
        #expect(kernel.path.text.hasSuffix("/vmlinuz-6.11.0-1"))
        #expect(kernel.commandLine.isCertain)
        func words(_ text: String) -> [Substring] { text.split { $0.isWhitespace } }
        #expect(words(kernel.commandLine.text) == ["root=/dev/sda1", "ro"] + words(defaults.commandLine.text))
        let recovery = configuration.bootEntries.filter { $0.title.text.contains("recovery") }
        #expect(recovery.count == 2)
        for entry in recovery {
            let lines = entry.action.kernels.map { words($0.commandLine.text) }
            #expect(lines == [["root=/dev/sda1", "ro"] + words(defaults.recoveryCommandLine.text)])
        }
    }
}
