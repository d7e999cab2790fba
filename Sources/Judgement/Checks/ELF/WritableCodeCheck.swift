import AssayFacts
import AssayFindings
import AssayPolicy

/// No memory is writable and executable.
///
/// Why: memory that is both lets an attacker write code and run it.
///
/// Proof: the flags of the PT_LOAD segments.
///
/// Remedy: link with -z separate-code and find the section that is both writable and executable.
///
/// Reference: https://man7.org/linux/man-pages/man5/elf.5.html
enum WritableCodeCheck: Check {
    static let id = "elf.writable-code"
    static let severity = Severity.high
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .elf(facts, context, "ELF files", claim: "have no writable code", where: \.isLoaded) { file in
            ELFAnswer(file.noWritableCode, yes: "none", no: "writable code")
        }
    }
}
