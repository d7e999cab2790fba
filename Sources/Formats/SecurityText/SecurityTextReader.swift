import AssayBytes

/// Reads security.txt line by line (RFC 9116, section 2.2 and 4: https://www.rfc-editor.org/rfc/rfc9116#section-2.2).
struct SecurityTextReader {
    /// The fields that are registered (https://www.iana.org/assignments/security-txt-fields).
    private static let uriFields: Set<String> = [
        "acknowledgments", "canonical", "contact", "encryption", "hiring", "policy", "csaf",
    ]
    /// The most issues of one kind: more say nothing new, and must not push one of another kind out.
    private static let maximumIssuesOfKind = 100

    private enum Part { case text, signature, behind }

    private(set) var fields: [SecurityText.Field] = []
    private(set) var issues: [SecurityTextIssue] = []
    private var counts: [SecurityTextIssue.Code: Int] = [:]
    private(set) var isSigned = false
    private var part = Part.text
    private var line = 0
    /// Whether the last lines hold nothing, the last one first.
    private var emptyLines = (last: false, before: false)

    mutating func read(_ bytes: [UInt8]) {
        guard bytes.count <= SecurityText.maximumSize else {
            return issues.append(
                SecurityTextIssue(.tooLarge, line: nil, "it has more than \(SecurityText.maximumSize) bytes"))
        }
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            issues.append(SecurityTextIssue(.byteOrderMark, line: 1, "it starts with a byte-order mark"))
            bytes = bytes.dropFirst(3)
        }
        if String(validating: bytes, as: UTF8.self) == nil {
            issues.append(SecurityTextIssue(.encoding, line: nil, "it is not UTF-8"))
        }
        for content in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            line += 1
            let text = String(decoding: content, as: UTF8.self)
            var end = text.unicodeScalars.endIndex
            let scalars = text.unicodeScalars
            while end > scalars.startIndex, scalars[scalars.index(before: end)].properties.isWhitespace {
                end = scalars.index(before: end)
            }
            emptyLines = (end == scalars.startIndex, emptyLines.last)
            read(String(scalars[..<end]))
        }
        finish()
    }

    private mutating func add(_ code: SecurityTextIssue.Code, _ reason: String, isAboutFile: Bool = false) {
        guard counts[code, default: 0] < SecurityTextReader.maximumIssuesOfKind else { return }
        counts[code, default: 0] += 1
        issues.append(SecurityTextIssue(code, line: isAboutFile ? nil : line, reason))
    }

    private mutating func read(_ text: String) {
        switch part {
        case .signature:
            if text == "-----END PGP SIGNATURE-----" { part = .behind }
            return
        case .behind where !text.isEmpty: return add(.dataAfterSignature, "text behind the signature is not signed")
        case .behind, .text: break
        }
        var text = text
        if isSigned, text.hasPrefix("- ") { text = String(text.dropFirst(2)) }
        if text == "-----BEGIN PGP SIGNED MESSAGE-----" {
            if line != 1 { add(.signedFormat, "a signed file must start with '-----BEGIN PGP SIGNED MESSAGE-----'") }
            isSigned = true
        } else if text == "-----BEGIN PGP SIGNATURE-----", isSigned {
            part = .signature
        } else if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\t" }) {
            add(.controlCharacter, "the line has a control character")
        } else if text.hasPrefix("#") || text.isEmpty {
            return
        } else if let colon = text.firstIndex(of: ":") {
            readField(String(text[..<colon]), String(text[text.index(after: colon)...]))
        } else {
            add(.invalidLine, "the line is no field, no comment and not empty")
        }
    }

    private mutating func readField(_ name: String, _ rest: String) {
        var name = name.lowercased()
        if let last = name.unicodeScalars.last, last.properties.isWhitespace {
            add(.blankBeforeColon, "a blank stands before the colon")
            while let last = name.unicodeScalars.last, last.properties.isWhitespace { name.unicodeScalars.removeLast() }
        }
        if !rest.isEmpty, !rest.hasPrefix(" ") { add(.noBlankAfterColon, "no space stands behind the colon") }
        let value = String(rest.unicodeScalars.drop { $0.properties.isWhitespace })
        // A header of the signed message, not of the file.
        if name == "hash", isSigned { return }
        guard !name.isEmpty else { return add(.emptyName, "the field has no name") }
        guard !value.isEmpty else { return add(.emptyValue, "the field has no value") }
        judge(name, value)
        fields.append(SecurityText.Field(name: name, value: value, line: line))
    }

    private mutating func judge(_ name: String, _ value: String) {
        let shown = EscapedText(String(value.prefix(100)))
        switch name {
        case _ where SecurityTextReader.uriFields.contains(name):
            let scheme = SecurityTextReader.scheme(value)
            if scheme == nil { add(.noURI, "'\(shown)' is no URI ('mailto:' and 'tel:' are part of one)") }
            if scheme == "http" { add(.noHTTPS, "a web address must start with https://") }
        case "expires":
            if SecurityTextTime.seconds(value) == nil {
                add(.invalidExpiry, "'\(shown)' is no time of the form YYYY-MM-DDThh:mm:ssZ")
            }
        case "preferred-languages":
            for tag in value.split(separator: ",", omittingEmptySubsequences: false) {
                let tag = tag.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
                guard !SecurityTextReader.isLanguageTag(String(tag)) else { continue }
                add(.invalidLanguage, "'\(EscapedText(String(tag).utf8.prefix(100)))' is no language tag")
            }
        default: add(.unknownField, "the field '\(EscapedText(String(name.prefix(60))))' is not registered")
        }
    }

    private mutating func finish() {
        let names = fields.map(\.name)
        if !names.contains("expires") { add(.noExpires, "'Expires' is missing", isAboutFile: true) }
        repeated("expires", .severalExpires, "'Expires' stands more than once")
        repeated("preferred-languages", .severalLanguages, "'Preferred-Languages' stands more than once")
        if !emptyLines.last { add(.noFinalLineEnd, "the last line has no line end") }
        if isSigned, emptyLines.last, emptyLines.before { add(.tooManyLineEnds, "empty lines follow the signature") }
        if isSigned, part == .text { add(.signature, "the signature is missing") }
        if isSigned, part == .signature { add(.signature, "the signature does not end") }
        let metadata = fields.filter { $0.name == "csaf" }
        if metadata.contains(where: { !$0.value.hasSuffix("provider-metadata.json") }) {
            add(.noProviderMetadata, "'CSAF' must lead to a provider-metadata.json", isAboutFile: true)
        }
        if metadata.count > 1 {
            add(.severalProviderMetadata, "'CSAF' stands more than once; one is better", isAboutFile: true)
        }
        let contacts = fields.filter { $0.name == "contact" }
        if contacts.isEmpty { add(.noContact, "'Contact' is missing", isAboutFile: true) }
        if contacts.contains(where: { $0.value.hasPrefix("mailto:") }), !names.contains("encryption") {
            add(.noEncryption, "a mail address without 'Encryption', the key for it", isAboutFile: true)
        }
        if !isSigned { add(.notSigned, "it is not signed", isAboutFile: true) }
        if isSigned, !names.contains("canonical") {
            add(.noCanonical, "a signed file should say its own address in 'Canonical'", isAboutFile: true)
        }
    }

    private mutating func repeated(_ name: String, _ code: SecurityTextIssue.Code, _ reason: String) {
        let all = fields.filter { $0.name == name }
        if all.count > 1, let second = all.dropFirst().first {
            issues.append(SecurityTextIssue(code, line: second.line, reason))
        }
    }

    /// The scheme of a URI, lower case (RFC 3986, section 3.1).
    static func scheme(_ value: String) -> String? {
        guard let colon = value.firstIndex(of: ":") else { return nil }
        let scheme = value[..<colon].lowercased()
        guard let first = scheme.utf8.first, (0x61...0x7A).contains(first),
            scheme.utf8.allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0)
            })
        else { return nil }
        return scheme
    }

    /// Whether a tag is well-formed (RFC 5646, section 2.1); whether its parts are registered is not looked at.
    static func isLanguageTag(_ tag: String) -> Bool {
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false).map { Array($0.utf8) }
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        guard tag.utf8.count <= 64, let language = parts.first,
            (2...8).contains(language.count) && language.allSatisfy(isLetter)
                || (language.count == 1 && parts.count > 1 && [0x78, 0x69].contains(language[0] | 0x20))
        else { return false }
        return parts.allSatisfy { (1...8).contains($0.count) && $0.allSatisfy { isLetter($0) || isDigit($0) } }
    }
}
