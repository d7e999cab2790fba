import AssayBytes
import AssayDebianArchive
import Testing

private let version: (name: String, content: [UInt8]) = ("debian-binary", Array("2.0\n".utf8))
private let control: (name: String, content: [UInt8]) = ("control.tar.xz", [1, 2, 3])
private let data: (name: String, content: [UInt8]) = ("data.tar.zst", [4, 5, 6, 7])

private func package(_ members: [(name: String, content: [UInt8])]) throws -> DebianPackage {
    try DebianPackage(ByteArraySource(ar(members)))
}

private func failure(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)"
    }
}

struct ArchiveTests {
    @Test func `a package's parts are found`() throws {
        let bytes = ar([version, control, data])
        let package = try DebianPackage(ByteArraySource(bytes))
        #expect(package.version == "2.0" && package.extraMembers.isEmpty && package.remarks.isEmpty)
        #expect(package.control.compression == .xz && package.data.compression == .zstandard)
        let content = try package.control.member.content.bytes(in: ByteArraySource(bytes), limit: ByteCount(3))
        #expect(content == [1, 2, 3] && package.control.member.modification == 1_700_000_000)
        #expect(throws: DebianArchiveError.self) {
            try package.control.member.content.bytes(in: ByteArraySource(bytes), limit: ByteCount(2))
        }
    }

    @Test func `members that dpkg ignores are told`() throws {
        let package = try package([version, ("_x", []), control, ("_y", [1]), data, ("_gpgorigin", [1]), ("more", [])])
        #expect(
            package.extraMembers.map { String(decoding: $0.name, as: UTF8.self) } == ["_x", "_y", "_gpgorigin", "more"])
    }

    @Test(
        arguments: [
            ([control, version, data], "first member"),
            ([version, data, control], "stands where control.tar must"),
            ([version, control], "no data.tar"),
            ([version], "no control.tar"),
            ([version, control, control, data], "stands where data.tar must"),
            ([version, control, data, data], "second member"),
            ([version, control, data, ("control.tar.gz", [])], "second member"),
            ([version, ("control.tar.exe", []), data], "stands where control.tar must"),
            ([("debian-binary", Array("3.0\n".utf8)), control, data], "version"),
            ([("debian-binary", Array("2.0".utf8)), control, data], "version"),
            ([version, control, ("data/tar", [])], "member name"),
            ([version, control, ("#1/20", [])], "member name"),
        ] as [([(name: String, content: [UInt8])], String)])
    func `a package of other members is refused`(members: [(name: String, content: [UInt8])], reason: String) {
        #expect(failure { _ = try package(members) }?.contains(reason) == true)
    }

    @Test func `a member that is larger than the file is refused`() {
        let bytes = ar([version, control, data])
        #expect(failure { _ = try DebianPackage(ByteArraySource(bytes.dropLast(1))) }?.contains("truncated") == true)
        #expect(failure { _ = try ArArchive(ByteArraySource([0x21])) }?.contains("not an archive") == true)
        let many = (0..<65).map { _ in version }
        #expect(failure { _ = try ArArchive(ByteArraySource(ar(many))) }?.contains("more than 64") == true)
    }

    @Test func `tar entries are read`() throws {
        let long = String(repeating: "long/", count: 40) + "name"
        var bytes = tarEntry("./", type: "5") + tarEntry("./control", Array("text".utf8))
        bytes += tarEntry("end", prefix: "dir/of/a/prefix") + tarEntry("./link", type: "2", link: "target")
        bytes += tarEntry("././@LongLink", Array(long.utf8) + [0], type: "L") + tarEntry("cut", [1])
        bytes += tarEntry(
            "pax", paxRecord("path", "p\u{e4}th") + paxRecord("mtime", "12.5") + paxRecord("uid", "3000000"), type: "x")
        bytes += tarEntry("other", Array("abc".utf8)) + tarEntry("hard", type: "1", link: "./control")
        bytes += tarEntry("big", [9], size: [0x80] + [UInt8](repeating: 0, count: 10) + [1]) + tarEnd
        let source = ByteArraySource(bytes)
        let tar = try TarArchive(source)
        #expect(tar.hasEndMarker)
        #expect(
            tar.entries.map { String(decoding: $0.path, as: UTF8.self) } == [
                "./", "./control", "dir/of/a/prefix/end", "./link", long, "p\u{e4}th", "hard", "big",
            ])
        #expect(
            tar.entries.map(\.kind) == [
                .directory, .file, .file, .symbolicLink(Array("target".utf8)), .file, .file,
                .hardLink(Array("./control".utf8)), .file,
            ])
        let control = try #require(try tar.entry("control"))
        #expect(try control.content.bytes(in: source, limit: ByteCount(4)) == Array("text".utf8))
        #expect(
            control.mode == 0o644 && control.owner == 1 && control.group == 2 && control.modification == 1_700_000_000)
        #expect(control.ownerName == Array("user".utf8) && control.groupName == Array("group".utf8))
        #expect(tar.entries[5].modification == 12 && tar.entries[5].owner == 3_000_000)
        #expect(try tar.entries[7].content.bytes(in: source, limit: ByteCount(1)) == [9])
        #expect(try tar.entry("nothing") == nil)
    }

    @Test func `two entries of one path are ambiguous`() throws {
        let tar = try TarArchive(ByteArraySource(tarEntry("control") + tarEntry("./control") + tarEnd))
        #expect(failure { _ = try tar.entry("control") }?.contains("occurs twice") == true)
    }

    @Test func `paths that leave the directory are told`() throws {
        let tar = try TarArchive(ByteArraySource(tarEntry("/a") + tarEntry("b/../c") + tarEntry("./d..e") + tarEnd))
        #expect(tar.entries.map(\.leavesDirectory) == [true, true, false])
    }

    @Test func `tar archives that break a rule are refused`() {
        var wrongSum = tarEntry("a")
        wrongSum[0] ^= 1
        let cases: [([UInt8], String)] = [
            (wrongSum, "checksum"), (tarEntry("a", [1]).dropLast(512) + [], "of which 0 are there"),
            (tarEntry("x", paxRecord("path", "y"), type: "x"), "without its entry"),
            (tarEntry("x", Array("99 path=y\n".utf8), type: "x"), "pax record"),
            (tarEntry("x", Array("3 \n".utf8), type: "x"), "pax record"),
            (tarEntry("x", paxRecord("size", "-1"), type: "x"), "not a number"),
            (tarEntry("x", paxRecord("GNU.sparse.major", "1"), type: "x"), "sparse"),
            (tarEntry("x", type: "S"), "unsupported"), (tarEntry(""), "without a name"),
            ([UInt8](repeating: 0, count: 512) + tarEntry("a"), "single zero block"),
            (Array(tarEntry("a").prefix(100)), "truncated"),
            (tarEntry("x", [1], size: [0x80] + [UInt8](repeating: 0xFF, count: 11)), "out of range"),
            (tarEntry("x", [1], size: Array("99999999999\0".utf8)), "not a number"),
        ]
        for (bytes, reason) in cases {
            #expect(failure { _ = try TarArchive(ByteArraySource(bytes)) }?.contains(reason) == true, "\(reason)")
        }
        var limits = TarArchive.Limits()
        limits.entries = 1
        #expect(failure { _ = try TarArchive(ByteArraySource(tarEntry("a") + tarEntry("b")), limits: limits) } != nil)
        limits = TarArchive.Limits()
        limits.extendedHeaderBytes = 4
        let long = tarEntry("x", paxRecord("path", "y"), type: "x")
        #expect(failure { _ = try TarArchive(ByteArraySource(long), limits: limits) }?.contains("too large") == true)
    }

    @Test func `no form of an archive stops the readers`() {
        let bytes = ar([version, control, data])
        forHostileForms(bytes, cutStep: 1, flipStep: 1, mutations: 1000) { _ = try? DebianPackage(ByteArraySource($0)) }
        var tar = tarEntry("./control", Array("text".utf8)) + tarEntry("x", paxRecord("path", "y"), type: "x")
        tar += tarEntry("z") + tarEntry("l", Array("name".utf8), type: "L") + tarEntry("m") + tarEnd
        forHostileForms(tar, cutStep: 11, flipStep: 7, mutations: 400) { _ = try? TarArchive(ByteArraySource($0)) }
    }
}
