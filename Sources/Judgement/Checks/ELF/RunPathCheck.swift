import AssayFacts
import AssayFindings
import AssayPolicy

/// Libraries are not loaded from where others can write.
///
/// Why: an RPATH or RUNPATH that is empty, relative or below a directory such as /tmp loads a library that any user
/// can put
/// there.
///
/// Proof: every entry of DT_RPATH and DT_RUNPATH by its value; an entry with $ORIGIN is an exception for set-ID
/// programs
/// only.
///
/// Remedy: remove the entry (`patchelf --remove-rpath`) or fix the build system that adds it.
///
/// Reference: https://man7.org/linux/man-pages/man8/ld.so.8.html
enum RunPathCheck: Check {
    static let id = "elf.runpath"
    static let severity = Severity.high
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .elf(facts, context, "ELF files", claim: "have safe library paths", where: \.isLoaded) { file in
            let property: ELFFileFacts.Property =
                file.unsafeRunPaths.isEmpty
                ? .init(.yes, file.runPaths.joined(separator: ", "))
                : .init(.no, file.unsafeRunPaths.joined(separator: ", "))
            return ELFAnswer(property, yes: "safe", no: "unsafe")
        }
    }
}
