import AssayFacts
import AssayFindings
import AssayPolicy

/// The file is of the version that it is named for.
///
/// Why: An old image is signed as well as a new one: whoever can serve files can serve one with known holes.
///
/// Proof: The versions that an ISO image's volume identifier and files name, compared with its file name and with
/// `--expect version=…`; a package's own header.
///
/// Remedy: Get the image of the right version.
///
/// Reference: https://www.ecma-international.org/publications-and-standards/standards/ecma-119/
enum VersionCheck: FileCheck {
    static let id = "identity.version"
    static let severity = Severity.high

    static func judge(_ question: FileQuestion) -> Judgement {
        let file = question.file
        let expected = question.facts.expectation.version
        if let package = file.package {
            guard let expected else { return .notApplicable("no version was asked for") }
            let isRight = Version.fits(package.version, expected)
            return Judgement(
                isRight ? .pass : .fail, isRight ? .on : .off, .measured,
                "\(package.version), \(expected) was asked for")
        }
        let wanted = [(expected, "asked for"), (file.image?.nameVersion, "in the file name")].compactMap { name, what in
            name.map { ($0, what) }
        }
        guard let image = file.image, !wanted.isEmpty else {
            return expected == nil
                ? .notApplicable("no version was asked for") : .unknown("nothing in it says which version it is")
        }
        let evidence = image.versions.map { Evidence(Location($0.place), $0.value, how: "version") }
        guard !image.versions.isEmpty else {
            return expected == nil
                ? .notApplicable("nothing in it says which version it is")
                : .unknown("nothing in it says which version it is")
        }
        for (name, what) in wanted
        where !image.versions.contains(where: { Version.fits($0.value, name) || Version.fits(name, $0.value) }) {
            return Judgement(
                .fail, .off, .measured, "\(name) is \(what), but it says \(image.versions[0].value)", evidence: evidence
            )
        }
        let said = image.versions.map(\.value) + [image.nameVersion].compactMap { $0 }
        guard let expected, !said.contains(where: { Version.fits($0, expected) }) else {
            return Judgement(.pass, .on, .measured, image.versions[0].value, evidence: evidence)
        }
        if let name = image.nameVersion, !Version.fits(expected, name) {
            return Judgement(
                .fail, .off, .measured, "\(expected) is asked for, but the file name says \(name)", evidence: evidence)
        }
        return .unknown("\(expected) is asked for, and it says no more than \(said[0])", evidence: evidence)
    }
}
