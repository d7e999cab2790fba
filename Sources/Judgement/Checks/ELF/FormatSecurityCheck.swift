import AssayFacts
import AssayFindings
import AssayPolicy

/// Format strings are checked by the compiler.
///
/// Why: a format string that comes from outside lets an attacker read and write memory; -Werror=format-security
/// refuses to
/// build such code.
///
/// Proof: warnings leave no trace in a binary, so this row rests on the build settings that a subject carries: the
/// compiler flags in its RPM macros, dpkg-buildflags defaults or recorded compiler command lines. Without any of them
/// the
/// answer is unknown.
///
/// Remedy: build with -Wformat -Werror=format-security.
///
/// Reference: https://gcc.gnu.org/onlinedocs/gcc/Warning-Options.html#index-Wformat-security
enum FormatSecurityCheck: Check {
    static let id = "elf.format-security"
    static let severity = Severity.low
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let elf = facts.elf else { return .notApplicable("the subject has no ELF files") }
        guard !elf.files.isEmpty else { return .notApplicable("the subject has no ELF files") }
        let settings = elf.buildSettings.map { setting in
            (setting, setting.value.contains("-Werror=format-security"))
        }
        guard !settings.isEmpty else {
            return .unknown(
                "binaries do not record it, and the subject carries no build settings (RPM macros, dpkg-buildflags)")
        }
        let evidence = settings.map { setting, isOn in
            Evidence(Location(setting.place), setting.value, how: "build settings", isException: !isOn)
        }
        guard settings.allSatisfy(\.1) else {
            return Judgement(
                .fail, .off, .set, "the build settings do not ask for -Werror=format-security",
                decidedBy: "build settings", evidence: evidence)
        }
        return Judgement(
            .pass, .on, .conditional,
            "the build settings ask for it; whether every package was built with them does not show in its binaries",
            decidedBy: "build settings", evidence: evidence)
    }
}
