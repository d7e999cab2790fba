import AssayBytes

/// One line of `/etc/crypttab`: a volume that is to be opened at boot.
///
/// https://www.freedesktop.org/software/systemd/man/latest/crypttab.html
public struct CrypttabEntry: Hashable, Sendable {
    /// Counted from 1.
    public let line: Int
    /// The name of the opened volume.
    public let name: String
    /// The encrypted device (`UUID=…`, `/dev/…`) or file.
    public let device: String
    /// The file or socket with the key; nil for `none`, `-` or nothing: a passphrase is asked for or a default file used.
    public let keyFile: String?
    /// The options, split at commas.
    public let options: [TableOption]

    /// The value of the last option `name`; an empty text for one without a value; nil when it is not there.
    public func option(_ name: String) -> String? { options.last { $0.name == name }.map { $0.value ?? "" } }

    /// Whether the volume has no LUKS header by its options: `plain`, or a random key at every boot.
    public var isPlain: Bool { options.contains { ["plain", "swap", "tmp"].contains($0.name) } }

    /// Whether the key is thrown away at shutdown, as for swap.
    public var hasRandomKey: Bool {
        keyFile.map { ["/dev/urandom", "/dev/random", "/dev/hw_random"].contains($0) } ?? false
    }
}

/// One line of `/etc/fstab`: a file system that is to be mounted.
///
/// https://man7.org/linux/man-pages/man5/fstab.5.html
public struct FstabEntry: Hashable, Sendable {
    /// Counted from 1.
    public let line: Int
    /// What is mounted (`UUID=…`, `/dev/…`, `tmpfs`).
    public let device: String
    /// Where; `none` or `swap` for swap.
    public let directory: String
    /// The type of the file system, or several with commas between.
    public let type: String
    /// The options, split at commas.
    public let options: [TableOption]

    /// The value of the last option `name`; an empty text for one without a value; nil when it is not there.
    public func option(_ name: String) -> String? { options.last { $0.name == name }.map { $0.value ?? "" } }
}

/// A word of an option list: `noexec` or `size=1G`.
public struct TableOption: Hashable, Sendable {
    /// What stands before the first `=`.
    public let name: String
    /// What stands behind it, nil when there is no `=`.
    public let value: String?
}

/// A table whose lines could be read in part.
public struct MountTable<Entry: Hashable & Sendable>: Hashable, Sendable {
    /// The entries, in the order of the file.
    public let entries: [Entry]
    /// The lines that could not be read, wholly or in part, with the reason.
    public let problems: [MountTableProblem]
}

/// A line that is not an entry.
public struct MountTableProblem: Hashable, Sendable {
    /// Counted from 1.
    public let line: Int
    /// The reason for people.
    public let reason: String
}

/// The tables of volumes and file systems in `/etc`.
public enum MountTables {
    /// The longest text that is read, in bytes; the rest is one problem.
    public static let maximumSize = 1 << 20

    /// Reads `/etc/crypttab`.
    public static func crypttab(_ bytes: [UInt8]) -> MountTable<CrypttabEntry> {
        var entries: [CrypttabEntry] = []
        let problems = lines(of: bytes) { line, fields in
            guard fields.count >= 2 else { return "a name and a device are needed" }
            let key = fields.count > 2 ? fields[2] : "none"
            entries.append(
                CrypttabEntry(
                    line: line, name: fields[0], device: fields[1],
                    keyFile: key == "none" || key == "-" ? nil : key,
                    options: options(fields.count > 3 ? fields[3] : ""))
            )
            // systemd leaves what follows out.
            return fields.count > 4 ? "text behind the fourth field is ignored" : nil
        }
        return MountTable(entries: entries, problems: problems)
    }

    /// Reads `/etc/fstab`; `\040` and the other octal escapes of the first two fields become their bytes.
    public static func fstab(_ bytes: [UInt8]) -> MountTable<FstabEntry> {
        var entries: [FstabEntry] = []
        let problems = lines(of: bytes) { line, fields in
            guard fields.count >= 3 else { return "a device, a directory and a type are needed" }
            entries.append(
                FstabEntry(
                    line: line, device: unescape(fields[0]), directory: unescape(fields[1]), type: unescape(fields[2]),
                    options: options(fields.count > 3 ? unescape(fields[3]) : "")))
            return fields.count > 6 ? "text behind the sixth field is ignored" : nil
        }
        return MountTable(entries: entries, problems: problems)
    }

    /// Splits into fields and hands each line to `read`, which returns what is wrong with it.
    private static func lines(of bytes: [UInt8], _ read: (Int, [String]) -> String?) -> [MountTableProblem] {
        var problems: [MountTableProblem] = []
        for line in TextLines(Array(bytes.prefix(maximumSize))) {
            let fields = line.text.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D })
            guard let first = fields.first, first.first != 0x23 else { continue }
            if let reason = read(line.number, fields.map { String(Substring($0)) }) {
                problems.append(MountTableProblem(line: line.number, reason: reason))
            }
        }
        if bytes.count > maximumSize {
            problems.append(MountTableProblem(line: 0, reason: "only the first \(maximumSize) bytes were read"))
        }
        return problems
    }

    private static func options(_ text: String) -> [TableOption] {
        text.utf8.split(separator: 0x2C).map { word in
            let parts = word.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            return TableOption(
                name: parts.first.map { String(Substring($0)) } ?? "",
                value: parts.count > 1 ? String(Substring(parts[1])) : nil)
        }
    }

    /// Replaces a backslash and three octal digits with the byte that they stand for.
    private static func unescape(_ text: String) -> String {
        guard text.utf8.contains(0x5C) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let digits = bytes[index...].dropFirst().prefix(3)
            if bytes[index] == 0x5C, digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }) {
                let value = digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
                result.append(UInt8(truncatingIfNeeded: value))
                index += 4
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
