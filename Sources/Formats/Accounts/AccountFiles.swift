import AssayBytes

/// A line of an account file that is no entry.
public struct AccountDiagnostic: Hashable, Sendable {
    /// Why.
    public enum Reason: Hashable, Sendable {
        /// Fewer or more fields than the format has.
        case wrongFieldCount(Int)
        /// A user without a name.
        case noName
        /// A user or group number that is no number.
        case badNumber
        /// A line of the compatibility mode of NIS (`+` or `-` at its start).
        case nisCompatibility
        /// More bytes or lines than are read; what follows is not known.
        case tooLarge
    }

    /// Where.
    public let location: AccountLocation
    /// Why.
    public let reason: Reason
}

/// The users of a shadow file, shadow(5), without their hashes.
public struct ShadowFile: Hashable, Sendable {
    /// One user.
    public struct Entry: Hashable, Sendable {
        /// The user's name.
        public let name: String
        /// What the password field holds.
        public let password: PasswordField
        /// Where the line stands.
        public let location: AccountLocation
    }

    /// The users in file order; the first entry of a name counts.
    public let entries: [Entry]
    /// Lines that are no entry.
    public let diagnostics: [AccountDiagnostic]

    /// Reads `bytes`; any bytes are accepted.
    public init(_ bytes: [UInt8], path: String = "/etc/shadow") {
        let records = AccountRecords(bytes, path: path, fieldCounts: 2...9)
        entries = records.records.map {
            Entry(name: $0.fields[0], password: PasswordField(shadow: $0.fields[1]), location: $0.location)
        }
        diagnostics = records.diagnostics
    }
}

/// The users of a passwd file, passwd(5), without their hashes.
public struct PasswdFile: Hashable, Sendable {
    /// One user.
    public struct Entry: Hashable, Sendable {
        /// The user's name.
        public let name: String
        /// What the password field holds.
        public let password: PasswordField
        /// The user's number.
        public let userID: UInt32
        /// The number of the user's group.
        public let groupID: UInt32
        /// The home directory.
        public let home: String
        /// The program that a login starts; empty for `/bin/sh`.
        public let shell: String
        /// Where the line stands.
        public let location: AccountLocation

        /// Whether the shell lets nobody in (`nologin`, `false`).
        public var hasNoLoginShell: Bool {
            let name = shell.split(separator: "/").last ?? ""
            return name == "nologin" || name == "false"
        }
    }

    /// The users in file order; the first entry of a name counts.
    public let entries: [Entry]
    /// Lines that are no entry.
    public let diagnostics: [AccountDiagnostic]

    /// Reads `bytes`; any bytes are accepted.
    public init(_ bytes: [UInt8], path: String = "/etc/passwd") {
        var records = AccountRecords(bytes, path: path, fieldCounts: 7...7)
        var entries: [Entry] = []
        for record in records.records {
            let fields = record.fields
            guard let user = AccountRecords.number(fields[2]), let group = AccountRecords.number(fields[3]) else {
                records.note(.badNumber, record.location)
                continue
            }
            entries.append(
                Entry(
                    name: fields[0], password: PasswordField(passwd: fields[1]), userID: user, groupID: group,
                    home: fields[5], shell: fields[6], location: record.location))
        }
        self.entries = entries
        diagnostics = records.diagnostics.sorted { $0.location.line < $1.location.line }
    }
}

/// Lines of fields with colons between them.
private struct AccountRecords {
    var records: [(fields: [String], location: AccountLocation)] = []
    var diagnostics: [AccountDiagnostic] = []

    init(_ bytes: [UInt8], path: String, fieldCounts: ClosedRange<Int>) {
        guard bytes.count <= AccountLimit.bytes else {
            note(.tooLarge, AccountLocation(path: path, line: 1))
            return
        }
        for line in TextLines(bytes) {
            let location = AccountLocation(path: path, line: line.number)
            guard line.number <= AccountLimit.lines else {
                note(.tooLarge, location)
                return
            }
            let text = trimmed(line.text)
            guard let first = text.first, first != "#" else { continue }
            guard first != "+", first != "-" else {
                note(.nisCompatibility, location)
                continue
            }
            let fields = line.text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard fieldCounts.contains(fields.count) else {
                note(.wrongFieldCount(fields.count), location)
                continue
            }
            guard !fields[0].isEmpty else {
                note(.noName, location)
                continue
            }
            records.append((fields, location))
        }
    }

    mutating func note(_ reason: AccountDiagnostic.Reason, _ location: AccountLocation) {
        guard diagnostics.count < AccountLimit.diagnostics else { return }
        diagnostics.append(AccountDiagnostic(location: location, reason: reason))
    }

    static func number(_ text: String) -> UInt32? {
        text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? UInt32(text) : nil
    }
}
