import AssayBytes

/// Reads the lines of a kernel configuration.
struct KernelConfigParser {
    /// A full allmodconfig has about 1 MB and 20,000 symbols.
    static let largestInput = 16 * 1024 * 1024
    static let mostSymbols = 200_000
    static let longestLine = 32 * 1024

    private(set) var version: KernelVersion?
    private(set) var states: [String: KernelConfig.State] = [:]
    private(set) var duplicates: [KernelConfig.Duplicate] = []
    private(set) var diagnostics: [KernelConfig.Diagnostic] = []
    private(set) var unrecorded = 0
    private(set) var architecture: KernelArchitecture?
    /// The `ARCH` of the header comment and its line.
    private var header: (name: String, line: Int)?

    private static let prefix = Array("CONFIG_".utf8)
    private static let unset = Array(" is not set".utf8)

    init(_ bytes: [UInt8]) throws(KernelConfigError) {
        guard bytes.count <= Self.largestInput else {
            throw KernelConfigError(
                code: .tooLarge, detail: "\(bytes.count) bytes; at most \(Self.largestInput) are read")
        }
        var start = 0
        var number = 0
        while start < bytes.count {
            number += 1
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            var line = bytes[start..<end]
            if line.last == 0x0D { line.removeLast() }
            read(line, number)
            guard states.count <= Self.mostSymbols else {
                throw KernelConfigError(code: .tooLarge, detail: "more than \(Self.mostSymbols) symbols")
            }
            start = end + 1
        }
        guard !states.isEmpty else {
            throw KernelConfigError(code: .notAConfiguration, detail: "no line sets or unsets a CONFIG_ symbol")
        }
        architecture = decideArchitecture()
    }

    private mutating func read(_ line: ArraySlice<UInt8>, _ number: Int) {
        guard !line.isEmpty else { return }
        guard line.count <= Self.longestLine else {
            if line.starts(with: Self.prefix) { readAssignment(line.prefix(Self.longestLine), number) }
            return note(number, "longer than \(Self.longestLine) bytes")
        }
        if line.first == 0x23 { return readComment(line, number) }
        guard line.starts(with: Self.prefix) else {
            return note(number, "neither a comment nor an assignment to a CONFIG_ symbol")
        }
        readAssignment(line, number)
    }

    private mutating func readComment(_ line: ArraySlice<UInt8>, _ number: Int) {
        let text = line.dropFirst().drop { $0 == 0x20 }
        if text.starts(with: Self.prefix) {
            let (symbol, rest) = Self.splitSymbol(text)
            guard !symbol.isEmpty, rest.starts(with: Self.unset),
                rest.dropFirst(Self.unset.count).allSatisfy({ $0 == 0x20 || $0 == 0x09 })
            else { return }
            return record(symbol, .notSet(line: number), number)
        }
        guard header == nil, text.starts(with: Array("Linux".utf8)) else { return }
        readHeader(String(decoding: text, as: UTF8.self), number)
    }

    /// `Linux/x86 6.6.134.1 Kernel Configuration`; before 2.6.38 `Linux kernel version: 2.6.32`.
    private mutating func readHeader(_ text: String, _ number: Int) {
        let words = text.split(separator: " ", maxSplits: 4)
        guard words.count >= 3 else { return }
        if words[0].hasPrefix("Linux/"), words[2] == "Kernel" {
            header = (String(words[0].dropFirst(6).prefix(32)), number)
            version = KernelVersion(words[1])
            if version == nil { note(number, "the version '\(EscapedText(String(words[1])))' is not understood") }
        } else if text.hasPrefix("Linux kernel version: "), words.count >= 4 {
            header = ("", number)
            version = KernelVersion(words[3])
        }
    }

    private mutating func readAssignment(_ line: ArraySlice<UInt8>, _ number: Int) {
        let (symbol, rest) = Self.splitSymbol(line)
        guard !symbol.isEmpty, rest.first == 0x3D else {
            return note(number, "a CONFIG_ symbol without a value")
        }
        let text = rest.dropFirst()
        guard let value = Self.value(text) else {
            note(number, "the value of CONFIG_\(symbol) is not one that Kconfig writes")
            return record(symbol, .malformed(line: number), number)
        }
        record(symbol, .set(value, line: number), number)
    }

