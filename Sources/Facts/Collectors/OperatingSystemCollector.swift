import AssayBytes
import AssayFacts
import AssayFileSystem

extension SubjectReader {
    /// What os-release says (os-release(5): `/etc/os-release` before `/usr/lib/os-release`).
    func operatingSystem(gaps: inout [Gap]) -> OperatingSystemFacts? {
        for path: TreePath in ["/etc/os-release", "/usr/lib/os-release"] {
            switch text(path, limit: 65_536) {
            case .absent: continue
            case .unreadable(let reason):
                gaps.append(Gap(Place(path.description), reason: reason))
                return nil
            case .found(let text):
                let fields = SubjectReader.assignments(text)
                return OperatingSystemFacts(
                    id: fields["ID"] ?? "linux",
                    idLike: fields["ID_LIKE"]?.split(separator: " ").map(String.init) ?? [],
                    version: fields["VERSION_ID"], prettyName: fields["PRETTY_NAME"],
                    place: Place(path.description))
            }
        }
        return nil
    }

    /// `KEY=value` lines with optional quotes and backslash escapes (os-release(5)); the last one of a key counts.
    static func assignments(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in TextLines(text) {
            guard !line.text.hasPrefix("#"), let equals = line.text.firstIndex(of: "=") else { continue }
            var value = line.text[line.text.index(after: equals)...]
            while let last = value.last, last.isWhitespace { value.removeLast() }
            if let quote = value.first, quote == "\"" || quote == "'", value.count > 1, value.last == quote {
                value = value.dropFirst().dropLast()
            }
            var plain = ""
            var isEscaped = false
            for character in value {
                if character == "\\", !isEscaped {
                    isEscaped = true
                } else {
                    plain.append(character)
                    isEscaped = false
                }
            }
            fields[String(line.text[..<equals])] = EscapedText(plain).description
        }
        return fields
    }
}
