import AssayYAML
import Testing

struct YAMLTests {
    @Test(arguments: [
        ("a: 1\na: 2", "2:1: the key 'a' stands twice"), ("a: *x\nb: &x 1", "1:4: the alias '*x' is not allowed"),
        ("a: &x 1", "1:4: anchors are not allowed"), ("a: 1\n---\nb: 1", "2:1: a second document begins"),
        ("", "1:1: the file is empty"), ("a: \u{1}", "control characters are not allowed"), ("a: \tb\n\t- c", "2:1: "),
        ("%YAML 1.1\n%TAG !a! b\n---\na: 1", "2:1: tag directives are not allowed"),
        ("a: [1", "did not find expected"), ("zzzz: 1", "1:1: unknown key 'zzzz' in the file (allowed: a, name)"),
        ("nam: 1", "1:1: unknown key 'nam' in the file, did you mean 'name'?"),
        ("- a", "1:1: the file must be a mapping"),
        (String(repeating: "[", count: 1 << 20), "1:18: nested too deeply"),
        (String(repeating: "- ", count: 1 << 19), "1:35: nested too deeply"), ("a: {b: {c: 1", "did not find expected"),
    ])
    func `what is not allowed is refused with its place`(text: String, says: String) {
        let error = #expect(throws: YAMLError.self) {
            try YAMLMapping(YAMLText.root(text), "the file", allowed: ["a", "name"])
        }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    /// Anything may be refused, nothing may crash, and what is read is never deeper than allowed.
    @Test func `no cut and no changed byte of a document crashes`() throws {
        let text =
            "title: \"a\\u00e9\"\nlist: [x, {k: 'v'}]\nblock: |\n  two\n  lines\nseq:\n- a\n- ? b\n  : c\n# end\n"
        _ = try YAMLText.root(text)
        let bytes = Array(text.utf8)
        for end in bytes.indices { _ = try? YAMLText.root(YAMLText.decoded(Array(bytes[..<end]))) }
        for position in bytes.indices {
            for bit in 0..<8 {
                var bytes = bytes
                bytes[position] ^= 1 << bit
                _ = try? YAMLText.root(YAMLText.decoded(bytes))
            }
        }
    }

    @Test func `scalars keep their text and whether they are plain`() throws {
        let node = try YAMLText.root("\u{FEFF}- a b\n- 'null'\n- \"\\x41\\u00e9\"\n- >\n  one\n  two\n- !!str 5\n-\n")
        guard case .sequence(let elements) = node.content else { throw YAMLError(.malformed, "no list") }
        #expect(
            elements.map(\.content) == [
                .scalar("a b", isPlain: true), .scalar("null", isPlain: false), .scalar("Aé", isPlain: false),
                .scalar("one two\n", isPlain: false), .scalar("5", isPlain: true), .scalar("", isPlain: true),
            ])
        #expect(elements.map(\.line) == [1, 2, 3, 4, 7, 8])
    }

    @Test func `a key with nothing behind it is a key that is not there`() throws {
        let text = "a:\nb: ~\nc: null\nd: ''\ne: []\nf: x\ng:\n  - \n  - y\n"
        let mapping = try YAMLMapping(YAMLText.root(text), "m", allowed: ["a", "b", "c", "d", "e", "f", "g"])
        for key in ["a", "b", "c", "h"] {
            #expect(try mapping.filledText(key) == nil && mapping.filledList(key).isEmpty)
        }
        #expect(throws: YAMLError.self) { try mapping.filledText("d") }
        #expect(try mapping.filledList("e").isEmpty && mapping.filledText("f") == "x")
        let elements = try mapping.filledList("g")
        #expect(elements.count == 1 && elements.first?.line == 9 && elements.first?.column == 5)
    }

    @Test func `bytes that are no UTF-8, or too many, are refused`() {
        #expect(throws: YAMLError.self) { try YAMLText.decoded([0x61, 0xFF]) }
        let error = #expect(throws: YAMLError.self) {
            try YAMLText.decoded([UInt8](repeating: 0x20, count: YAMLText.maximumByteCount + 1))
        }
        #expect(error?.reason == .tooLarge)
    }
}
