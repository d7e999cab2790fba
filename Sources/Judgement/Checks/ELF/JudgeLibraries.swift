import AssayFacts
import AssayFindings
import AssayPolicy

extension Judgement {
    /// Judges a row that the C libraries of the subject decide.
    static func cLibraries(
        _ facts: Facts, _ context: CheckContext, feature: String, property: (CLibraryFacts) -> ELFFileFacts.Property
    ) -> Judgement {
        guard let libraries = facts.elf?.cLibraries, !libraries.isEmpty else {
            let gap = facts.elf?.gaps.first.map { " ('\($0.place.path)': \($0.reason))" } ?? ""
            return .unknown("no C library was found in the subject\(gap)")
        }
        let answers = libraries.map { ($0, property($0)) }
        let evidence = answers.map { library, property in
            Evidence(
                Location(library.place.path, offset: property.offset), property.evidence,
                how: [library.kind, library.version].compactMap { $0 }.joined(separator: " "),
                isException: property.state != .yes)
        }
        if let (library, _) = answers.first(where: { $0.1.state == .no }) {
            return Judgement(
                verdict(of: .off, expected: context.expected), .off, .measured,
                "\(library.place.path) (\(library.kind)) has no \(feature)", decidedBy: "C library", evidence: evidence)
        }
        if let (library, property) = answers.first(where: { $0.1.state == .inconclusive }) {
            return .unknown("\(library.place.path): \(property.evidence)", evidence: evidence)
        }
        // The same library for several machines is named once.
        let names = Set(libraries.map { [$0.kind, $0.version].compactMap { $0 }.joined(separator: " ") }).sorted()
        return Judgement(
            .pass, .on, .measured, "\(names.joined(separator: ", ")) has \(feature)", decidedBy: "C library",
            evidence: evidence)
    }
}
