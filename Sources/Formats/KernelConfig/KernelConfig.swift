/// A kernel's build configuration, as Kconfig writes it: `.config`, `/boot/config-*`, `/proc/config.gz` decompressed.
///
/// Symbols are named without their prefix `CONFIG_`. How Kconfig writes the file:
/// <https://github.com/torvalds/linux/blob/master/scripts/kconfig/confdata.c>.
public struct KernelConfig: Hashable, Sendable {
    /// The value of a symbol.
    public enum Value: Hashable, Sendable, CustomStringConvertible {
        /// Built in, or switched on.
        case yes
        /// Built as a module.
        case module
        /// Switched off in so many words, which Kconfig itself does not write.
        case no
        /// A decimal number.
        case decimal(Int64)
        /// A hexadecimal number.
        case hexadecimal(UInt64)
        /// Text, without its quotes and escapes.
        case string(String)

        /// The value as Kconfig writes it.
        public var description: String {
            switch self {
            case .yes: "y"
            case .module: "m"
            case .no: "n"
            case .decimal(let number): "\(number)"
            case .hexadecimal(let number): "0x" + String(number, radix: 16)
            case .string(let text):
                "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
            }
        }
    }

    /// What the configuration says of a symbol.
    public enum State: Hashable, Sendable {
        /// A value is given, on this line.
        case set(Value, line: Int)
        /// `# CONFIG_… is not set`, on this line.
        case notSet(line: Int)
        /// A value is given that cannot be read, on this line.
        case malformed(line: Int)
        /// No line names it: unknown to that kernel, or what it depends on is off.
        case absent

        /// The value, or nil when none is set.
        public var value: Value? {
            if case .set(let value, line: _) = self { return value }
            return nil
        }

        /// The line that decides, counted from 1, or nil when absent.
        public var line: Int? {
            switch self {
            case .set(_, let line), .notSet(let line), .malformed(let line): line
            case .absent: nil
            }
        }

        /// Whether it is built in or a module.
        public var isEnabled: Bool { value == .yes || value == .module }
    }

    /// A symbol that more than one line names; the last counts, as in Kconfig.
    public struct Duplicate: Hashable, Sendable {
        /// The symbol's name.
        public let symbol: String
        /// The line that counts no more.
        public let overridden: Int
        /// The later line.
        public let line: Int
    }

    /// A line that Kconfig does not write, or a contradiction.
    public struct Diagnostic: Hashable, Sendable {
        /// Counted from 1.
        public let line: Int
        /// What is wrong.
        public let message: String
    }

    /// What the header comment says of the version, or nil without such a comment.
    public let version: KernelVersion?
    /// The architecture by the header and the symbols, or nil when neither tells.
    public let architecture: KernelArchitecture?
    /// The symbols that several lines name, in order of the later line; at most `recordLimit`.
    public let duplicates: [Duplicate]
    /// What was odd, in order of lines; at most `recordLimit`.
    public let diagnostics: [Diagnostic]
    /// Duplicates and diagnostics beyond `recordLimit`.
    public let unrecorded: Int
    private let states: [String: State]

    /// The most duplicates, and the most diagnostics, that are kept.
    public static let recordLimit = 100

    init(parsed: KernelConfigParser) {
        version = parsed.version
        architecture = parsed.architecture
        duplicates = parsed.duplicates
        diagnostics = parsed.diagnostics
        unrecorded = parsed.unrecorded
        states = parsed.states
    }

    /// What the configuration says of `symbol` under exactly this name, given without `CONFIG_`.
    public subscript(_ symbol: String) -> State { states[symbol] ?? .absent }

    /// The number of symbols that the file names.
    public var count: Int { states.count }

    /// The names of all symbols that the file names, sorted.
    public var symbols: [String] { states.keys.sorted() }

    /// The Linux security modules of `CONFIG_LSM`, in order, or nil when that symbol is not there.
    public var securityModules: [String]? {
        guard case .string(let list)? = self["LSM"].value else { return nil }
        return list.split(separator: ",").map { String($0.filter { $0 != " " }) }
    }
}
