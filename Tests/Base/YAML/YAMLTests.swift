import AssayYAML
import Testing

struct YAMLTests {
    @Test(arguments: [
        ("a: 1\na: 2", "1:1: the key 'a' stands twice"), ("a: &x 1\nb: *x", "2:4: the alias '*x' is not allowed"),
        ("a: &x 1", "1:4: anchors are not allowed"), ("a: *x", "undefined alias"), ("", "1:1: the file is empty"),
        ("a: [1", "did not find expected"), ("zzzz: 1", "1:1: unknown key 'zzzz' in the file (allowed: a, name)"),
        ("nam: 1", "1:1: unknown key 'nam' in the file, did you mean 'name'?"),
        ("- a", "1:1: the file must be a mapping"),
        (String(repeating: "[", count: 65), "1:1: nested too deeply"), ("a: {b: {c: 1", "did not find expected"),
    ])
    func `what is not allowed is refused with its place`(text: String, says: String) {
        let error = #expect(throws: YAMLError.self) {
            try YAMLMapping(YAMLText.root(text), "the file", allowed: ["a", "name"])
        }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
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
