/// One keyword of sshd's configuration, with its place and the block that it stands in.
public struct SSHDDirective: Hashable, Sendable {
    /// The keyword in lower case, as written otherwise (aliases are kept).
    public let keyword: String
    /// The arguments without quotes.
    public let arguments: [String]
    /// The criteria of the `Match` block around it, `all` in lower case; nil outside of all blocks.
    ///
    /// A block in an included file stands for itself: sshd does not combine it with the block around the `Include`.
    public let match: String?
    /// Whether sshd takes the line when it starts: outside of all blocks, or in `Match all`.
    let isActiveAtStart: Bool
    /// Where it stands.
    public let location: AccountLocation
}

/// The configuration of sshd with all its includes, sshd_config(5).
///
/// The format is https://man.openbsd.org/sshd_config. For each keyword the first value counts; those in `Match` blocks
/// count for the connections that the block names.
public struct SSHDConfiguration: Hashable, Sendable {
    /// The deepest nesting of includes that sshd allows (SERVCONF_MAX_DEPTH).
    public static let depthLimit = 16
    /// The most files read, those that are included again counted each time.
    public static let fileLimit = 1024

    /// Why sshd refuses to start, or why the answer is not certain.
    public struct Problem: Hashable, Sendable {
        /// What is wrong.
        public enum Reason: Hashable, Sendable {
            /// A keyword without arguments.
            case missingArgument(String)
            /// A quote that never closes.
            case unbalancedQuote
            /// A value that the keyword does not take.
            case badValue(keyword: String, value: String)
            /// More arguments than the keyword takes.
            case extraArguments(String)
            /// A keyword that may not stand in a `Match` block.
            case notInMatch(String)
            /// Includes nested too deep.
            case tooDeep
            /// More bytes, files or lines than are read.
            case tooLarge
        }

        /// What is wrong.
        public let reason: Reason
        /// Where.
        public let location: AccountLocation
    }

    /// The directives in the order in which sshd reads them.
    public let directives: [SSHDDirective]
    /// Why sshd refuses to start, or why the answer is not certain; empty when all is well.
    ///
    /// Only the keywords of this type's own questions are checked; sshd may refuse others.
    public let problems: [Problem]

    /// What the pattern of an include leads to.
    ///
    /// The closure gets an absolute glob pattern and gives the files that match it, sorted by path as glob(3) does.
    public typealias Lookup = (_ pattern: String) -> [(path: String, bytes: [UInt8])]

    /// Reads a configuration.
    ///
    /// - Parameters:
    ///   - bytes: the main file's content; any bytes are accepted.
    ///   - path: its path.
    ///   - include: gives the files of an include's pattern.
    public init(_ bytes: [UInt8], path: String = "/etc/ssh/sshd_config", include: Lookup = { _ in [] }) {
        var reader = SSHDReader()
        reader.read(bytes, path: path, depth: 0, include: include)
        directives = reader.directives
        problems = reader.problems
    }
}

/// The state of one reading.
private struct SSHDReader {
    var directives: [SSHDDirective] = []
    var problems: [SSHDConfiguration.Problem] = []
    private var match: String?
    private var isActive = true
    private var fileCount = 0
    private var byteCount = 0

