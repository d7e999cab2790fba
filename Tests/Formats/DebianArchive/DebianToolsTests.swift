import AssayBytes
import AssayDebianArchive
import AssayTestSupport
import Foundation
import Testing

private let hasTools = isAvailable("dpkg-deb") && isAvailable("xz") && isAvailable("zstd")

private func unpacked(_ part: DebianPackage.Part, of bytes: [UInt8], in scratch: ScratchDirectory) throws -> [UInt8] {
    try scratch.write("part", try part.member.content.bytes(in: ByteArraySource(bytes), limit: .mebibytes(64)))
    let program =
        switch part.compression {
        case .none: "cat"
        case .gzip: "gzip -d"
        case .xz: "xz -d"
        case .zstandard: "zstd -d -q -c"
        case .bzip2: "bzip2 -d"
        case .lzma: "xz -d --format=lzma"
        }
    return shell("\(program) < part", in: scratch.path).output
}

struct DebianToolsTests {
    @Test(.enabled(if: hasTools), arguments: ["gzip", "xz", "zstd", "none"])
    func `a package of dpkg-deb is read as dpkg-deb reads it`(compression: String) throws {
        let scratch = ScratchDirectory()
        let long = String(repeating: "directory-of-a-long-name/", count: 9) + "file"
        try scratch.write(
            "in/DEBIAN/control",
            "Package: assay-test\nVersion: 1.0-1\nArchitecture: all\nMaintainer: A <a@example.org>\n"
                + "Description: a test\n of more lines\n .\n end\n")
        try scratch.write("in/usr/share/\(long)", "content")
        try scratch.write("in/usr/share/umlaut-\u{fc}", "text")
        try scratch.write("in/usr/share/" + String(repeating: "n", count: 180), "text")
        let made = shell(
            "ln -s \(long) in/usr/share/link && ln in/usr/share/umlaut-\u{fc} in/usr/share/hard && "
                + "dpkg-deb --root-owner-group -Z\(compression) -b in x.deb", in: scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        let bytes = shell("cat x.deb", in: scratch.path).output
        let package = try DebianPackage(ByteArraySource(bytes))
        #expect(package.version == "2.0" && package.remarks.isEmpty && package.extraMembers.isEmpty)
        let members = shell("ar t x.deb", in: scratch.path).text.split(separator: "\n").map { Array($0.utf8) }
        #expect([Array("debian-binary".utf8), package.control.member.name, package.data.member.name] == members)
        let controlTar = ByteArraySource(try unpacked(package.control, of: bytes, in: scratch))
        let file = try #require(try TarArchive(controlTar).entry("control"))
        let control = try ControlParagraph(only: try file.content.bytes(in: controlTar, limit: .mebibytes(1)))
        for name in ["Package", "Version", "Architecture", "Maintainer"] {
            let theirs = shell("dpkg-deb -f x.deb \(name)", in: scratch.path).text
            #expect(control[name].map { $0 + "\n" } == theirs)
        }
        #expect(control["Description"] == "a test\nof more lines\n.\nend")
        let data = try TarArchive(ByteArraySource(try unpacked(package.data, of: bytes, in: scratch)))
        #expect(data.hasEndMarker)
        let paths = shell("dpkg-deb --fsys-tarfile x.deb | tar -t --quoting-style=literal", in: scratch.path)
        #expect(
            data.entries.map { String(decoding: $0.path, as: UTF8.self) }
                == paths.text.split(separator: "\n").map { String($0) })
        #expect(
            data.entries.contains {
                $0.kind == .hardLink(Array("./usr/share/hard".utf8))
                    || $0.kind == .hardLink(Array("./usr/share/umlaut-\u{fc}".utf8))
            })
    }

    @Test(.enabled(if: isAvailable("tar")), arguments: ["gnu", "posix", "ustar", "v7"])
    func `each format of GNU tar is read`(format: String) throws {
        let scratch = ScratchDirectory()
        try scratch.write("in/a", "content of a")
        try scratch.write("in/folder/b", [UInt8](repeating: 3, count: 2000))
        if format == "gnu" || format == "posix" {
            try scratch.write("in/" + String(repeating: "x", count: 200), "long")
            shell("ln -s \(String(repeating: "y", count: 300)) in/link", in: scratch.path)
        }
        let made = shell(
            "tar --format=\(format) --mtime=@1700000001 --owner=o:7 --group=g:8 -cf x.tar in", in: scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        let source = ByteArraySource(shell("cat x.tar", in: scratch.path).output)
        let tar = try TarArchive(source)
        let theirs = shell("tar -tf x.tar", in: scratch.path).text.split(separator: "\n").map { String($0) }
        #expect(tar.entries.map { String(decoding: $0.path, as: UTF8.self) } == theirs)
        #expect(tar.entries.allSatisfy { $0.owner == 7 && $0.group == 8 && $0.modification == 1_700_000_001 })
        let file = try #require(try tar.entry("in/folder/b"))
        #expect(try file.content.bytes(in: source, limit: ByteCount(2000)) == [UInt8](repeating: 3, count: 2000))
    }

    @Test(.enabled(if: hasTools && isAvailable("apt-ftparchive")))
    func `a repository of apt-ftparchive is read`() throws {
        let scratch = ScratchDirectory()
        for name in ["one", "two"] {
            try scratch.write(
                "in/\(name)/DEBIAN/control",
                "Package: assay-\(name)\nVersion: 2:1.0~rc1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: x\n"
            )
        }
        let made = shell(
            """
            mkdir -p repo/pool repo/main/binary-all && for n in one two; do dpkg-deb -b in/$n repo/pool/$n.deb >/dev/null; done
            cd repo && apt-ftparchive packages pool > main/binary-all/Packages &&
            apt-ftparchive -o APT::FTPArchive::Release::Codename=test -o APT::FTPArchive::Release::Suite=stable \
              -o APT::FTPArchive::Release::ValidTime=86400 -o APT::FTPArchive::Release::Acquire-By-Hash=yes release . > ../Release
            """, in: scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        let release = try ReleaseFile(shell("cat Release", in: scratch.path).output)
        #expect(release.codename == "test" && release.suite == "stable")
        let date = try #require(release.date)
        #expect(shell("date -u -d \"$(sed -n 's/^Date: //p' Release)\" +%s", in: scratch.path).text == "\(date)\n")
        #expect(release.validUntil == date + 86_400)
        let index = try #require(release.index("main/binary-all/Packages", .sha256))
        let packagesFile = shell("cat repo/main/binary-all/Packages", in: scratch.path).output
        #expect(index.size == UInt64(packagesFile.count))
        #expect(
            shell("sha256sum repo/main/binary-all/Packages", in: scratch.path).text.hasPrefix(Hex.encode(index.digest)))
        var reader = PackagesFileReader()
        var packages = try reader.read(packagesFile)
        if let last = try reader.finish() { packages.append(last) }
        #expect(
            packages.map(\.name).sorted() == ["assay-one", "assay-two"]
                && packages.allSatisfy { $0.version == "2:1.0~rc1" })
        for package in packages {
            let sum = shell("sha256sum repo/\(package.path); stat -c %s repo/\(package.path)", in: scratch.path).text
            #expect(sum.hasPrefix(Hex.encode(package.sha256 ?? [])) && sum.hasSuffix("\n\(package.size)\n"))
        }
    }

    @Test func `the names of this machine's lists are read`() throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/var/lib/apt/lists")) ?? []
        for name in names where name.contains("_") {
            let list = try #require(AptListName(Array(name.utf8)))
            #expect(AptListName.encode(list.location) == Array(name.utf8))
        }
    }
}
