import AssayFacts
import AssayFindings
import AssayPolicy

/// Calls of the C library are checked for overflow (FORTIFY_SOURCE).
///
/// Why: with FORTIFY_SOURCE the compiler replaces calls such as memcpy and sprintf by variants that know the size of
/// the target and stop the program instead of overflowing it.
///
/// Proof: the checked variants (__X_chk) and the unchecked functions that a file imports, compared with what the C
/// library of the same subject can check. Calls whose sizes the compiler could prove are gone from the file, so a
/// file without any of them is not asked. A file with only unchecked calls is an exception; a file with both is built
/// with it.
///
/// Remedy: build C and C++ with -O2 -D_FORTIFY_SOURCE=2 or 3.
///
/// Reference: https://www.gnu.org/software/libc/manual/html_node/Source-Fortification.html
enum FortifyCheck: Check {
    static let id = "elf.fortify"
    static let severity = Severity.medium
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .elf(facts, context, "ELF files", claim: "make checked calls", where: \.isLoaded) { file in
            ELFAnswer(file.fortify, yes: "fortified", no: "not fortified", partial: .yes)
        }
    }
}
