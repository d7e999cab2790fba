import AssayFacts
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

/// Repositories that createrepo_c makes.
@Suite(.enabled(if: SignedPackageFixture.tools.allSatisfy(isAvailable)))
struct RepositoryTests {
    private let fixture = SignedPackageFixture.shared

    private func examine(_ path: String, threads: Int = 2) async throws -> Examination {
        let progress = CountedProgress()
        let context = VerificationContext(
            keys: try fixture.keys("maker"), time: SignedPackageFixture.now, threads: threads, progress: progress)
        let examination = try await RPMRepositoryExamination.examine(path, context)
        #expect(progress.expected == progress.done)
        return examination
    }

    /// The file whose name ends like this.
    private func file(_ end: String, _ examination: Examination) throws -> VouchedFileFacts {
        try #require(examination.files.first { $0.name.hasSuffix(end) })
    }

    /// Whether the links of `voucher` all hold.
    private func holds(_ voucher: VoucherFacts) -> Bool {
        voucher.links.allSatisfy {
            $0.fault == nil && $0.expected == $0.computed && ($0.expectedSize == nil || $0.expectedSize == $0.size)
        }
    }

    private func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

    @Test func `every file of a repository leads to its index, and packages to their own signatures too`() async throws
    {
        let copy = try fixture.repository()
        let examination = try await examine(copy.path + "/")
        #expect(examination.documents.first?.kind == .repositoryIndex)
        #expect(examination.documents.first?.name == copy.path + "/repodata/repomd.xml")
        #expect(examination.documents.first?.signatures.map(\.check) == [.valid])
        #expect(examination.documents.first?.searched.map(\.result) == [.found])
        #expect(examination.files.allSatisfy { $0.problem == nil })
        for file in examination.files {
            #expect(file.vouchers.allSatisfy(holds), "\(file)")
            #expect(file.vouchers.last?.document == 0)
        }
        let packages = examination.files.filter { $0.kind == .rpmPackage }
        #expect(packages.map(\.name) == ["alpha", "beta"].map { "\(copy.path)/\($0)-1.5-2.noarch.rpm" })
        for package in packages {
            #expect(package.vouchers.count == 2)
            let document = try #require(package.vouchers.first?.document)
            #expect(examination.documents[document].kind == .packageHeader)
            #expect(examination.documents[document].name == package.name)
            let links = try #require(package.vouchers.last).links
            #expect(links.map(\.file) == [package.name, links[1].file])
            #expect(links[1].file.contains("primary.xml"))
            #expect(links[1].statedBy.path.hasSuffix("/repodata/repomd.xml"))
            #expect(package.package?.contradictions.isEmpty == true)
        }
        let list = try file("primary.xml.gz", examination)
        #expect(list.vouchers.first?.links.count == 2, "compressed and uncompressed")
        #expect(try await examine(copy.path, threads: 1).files == examination.files, "stable order")
    }

    /// Writes an index that lists `repodata/list`.
    private func writeIndex(_ copy: ScratchDirectory, open: String = "") throws {
        let digest = shell("sha256sum repodata/list", in: copy.path).text.prefix(64)
        try copy.write(
            "repodata/repomd.xml",
            """
            <repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="primary">
            <checksum type="sha256">\(digest)</checksum>\(open)<location href="repodata/list"/></data></repomd>
            """)
    }

    @Test(arguments: ["xz -c", "zstd -c", "cat"])
    func `the list of packages is read in every compression`(compressor: String) async throws {
        let copy = try fixture.repository()
        let made = shell(
            "gzip -dc repodata/*-primary.xml.gz > list; $1 < list > repodata/list", in: copy.path,
            arguments: [compressor])
        try #require(made.status == 0, "\(made.errorText)")
        let digest = shell("sha256sum list", in: copy.path).text.prefix(64)
        let size = try bytes(copy.path + "/list").count
        try writeIndex(
            copy, open: "<open-checksum type=\"sha256\">\(digest)</open-checksum><open-size>\(size)</open-size>")
        let examination = try await examine(copy.path)
        let list = try file("/list", examination)
        #expect(list.vouchers.first?.links.map(\.expectedSize) == [nil, UInt64(size)])
        #expect(list.vouchers.first?.links.last?.computed == String(digest))
        #expect(examination.files.count { $0.kind == .rpmPackage && $0.vouchers.count == 2 } == 2)
        #expect(examination.files.allSatisfy { $0.vouchers.allSatisfy(holds) })
        // The compressed bytes are right, and what they give is not what the index says.
        try writeIndex(
            copy, open: "<open-checksum type=\"sha256\">\(String(repeating: "0", count: 64))</open-checksum>")
        let links = try #require(try file("/list", try await examine(copy.path)).vouchers.first).links
        #expect(links.map { $0.expected == $0.computed } == [true, false])
    }

