import AssayBytes

/// A security.txt file (RFC 9116: https://www.rfc-editor.org/rfc/rfc9116): where to report a vulnerability.
public struct SecurityText: Hashable, Sendable {
    /// The most bytes of a file that are read; real ones have some hundred.
    public static let maximumSize = 256 << 10

    /// A field with its line.
    public struct Field: Hashable, Sendable {
        /// The name, lower case.
        public let name: String
        /// The value.
        public let value: String
        /// The line, from 1.
        public let line: Int
    }

    /// The fields in the order of the file.
    public let fields: [Field]
    /// What the file itself is, whenever and wherever it is read; `judge(at:url:)` adds what time and place say.
    public let issues: [SecurityTextIssue]
    /// Whether it is a clearsigned message; whether the signature holds is not looked at here.
    public let isSigned: Bool

    /// The values of a field, whose name is lower case.
    public func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// Reads a file; whatever it holds, this says what is wrong with it.
    public init(_ bytes: [UInt8]) {
        var reader = SecurityTextReader()
        reader.read(bytes)
        fields = reader.fields
        isSigned = reader.isSigned
        issues = reader.issues
    }

    /// All issues of the file at a time and, if it is known, a place, in the order of lines.
    ///
    /// - Parameters:
    ///   - time: seconds since 1970.
    ///   - url: where the file is published.
    /// - Returns: the issues; none for a file that needs nothing.
    public func judge(at time: Int64, url: String? = nil) -> [SecurityTextIssue] {
        var all = issues
        for field in fields where field.name == "expires" {
            guard let expires = SecurityTextTime.seconds(field.value) else { continue }
            if expires < time {
                all.append(SecurityTextIssue(.expired, line: field.line, "'Expires' is in the past"))
            } else if expires > SecurityTextTime.oneYear(after: time) {
                all.append(SecurityTextIssue(.longExpiry, line: field.line, "'Expires' is more than a year ahead"))
            }
        }
        if let url {
            let canonical = values("canonical")
            if !canonical.isEmpty, !canonical.contains(url) {
                all.append(SecurityTextIssue(.noCanonicalMatch, line: nil, "no 'Canonical' is '\(EscapedText(url))'"))
            }
            if !url.lowercased().hasPrefix("https://") {
                all.append(SecurityTextIssue(.invalidURIScheme, line: nil, "it is published without https"))
            }
            if !url.hasSuffix("/.well-known/security.txt") {
                all.append(SecurityTextIssue(.location, line: nil, "it is not published at /.well-known/security.txt"))
            }
        }
        return all.enumerated().sorted { left, right in
            (left.element.line ?? .max, left.offset) < (right.element.line ?? .max, right.offset)
        }.map(\.element)
    }
}

/// Something about a security.txt file.
public struct SecurityTextIssue: Hashable, Sendable, CustomStringConvertible {
    /// How much it matters.
    public enum Level: String, Hashable, Sendable {
        /// The file breaks RFC 9116.
        case error
        /// It keeps RFC 9116 and could be better.
        case recommendation
        /// It may be meant so.
        case note
    }

    /// What it is.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        case tooLarge = "too-large"
        case encoding = "utf8"
        case byteOrderMark = "bom-in-file"
        case controlCharacter = "control-character"
        case invalidLine = "invalid-line"
        case emptyName = "empty-key"
        case emptyValue = "empty-value"
        case blankBeforeColon = "prec-ws"
        case noBlankAfterColon = "no-space"
        case noURI = "no-uri"
        case noHTTPS = "no-https"
        case invalidExpiry = "invalid-expiry"
        case invalidLanguage = "invalid-lang"
        case noExpires = "no-expire"
        case severalExpires = "multi-expire"
        case noContact = "no-contact"
        case severalLanguages = "multi-lang"
        case noProviderMetadata = "no-csaf-file"
        case noFinalLineEnd = "no-line-separators"
        case tooManyLineEnds = "too-many-line-separators"
        case signedFormat = "signed-format-issue"
        case dataAfterSignature = "data-after-sig"
        case signature = "pgp-error"
        case expired
        case noCanonicalMatch = "no-canonical-match"
        case invalidURIScheme = "invalid-uri-scheme"
        case location
        case longExpiry = "long-expiry"
        case noEncryption = "no-encryption"
        case notSigned = "not-signed"
        case noCanonical = "no-canonical"
        case severalProviderMetadata = "multiple-csaf-fields"
        case unknownField = "unknown-field"

        /// How much it matters.
        public var level: Level {
            switch self {
            case .longExpiry, .noEncryption, .notSigned, .noCanonical, .severalProviderMetadata: .recommendation
            case .unknownField: .note
            default: .error
            }
        }
    }

    /// What it is.
    public let code: Code
    /// The line, from 1; nil when it is about the whole file.
    public let line: Int?
    /// What exactly, in words.
    public let reason: String

    /// Makes an issue.
    public init(_ code: Code, line: Int?, _ reason: String) {
        self.code = code
        self.line = line
        self.reason = reason
    }

    /// `LINE: reason`.
    public var description: String { line.map { "\($0): \(reason)" } ?? reason }
}
