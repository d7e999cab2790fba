import AssayRootHashSignature
import Testing

struct RootHashTests {
    @Test(arguments: [40, 64, 96, 128])
    func `the digits of a digest are a root hash`(length: Int) throws {
        let text = String(repeating: "0f", count: length / 2)
        let hash = try RootHash(text)
        #expect(hash.text == text)
        #expect(hash.bytes == [UInt8](repeating: 15, count: length / 2))
        #expect(try RootHash(bytes: hash.bytes) == hash)
        #expect(RootHashSignature.toBeSigned(hash) == Array(text.utf8))
    }

    @Test(arguments: [
        ("", RootHashSignatureFault.Code.emptyRootHash, "empty"),
        (String(repeating: "a", count: 63), .oddRootHash, "63"),
        (String(repeating: "a", count: 65), .oddRootHash, "65"),
        (String(repeating: "a", count: 62), .rootHashLength, "64 (sha256)"),
        (String(repeating: "a", count: 130), .rootHashLength, "130"),
        (String(repeating: "a", count: 63) + "g", .rootHashNotHexadecimal, "character 64"),
        ("0x" + String(repeating: "a", count: 62), .rootHashNotHexadecimal, "character 2"),
        ("\u{1B}[0m", .rootHashNotHexadecimal, "'\\x1b'"),
        (String(repeating: "a", count: 64) + "\n", .spaceInRootHash, "newline"),
        (" " + String(repeating: "a", count: 64), .spaceInRootHash, "white space"),
        (String(repeating: "a", count: 63) + "A", .upperCaseRootHash, "lower case"),
        (String(repeating: "é", count: 32), .rootHashNotHexadecimal, "character 1"),
    ])
    func `a text that is no root hash is refused by name`(
        text: String, code expected: RootHashSignatureFault.Code, words: String
    ) {
        #expect {
            try RootHash(text)
        } throws: { error in
            let fault = error as? RootHashSignatureFault
            return fault?.code == expected && fault?.description.contains(words) == true
        }
    }

    @Test
    func `an upper-case root hash is given back in lower case`() {
        #expect {
            try RootHash(String(repeating: "AB", count: 32))
        } throws: { error in
            (error as? RootHashSignatureFault)?.hint == "use '\(String(repeating: "ab", count: 32))'"
        }
    }

    @Test
    func `bytes of no digest length are refused`() {
        #expect(code { _ = try RootHash(bytes: [1, 2, 3]) } == .rootHashLength)
        #expect(code { _ = try RootHash(bytes: []) } == .rootHashLength)
    }
}
