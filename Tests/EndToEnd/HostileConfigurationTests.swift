import AssayTestSupport
import Foundation
import Testing

/// Every file and folder that a collector reads by name, in a root directory that has it.
enum ConfigurationPaths {
    static let files = [
        "etc/os-release", "etc/passwd", "etc/shadow", "etc/group", "etc/login.defs", "etc/fstab", "etc/crypttab",
        "etc/default/grub", "etc/kernel/cmdline", "etc/ld.so.preload", "etc/machine-id", "etc/nftables.conf",
        "etc/iptables/rules.v4", "etc/firewalld/firewalld.conf", "etc/ufw/ufw.conf", "etc/pam.d/passwd",
        "etc/pam.d/common-password", "etc/security/namespace.conf", "etc/selinux/config", "etc/ssh/sshd_config",
        "etc/sysctl.conf", "etc/sysctl.d/10-x.conf", "etc/systemd/journald.conf",
        "etc/systemd/system/x.service", "etc/apt/sources.list", "etc/apt/apt.conf", "etc/apt/trusted.gpg",
        "etc/apt/sources.list.d/x.sources", "etc/apt/apt.conf.d/x", "etc/yum.repos.d/x.repo", "etc/dnf/dnf.conf",
        "etc/tdnf/tdnf.conf", "etc/rpm/macros", "boot/config-6.1.0", "boot/vmlinuz-6.1.0", "boot/grub/grub.cfg",
        "boot/grub/grubenv", "boot/loader/entries/x.conf", "boot/efi/EFI/Linux/x.efi", "usr/lib/modules/6.1.0/config",
        "usr/lib/sysctl.d/50-x.conf", "usr/lib/systemd/system/x.service", "usr/lib/systemd/systemd",
        "usr/lib/x86_64-linux-gnu/libc.so.6", "usr/lib/rpm/macros", "var/lib/dpkg/status", "var/lib/dpkg/info/x.list",
        "var/lib/dpkg/diversions", "var/lib/rpm/rpmdb.sqlite", "var/log/journal/0/fss", "usr/lib/os-release",
    ]
    static let folders = [
        "etc", "etc/pam.d", "etc/sysctl.d", "etc/apt", "etc/systemd", "etc/selinux", "boot", "boot/loader/entries",
        "usr/lib",
        "usr/lib/systemd/system", "usr/lib/modules", "var/lib/dpkg", "var/lib/rpm", "var/log/journal",
    ]

    /// A root directory with a file of a word at each path, and an os-release.
    static func makeRoot(in scratch: ScratchDirectory) throws {
        for file in files { try scratch.write("root/" + file, "x\n") }
        try scratch.write("root/etc/os-release", "ID=debian\nVERSION_ID=12\n")
    }
}

/// What a path is replaced by.
enum Replacement: String, CaseIterable, Sendable {
    case fifo = "mkfifo \"$1\""
    case directory = "mkdir \"$1\""
    case loop = "ln -s \"$(basename \"$1\")\" \"$1\""
    case escape = "ln -s ../../../../../../../../../../etc/shadow \"$1\""
    case sparse = "truncate -s 1T \"$1\""
    case random = "ln random \"$1\""
}

@Test(arguments: Replacement.allCases)
func `no configuration path that is something else hangs or ends the audit`(_ replacement: Replacement) throws {
    let scratch = ScratchDirectory()
    try ConfigurationPaths.makeRoot(in: scratch)
    if replacement == .random {
        // Ten million bytes.
        var random = SeededNumbers(state: 7)
        let words = (0..<1_250_000).flatMap { _ -> [UInt8] in
            let word = random.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
        try scratch.write("random", words)
    }
    var reports: [String] = []
    for (number, path) in (ConfigurationPaths.files + ConfigurationPaths.folders).enumerated() {
        let report = "\(number).json"
        let result = Assay.run(
            """
            mv "$1" saved || exit 99
            \(replacement.rawValue) || exit 98
            assay audit root --format json --progress none >"$2"; status=$?
            rm -rf "$1" && mv saved "$1" || exit 97
            exit $status
            """, in: scratch.path, arguments: ["root/" + path, report])
        #expect(result.isAnswer, "\(path): status \(result.status) \(result.errorText.prefix(1000))")
        reports.append(scratch.path + "/" + report)
    }
    if ReportSchema.isAvailable { #expect(ReportSchema.faults(reports).isEmpty) }
}
