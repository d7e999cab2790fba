import AssayFacts
import AssayFindings
import AssayPolicy

/// Code has no relocations.
///
/// Why: the loader must make code writable to relocate it, and SELinux refuses that (execmod).
///
/// Proof: DT_TEXTREL or DF_TEXTREL in the dynamic section.
///
/// Remedy: build with -fPIC; link with -z text to make it an error.
///
/// Reference: https://man7.org/linux/man-pages/man5/elf.5.html
enum TextRelocationsCheck: Check {
    static let id = "elf.text-relocations"
    static let severity = Severity.medium
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .elfFiles]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .elf(facts, context, "ELF files", claim: "have no text relocations", where: \.isLoaded) { file in
            ELFAnswer(file.noTextRelocations, yes: "none", no: "text relocations")
        }
    }
}
