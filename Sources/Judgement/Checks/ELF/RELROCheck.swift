import AssayFacts
import AssayFindings
import AssayPolicy

/// Relocated data is read-only after start (RELRO).
///
/// Why: tables of function pointers that stay writable are the easiest way to turn a memory error into code execution.
///
/// Proof: the PT_GNU_RELRO segment. Full RELRO also needs binding at start and the global offset table inside that
/// segment; partial RELRO satisfies this row, unless its parameter level is full.
///
/// Remedy: link with -z relro, and -z now for full RELRO.
///
/// Reference: https://sourceware.org/binutils/docs/ld/Options.html
enum RELROCheck: Check {
    static let id = "elf.relro"
    static let severity = Severity.medium
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        let wantsFull = context.parameters["level"] == "full"
        return .elf(facts, context, "ELF files", claim: "have RELRO", where: \.isLoaded) { file in
            ELFAnswer(file.relro, yes: "full", no: "none", partial: wantsFull ? .no : .yes)
        }
    }
}