    mutating func read(_ bytes: [UInt8], path: String, depth: Int, include: SSHDConfiguration.Lookup) {
        let start = AccountLocation(path: path, line: 1)
        guard depth <= SSHDConfiguration.depthLimit else { return note(.tooDeep, start) }
        fileCount += 1
        byteCount += min(bytes.count, AccountLimit.bytes)
        guard fileCount <= SSHDConfiguration.fileLimit, bytes.count <= AccountLimit.bytes,
            byteCount <= 2 * AccountLimit.bytes
        else {
            return note(.tooLarge, start)
        }
        let wasActive = isActive
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let location = AccountLocation(path: path, line: index + 1)
            guard directives.count < 200_000, index < AccountLimit.lines else { return note(.tooLarge, location) }
            guard let (keyword, rest) = SSHDLine.keyword(line) else { continue }
            guard !rest.isEmpty else {
                note(.missingArgument(keyword), location)
                continue
            }
            guard let arguments = SSHDLine.arguments(rest) else {
                note(.unbalancedQuote, location)
                continue
            }
            guard !arguments.isEmpty else {
                note(.missingArgument(keyword), location)
                continue
            }
            switch keyword {
            case "include":
                // A block that an included file opens ends with that file.
                let current = (match, isActive)
                for pattern in arguments {
                    let absolute = pattern.hasPrefix("/") ? pattern : "/etc/ssh/" + pattern
                    for file in include(absolute) {
                        read(file.bytes, path: file.path, depth: depth + 1, include: include)
                        (match, isActive) = current
                        guard fileCount <= SSHDConfiguration.fileLimit else { return }
                    }
                }
            case "match":
                let criteria = arguments.joined(separator: " ")
                let isAll = criteria.lowercased() == "all"
                match = isAll ? "all" : criteria
                isActive = isAll && wasActive
            default:
                let directive = SSHDDirective(
                    keyword: keyword, arguments: arguments, match: match, isActiveAtStart: isActive, location: location)
                if let reason = SSHDQuestion.problem(of: directive) { note(reason, location) }
                directives.append(directive)
            }
        }
    }

    private mutating func note(_ reason: SSHDConfiguration.Problem.Reason, _ location: AccountLocation) {
        guard problems.count < AccountLimit.diagnostics else { return }
        problems.append(SSHDConfiguration.Problem(reason: reason, location: location))
    }
}

/// How sshd takes a line apart.
private enum SSHDLine {
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0C }

    /// The keyword in lower case and what follows it; nil for an empty line or a comment.
    static func keyword(_ line: ArraySlice<UInt8>) -> (keyword: String, rest: ArraySlice<UInt8>)? {
        var rest = line.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
        guard let first = rest.first, first != UInt8(ascii: "#") else { return nil }
        let quote = UInt8(ascii: "\"")
        let isQuoted = first == quote
        if isQuoted { rest = rest.dropFirst() }
        let word = rest.prefix { isQuoted ? $0 != quote : !isSpace($0) && $0 != UInt8(ascii: "=") && $0 != quote }
        rest = rest.dropFirst(word.count + (isQuoted ? 1 : 0)).drop(while: isSpace)
        // One equals sign may stand between keyword and value.
        if rest.first == UInt8(ascii: "=") { rest = rest.dropFirst().drop(while: isSpace) }
        return (String(decoding: word, as: UTF8.self).lowercased(), rest)
    }

    /// Splits at white space, or gives nil when a quote never closes.
    ///
    /// Quotes join words, a backslash takes a quote, a backslash or a space literally, and a number sign at the start
    /// of a word ends the line.
    static func arguments(_ text: ArraySlice<UInt8>) -> [String]? {
        var result: [String] = []
        var rest = text
        while result.count < 10_000 {
            rest = rest.drop(while: isSpace)
            guard let first = rest.first, first != UInt8(ascii: "#") else { return result }
            var word: [UInt8] = []
            var quote: UInt8?
            while let byte = rest.first, quote != nil || !isSpace(byte) {
                rest = rest.dropFirst()
                if byte == UInt8(ascii: "\\"), let next = rest.first,
                    next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") || next == UInt8(ascii: "\\")
                        || (quote == nil && next == UInt8(ascii: " "))
                {
                    word.append(next)
                    rest = rest.dropFirst()
                } else if byte == quote {
                    quote = nil
                } else if quote == nil, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    quote = byte
                } else {
                    word.append(byte)
                }
            }
            guard quote == nil else { return nil }
            result.append(String(decoding: word, as: UTF8.self))
        }
        return result
    }
}
