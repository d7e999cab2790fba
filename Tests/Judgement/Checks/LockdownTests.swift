import AssayFacts
import AssayFindings
import Testing

struct LockdownTests {
    private static let azure = [
        "SECURITY": "y", "SECURITY_LOCKDOWN_LSM": "y", "SECURITY_LOCKDOWN_LSM_EARLY": "y",
        "LOCK_DOWN_KERNEL_FORCE_NONE": "y", "LOCK_DOWN_IN_EFI_SECURE_BOOT": "y", "LSM": "landlock,lockdown,yama",
    ]

    private static func root(
        _ change: [String: String?] = [:], _ cmdline: String? = "quiet", unresolved: [String] = []
    ) -> Facts {
        var symbols = azure
        for (name, value) in change { symbols[name] = value }
        return Made.root(Made.kernel(symbols, cmdline: cmdline, unresolved: unresolved))
    }

    private static func host(_ mode: String, _ cmdline: String, secureBoot: Bool = false) -> Facts {
        Made.host(Made.kernel(azure, cmdline: cmdline, running: true)) {
            $0.lockdown = .found(mode, Place("/sys/kernel/security/lockdown"))
            $0.secureBoot = .found(secureBoot, Place("/sys/firmware/efi/efivars"))
        }
    }

    private static let late: [String: String?] = ["SECURITY_LOCKDOWN_LSM_EARLY": "n"]

    private static let cases: [Case] = [
        Case(
            "integrity on the command line", "kernel.lockdown", root([:], "lockdown=integrity"), .pass, .on, .set,
            says: "lockdown=integrity"),
        Case(
            "confidentiality", "kernel.lockdown", root([:], "lockdown=confidentiality"), .pass, .on, .set,
            says: "confidentiality"),
        Case(
            "integrity stands though placeholders are not resolved", "kernel.lockdown",
            root([:], "lockdown=integrity", unresolved: ["{{.FIPS}}"]), .pass, .on, .set, says: "integrity"),
        Case(
            "a later lockdown=none lowers nothing", "kernel.lockdown", root([:], "lockdown=integrity lockdown=none"),
            .pass, .on, .set, says: "integrity"),
        Case(
            "a mode that does not exist", "kernel.lockdown", root([:], "lockdown=on"), .fail, .available, .conditional,
            says: "only under Secure Boot"),
        Case(
            "the unified kernel image without it", "kernel.lockdown", root([:], "console=ttyS0"), .fail, .available,
            .conditional, says: "only under Secure Boot"),
        Case(
            "no Secure Boot patch either", "kernel.lockdown",
            root(["LOCK_DOWN_IN_EFI_SECURE_BOOT": nil], "console=ttyS0"), .fail, .available, .kernelDefault,
            says: "neither configuration nor command line"),
        Case(
            "available is enough", "kernel.lockdown", root(["LOCK_DOWN_IN_EFI_SECURE_BOOT": nil]), .pass, .available,
            .kernelDefault, says: "neither", expected: .available),
        Case(
            "forced integrity", "kernel.lockdown", root(["LOCK_DOWN_KERNEL_FORCE_INTEGRITY": "y"]), .pass, .on, .set,
            says: "mode integrity"),
        Case(
            "forced, and lockdown=none cannot lower it", "kernel.lockdown",
            root(["LOCK_DOWN_KERNEL_FORCE_INTEGRITY": "y"], "lockdown=none"), .pass, .on, .set, says: "mode integrity"),
        Case(
            "no boot configuration at all", "kernel.lockdown", root([:], nil), .unknown, .unknown,
            says: "not part of the subject"),
        Case(
            "a boot configuration without this kernel", "kernel.lockdown", Made.withCommandLineGap(root([:], nil)),
            .unknown, .unknown, says: "'/boot/grub/grub.cfg': no command line for this kernel"),
        Case(
            "only placeholders", "kernel.lockdown", root([:], "quiet", unresolved: ["{{.X}}"]), .unknown, .unknown,
            says: "{{.X}}"),
        Case(
            "a configuration alone", "kernel.lockdown", Made.configuration(Made.kernel(azure, cmdline: nil)), .unknown,
            .unknown, says: "not part of the subject"),
        Case(
            "not built", "kernel.lockdown", root(["SECURITY_LOCKDOWN_LSM": "n"], "lockdown=integrity"), .fail, .off,
            .set, says: "built without"),
        Case(
            "not early and not in the order", "kernel.lockdown",
            root(late.merging(["LSM": "yama"]) { $1 }, "lockdown=integrity"), .fail, .off, .set, says: "does not start"),
        Case(
            "early needs no order", "kernel.lockdown", root(["LSM": "yama"], "lockdown=integrity lsm=yama"), .pass, .on,
            .set, says: "integrity"),
        Case(
            "lsm= leaves it out", "kernel.lockdown", root(late, "lockdown=integrity lsm=yama,selinux"), .fail, .off,
            .set, says: "yama,selinux"),
        Case(
            "not early, and a placeholder may hold lsm=", "kernel.lockdown",
            root(late, "lockdown=integrity", unresolved: ["{{.X}}"]), .unknown, .unknown, says: "might add lsm="),
        Case(
            "live integrity", "kernel.lockdown", host("integrity", "lockdown=integrity"), .pass, .on, .measured,
            says: "integrity"),
        Case("live none", "kernel.lockdown", host("none", "quiet"), .fail, .available, .measured, says: "none"),
        Case(
            "live by Secure Boot alone", "kernel.lockdown", host("integrity", "quiet", secureBoot: true), .pass, .on,
            .conditional, says: "Secure Boot alone"),
        Case(
            "live, no such file: the configuration decides", "kernel.lockdown",
            Made.host(Made.kernel(["SECURITY": "y"], running: true)), .fail, .off, .set, says: "built without"),
    ]

    @Test(arguments: cases)
    func `lockdown is judged by what starts it`(_ test: Case) { hold(test) }

    @Test func `the command line names what it does not resolve`() {
        let finding = judge(
            "kernel.lockdown", LockdownTests.root([:], "lockdown=integrity", unresolved: ["{{.A}}", "{{.B}}"]))
        #expect(finding.evidence.first?.how == "kernel command line (grub), not resolved: {{.A}} and 1 more")
        #expect(finding.evidence.first?.location == Location("/boot/grub2/grub.cfg", line: 22))
    }
}
