/// What the kernel makes of the parameters of a command line that concern security modules.
///
/// Words behind `--` are the init program's and do not count; a parameter that occurs again replaces the first; a name's
/// `-` and `_` are the same. https://docs.kernel.org/admin-guide/kernel-parameters.html
struct KernelCommandLine {
    private var values: [String: String] = [:]

    init(_ text: String) {
        for word in KernelCommandLine.words(text) {
            if word == "--" { break }
            let parts = word.utf8.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first, parts.count == 2 else { continue }
            let key = String(decoding: name.map { $0 == 0x2D ? 0x5F : $0 }, as: UTF8.self)
            values[key] = String(Substring(parts[1]))
        }
    }

    /// The last value of `name`.
    subscript(name: String) -> String? { values[name] }

    /// The number that a value begins with, as the kernel's `kstrtoul` takes it; nil when it is none.
    func number(_ name: String) -> UInt64? {
        guard let text = values[name] else { return nil }
        if text.utf8.starts(with: "0x".utf8) || text.utf8.starts(with: "0X".utf8) {
            return UInt64(text.dropFirst(2), radix: 16)
        }
        if text.utf8.count > 1, text.utf8.first == 0x30 { return UInt64(text.dropFirst(), radix: 8) }
        return UInt64(text)
    }

    /// The words between blanks; blanks inside double quotes belong to a word, the quotes do not.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var isInQuotes = false
        for byte in text.utf8.prefix(65_536) {
            if byte == 0x22 {
                isInQuotes.toggle()
            } else if !isInQuotes, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
                word.removeAll(keepingCapacity: true)
            } else {
                word.append(byte)
            }
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }
}
