import AssayBytes
import AssayRepositoryMetadata
import Testing

struct RepositoryIndexTests {
    @Test func `an index is taken apart`() throws {
        let text = Documents.index(
            Documents.data("primary") + Documents.data("filelists", href: "repodata/filelists.xml.zst"))
        let index = try RepositoryIndex(Array(text.utf8))
        #expect(index.revision == "1700000001" && index.files.map(\.type) == ["primary", "filelists"])
        let primary = try #require(index.file("primary"))
        #expect(primary.location.description == "repodata/primary.xml.gz" && primary.base == nil)
        #expect(primary.checksum.algorithm == .sha256 && Hex.encode(primary.checksum.digest) == Documents.sha256)
        #expect(primary.openChecksum?.algorithm == .sha512 && primary.timestamp == 1_700_000_000)
        #expect(primary.size == ByteCount(1234) && primary.openSize == ByteCount(56_789))
        #expect(index.file("updateinfo") == nil)
    }

    @Test(arguments: [
        ("no checksum", "<data type='x'><location href='a'/></data>", MetadataError.Code.missingValue),
        ("no location", "<data type='x'><checksum type='sha256'>\(Documents.sha256)</checksum></data>", .missingValue),
        ("no type", Documents.data("primary").replacing(" type=\"primary\"", with: ""), .missingValue),
        ("a type twice", Documents.data("primary") + Documents.data("primary"), .missingValue),
        ("two locations", Documents.data("x", extra: "<location href='b'/>"), .missingValue),
        ("two checksums", Documents.data("x", extra: "<checksum type='md5'>00</checksum>"), .missingValue),
        ("a short checksum", Documents.data("x").replacing("abab", with: "ab"), .value),
        ("a checksum that is none", Documents.data("x").replacing("abab", with: "xyxy"), .value),
        ("a size below zero", Documents.data("x").replacing("1234", with: "-1"), .value),
        ("a size of words", Documents.data("x").replacing("1234", with: "many"), .value),
        ("a size without end", Documents.data("x").replacing("1234", with: String(repeating: "9", count: 30)), .value),
        ("a way out", Documents.data("x", href: "../../etc/passwd"), .location),
    ])
    func `an index that says too little or too much is refused`(
        name: String, data: String, expected: MetadataError.Code
    ) {
        #expect(indexCode(Documents.index(data)) == expected, "\(name)")
    }

    @Test func `an unknown kind of checksum is kept as unknown`() throws {
        let text = Documents.index(Documents.data("x").replacing("type=\"sha256\"", with: "type=\"blake9\""))
        let checksum = try RepositoryIndex(Array(text.utf8)).files.first?.checksum
        #expect(checksum?.type == "blake9" && checksum?.algorithm == nil)
        let sha = Documents.index(
            Documents.data("x").replacing("type=\"sha256\"", with: "type=\"sha\"")
                .replacing(Documents.sha256, with: String(repeating: "ab", count: 20)))
        #expect(try RepositoryIndex(Array(sha.utf8)).files.first?.checksum.algorithm == .sha1)
    }

    @Test func `another document is not an index`() {
        #expect(indexCode(Documents.list(Documents.package())) == .unexpectedDocument)
        #expect(indexCode("<html/>") == .unexpectedDocument)
        #expect(indexCode("") == .truncated)
    }

    @Test(arguments: [
        "a.rpm", "Packages/a b.rpm", "x86_64/os/a+b~c^1.rpm", "...", "a/..b", "gtk%2B.rpm", "dir/a:b.rpm", "\u{E9}.rpm",
        "a/\u{301}../b",
    ])
    func `a location inside is accepted as it is`(path: String) {
        #expect(RepositoryPath(path)?.description == path)
    }

    @Test(arguments: [
        "", "/a", "//host/a", "..", "../a", "a/../b", "a/..", ".", "./a", "a/./b", "a//b", "a/", "http://x/a",
        "file:a", "C:a", "a\\b", "..\\a", "a?b", "a#b", "a\nb", "a\u{0}b", "%2e%2e/a", "a/%2E%2e", "a%2fb", "%2Fa",
        "a%5cb", "a%00b", "a%0ab", "%", "a%2", "a%zz", "%ff", "media%3a", "%2e/a", "a\u{7F}",
        // Slashes and other marks with an accent are one character each, and yet what they are without it.
        "../\u{301}a", "a/../\u{301}b", "/\u{301}a", "file:\u{301}a", "a\\\u{301}b", "a?\u{301}b",
        "%2e%2e/%cc%81a",
    ])
    func `a location that could lead out is refused`(path: String) { #expect(RepositoryPath(path) == nil) }
}
