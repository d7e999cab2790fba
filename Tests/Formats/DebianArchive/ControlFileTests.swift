import AssayBytes
import AssayDebianArchive
import Testing

private func failure(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)"
    }
}

/// The paragraphs of `text`, read `step` bytes at a time.
private func paragraphs(_ text: String, step: Int = 1 << 20, comments: Bool = false) throws -> [ControlParagraph] {
    var reader = ControlFileReader(allowsComments: comments)
    var result: [ControlParagraph] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: step) {
        result += try reader.read(Array(bytes[start..<min(start + step, bytes.count)]))
    }
    if let last = try reader.finish() { result.append(last) }
    return result
}

private let sum = String(repeating: "0a", count: 32)
private let other = String(repeating: "0b", count: 32)
private let entry = """
    Package: zlib1g
    Version: 1:1.2-3
    Architecture: amd64
    Filename: pool/main/z/zlib/zlib1g_1.2-3_amd64.deb
    Size: 92
    SHA256: \(sum)
    Description: text
     more

    """

struct ControlFileTests {
    @Test(arguments: [1, 2, 3, 7, 1000])
    func `paragraphs are read in pieces of any size`(step: Int) throws {
        let text = "\n\nPackage: a\nDescription: short\n long\n .\n\tend \n\r\nPACKAGE:b  \r\nEmpty:\nLast: x"
        let found = try paragraphs(text, step: step)
        #expect(found.map(\.line) == [3, 9] && found.map { $0["package"] } == ["a", "b"])
        #expect(found[0]["Description"] == "short\nlong\n.\nend")
        #expect(found[0].field("Description")?.line == 4)
        #expect(found[1]["Empty"] == "" && found[1]["Last"] == "x" && found[1]["Missing"] == nil)
        #expect(found[1].fields.map(\.name) == ["PACKAGE", "Empty", "Last"])
    }

    @Test(arguments: [
        ("A: 1\na: 2", "line 2: the field 'a' occurs twice"), ("A: 1\nnothing", "line 2: a line without a field name"),
        (" x", "line 1: an indented line"), ("A: 1\n\n x", "line 3: an indented line"),
        ("A: 1\n  \nB: 2", "line 2: a line of blanks"), ("A: \0", "line 1: a zero byte"),
        ("# x\nA: 1", "line 1: a comment"), (": 1", "line 1: '' is no field name"), ("-A: 1", "is no field name"),
        ("A B: 1", "is no field name"), ("\u{e4}: 1", "is no field name"),
        ("A: " + String(repeating: "x", count: 1 << 20), "a line of more than"),
    ])
    func `what tools read differently is refused`(text: String, reason: String) {
        #expect(failure { _ = try paragraphs(text) }?.contains(reason) == true)
        #expect(failure { _ = try paragraphs(text, step: 1000) }?.contains(reason) == true)
    }

    @Test func `comments are passed over where they are allowed`() throws {
        let found = try paragraphs("# x\nA: 1\n# y\n z\n", comments: true)
        #expect(found.map { $0["A"] } == ["1\nz"])
    }

    @Test func `a value that is not UTF-8 is no text`() throws {
        var reader = ControlFileReader()
        _ = try reader.read(Array("A: ".utf8) + [0xFF, 0x0A])
        let paragraph = try #require(try reader.finish())
        #expect(paragraph["A"] == nil && paragraph.field("A")?.lines == [[0xFF]])
    }

    @Test func `a file of one paragraph has one`() {
        #expect(failure { _ = try ControlParagraph(only: []) } == "there is no paragraph")
        #expect(
            failure { _ = try ControlParagraph(only: Array("A: 1\n\nB: 2".utf8)) }?.contains("more than one") == true)
    }

    @Test func `packages of an index are read`() throws {
        var reader = PackagesFileReader()
        var packages: [RepositoryPackage] = []
        let text =
            entry + "\n" + entry.replacing("pool/", with: "./pool/").replacing("SHA256: \(sum)\n", with: "MD5sum: 00\n")
        for byte in text.utf8 { packages += try reader.read([byte]) }
        if let last = try reader.finish() { packages.append(last) }
        #expect(packages.map(\.line) == [1, 10] && packages.map(\.name) == ["zlib1g", "zlib1g"])
        #expect(packages[0].version == "1:1.2-3" && packages[0].architecture == "amd64" && packages[0].size == 92)
        #expect(packages[0].sha256 == Hex.decode(sum) && packages[0].sha512 == nil && !packages[0].hasWeakDigest)
        #expect(packages[1].sha256 == nil && packages[1].hasWeakDigest && packages[1].path == packages[0].path)
    }

    @Test(arguments: [
        ("Package: zlib1g\n", "", "'Package' is missing"), ("Size: 92", "Size: -1", "is no number"),
        ("Size: 92", "Size: 99999999999999999999", "is no number"), ("pool/", "/pool/", "not in the repository"),
        ("pool/", "../pool/", "not in the repository"), ("pool/", "pool//", "not in the repository"),
        ("pool/", "pool/\\", "not in the repository"), (sum, "0a", "is not 32 bytes"),
        ("Version: 1:1.2-3", "Version:", "not one line"), ("Version: 1:1.2-3", "Version: 1\n 2", "not one line"),
        ("Size: 92", "Size: 92\nsize: 93", "occurs twice"), ("Size: 92", "Size: 92\nTag: a\ntag: b", "occurs twice"),
    ])
    func `a package that says too little or too much is refused`(old: String, new: String, reason: String) {
        var reader = PackagesFileReader()
        let text = entry.replacing(old, with: new) + "\n"
        #expect(failure { _ = try reader.read(Array(text.utf8)) }?.contains(reason) == true)
    }

    @Test func `no form of an index stops the reader`() {
        forHostileForms(Array((entry + "\n" + entry).utf8), cutStep: 1, flipStep: 1, mutations: 500) { bytes in
            var reader = PackagesFileReader()
            _ = try? reader.read(bytes)
            _ = try? reader.finish()
        }
    }
}
