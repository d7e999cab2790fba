import AssayFacts
import AssayFindings
import AssayPolicy

/// Code is marked for hardware control-flow protection.
///
/// Why: with IBT and SHSTK (x86-64) or BTI and PAC (arm64) the processor refuses jumps and returns that the program
/// never meant.
///
/// Proof: the GNU property note. The linker drops a mark when one input lacks it, so a file without marks may still
/// hold protected code.
///
/// Remedy: build with -fcf-protection (x86-64) or -mbranch-protection=standard (arm64).
///
/// Reference: https://gcc.gnu.org/onlinedocs/gcc/Instrumentation-Options.html#index-fcf-protection
enum ControlFlowCheck: Check {
    static let id = "elf.control-flow"
    static let severity = Severity.low
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .elf(facts, context, "ELF files", claim: "are marked", where: \.isLoaded) { file in
            ELFAnswer(file.controlFlow, yes: "marked", no: "not marked", partial: .yes)
        }
    }
}