    /// The name behind `CONFIG_`, and what follows it.
    private static func splitSymbol(_ text: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>) {
        let name = text.dropFirst(prefix.count).prefix { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
            default: false
            }
        }
        guard name.count <= 256 else { return ("", text) }
        return (String(decoding: name, as: UTF8.self), text[name.endIndex...])
    }

    private static func value(_ text: ArraySlice<UInt8>) -> KernelConfig.Value? {
        guard let first = text.first else { return nil }
        if text.count == 1 {
            switch first {
            case 0x79: return .yes
            case 0x6D: return .module
            case 0x6E: return .no
            default: break
            }
        }
        if first == 0x22 { return string(text.dropFirst()).map { .string($0) } }
        let word = String(decoding: text, as: UTF8.self)
        if word.hasPrefix("0x") || word.hasPrefix("0X") {
            let digits = word.dropFirst(2)
            guard digits.allSatisfy(\.isHexDigit) else { return nil }
            return UInt64(digits, radix: 16).map { .hexadecimal($0) }
        }
        let digits = word.hasPrefix("-") ? word.dropFirst() : word[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int64(word).map { .decimal($0) }
    }

    /// What stands before the closing quote, which must end the line; a backslash takes the next byte as it is.
    private static func string(_ text: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        var position = text.startIndex
        while position < text.endIndex {
            switch text[position] {
            case 0x22:
                return position == text.endIndex - 1 ? String(decoding: result, as: UTF8.self) : nil
            case 0x5C:
                position += 1
                guard position < text.endIndex else { return nil }
                result.append(text[position])
            case let byte: result.append(byte)
            }
            position += 1
        }
        return nil
    }

    private mutating func record(_ symbol: String, _ state: KernelConfig.State, _ line: Int) {
        guard let earlier = states.updateValue(state, forKey: symbol)?.line else { return }
        guard duplicates.count < KernelConfig.recordLimit else {
            unrecorded += 1
            return
        }
        duplicates.append(KernelConfig.Duplicate(symbol: symbol, overridden: earlier, line: line))
    }

    private mutating func note(_ line: Int, _ message: String) {
        guard diagnostics.count < KernelConfig.recordLimit else {
            unrecorded += 1
            return
        }
        diagnostics.append(KernelConfig.Diagnostic(line: line, message: message))
    }

    /// The symbols decide: they are what was built; the header only names the configuration's source folder.
    private mutating func decideArchitecture() -> KernelArchitecture? {
        func isSet(_ symbol: String) -> Bool { states[symbol]?.value == .yes }
        let bySymbols: KernelArchitecture? =
            if isSet("X86_64") {
                .x86x64
            } else if isSet("ARM64") {
                .arm64
            } else if isSet("X86_32") {
                .x86x32
            } else if isSet("ARM") {
                .arm
            } else if isSet("RISCV"), isSet("64BIT") {
                .riscv64
            } else {
                nil
            }
        guard let header, let byHeader = KernelArchitecture(header: header.name) else { return bySymbols }
        if let bySymbols, bySymbols != byHeader {
            note(header.line, "the header says \(byHeader), the symbols say \(bySymbols)")
        }
        return bySymbols ?? byHeader
    }
}

extension KernelConfig {
    /// Reads a configuration.
    ///
    /// - Throws: `KernelConfigError` of code `notAConfiguration` or `tooLarge` (16 MiB, 200,000 symbols). Lines that cannot
    ///   be read are `diagnostics`, and their symbols `malformed`.
    public init(_ bytes: [UInt8]) throws(KernelConfigError) {
        self.init(parsed: try KernelConfigParser(bytes))
    }

    /// The number of first bytes that `looksLikeKernelConfig(_:)` is made for.
    public static let recognitionLength = 4096

    /// Whether `prefix`, the first bytes of a file, is likely the beginning of a kernel configuration.
    ///
    /// Either Kconfig's header stands in it, or every whole line is one that Kconfig writes and at least three name a symbol.
    public static func looksLikeKernelConfig(_ prefix: some Collection<UInt8>) -> Bool {
        let bytes = Array(prefix.prefix(recognitionLength))
        guard !bytes.contains(0) else { return false }
        var symbols = 0
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: true)
        if bytes.last != 0x0A, lines.count > 1 { lines.removeLast() }
        for line in lines {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("# Linux/"), text.contains(" Kernel Configuration") { return true }
            let isUnset = text.hasPrefix("# CONFIG_") && text.hasSuffix(" is not set")
            let isSet = text.hasPrefix("CONFIG_") && text.contains("=")
            if isUnset || isSet { symbols += 1 } else if !text.hasPrefix("#") { return false }
        }
        return symbols >= 3
    }
}
