/// Where a setting stands.
public struct SettingLocation: Hashable, Sendable {
    /// The file's path in the subject.
    public let path: String
    /// The line on which the assignment begins, counted from 1.
    public let line: Int

    /// Makes a location.
    public init(path: String, line: Int) {
        self.path = path
        self.line = line
    }
}

/// One `key=value` line of a configuration file, joined with its continuation lines.
public struct Assignment: Hashable, Sendable {
    /// The section it stands in, without brackets; empty before the first section header.
    public let section: String
    /// The key, as written (keys are case-sensitive).
    public let key: String
    /// The value without white space at its ends; quotes and escapes are kept.
    public let value: String
    /// Where it stands.
    public let location: SettingLocation
}

/// A line that systemd would ignore or refuse.
public struct ConfigurationDiagnostic: Hashable, Sendable {
    /// Why.
    public enum Reason: Hashable, Sendable {
        /// A section header without its closing bracket or name; systemd gives up on the whole file.
        case invalidSectionHeader
        /// An assignment before the first section header.
        case outsideSection
        /// No equals sign.
        case missingEquals
        /// Nothing before the equals sign.
        case missingKey
        /// Bytes that are not UTF-8.
        case notUTF8
        /// A line, with its continuations, over the limit of 1 MiB.
        case lineTooLong
        /// More bytes or assignments than this parser reads.
        case tooLarge
    }

    /// Where.
    public let location: SettingLocation
    /// Why.
    public let reason: Reason
}

/// A file in systemd's configuration syntax: a unit file, a drop-in or a daemon's configuration.
///
/// The syntax is systemd.syntax(7), https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html.
/// No bytes make the parser fail: what systemd ignores is left out and recorded; what makes systemd give up on the
/// rest of the file ends the parse and makes `isComplete` false.
public struct ConfigurationFile: Hashable, Sendable {
    /// The most bytes read of one file.
    public static let byteLimit = 16 << 20
    /// The most assignments read of one file.
    public static let assignmentLimit = 100_000
    /// The longest line with its continuations, in bytes (systemd's LONG_LINE_MAX).
    public static let lineLimit = 1 << 20

    /// The file's path in the subject.
    public let path: String
    /// The assignments in file order.
    public let assignments: [Assignment]
    /// What was ignored or refused, in file order; at most one thousand.
    public let diagnostics: [ConfigurationDiagnostic]
    /// Whether every line was read; false when systemd, or a limit, stops in the middle.
    public let isComplete: Bool

    /// Parses `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: the file's content; any bytes are accepted.
    ///   - path: the path that locations name.
    public init(_ bytes: [UInt8], path: String) {
        var parser = ConfigurationParser(path: path)
        parser.parse(bytes)
        self.path = path
        assignments = parser.assignments
        diagnostics = parser.diagnostics
        isComplete = parser.isComplete
    }
}

/// The state of one pass over a file.
private struct ConfigurationParser {
    let path: String
    var assignments: [Assignment] = []
    var diagnostics: [ConfigurationDiagnostic] = []
    var isComplete = true
    private var section: String?

    init(path: String) { self.path = path }

    mutating func parse(_ bytes: [UInt8]) {
        guard bytes.count <= ConfigurationFile.byteLimit else { return stop(.tooLarge, line: 1) }
        var lines = ConfigurationLines(bytes)
        var pending: [UInt8]?
        var pendingLine = 0
        while let line = lines.next() {
            let text = line.bytes.drop(while: isBlank)
            if let first = text.first, first == UInt8(ascii: "#") || first == UInt8(ascii: ";") { continue }
            let start = pending == nil ? line.number : pendingLine
            var joined = pending ?? []
            // Else appending copies what is joined so far, line after line.
            pending = nil
            guard joined.count + text.count <= ConfigurationFile.lineLimit else {
                return stop(.lineTooLong, line: start)
            }
            joined += text
            if endsInBackslash(joined) {
                joined[joined.count - 1] = UInt8(ascii: " ")
                pending = joined
                pendingLine = start
                continue
            }
            guard accept(joined[...], line: start) else { return }
        }
        if let pending { _ = accept(pending[...], line: pendingLine) }
    }

    /// Takes one logical line; false where the parse must end.
    private mutating func accept(_ bytes: ArraySlice<UInt8>, line: Int) -> Bool {
        let trimmed = trim(bytes)
        guard let first = trimmed.first else { return true }
        guard let text = String(validating: trimmed, as: UTF8.self) else {
            note(.notUTF8, line: line)
            return true
        }
        if first == UInt8(ascii: "[") {
            guard text.utf8.last == UInt8(ascii: "]"), text.utf8.count > 2 else {
                stop(.invalidSectionHeader, line: line)
                return false
            }
            section = String(text.dropFirst().dropLast())
            return true
        }
        guard let section else {
            note(.outsideSection, line: line)
            return true
        }
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            note(.missingEquals, line: line)
            return true
        }
        let key = stripped(text[..<equals])
        guard !key.isEmpty else {
            note(.missingKey, line: line)
            return true
        }
        guard assignments.count < ConfigurationFile.assignmentLimit else {
            stop(.tooLarge, line: line)
            return false
        }
        assignments.append(
            Assignment(
                section: section, key: key, value: stripped(text[text.utf8.index(after: equals)...]),
                location: SettingLocation(path: path, line: line)))
        return true
    }

    private mutating func note(_ reason: ConfigurationDiagnostic.Reason, line: Int) {
        guard diagnostics.count < 1000 else { return }
        diagnostics.append(
            ConfigurationDiagnostic(location: SettingLocation(path: path, line: line), reason: reason))
    }

    private mutating func stop(_ reason: ConfigurationDiagnostic.Reason, line: Int) {
        note(reason, line: line)
        isComplete = false
    }

    /// Whether the last backslash is not itself escaped by the one before it.
    private func endsInBackslash(_ bytes: [UInt8]) -> Bool {
        var count = 0
        for byte in bytes.reversed() {
            guard byte == UInt8(ascii: "\\") else { break }
            count += 1
        }
        return count % 2 == 1
    }

    private func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return rest
    }

    private func stripped(_ text: Substring) -> String {
        String(decoding: trim(ArraySlice(text.utf8)), as: UTF8.self)
    }
}

/// systemd's white space: space, tab, line feed, carriage return.
private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
}

/// Lines as systemd reads them: a line feed, a carriage return and a NUL each end a line.
///
/// Two different ones side by side count as one line end; nothing follows a NUL in the same line end.
struct ConfigurationLines {
    private let bytes: [UInt8]
    private var position = 0
    private var number = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func next() -> (number: Int, bytes: ArraySlice<UInt8>)? {
        guard position < bytes.count else { return nil }
        number += 1
        let start = position
        while position < bytes.count, !ConfigurationLines.endsLine(bytes[position]) { position += 1 }
        let line = bytes[start..<position]
        var seen: [UInt8] = []
        while position < bytes.count, ConfigurationLines.endsLine(bytes[position]), seen.last != 0 {
            guard !seen.contains(bytes[position]) else { break }
            seen.append(bytes[position])
            position += 1
        }
        return (number, line)
    }

    private static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D || byte == 0 }
}
