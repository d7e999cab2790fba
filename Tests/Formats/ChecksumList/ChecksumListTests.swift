import AssayBytes
import AssayChecksumList
import Testing

private let one = String(repeating: "01", count: 32)
private let two = String(repeating: "ab", count: 32)

private func list(_ text: String, name: String? = nil) throws -> ChecksumList {
    try ChecksumList(Array(text.utf8), listName: name)
}

/// Lines with what must be read of them: style, algorithm, name.
private let lines: [(text: String, style: ChecksumEntry.Style, algorithm: ChecksumAlgorithm, path: String)] = [
    ("\(one)  a.iso", .gnu(isBinary: false), .sha256, "a.iso"),
    ("\(one) *a.iso", .gnu(isBinary: true), .sha256, "a.iso"),
    ("\(one)  *a.iso", .gnu(isBinary: false), .sha256, "*a.iso"),
    ("\(one) a.iso", .reversed, .sha256, "a.iso"),
    ("\(one)\ta.iso", .reversed, .sha256, "a.iso"),
    ("  \(one)  a.iso", .gnu(isBinary: false), .sha256, "a.iso"),
    ("\(two.uppercased())  a.iso", .gnu(isBinary: false), .sha256, "a.iso"),
    ("\(one)  a b.iso", .gnu(isBinary: false), .sha256, "a b.iso"),
    ("\(one)  a.iso ", .gnu(isBinary: false), .sha256, "a.iso "),
    ("\(one)  ./a.iso", .gnu(isBinary: false), .sha256, "./a.iso"),
    ("\(one)  -", .gnu(isBinary: false), .sha256, "-"),
    ("\\\(one)  a\\\\b\\nc\\rd", .gnu(isBinary: false), .sha256, "a\\b\nc\rd"),
    ("\(one)  a\\nb", .gnu(isBinary: false), .sha256, "a\\nb"),
    ("SHA256 (a.iso) = \(one)", .tagged, .sha256, "a.iso"),
    ("SHA256(a.iso)= \(one)", .tagged, .sha256, "a.iso"),
    ("SHA2-256(a.iso)= \(one)", .tagged, .sha256, "a.iso"),
    ("SHA256 (a (1).iso) = \(one)", .tagged, .sha256, "a (1).iso"),
    ("\\SHA256 (a\\nb) = \(one)", .tagged, .sha256, "a\nb"),
    ("SHA512 (a.iso) = \(one)\(two)", .tagged, .sha512, "a.iso"),
    ("BLAKE2b (a.iso) = \(one)\(two)", .tagged, .blake2b(bits: 512), "a.iso"),
    ("BLAKE2b-256 (a.iso) = \(one)", .tagged, .blake2b(bits: 256), "a.iso"),
    ("RMD160 (a.iso) = \(one)", .tagged, .other("RMD160"), "a.iso"),
    ("\(one)\(two)  a.iso", .gnu(isBinary: false), .sha512, "a.iso"),
    ("\(one.prefix(32))  a.iso", .gnu(isBinary: false), .md5, "a.iso"),
    ("\(one.prefix(40))  a.iso", .gnu(isBinary: false), .sha1, "a.iso"),
]

/// Lines that are no entries, with the reason.
private let malformed: [(text: String, reason: String)] = [
    ("a.iso", "neither a digest nor a tag"),
    ("-----BEGIN PGP SIGNED MESSAGE-----", "neither a digest nor a tag"),
    ("Hash: SHA256", "neither a digest nor a tag"),
    ("- \(one)  a.iso", "neither a digest nor a tag"),
    (one, "no name"),
    ("\(one) ", "no name"),
    ("\(one)x  a.iso", "neither a digest nor a tag"),
    ("\(one)0  a.iso", "neither a digest nor a tag"),
    ("\(one)00  a.iso", "no common algorithm"),
    ("\u{FEFF}\(one)  a.iso", "byte order mark"),
    ("\(one)  a.iso\0b", "a zero byte"),
    ("\(one)  a\rb.iso", "control character"),
    ("\(one)  a\u{1B}b.iso", "control character"),
    ("\\\(one)  a\\x.iso", "escapes nothing"),
    ("\\\(one)  a\\", "escapes nothing"),
    ("SHA256 (a.iso = \(one)", "closing bracket"),
    ("SHA256 (a.iso) \(one)", "equals sign"),
    ("SHA256 (a.iso) = \(one)00", "33 bytes for SHA256"),
    ("SHA256 (a.iso) = AQEB", "not hexadecimal"),
    ("SHA256 (a.iso) = \(one) ", "not hexadecimal"),
    ("SHA256 () = \(one)", "no name"),
    ("SHA512 (a.iso) = \(one)", "32 bytes for SHA512"),
    ("   ", "neither a digest nor a tag"),
]

struct ChecksumListTests {
    @Test(arguments: lines)
    func `each style of line is read`(
        text: String, style: ChecksumEntry.Style, algorithm: ChecksumAlgorithm, path: String
    ) throws {
        for end in ["", "\n", "\r\n"] {
            let list = try list("# comment\n\r\n\n" + text + end)
            let entry = try #require(list.entries.first)
            #expect(list.entries.count == 1 && list.malformedLineCount == 0 && list.commentCount == 1)
            #expect(entry.line == 4 && entry.style == style && entry.algorithm == algorithm)
            #expect(entry.path == Array(path.utf8))
            #expect(entry.algorithmSource == (style == .tagged ? .tag : .digestLength))
        }
    }

