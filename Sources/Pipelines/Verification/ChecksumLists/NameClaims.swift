import AssayBytes

/// What the name of an image, or another text that people wrote for people, says about architecture and version.
struct NameClaims: Hashable, Sendable {
    /// The architecture, as `uname -m` calls it; nil when the text says none, or several.
    let architecture: String?
    /// The first number that stands for itself, with its dotted parts.
    let version: String?

    /// The most bytes that are looked at.
    private static let maximumBytes = 1024

    /// The names that publishers write, those first that others are a part of.
    private static let architectures: [(written: [UInt8], name: String)] = [
        ("x86_64", "x86_64"), ("x86-64", "x86_64"), ("amd64", "x86_64"), ("x64", "x86_64"),
        ("aarch64", "aarch64"), ("arm64", "aarch64"), ("armhf", "arm"), ("armv7hl", "arm"), ("armv7l", "arm"),
        ("i386", "i686"), ("i486", "i686"), ("i586", "i686"), ("i686", "i686"), ("ia32", "i686"),
        ("ppc64le", "ppc64le"), ("ppc64el", "ppc64le"), ("ppc64", "ppc64"), ("s390x", "s390x"),
        ("riscv64", "riscv64"), ("loongarch64", "loongarch64"), ("loong64", "loongarch64"), ("ia64", "ia64"),
    ].map { (Array($0.0.utf8), $0.1) }

    /// Reads a text.
    init(_ text: some Sequence<UInt8>) {
        var bytes = text.prefix(Self.maximumBytes).map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        var found: [String] = []
        for (written, name) in Self.architectures {
            // What was found makes room for blanks, so that its digits are no version.
            while let range = Self.word(written, in: bytes) {
                bytes.replaceSubrange(range, with: [UInt8](repeating: 0x20, count: range.count))
                if !found.contains(name) { found.append(name) }
            }
        }
        architecture = found.count == 1 ? found[0] : nil
        version = Self.firstNumber(bytes)
    }

    /// `name` of a word that is exactly one of the architectures, as `uname -m` calls it; else the word itself, escaped.
    static func architecture(named word: String) -> String {
        NameClaims(word.utf8).architecture ?? EscapedText(word.utf8.prefix(64)).description
    }

    private static func word(_ word: [UInt8], in bytes: [UInt8]) -> Range<Int>? {
        guard bytes.count >= word.count else { return nil }
        for start in 0...(bytes.count - word.count) where bytes[start] == word[0] {
            let end = start + word.count
            guard bytes[start..<end].elementsEqual(word), start == 0 || !isAlphanumeric(bytes[start - 1]),
                end == bytes.count || !isAlphanumeric(bytes[end])
            else { continue }
            return start..<end
        }
        return nil
    }

    private static func firstNumber(_ bytes: [UInt8]) -> String? {
        var index = 0
        while index < bytes.count {
            let start = index
            guard isDigit(bytes[start]), start == 0 || !isAlphanumeric(bytes[start - 1]) else {
                index += 1
                continue
            }
            var end = start
            while true {
                while end < bytes.count, isDigit(bytes[end]) { end += 1 }
                guard end + 1 < bytes.count, bytes[end] == 0x2E, isDigit(bytes[end + 1]) else { break }
                // `3.0.iso` and `3.0.x` end before their last dot, `1.2b` is no number at all.
                end += 1
            }
            if end == bytes.count || !isAlphanumeric(bytes[end]) {
                return String(decoding: bytes[start..<end], as: UTF8.self)
            }
            index = end
        }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x7A).contains(byte) }
}
