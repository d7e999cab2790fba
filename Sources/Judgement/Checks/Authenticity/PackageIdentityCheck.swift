import AssayFacts
import AssayFindings
import AssayPolicy

/// A package is the one that the repository lists.
///
/// Why: A repository that lists one package under the name of another makes a resolver install what nobody chose.
///
/// Proof: Name, version and architecture in the package's own header or control file, compared with the index that
/// lists it.
///
/// Remedy: Report it to the repository's owner.
///
/// Reference: https://wiki.debian.org/DebianRepository/Format
enum PackageIdentityCheck: FileCheck {
    static let id = "identity.package"
    static let severity = Severity.high

    static func judge(_ question: FileQuestion) -> Judgement {
        guard let package = question.file.package else { return .notApplicable("it is no package") }
        guard let first = package.contradictions.first else {
            return Judgement(.pass, .on, .measured, "\(package.name) \(package.version)")
        }
        return Judgement(
            .fail, .off, .measured, first,
            evidence: package.contradictions.map {
                Evidence(Location(question.file.name), $0, how: "identity", isException: true)
            })
    }
}
