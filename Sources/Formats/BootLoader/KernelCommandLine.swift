/// A kernel command line, cut into parameters as the kernel cuts it.
///
/// White space separates, a double quote keeps it, nothing escapes a quote; `-` and `_` are the same in names; what
/// follows `--` belongs to init. `lib/cmdline.c` (`next_arg`) and `kernel/params.c` (`parse_args`) of Linux 6.6.
/// <https://docs.kernel.org/admin-guide/kernel-parameters.html>
public struct KernelCommandLine: Hashable, Sendable {
    /// One parameter.
    public struct Parameter: Hashable, Sendable {
        /// The name as written.
        public let name: String
        /// What follows the first `=`, without the quotes that enclose it; nil when there is no `=`.
        public let value: String?
        /// Bytes from the start of the line to the first byte of the parameter.
        public let offset: Int

        /// The name as the kernel compares it: each `-` is a `_`.
        public var canonicalName: String { KernelCommandLine.canonical(name) }
    }

    /// The bytes of `COMMAND_LINE_SIZE` on x86 and arm64, with the NUL: the kernel cuts off what does not fit.
    public static let commonSizeLimit = 2048

    /// The whole line.
    public let text: String
    /// The kernel's parameters, in order.
    public let parameters: [Parameter]
    /// The words behind `--`, which the kernel passes to init.
    public let initArguments: [String]

    /// Parses `text`; a NUL ends it.
    public init(_ text: String) {
        let bytes = Array(text.utf8.prefix { $0 != 0 })
        var parameters: [Parameter] = []
        var position = KernelCommandLine.skipSpace(bytes, from: 0)
        var initStart: Int?
        while position < bytes.count {
            let (parameter, next) = KernelCommandLine.parameter(bytes, at: position)
            position = KernelCommandLine.skipSpace(bytes, from: next)
            if parameter.value == nil, parameter.name == "--" {
                initStart = position
                break
            }
            parameters.append(parameter)
        }
        self.text = text
        self.parameters = parameters
        var words: [String] = []
        if let initStart {
            position = initStart
            while position < bytes.count {
                let (parameter, next) = KernelCommandLine.parameter(bytes, at: position)
                words.append(parameter.value.map { "\(parameter.name)=\($0)" } ?? parameter.name)
                position = KernelCommandLine.skipSpace(bytes, from: next)
            }
        }
        initArguments = words
    }

    /// All parameters of that name, in order; `-` and `_` are the same.
    public func all(_ name: String) -> [Parameter] {
        let wanted = KernelCommandLine.canonical(name)
        return parameters.filter { $0.canonicalName == wanted }
    }

    /// The last parameter of that name, which decides for most parameters.
    public func last(_ name: String) -> Parameter? {
        let wanted = KernelCommandLine.canonical(name)
        return parameters.last { $0.canonicalName == wanted }
    }

    /// Whether there is a parameter of that name, with or without a value.
    public func contains(_ name: String) -> Bool { last(name) != nil }

    private static func canonical(_ name: String) -> String {
        String(decoding: name.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }

    /// The kernel's `isspace`, which takes 0xA0 (a no-break space in Latin-1) for white space too.
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) || byte == 0xA0 }

    private static func skipSpace(_ bytes: [UInt8], from position: Int) -> Int {
        bytes[position...].firstIndex { !isSpace($0) } ?? bytes.count
    }

    /// The parameter at `offset` and the position behind it.
    private static func parameter(_ bytes: [UInt8], at offset: Int) -> (Parameter, Int) {
        let quote = UInt8(ascii: "\"")
        let isQuoted = bytes[offset] == quote
        let start = isQuoted ? offset + 1 : offset
        var inQuote = isQuoted
        var equals: Int?
        var end = start
        while end < bytes.count, inQuote || !isSpace(bytes[end]) {
            // An equals sign as the first byte belongs to the name, as it does for the kernel.
            if equals == nil, end > start, bytes[end] == UInt8(ascii: "=") { equals = end }
            if bytes[end] == quote { inQuote.toggle() }
            end += 1
        }
        var last = end
        if isQuoted, last > start, bytes[last - 1] == quote { last -= 1 }
        var value: String?
        if let equals {
            var first = equals + 1
            if first < end, bytes[first] == quote {
                first += 1
                if last == end, bytes[last - 1] == quote { last -= 1 }
            }
            value = String(decoding: bytes[min(first, max(last, first))..<max(first, last)], as: UTF8.self)
        }
        let nameEnd = equals ?? max(last, start)
        let name = String(decoding: bytes[start..<nameEnd], as: UTF8.self)
        return (Parameter(name: name, value: value, offset: offset), end)
    }
}