    @Test(arguments: malformed)
    func `a line that is no entry is counted with its reason`(text: String, reason: String) throws {
        // A byte order mark stands at the start only.
        let list = try list(text + "\n\(two)  other\n")
        #expect(list.malformedLines.map(\.line) == [1] && list.malformedLineCount == 1)
        #expect(list.malformedLines.first?.reason.contains(reason) == true)
        #expect(list.entries.map(\.line) == [2])
        #expect(try list.match(Array("a.iso".utf8)) == nil)
    }

    @Test func `a list does not change between one space and a marker`() throws {
        let first = try list("\(one) a\n\(two)  b\n\(two) *c\n")
        #expect(first.entries.map { String(decoding: $0.path, as: UTF8.self) } == ["a", " b", "*c"])
        let second = try list("\(one)  a\n\(two) b\n")
        #expect(second.entries.count == 1 && second.malformedLines.map(\.line) == [2])
    }

    @Test(arguments: [
        ("SHA256SUMS", ChecksumAlgorithm.sha256), ("SHA512SUMS", .sha512), ("x.iso.sha256", .sha256),
        ("CHECKSUM.SHA512-FreeBSD-14", .sha512), ("MD5SUMS", .md5), ("B2SUMS", .blake2b(bits: 512)),
        ("azurelinux-3.0-x86_64-iso-checksum", nil), ("CHECKSUM", nil), ("sha1sum.txt", .sha1),
        ("sha256-and-sha512", nil), ("sha2560", nil),
    ])
    func `the list's name may tell the algorithm`(name: String, algorithm: ChecksumAlgorithm?) {
        #expect(ChecksumAlgorithm(listName: name) == algorithm)
    }

    @Test func `a digest that contradicts the list's name is malformed`() throws {
        let list = try list("\(one)  a.iso\n\(one)\(two)  a.iso", name: "SHA512SUMS")
        #expect(list.malformedLines.map(\.line) == [1] && list.entries.map(\.algorithm) == [.sha512])
        #expect(list.entries.first?.algorithmSource == .listName)
    }

    @Test func `a file is found by its base name`() throws {
        let list = try list(
            """
            \(one)  other/folder/a.iso
            \(two)  b.iso
            SHA512 (a.iso) = \(one)\(two)
            \(one) *./a.iso
            """)
        let match = try #require(try list.match(Array("a.iso".utf8)))
        #expect(match.entries.map(\.line) == [1, 3] && match.duplicates.map(\.line) == [4])
        #expect(match.entry(.sha256)?.digest == Hex.decode(one) && match.entry(.md5) == nil)
        #expect(try list.match(Array("c.iso".utf8)) == nil)
        #expect(try list.match(Array("A.iso".utf8)) == nil)
        #expect(try list.match([]) == nil)
        #expect(list.similar(to: Array("A.iso ".utf8)).map(\.line) == [1, 3, 4])
    }

    @Test func `different digests of one file are ambiguous`() throws {
        let list = try list("\(one)  a.iso\n\(two)  old/a.iso\n")
        let error = #expect(throws: ChecksumListError.self) { try list.match(Array("a.iso".utf8)) }
        #expect(error?.code == .ambiguous && error?.lines == [1, 2])
        #expect(error?.description == "lines 1 and 2 give the file different SHA256 digests")
    }

    @Test(arguments: [("a", false), ("./a", false), ("b/a", false), ("/a", true), ("../a", true), ("b/../a", true)])
    func `paths that lead elsewhere are told`(path: String, leaves: Bool) throws {
        let entry = try #require(try list("\(one)  \(path)").entries.first)
        #expect(entry.leavesDirectory == leaves && Array(entry.baseName) == Array("a".utf8))
    }

    @Test func `a list larger than any honest one is refused`() {
        let bytes = [UInt8](repeating: 0x0A, count: ChecksumList.maximumBytes + 1)
        #expect(throws: ChecksumListError.self) { try ChecksumList(bytes) }
    }

    @Test func `cut and altered lists are read or counted`() throws {
        let text = lines.map(\.text).joined(separator: "\n") + malformed.map(\.text).joined(separator: "\r\n")
        let bytes = Array(text.utf8)
        func check(_ bytes: [UInt8]) throws {
            let list = try ChecksumList(bytes)
            #expect(list.entries.allSatisfy { !$0.digest.isEmpty && !$0.path.isEmpty })
            #expect(list.malformedLines.count == min(list.malformedLineCount, ChecksumList.maximumMalformedLines))
        }
        for count in stride(from: 0, to: bytes.count, by: 7) { try check(Array(bytes.prefix(count))) }
        for index in stride(from: 0, to: bytes.count, by: 5) {
            var altered = bytes
            altered[index] ^= 1 << UInt8(index % 8)
            try check(altered)
        }
        var state: UInt64 = 7
        for _ in 0..<250 {
            var altered = bytes
            for _ in 0..<8 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                altered[Int(state >> 33) % altered.count] = UInt8(truncatingIfNeeded: state >> 24)
            }
            try check(altered)
        }
    }
}
