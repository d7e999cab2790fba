import AssayFacts
import AssayFindings
import AssayPolicy

/// Symbolic links in shared directories are followed only by their owners.
///
/// Why: in a directory like `/tmp`, anybody can put a symbolic link where a privileged program is about to open a file, and
/// so make it read or write another one. The kernel then follows a link only for its owner, or for the directory's.
///
/// Proof: live, the value of `/proc/sys/fs/protected_symlinks`. Offline, the last of: the kernel's default (0),
/// `sysctl.fs.protected_symlinks=` on the command line, sysctl.d as systemd-sysctl merges it (systemd's own
/// `50-default.conf` sets 1), scripts of services.
///
/// Remedy: install a file in `/usr/lib/sysctl.d` with `fs.protected_symlinks = 1`.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/sysctl/fs.html#protected-symlinks
enum ProtectedSymlinksCheck: Check {
    static let id = "kernel.protected-symlinks"
    static let severity = Severity.medium

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .sysctl("fs.protected_symlinks", facts, context, feature: "symbolic link restriction") { .atLeast(1, $0) }
    }
}
