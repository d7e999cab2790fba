import AssayBytes

/// A security context: `user:role:type` and, with MLS or MCS, a level or range behind.
public struct SELinuxLabel: Hashable, Sendable, CustomStringConvertible {
    /// The SELinux user (`system_u`).
    public let user: String
    /// The role (`object_r`).
    public let role: String
    /// The type or domain (`shadow_t`).
    public let type: String
    /// The level or range (`s0`, `s0-s0:c0.c1023`), nil in a policy without levels.
    public let level: String?

    /// Reads `text`, or gives nil when it is not a context.
    ///
    /// A level may hold colons of its own.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: 0x3A, maxSplits: 3, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard parts.count >= 3, parts.allSatisfy({ !$0.isEmpty }), text.utf8.count <= 4096,
            !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
        else { return nil }
        user = parts[0]
        role = parts[1]
        type = parts[2]
        level = parts.count == 4 ? parts[3] : nil
    }

    /// Reads the value of the attribute `security.selinux`, which a zero byte may end.
    public init?(attribute: [UInt8]) {
        let bytes = attribute.last == 0 ? Array(attribute.dropLast()) : attribute
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self.init(text)
    }

    /// The context as text.
    public var description: String { "\(user):\(role):\(type)" + (level.map { ":" + $0 } ?? "") }
}

/// A policy's `file_contexts`: which label a file should have.
///
/// Only specifications that are a plain path are answered: regular expressions are recognised and left alone. A plain
/// path beats every expression, as in libselinux. `file_contexts.subs` and `.subs_dist` are the caller's business.
/// https://man7.org/linux/man-pages/man5/selabel_file.5.html
public struct FileContexts: Hashable, Sendable {
    /// The kind of file that a specification is for.
    public enum Kind: String, Hashable, Sendable {
        /// `--`
        case regular = "--"
        /// `-d`
        case directory = "-d"
        /// `-l`
        case symbolicLink = "-l"
        /// `-b`
        case blockDevice = "-b"
        /// `-c`
        case characterDevice = "-c"
        /// `-p`
        case pipe = "-p"
        /// `-s`
        case socket = "-s"
    }

    /// A line.
    public struct Entry: Hashable, Sendable {
        /// Counted from 1.
        public let line: Int
        /// The specification as it stands.
        public let specification: String
        /// The path when the specification is plain; nil for a regular expression.
        public let path: String?
        /// The kind of file; nil for any.
        public let kind: Kind?
        /// The label; nil for `<<none>>`, which leaves a file as it is.
        public let label: SELinuxLabel?
    }

    /// What is known about a path.
    public enum Answer: Hashable, Sendable {
        /// A plain specification decides.
        case exact(Entry)
        /// Only a regular expression could decide.
        case needsExpression
    }

    /// The most entries that are read.
    static let maximumEntries = 200_000

    /// The entries, in the order of the file.
    public let entries: [Entry]
    /// Lines that cannot be read, counted from 1.
    public let malformedLines: [Int]
    private let plain: [String: [Int]]

    /// Reads the file's bytes.
    public init(_ bytes: [UInt8]) {
        var entries: [Entry] = []
        var malformed: [Int] = []
        var plain: [String: [Int]] = [:]
        for line in TextLines(Array(bytes.prefix(64 << 20))) {
            let words = line.text.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
                .map { String(Substring($0)) }
            guard let first = words.first, first.utf8.first != 0x23 else { continue }
            guard let entry = FileContexts.entry(words, line.number), entries.count < FileContexts.maximumEntries else {
                if malformed.count < 100 { malformed.append(line.number) }
                continue
            }
            if let path = entry.path { plain[path, default: []].append(entries.count) }
            entries.append(entry)
        }
        self.entries = entries
        malformedLines = malformed
        self.plain = plain
    }

    /// The label that the file `path` of kind `kind` should have.
    public func answer(_ path: String, kind: Kind) -> Answer {
        // Of plain specifications for the same path and kind the last one counts.
        for index in (plain[path] ?? []).reversed() where entries[index].kind == nil || entries[index].kind == kind {
            return .exact(entries[index])
        }
        return .needsExpression
    }

    private static func entry(_ words: [String], _ line: Int) -> Entry? {
        guard words.count == 2 || words.count == 3, words[0].utf8.first == 0x2F || words[0].utf8.first == 0x28 else {
            return nil
        }
        let kind = words.count == 3 ? Kind(rawValue: words[1]) : nil
        guard words.count == 2 || kind != nil, let last = words.last else { return nil }
        let label = SELinuxLabel(last)
        guard label != nil || last == "<<none>>" else { return nil }
        return Entry(line: line, specification: words[0], path: plainPath(words[0]), kind: kind, label: label)
    }

    /// The path that a specification without operators stands for.
    private static func plainPath(_ specification: String) -> String? {
        var path: [UInt8] = []
        var isEscaped = false
        for byte in specification.utf8 {
            if isEscaped {
                // A backslash before a letter or digit is a class, not a character.
                guard !(0x30...0x39).contains(byte), !(0x41...0x5A).contains(byte), !(0x61...0x7A).contains(byte)
                else { return nil }
                path.append(byte)
                isEscaped = false
            } else if byte == 0x5C {
                isEscaped = true
            } else if ".^$?*+|[](){}".utf8.contains(byte) {
                return nil
            } else {
                path.append(byte)
            }
        }
        return isEscaped ? nil : String(decoding: path, as: UTF8.self)
    }

    /// The version of a compiled policy by its file name, `policy.33`.
    public static func policyVersion(fileName: String) -> Int? {
        guard fileName.utf8.starts(with: "policy.".utf8) else { return nil }
        let digits = fileName.utf8.dropFirst(7)
        guard !digits.isEmpty, digits.count <= 5, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(String(Substring(digits)))
    }
}
