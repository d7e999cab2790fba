import AssayFacts
import AssayFindings
import AssayPolicy

/// Code is built with the stack protector.
///
/// Why: a buffer that overflows on the stack overwrites the return address; the stack protector notices before the
/// function returns.
///
/// Proof: a ladder of evidence: recorded compiler options, the imported check function, then the instructions that
/// load the guard value from the thread's memory. Symbols of a static program prove nothing, since the C library
/// brings them. A file that shows none of these and may have no function to protect does not tell. Go, Rust and other
/// languages with bounds checks are not asked.
///
/// Remedy: build C and C++ with -fstack-protector-strong.
///
/// Reference: https://gcc.gnu.org/onlinedocs/gcc/Instrumentation-Options.html#index-fstack-protector-strong
enum StackProtectorCheck: Check {
    static let id = "elf.stack-protector"
    static let severity = Severity.medium
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .elf(facts, context, "ELF files", claim: "use the stack protector", where: \.isLoaded) { file in
            ELFAnswer(file.stackProtector, yes: "protected", no: "not protected")
        }
    }
}
