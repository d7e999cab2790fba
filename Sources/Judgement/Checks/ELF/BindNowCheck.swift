import AssayFacts
import AssayFindings
import AssayPolicy

/// Symbols are bound when a program starts.
///
/// Why: with lazy binding the table of function addresses stays writable while the program runs; bound at start it
/// can be made read-only.
///
/// Proof: DT_BIND_NOW, DF_BIND_NOW or DF_1_NOW in the dynamic section, found through the program headers. Static
/// programs that are not position-independent have nothing to bind.
///
/// Remedy: link with -z now.
///
/// Reference: https://sourceware.org/binutils/docs/ld/Options.html
enum BindNowCheck: Check {
    static let id = "elf.bind-now"
    static let severity = Severity.low
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .elf(facts, context, "ELF files", claim: "are bound at start", where: \.isLoaded) { file in
            ELFAnswer(file.bindNow, yes: "bound at start", no: "bound lazily")
        }
    }
}
