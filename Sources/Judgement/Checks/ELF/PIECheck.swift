import AssayFacts
import AssayFindings
import AssayPolicy

/// Programs are position-independent.
///
/// Why: the kernel can load a position-independent program at a random address; one with a fixed address gives an
/// attacker known code to jump to.
///
/// Proof: the ELF type, with DF_1_PIE, PT_INTERP and DT_SONAME telling programs from shared objects. Shared objects,
/// relocatable objects, kernel modules and files of debug information are not asked.
///
/// Remedy: build with -fPIE and link with -pie, or use a compiler that does so by default.
///
/// Reference: https://gcc.gnu.org/onlinedocs/gcc/Code-Gen-Options.html#index-fpie
enum PIECheck: Check {
    static let id = "elf.pie"
    static let severity = Severity.medium
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .elf(facts, context, "programs", claim: "are position-independent", where: \.isProgram) { file in
            ELFAnswer(file.pie, yes: "pie", no: "not pie")
        }
    }
}
