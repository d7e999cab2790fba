import AssayFacts
import AssayFindings
import AssayPolicy

/// Stacks are not executable.
///
/// Why: code that an attacker writes to the stack must not run.
///
/// Proof: the flags of PT_GNU_STACK; without that header, what the kernel does for the machine: no execution on
/// x86-64 and arm64, execution on i386 and 32-bit ARM.
///
/// Remedy: find the object that asks for it (assembly without a .note.GNU-stack section) or link with -z noexecstack.
///
/// Reference: https://man7.org/linux/man-pages/man5/elf.5.html
enum NXStackCheck: Check {
    static let id = "elf.nx-stack"
    static let severity = Severity.high
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .elf(facts, context, "ELF files", claim: "have a stack that is not executable", where: \.isLoaded) { file in
            ELFAnswer(file.nonExecutableStack, yes: "not executable", no: "executable")
        }
    }
}
