/// A word of an nftables text.
struct NftToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case word
        /// A string in quotes, without them.
        case quoted
        /// One of `{ } ( ) , ; = ! < > & | ^` or two of them that form an operator.
        case mark
        /// The end of a line.
        case newline
    }

    var kind: Kind
    var text: String
    var place: TextPlace

    func isMark(_ mark: String) -> Bool { kind == .mark && text == mark }

    var endsStatement: Bool { kind == .newline || isMark(";") }
}

/// Splits nftables text into words, as nft(8) section "Input file formats" describes it.
///
/// A `#` starts a comment; a backslash before a line end joins the lines.
struct NftLexer {
    private let bytes: [UInt8]
    private let source: String
    private var position = 0
    private var line = 1
    private var tokens: [NftToken] = []
    /// Why the text cannot be split.
    private(set) var problem: String?

    init(_ file: SourceFile) {
        bytes = file.bytes
        source = file.path
    }

    private static let wordBytes: Set<UInt8> = {
        var result = Set("_.-/\\*:$@+%?[]'~".utf8)
        for range in [UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39] {
            result.formUnion(range)
        }
        result.formUnion(0x80...0xFF)
        return result
    }()

    /// The tokens of the text, up to `limit`.
    mutating func run(limit: Int) -> [NftToken] {
        while position < bytes.count, problem == nil {
            guard tokens.count < limit else {
                problem = place.reason("text too long")
                break
            }
            next()
        }
        return tokens
    }

    private var place: TextPlace { TextPlace(source: source, line: line) }

    private mutating func next() {
        let byte = bytes[position]
        switch byte {
        case 0x0A:
            add(.newline, "\n")
            position += 1
            line += 1
        case 0x20, 0x09, 0x0D: position += 1
        case UInt8(ascii: "#"):
            while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        case UInt8(ascii: "\\") where joinsLines():
            while bytes[position] != 0x0A { position += 1 }
            position += 1
            line += 1
        case UInt8(ascii: "\""): quoted()
        case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"):
            let second = position + 1 < bytes.count ? bytes[position + 1] : 0
            let pairs = second == UInt8(ascii: "=") || (second == byte && byte != UInt8(ascii: "!"))
            mark(pairs ? 2 : 1)
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","),
            UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "^"):
            mark(1)
        default:
            guard NftLexer.wordBytes.contains(byte) else {
                problem = place.reason("unexpected character")
                return
            }
            word()
        }
    }

    private func joinsLines() -> Bool {
        var index = position + 1
        while index < bytes.count, bytes[index] == 0x0D || bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
        return index < bytes.count && bytes[index] == 0x0A
    }

    private mutating func add(_ kind: NftToken.Kind, _ text: String) {
        tokens.append(NftToken(kind: kind, text: text, place: place))
    }

    private mutating func mark(_ length: Int) {
        add(.mark, String(decoding: bytes[position..<(position + length)], as: UTF8.self))
        position += length
    }

    private mutating func quoted() {
        let start = position + 1
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != 0x0A { end += 1 }
        guard end < bytes.count, bytes[end] != 0x0A else {
            problem = place.reason("string without an end")
            return
        }
        add(.quoted, String(decoding: bytes[start..<end], as: UTF8.self))
        position = end + 1
    }

    private mutating func word() {
        let start = position
        while position < bytes.count, NftLexer.wordBytes.contains(bytes[position]) {
            if bytes[position] == UInt8(ascii: "\\"), joinsLines() { break }
            position += 1
        }
        guard position > start else {
            position += 1
            problem = place.reason("unexpected character")
            return
        }
        split(bytes[start..<position])
    }

    /// A colon separates a key from its value in `22:accept`, but belongs to IPv6 and MAC addresses.
    private mutating func split(_ word: ArraySlice<UInt8>) {
        let colon = UInt8(ascii: ":")
        guard word.contains(colon) else {
            add(.word, String(decoding: word, as: UTF8.self))
            return
        }
        func isAddress(_ part: ArraySlice<UInt8>) -> Bool {
            let digits = Set("0123456789abcdefABCDEF:./-*".utf8)
            return part.allSatisfy { digits.contains($0) } && part.count { $0 == colon } >= 2
        }
        // Ports in `dnat to 10.0.0.1:80` and `to :8080` are split as well: nothing here reads them.
        var pieces = [word]
        if !isAddress(word) {
            let last = word.lastIndex(of: colon) ?? word.startIndex
            let head = word[..<last]
            pieces = isAddress(head) ? [head, word[last...last], word[(last + 1)...]] : []
            if pieces.isEmpty {
                var rest = word
                while let index = rest.firstIndex(of: colon) {
                    pieces += [rest[..<index], rest[index...index]]
                    rest = rest[(index + 1)...]
                }
                pieces.append(rest)
            }
        }
        for piece in pieces where !piece.isEmpty {
            let text = String(decoding: piece, as: UTF8.self)
            add(text == ":" ? .mark : .word, text)
        }
    }
}