    @Test func `a list of packages that cannot be read is unknown, and one that lies about its length is refused`()
        async throws
    {
        let copy = try fixture.repository()
        for (content, isMalformed, reason) in [
            ("BZh91AY&SY", false, "bzip2"), ("<metadata packages=\"1\"></metadata>", true, "has 1 packages and has 0"),
            ("<metadata>", true, "truncated"), ("", true, "truncated"),
        ] {
            try copy.write("repodata/list", content)
            try writeIndex(copy)
            let examination = try await examine(copy.path)
            let list = try file("/list", examination)
            #expect(list.problem?.isMalformed == isMalformed)
            #expect(list.problem?.reason.contains(reason) == true, "\(list.problem?.reason ?? "")")
            #expect(
                list.vouchers.first?.links.map(\.fault) == [nil], "the index says nothing about what is uncompressed")
            #expect(examination.files.count { $0.vouchers.last?.links.first?.fault == .malformedList } == 2)
        }
    }

    @Test func `one changed byte of the index is not what was signed`() async throws {
        let copy = try fixture.repository()
        let content = String(decoding: try bytes(copy.path + "/repodata/repomd.xml"), as: UTF8.self)
        try copy.write("repodata/repomd.xml", content + "\n")
        let examination = try await examine(copy.path)
        #expect(examination.documents.first?.signatures.map(\.check) == [.invalid])
        #expect(examination.files.allSatisfy { $0.vouchers.allSatisfy(holds) })
    }

    @Test func `one changed byte of the list of packages is not what the index says`() async throws {
        let copy = try fixture.repository()
        let path = try #require(shell("ls repodata/*-primary.xml.gz", in: copy.path).text.split(separator: "\n").first)
        var content = try bytes(copy.path + "/" + path)
        // The time in the gzip header, which leaves the contents as they are.
        content[4] ^= 1
        try copy.write(String(path), content)
        let examination = try await examine(copy.path)
        let list = try file("primary.xml.gz", examination)
        let links = try #require(list.vouchers.first).links
        #expect(links[0].expected != links[0].computed)
        #expect(links[1].expected == links[1].computed)
        for package in examination.files where package.kind == .rpmPackage {
            let links = try #require(package.vouchers.last).links
            #expect(links[0].expected == links[0].computed)
            #expect(links[1].expected != links[1].computed, "the package hangs on the list")
        }
        content[content.count / 2] ^= 0xFF
        try copy.write(String(path), content)
        let broken = try await examine(copy.path)
        #expect(try file("primary.xml.gz", broken).problem?.isMalformed == true)
        let packages = broken.files.filter { $0.kind == .rpmPackage }
        #expect(packages.count == 2)
        #expect(packages.allSatisfy { $0.vouchers.last?.links.map(\.fault) == [.malformedList] })
    }

    @Test func `one changed byte of another metadata file is not what the index says`() async throws {
        let copy = try fixture.repository()
        let path = try #require(
            shell("ls repodata/*-filelists.xml.gz", in: copy.path).text.split(separator: "\n").first)
        var content = try bytes(copy.path + "/" + path)
        content[content.count - 1] ^= 1
        try copy.write(String(path), content)
        let examination = try await examine(copy.path)
        let list = try file("filelists.xml.gz", examination)
        #expect(list.vouchers.first.map(holds) == false)
        #expect(examination.files.count { !$0.vouchers.allSatisfy(holds) } == 1)
    }

    @Test func `one changed byte of a package is not what the list says, whatever byte it is`() async throws {
        let name = "alpha-1.5-2.noarch.rpm"
        for index in [20, 0, 2_000, 5_000] {
            let copy = try fixture.repository()
            var content = try bytes(copy.path + "/" + name)
            content[min(index, content.count - 1)] ^= 1
            try copy.write(name, content)
            let package = try file(name, try await examine(copy.path))
            let link = try #require(package.vouchers.last?.links.first)
            #expect(link.computed != nil && link.computed != link.expected)
        }
    }

    @Test func `a package that is missing, added or exchanged is named`() async throws {
        let copy = try fixture.repository()
        shell("mv beta-1.5-2.noarch.rpm alpha-1.5-2.noarch.rpm", in: copy.path)
        try copy.write("more/unsigned.rpm", fixture.bytes("unsigned.rpm"))
        try copy.write("more/nothing.rpm", "")
        shell("mkfifo more/pipe.rpm", in: copy.path)
        let examination = try await examine(copy.path)
        let missing = try file("/beta-1.5-2.noarch.rpm", examination)
        #expect(
            missing.problem
                == FileProblem(isMalformed: false, reason: "it is listed but not there", place: Place(missing.name)))
        #expect(missing.vouchers.last?.links.first?.fault == .unreadable)
        let exchanged = try file("/alpha-1.5-2.noarch.rpm", examination)
        #expect(exchanged.package?.contradictions.first?.hasPrefix("the name is 'alpha' in ") == true)
        #expect(exchanged.vouchers.last.map(holds) == false)
        let added = try file("/more/unsigned.rpm", examination)
        #expect(added.vouchers.last?.links.map(\.fault) == [.notListed])
        #expect(added.vouchers.last?.document == nil)
        #expect(added.vouchers.count == 2 && added.vouchers.first?.document != nil)
        #expect(try file("/more/nothing.rpm", examination).problem?.isMalformed == true)
        #expect(try file("/more/pipe.rpm", examination).problem?.isMalformed == false)
    }

    @Test func `lists with weak digests or none, and files that are listed twice, prove nothing`() async throws {
        let copy = try fixture.repository()
        let package = "alpha-1.5-2.noarch.rpm"
        let size = try bytes(copy.path + "/" + package).count
        func entry(_ type: String, _ digest: String, _ version: String = "1.5") -> String {
            """
            <package type="rpm"><name>alpha</name><arch>noarch</arch><version epoch="0" ver="\(version)" rel="2"/>
            <checksum type="\(type)" pkgid="YES">\(digest)</checksum><size package="\(size)"/>
            <location href="\(package)"/></package>
            """
        }
        let sha1 = String(shell("sha1sum \(package)", in: copy.path).text.prefix(40))
        let right = String(shell("sha256sum \(package)", in: copy.path).text.prefix(64))
        let wrong = String(repeating: "0", count: 64)
        let cases: [([String], LinkFacts.Fault?)] = [
            ([entry("sha", sha1)], .noUsableDigest), ([entry("blake3", right)], .noUsableDigest),
            ([entry("sha256", right), entry("sha256", wrong)], .ambiguous), ([entry("sha256", right)], nil),
            ([entry("sha256", right), entry("sha256", right)], nil), ([entry("sha256", right, "1.6")], nil),
        ]
        for (entries, fault) in cases {
            try copy.write(
                "repodata/list",
                "<metadata xmlns=\"http://linux.duke.edu/metadata/common\" packages=\"\(entries.count)\">"
                    + entries.joined() + "</metadata>")
            try writeIndex(copy)
            let found = try file("/" + package, try await examine(copy.path))
            #expect(found.vouchers.count == 2)
            #expect(found.vouchers.last?.links.first?.fault == fault)
            let isNewer = entries[0].contains("1.6")
            #expect(found.package?.contradictions.count == (isNewer ? 1 : 0))
        }
        #expect(try await examine(copy.path).documents.first?.signatures.map(\.check) == [.invalid])
    }

    @Test func `a list that leads out of the repository is not followed`() async throws {
        let copy = try fixture.repository()
        try copy.write(
            "repodata/repomd.xml",
            """
            <repomd><data type="primary"><checksum type="sha256">\(String(repeating: "0", count: 64))</checksum>
            <location href="../../etc/passwd"/></data></repomd>
            """)
        let examination = try await examine(copy.path)
        let index = try file("repomd.xml", examination)
        #expect(index.problem?.isMalformed == true)
        #expect(index.problem?.reason.contains("location outside of the repository") == true)
        #expect(index.problem?.place.line == 2)
        #expect(examination.files.count { $0.vouchers.last?.links.first?.fault == .malformedList } == 2)
        shell("rm -r repodata; mkdir repodata; ln -s /etc/passwd repodata/repomd.xml", in: copy.path)
        await #expect(throws: VerificationError.self) { try await examine(copy.path) }
    }

    @Test func `a folder without an index is no repository`() async throws {
        let scratch = ScratchDirectory()
        let error = await #expect(throws: VerificationError.self) { try await examine(scratch.path) }
        #expect(error?.hint?.contains("repodata") == true)
        #expect(!RPMRepositoryExamination.isRepository(scratch.path))
        let copy = try fixture.repository()
        #expect(RPMRepositoryExamination.isRepository(copy.path))
    }
}
