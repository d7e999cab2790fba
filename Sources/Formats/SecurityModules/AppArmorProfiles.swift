import AssayBytes

/// A profile in a file of `/etc/apparmor.d`.
///
/// https://manpages.debian.org/bookworm/apparmor/apparmor.d.5.en.html
public struct AppArmorProfile: Hashable, Sendable {
    /// What happens to a violation.
    public enum Mode: String, Hashable, Sendable {
        /// It is prevented.
        case enforce
        /// It is only logged.
        case complain
        /// The program is killed.
        case kill
        /// Nothing is confined.
        case unconfined
        /// A user is asked.
        case prompt
        /// What no rule denies is allowed.
        case defaultAllow = "default_allow"
    }

    /// The full name: `/usr/bin/man`, `firefox`, and with its parent before `//` for a child profile or hat.
    public let name: String
    /// The attachment, the path that the profile is for, when it is given apart from the name.
    public let attachment: String?
    /// The flags in parentheses.
    public let flags: [String]
    /// What the flags make of a violation.
    public let mode: Mode
    /// The line of the name, counted from 1.
    public let line: Int

    /// Whether the profile is inside another one.
    public var isChild: Bool { name.utf8.contains(0x2F) && name.contains("//") }
}

/// The profiles of one file in `/etc/apparmor.d`.
public struct AppArmorProfileFile: Hashable, Sendable {
    /// The profiles, in the order of the file.
    public let profiles: [AppArmorProfile]
    /// The files that are included, as they stand; they are not read.
    public let includes: [String]
    /// Lines that make no sense, counted from 1, with the reason.
    public let problems: [String]

    /// Reads the file's bytes.
    public init(_ bytes: [UInt8]) {
        var reader = AppArmorReader()
        reader.read(Array(bytes.prefix(4 << 20)))
        profiles = reader.profiles
        includes = reader.includes
        problems = reader.problems
    }
}

/// Takes profiles apart into statements: what ends at a comma before a blank, a brace apart from its neighbours, or, for
/// includes and variables, the end of the line.
private struct AppArmorReader {
    var profiles: [AppArmorProfile] = []
    var includes: [String] = []
    var problems: [String] = []

    /// The names of the open profiles; nil for a block of another kind.
    private var scopes: [String?] = []
    private var words: [String] = []
    private var word: [UInt8] = []
    private var isInQuotes = false
    private var line = 1
    private var statementLine = 1

    mutating func read(_ bytes: [UInt8]) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let next: UInt8 = index + 1 < bytes.count ? bytes[index + 1] : 0x0A
            index += 1
            if isInQuotes || byte == 0x22 { quoted(byte) } else { index = plain(byte, next, bytes, index) }
            if byte == 0x0A { line += 1 }
        }
        endWord()
        endStatement()
        if !scopes.isEmpty { problem("\(scopes.count) blocks are not closed") }
    }

    private mutating func quoted(_ byte: UInt8) {
        if byte == 0x22 { isInQuotes.toggle() } else { word.append(byte) }
        // A line end inside quotes ends them: one lost quote must not swallow the rest of the file.
        if byte == 0x0A { isInQuotes = false }
    }

    /// Reads one character outside quotes; returns where to go on.
    private mutating func plain(_ byte: UInt8, _ next: UInt8, _ bytes: [UInt8], _ index: Int) -> Int {
        switch byte {
        case 0x0A:
            endWord()
            if let first = words.first, ["include", "#include"].contains(first) || first.utf8.first == 0x40 {
                endStatement()
            }
        case 0x23 where word.isEmpty && !bytes[(index - 1)...].starts(with: "#include".utf8):
            return bytes[index...].firstIndex(of: 0x0A) ?? bytes.count
        case 0x20, 0x09, 0x0D: endWord()
        case 0x2C where isBlank(next) && !isInFlags:
            endWord()
            endStatement()
        case 0x7B where word.isEmpty && (isBlank(next) || next == 0x23): openBlock()
        case 0x7D where word.isEmpty:
            endStatement()
            if scopes.popLast() == nil { problem("a '}' that closes nothing") }
        default:
            if word.isEmpty, words.isEmpty { statementLine = line }
            if word.count < 4096 { word.append(byte) }
        }
        return index
    }

    /// Whether a parenthesis is open in the statement, in which a comma separates flags.
    private var isInFlags: Bool {
        let text = (words.last ?? "").utf8
        let open = word.lastIndex(of: 0x28)
        if let open { return !word[open...].contains(0x29) }
        guard !word.contains(0x29), let start = text.lastIndex(of: 0x28) else {
            return word.contains(0x29) ? false : hasOpenFlags
        }
        return !text[start...].contains(0x29)
    }

    private var hasOpenFlags: Bool {
        for text in words.suffix(32).reversed() {
            if text.utf8.contains(0x29) { return false }
            if text.utf8.contains(0x28) { return true }
        }
        return false
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private mutating func endWord() {
        guard !word.isEmpty else { return }
        if words.isEmpty, statementLine > line { statementLine = line }
        if words.count < 64 { words.append(String(decoding: word, as: UTF8.self)) }
        word.removeAll(keepingCapacity: true)
    }

    private mutating func endStatement() {
        defer { words.removeAll(keepingCapacity: true) }
        guard words.count >= 2, ["include", "#include"].contains(words[0]), let file = words.last,
            includes.count < 1000
        else { return }
        includes.append(file)
    }

    private mutating func problem(_ reason: String) {
        if problems.count < 100 { problems.append("line \(line): \(reason)") }
    }

    private mutating func openBlock() {
        defer { words.removeAll(keepingCapacity: true) }
        guard scopes.count < 32 else { return problem("nested too deep") }
        guard let profile = header(), profiles.count < 10_000 else { return scopes.append(nil) }
        profiles.append(profile)
        scopes.append(profile.name)
    }

    /// The profile that the words before a `{` begin, or nil when it is a block of another kind.
    private func header() -> AppArmorProfile? {
        // `flags=(a, b)` and `(a, b)` come last and may be spread over several words; a quoted name is one word.
        let start = words.firstIndex { $0.utf8.first == 0x28 || $0.utf8.starts(with: "flags=".utf8) } ?? words.endIndex
        let flags = words[start...].joined(separator: " ").utf8.drop { $0 != 0x28 }.dropFirst().prefix { $0 != 0x29 }
            .split { $0 == 0x2C || $0 == 0x20 }.map { String(Substring($0)) }
        var parts = Array(words[..<start])
        guard let first = parts.first else { return nil }
        let parent = scopes.last.flatMap { $0 }
        switch first {
        case "profile", "hat":
            parts.removeFirst()
        case _ where first.utf8.first == 0x5E:
            parts[0].removeFirst()
        case _ where first.utf8.first == 0x2F || first.utf8.first == 0x40:
            break
        default: return nil
        }
        guard let name = parts.first, !name.isEmpty else { return nil }
        let depth = parent.map { $0 + "//" + name } ?? name
        guard depth.utf8.count <= 8192 else { return nil }
        let attachment = parts.dropFirst().first { $0.utf8.first == 0x2F || $0.utf8.first == 0x40 }
        let mode = flags.compactMap { AppArmorProfile.Mode(rawValue: $0) }.last ?? .enforce
        return AppArmorProfile(
            name: depth, attachment: attachment, flags: flags, mode: mode, line: statementLine)
    }
}
