import AssayFacts
import AssayFindings
import AssayPolicy

/// The file is for the architecture that it is named for.
///
/// Why: A signed image of another architecture is genuine and still not what was asked for.
///
/// Proof: An ISO image's EFI boot files, in its folders and in its boot images, and its boot catalog, compared with
/// the file name and with `--expect arch=…`; a package's own header.
///
/// Remedy: Get the image for the right architecture.
///
/// Reference: https://uefi.org/specs/UEFI/2.10/03_Boot_Manager.html#removable-media-boot-behavior
enum ArchitectureCheck: FileCheck {
    static let id = "identity.architecture"
    static let severity = Severity.high

    static func judge(_ question: FileQuestion) -> Judgement {
        let file = question.file
        let expected = question.facts.expectation.architecture
        if let package = file.package {
            guard let expected else { return .notApplicable("no architecture was asked for") }
            guard let found = package.architecture else { return .unknown("the package names no architecture") }
            let isRight = Architecture.isSame(found, expected) || ["noarch", "all"].contains(found)
            return Judgement(
                isRight ? .pass : .fail, isRight ? .on : .off, .measured, "\(found), \(expected) was asked for")
        }
        guard let image = file.image else {
            return expected == nil
                ? .notApplicable("nothing says which architecture it is for")
                : .unknown("nothing in it says which architecture it is for")
        }
        let evidence = image.bootMethods.map {
            Evidence(
                Location($0.place), [$0.platform, $0.architecture].compactMap { $0 }.joined(separator: ", "),
                how: $0.how)
        }
        let wanted = [(expected, "asked for"), (image.nameArchitecture, "in the file name")].compactMap { name, what in
            name.map { ($0, what) }
        }
        guard !wanted.isEmpty else {
            return .notApplicable("boots on \(image.bootText); neither name nor --expect asks for one")
        }
        guard !image.bootMethods.isEmpty else {
            return .unknown("it does not say what it boots on", evidence: evidence)
        }
        for (name, what) in wanted where !image.boots(on: name) {
            return Judgement(
                .fail, .off, .measured, "\(name) is \(what), but it boots on \(image.bootText)", evidence: evidence)
        }
        return Judgement(.pass, .on, .measured, "boots on \(image.bootText)", evidence: evidence)
    }
}
