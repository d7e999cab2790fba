import AssayTrust

extension TrustExplanation {
    /// The explanation for people.
    var text: String {
        if let chain { return chain.text(purpose, isTrusted, evaluatedAt) }
        guard let certificate else { return "" }
        var lines = [String(certificate.heading.dropLast())] + certificate.details.map { "  " + $0 }
        lines += notes.map { "  note      \($0)" }
        lines.append("purposes")
        lines += AnswerGroups.lines(
            purposes.map {
                AnswerGroups.Answer(
                    word: $0.isTrusted ? "yes" : "no", rule: "\($0.rule): \($0.reason)", places: $0.because,
                    name: $0.purpose)
            })
        lines.append("outputs")
        lines += AnswerGroups.lines(
            outputs.map {
                AnswerGroups.Answer(
                    word: $0.isTrusted ? "in" : "out",
                    rule: $0.rule + ($0.isListed && !$0.isTrusted ? ", listed as not trusted" : ""), places: $0.because,
                    name: $0.output)
            })
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Answers that are the same, told once.
private enum AnswerGroups {
    struct Answer {
        let word: String
        let rule: String
        let places: [SourcePlace]
        let name: String

        func isSame(as other: Answer) -> Bool {
            word == other.word && rule == other.rule && places == other.places
        }
    }

    /// For each group the answer with its rule, the names that it is about, and the lines that decide.
    static func lines(_ answers: [Answer]) -> [String] {
        var groups: [[Answer]] = []
        for answer in answers {
            if let index = groups.firstIndex(where: { $0[0].isSame(as: answer) }) {
                groups[index].append(answer)
            } else {
                groups.append([answer])
            }
        }
        return groups.flatMap { group -> [String] in
            let first = group[0]
            let word = first.word + String(repeating: " ", count: max(1, 5 - first.word.count))
            let names = group.map(\.name).joined(separator: ", ").wrapped(at: 72, indent: "       ")
            let places = first.places.isEmpty ? [] : ["       " + PlaceText.places(first.places)]
            return ["  \(word)\(first.rule)", names] + places
        }
    }
}

extension ChainAnswer {
    /// The way to the anchor for people.
    fileprivate func text(_ purpose: String, _ isTrusted: Bool?, _ time: String) -> String {
        var lines: [String] = []
        for (number, step) in steps.enumerated() {
            let origin = step.numberInFile.map { "number \($0) of the file" }
            let state = step.state.map { "\($0) in the store (\(PlaceText.places(step.places)))" }
            lines.append("\(number + 1)  \(step.certificate.label)")
            lines.append("   sha256  \(step.certificate.fingerprint)")
            lines.append("   from    \([origin, state].compactMap { $0 }.joined(separator: "; "))")
            let days = [step.certificate.notBefore, step.certificate.notAfter].map { $0.map { String($0.prefix(10)) } }
            lines.append("   valid   \(days[0] ?? "no date") to \(days[1] ?? "no date")")
            lines += step.reasons.map { "   ✗ \($0)" }
        }
        lines.append("")
        let anchor = steps.last.map { "the anchor '\($0.certificate.label)'" } ?? "no anchor"
        switch isTrusted {
        case true?: lines.append("trusted for \(purpose) at \(time): it ends in \(anchor)")
        case false?:
            lines.append(
                "not trusted for \(purpose) at \(time)" + (endsInAnchor ? ", though it ends in \(anchor)" : ""))
        case nil: lines.append("could not be decided for \(purpose) at \(time)")
        }
        lines.append("not looked at: \(notChecked.joined(separator: ", "))")
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Lists in a line.
enum PlaceText {
    /// The first places, and how many more there are.
    static func places(_ places: [SourcePlace]) -> String {
        let shown = places.prefix(2).map(\.description).joined(separator: ", ")
        return places.count > 2 ? "\(shown) and \(places.count - 2) more" : shown
    }
}
