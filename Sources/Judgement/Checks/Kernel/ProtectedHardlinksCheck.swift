import AssayFacts
import AssayFindings
import AssayPolicy

/// Hard links are made only to files that one owns or may write.
///
/// Why: a hard link keeps a vulnerable set-user-ID program alive after its update, and lures privileged programs into
/// changing files of others. The kernel then refuses links to files that the user neither owns nor may read and write.
///
/// Proof: live, the value of `/proc/sys/fs/protected_hardlinks`. Offline, the last of: the kernel's default (0),
/// `sysctl.fs.protected_hardlinks=` on the command line, sysctl.d as systemd-sysctl merges it (systemd's own
/// `50-default.conf` sets 1), scripts of services.
///
/// Remedy: install a file in `/usr/lib/sysctl.d` with `fs.protected_hardlinks = 1`.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/sysctl/fs.html#protected-hardlinks
enum ProtectedHardlinksCheck: Check {
    static let id = "kernel.protected-hardlinks"
    static let severity = Severity.medium

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .sysctl("fs.protected_hardlinks", facts, context, feature: "hard link restriction") { .atLeast(1, $0) }
    }
}
