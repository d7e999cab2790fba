import AssayBytes
import Testing

struct EscapedTextTests {
    @Test(
        arguments: [
            (Array("plain name.txt".utf8), "plain name.txt"),
            (Array("back\\slash".utf8), "back\\\\slash"),
            (Array("new\nline".utf8), "new\\x0aline"),
            ([0x61, 0xFF, 0x62], "a\\xffb"),
            ([0xC3, 0xA9], "é"),
            ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
            ([0x1B, 0x5B, 0x33, 0x31, 0x6D], "\\x1b[31m"),
            (Array("\u{202E}evil".utf8), "\\xe2\\x80\\xaeevil"),
            ([], ""),
        ] as [([UInt8], String)])
    func `a name is escaped to safe text and back`(bytes: [UInt8], text: String) {
        #expect(EscapedText(bytes).description == text)
        #expect(EscapedText.unescape(text) == bytes)
    }

    @Test func `random bytes survive the round trip`() {
        var state: UInt64 = 1
        for length in 0..<300 {
            var bytes: [UInt8] = []
            for _ in 0..<length {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(UInt8(truncatingIfNeeded: state >> 56))
            }
            let text = EscapedText(bytes).description
            #expect(EscapedText.unescape(text) == bytes)
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        }
    }

    @Test(arguments: ["\\", "\\x", "\\x1", "\\xzz", "\\q"])
    func `text that was never escaped is refused`(text: String) {
        #expect(EscapedText.unescape(text) == nil)
    }
}

struct ByteCursorTests {
    @Test func `numbers are read in both byte orders`() throws {
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
        var cursor = ByteCursor(bytes.span)
        let first = try cursor.u8()
        let second = try cursor.u16(.little)
        let third = try cursor.u32(.big)
        let fourth = try cursor.u64(.little)
        let isAtEnd = cursor.isAtEnd
        #expect(first == 1 && second == 0x0302 && third == 0x0405_0607 && fourth == 0x0F0E_0D0C_0B0A_0908 && isAtEnd)
    }

    @Test(arguments: [0, 1, 2, 3])
    func `a number that does not fit throws where it starts`(length: Int) {
        let bytes = [UInt8](repeating: 7, count: length)
        #expect(throws: ByteError.truncated(at: .zero, needed: 4)) {
            var cursor = ByteCursor(bytes.span)
            _ = try cursor.u32(.little)
        }
    }
}

struct ByteSourceTests {
    @Test func `a range behind the end is refused before anything is allocated`() {
        let source = ByteArraySource([1, 2, 3])
        #expect(throws: ByteError.self) { try source.bytes(at: ByteOffset(1), count: .max) }
        #expect(throws: ByteError.self) { try source.bytes(at: ByteOffset(.max), count: 2) }
        #expect(throws: ByteError.self) { try source.bytes(at: ByteOffset(2), count: 2) }
    }

    @Test func `a prefix stops at the end`() throws {
        let source = ByteArraySource([1, 2, 3])
        #expect(try source.prefix(at: ByteOffset(1), atMost: 10) == [2, 3])
        #expect(try source.prefix(at: ByteOffset(3), atMost: 10) == [])
    }
}

struct HexTests {
    @Test func `hexadecimal text is read in either case and written in lower case`() {
        #expect(Hex.decode("00fFaB") == [0, 255, 171])
        #expect(Hex.encode([0, 255, 171]) == "00ffab")
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("zz") == nil)
    }
}

struct TextLinesTests {
    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"]), ("\n", [""]), ("a\r\nb", ["a\r", "b"]),
    ])
    func `lines are numbered and keep what they hold`(text: String, expected: [String]) {
        #expect(TextLines(text).map { String($0.text) } == expected)
        #expect(TextLines(text).map(\.number) == Array(1..<(expected.count + 1)))
    }
}
