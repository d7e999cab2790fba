import AssayBytes

/// `text` safe for printing, at most 200 characters long.
func shortened(_ text: String) -> String {
    let escaped = EscapedText(text.utf8.prefix(1000)).description
    guard escaped.utf8.count > 200 else { return escaped }
    let scalars = escaped.unicodeScalars
    guard scalars.count > 200 else { return escaped }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars.prefix(199))
    return String(result) + "…"
}

/// A place in a text with the words for an error there.
struct TextPlace: Hashable, Sendable {
    var source: String
    var line: Int

    func evidence(_ text: String) -> FirewallEvidence {
        FirewallEvidence(source: source, place: .line(line), text: text)
    }

    func reason(_ text: String) -> String { shortened("\(source):\(line): \(text)") }
}

/// The reason of an undecided answer at one place of a binary source.
func reason(_ evidence: FirewallEvidence, _ why: String) -> String {
    let place =
        switch evidence.place {
        case .line(let line): ":\(line)"
        case .offset(let offset): " at byte \(offset)"
        case .handle(let handle): " handle \(handle)"
        case .whole: ""
        }
    return shortened("\(evidence.source)\(place): \(why): \(evidence.text)")
}

extension Substring {
    /// Without white space and carriage returns at both ends.
    var trimmed: Substring {
        var result = self
        while let first = result.unicodeScalars.first, first.isBlank { result.unicodeScalars.removeFirst() }
        while let last = result.unicodeScalars.last, last.isBlank { result.unicodeScalars.removeLast() }
        return result
    }
}

extension Unicode.Scalar {
    /// A space, tab or line end.
    var isBlank: Bool { self == " " || self == "\t" || self == "\r" || self == "\n" }
}

/// `KEY=value` lines as shells and firewalld read them: comments are lines that start with `#`, quotes are taken off.
///
/// The last assignment wins.
func assignments(_ bytes: [UInt8], commentMarks: String = "#;") -> [String: (value: String, line: Int)] {
    var result: [String: (value: String, line: Int)] = [:]
    for line in TextLines(bytes) {
        let text = line.text.trimmed
        guard let first = text.first, !commentMarks.contains(first), let equals = text.firstIndex(of: "=") else {
            continue
        }
        var value = text[text.index(after: equals)...].trimmed
        for quote in ["\"", "'"] as [Character] where value.count > 1 && value.first == quote && value.last == quote {
            value = value.dropFirst().dropLast()
        }
        result[String(text[..<equals].trimmed)] = (String(value), line.number)
    }
    return result
}
