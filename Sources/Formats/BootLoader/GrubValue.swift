/// Why a part of a text is not known from the files.
public struct GrubDoubt: Hashable, Sendable, CustomStringConvertible {
    /// What kind of part it is.
    public enum Kind: Hashable, Sendable {
        /// `{{…}}`: the file is a template that was not filled in.
        case placeholder
        /// A variable whose value is not known.
        case variable
        /// A value that a file which could not be read may replace.
        case replaceable
        /// A text too long to be kept.
        case tooLong
    }

    /// What kind of part it is.
    public let kind: Kind
    /// The part as it stands in the text: `{{.SELinux}}`, `$kernelopts`.
    public let token: String
    /// Why it is not known.
    public let reason: String

    /// The token and the reason.
    public var description: String { "'\(token)': \(reason)" }
}

/// A text after expansion, with what in it is not known; unknown parts stay as they are written.
public struct GrubValue: Hashable, Sendable {
    /// The longest text that is kept, in bytes.
    public static let maximumByteCount = 1 << 16

    /// The text.
    public internal(set) var text: String
    /// What in it is not known; empty for a text that is certain.
    public internal(set) var doubts: [GrubDoubt]

    /// Whether every part is known.
    public var isCertain: Bool { doubts.isEmpty }

    init(_ text: String, doubts: [GrubDoubt] = []) {
        self.text = text
        self.doubts = doubts
    }

    /// The value of a variable that is not known.
    static func unknown(_ name: String, reason: String) -> GrubValue {
        GrubValue("$\(name)", doubts: [GrubDoubt(kind: .variable, token: "$\(name)", reason: reason)])
    }

    mutating func append(_ other: GrubValue) { append(other.text, doubts: other.doubts) }

    mutating func append(_ more: String, doubts others: [GrubDoubt]) {
        for doubt in others where !doubts.contains(doubt) && doubts.count < 64 { doubts.append(doubt) }
        guard text.utf8.count + more.utf8.count <= GrubValue.maximumByteCount else {
            let doubt = GrubDoubt(kind: .tooLong, token: "", reason: "longer than \(GrubValue.maximumByteCount) bytes")
            if !doubts.contains(doubt) { doubts.append(doubt) }
            return
        }
        text += more
    }

    /// The path behind `(device)`, when it is known; which device that is, only the firmware knows.
    var path: String? {
        var path = text[...]
        if path.first == "(" {
            guard let end = path.firstIndex(of: ")") else { return nil }
            path = path[path.index(after: end)...]
        }
        let isKnown = doubts.allSatisfy { $0.kind == .variable && !$0.token.isEmpty && !path.contains($0.token) }
        return isKnown && !path.isEmpty ? String(path) : nil
    }
}
