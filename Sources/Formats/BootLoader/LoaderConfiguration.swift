/// systemd-boot's `loader.conf`: keys and values, of which the last of a key counts.
///
/// <https://www.freedesktop.org/software/systemd/man/loader.conf.html>
public struct LoaderConfiguration: Hashable, Sendable {
    /// All lines with a key and a value, in order.
    public let fields: [LoaderEntry.Field]

    /// Parses `bytes`.
    public init(_ bytes: [UInt8]) { fields = LoaderEntry(bytes, fileName: "loader.conf").fields }

    /// The value of the last line with `key`.
    public func value(of key: String) -> String? { fields.last { $0.key == key }?.value }

    /// The pattern for the file name of the default entry; `@saved` stands for an EFI variable.
    public var defaultPattern: String? { value(of: "default") }
    /// The time-out of the menu as written: seconds, `menu-force` or `menu-hidden`.
    public var timeout: String? { value(of: "timeout") }
    /// Whether the command line can be edited in the menu; systemd-boot's default is yes.
    public var isEditorEnabled: Bool {
        guard let value = value(of: "editor")?.lowercased() else { return true }
        return !["no", "n", "0", "false", "f", "off"].contains(value)
    }

    /// The default entry among the menu's `entries`, or why the files do not say which.
    ///
    /// The first entry in menu order whose file name, without boot counting, matches the pattern; else the first that is
    /// not bad. The EFI variables `LoaderEntryDefault` and `LoaderEntryOneShot` go before it, and are not in files.
    public func defaultEntry(among entries: [LoaderEntry]) -> LoaderDefault {
        let sorted = LoaderEntry.sorted(entries)
        if let pattern = defaultPattern {
            if pattern.utf8.first == UInt8(ascii: "@") {
                return .undecided(reason: "default '\(pattern)' is an EFI variable")
            }
            if let match = sorted.first(where: { FileNamePattern(pattern).matches($0.id + ".conf") }) {
                return .entry(match)
            }
        }
        return sorted.first.map { .entry($0) } ?? .none
    }
}

/// The loader entry that is booted when nobody chooses.
public enum LoaderDefault: Hashable, Sendable {
    /// That entry.
    case entry(LoaderEntry)
    /// The files do not say which, and why.
    case undecided(reason: String)
    /// There is no entry.
    case none
}

/// A pattern of `*`, `?`, `[…]` and backslash, without regard to case, as systemd-boot matches file names.
struct FileNamePattern {
    private let pattern: [UInt8]

    init(_ text: String) { pattern = text.utf8.map(FileNamePattern.lower) }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    func matches(_ text: String) -> Bool {
        let name = text.utf8.map(FileNamePattern.lower)
        var position = 0
        var index = 0
        var retry: (pattern: Int, name: Int)?
        while index < name.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                position += 1
                retry = (position, index)
                continue
            }
            if let next = one(at: position, matches: name[index]) {
                position = next
                index += 1
                continue
            }
            guard let last = retry else { return false }
            position = last.pattern
            index = last.name + 1
            retry = (position, index)
        }
        return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// The position behind the element at `position` when it matches `byte`.
    private func one(at position: Int, matches byte: UInt8) -> Int? {
        guard position < pattern.count else { return nil }
        switch pattern[position] {
        case UInt8(ascii: "?"): return position + 1
        case UInt8(ascii: "\\") where position + 1 < pattern.count:
            return pattern[position + 1] == byte ? position + 2 : nil
        case UInt8(ascii: "["):
            // systemd-boot knows no negation here; the set must not be empty.
            var index = position + 1
            var isMember = false
            while index < pattern.count, pattern[index] != UInt8(ascii: "]") || index == position + 1 {
                if index + 2 < pattern.count, pattern[index + 1] == UInt8(ascii: "-"),
                    pattern[index + 2] != UInt8(ascii: "]")
                {
                    isMember = isMember || pattern[index] <= byte && byte <= pattern[index + 2]
                    index += 3
                } else {
                    isMember = isMember || pattern[index] == byte
                    index += 1
                }
            }
            guard index < pattern.count else { return nil }
            return isMember ? index + 1 : nil
        default: return pattern[position] == byte ? position + 1 : nil
        }
    }
}
