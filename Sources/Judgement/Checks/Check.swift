import AssayFacts
import AssayFindings
import AssayPolicy

/// One question about a subject, judged from facts.
///
/// The doc comment of a check is its published page: the first line is its title; the paragraphs that begin with `Why:`,
/// `Proof:`, `Remedy:` and `Reference:` are what `assay explain` and the findings show. `make docs` writes
/// `docs/checks` and `Generated/CheckPages.swift` from them.
protocol Check: Sendable {
    /// The id: `area.name`, lower case, with hyphens.
    static var id: String { get }
    /// How much a failure matters, unless the profile says otherwise.
    static var severity: Severity { get }
    /// The kinds of subject that can answer the question.
    static var subjects: Set<SubjectFacts.Kind> { get }

    /// Judges `facts`. Pure: no clock, no files, no environment.
    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement
}

extension Check {
    /// Hosts and root directories.
    static var subjects: Set<SubjectFacts.Kind> { [.host, .rootDirectory] }

    /// Also a kernel's configuration and a kernel image.
    static var kernelSubjects: Set<SubjectFacts.Kind> { [.host, .rootDirectory, .kernelConfiguration, .kernelImage] }
}
