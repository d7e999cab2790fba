import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayTestSupport
import AssayVerification
import Testing

/// A way in which publishers lay out a list and its signature.
private struct Layout: Sendable, CustomTestStringConvertible {
    let script: String
    let list: String
    var algorithm = "SHA-256"
    var testDescription: String { script }

    static let all = [
        Layout(script: "sha256sum *.img > SHA256SUMS; sign vendor SHA256SUMS -o SHA256SUMS.gpg", list: "SHA256SUMS"),
        Layout(script: "sha256sum *.img > SHA256SUMS; sign vendor SHA256SUMS --armor", list: "SHA256SUMS"),
        Layout(script: "sha256sum *.img > SHA256SUMS; sign vendor SHA256SUMS", list: "SHA256SUMS"),
        Layout(
            script: "sha512sum *.img > SHA512SUMS; sign vendor SHA512SUMS -a -o SHA512SUMS.sign", list: "SHA512SUMS",
            algorithm: "SHA-512"),
        Layout(
            script: "sha256sum -b *.img > azl-3.0-iso-checksum; "
                + "sign vendor azl-3.0-iso-checksum -o azl-3.0-iso-checksum-signature", list: "azl-3.0-iso-checksum"),
        Layout(
            script: "sha256sum image.img | sed 's/$/\\r/' > image.img-checksum; "
                + "sign vendor image.img-checksum -o image.img-checksum-signature", list: "image.img-checksum"),
        Layout(
            script: "sha256sum image.img > image.img.sha256; sign vendor image.img.sha256 --armor",
            list: "image.img.sha256"),
        Layout(
            script: "sha512sum image.img > image.sha512sum; sign vendor image.sha512sum", list: "image.sha512sum",
            algorithm: "SHA-512"),
        Layout(script: "sha256sum *.img > c; clear vendor c; mv c.asc CHECKSUM; rm c", list: "CHECKSUM"),
        Layout(
            script: "sha256sum --tag *.img > c; clear vendor c; mv c.asc Fedora-39-x86_64-CHECKSUM; rm c",
            list: "Fedora-39-x86_64-CHECKSUM"),
        Layout(
            script: "sha256sum *.img > SHA256SUMS; clear vendor SHA256SUMS; rm SHA256SUMS", list: "SHA256SUMS.asc"),
        Layout(
            script: "sha384sum --tag *.img > CHECKSUM; sign vendor CHECKSUM", list: "CHECKSUM", algorithm: "SHA-384"),
    ]
}

@Suite(.enabled(if: isAvailable("gpg")))
struct ChecksumListTests {
    private let fixture = ChecksumFixture.shared

    @Test(arguments: Layout.all)
    private func `a list in any usual layout is found with its signature`(_ layout: Layout) async throws {
        let folder = fixture.folder(layout.script)
        let result = try await examineChecksums(folder)
        let file = try #require(result.files.first)
        #expect(file.kind == .other && file.problem == nil && file.image == nil)
        let link = try #require(result.links.first)
        #expect(result.links.count == 1)
        #expect(link.fault == nil)
        #expect(link.statedBy.path == folder.path + "/" + layout.list)
        #expect(link.statedBy.line == (layout.list.hasSuffix("SUMS.asc") || layout.script.contains("clear") ? 4 : 1))
        #expect(link.algorithm == layout.algorithm)
        #expect(link.expected != nil && link.expected == link.computed)
        #expect(link.expected == file.digests[layout.algorithm])
        #expect(result.documents.count == 1 && result.documents[0].kind == .checksumList)
        let signature = try #require(result.signatures.first)
        #expect(result.signatures.count == 1)
        #expect(signature.check == .valid && signature.faults.isEmpty)
        #expect(try signature.certificate == fixture.fingerprint("vendor"))
    }

    @Test func `digests are those of sha256sum and sha512sum`() async throws {
        let folder = fixture.folder("sha256sum --tag image.img > CHECKSUM; sha512sum --tag image.img >> CHECKSUM")
        let file = try #require(try await examineChecksums(folder).files.first)
        let expected = shell("sha256sum < image.img; sha512sum < image.img", in: folder.path).text.split(
            separator: "\n")
        #expect(file.digests["SHA-256"] == expected[0].split(separator: " ").first.map(String.init))
        #expect(file.digests["SHA-512"] == expected[1].split(separator: " ").first.map(String.init))
        #expect(file.vouchers.count == 1 && file.vouchers[0].links[0].algorithm == "SHA-512")
        #expect(file.vouchers[0].links[0].detail == "the SHA-256 digest in line 1 is that of the file")
    }

    @Test func `of several digests in a list the wrong one is shown`() async throws {
        let folder = fixture.folder(
            "sha512sum --tag image.img > CHECKSUM; echo 'SHA256 (image.img) = '$(printf %064d 7) >> CHECKSUM")
        let link = try #require(try await examineChecksums(folder).links.first)
        #expect(link.algorithm == "SHA-256" && link.expected != link.computed && link.computed != nil)
        #expect(link.detail == "the SHA-512 digest in line 1 is that of the file")
    }

    @Test func `a list and signature elsewhere are taken from the options`() async throws {
        let folder = fixture.folder(
            "mkdir d; sha256sum image.img > d/list; sign vendor d/list -o d/sig; sha256sum d/list > SHA256SUMS")
        let request = ChecksumRequest(checksums: folder.path + "/d/list", signature: folder.path + "/d/sig")
        let result = try await examineChecksums(folder, ["image.img"], request)
        #expect(result.links.map(\.fault) == [nil])
        #expect(result.links.first?.expected == result.links.first?.computed)
        #expect(result.signatures.map(\.check) == [.valid])
        #expect(result.documents.map(\.name) == [folder.path + "/d/list"])
        #expect(result.signatures.first?.place.path == folder.path + "/d/sig")
    }

    @Test func `a clearsigned list from the options needs no signature, and another is not used`() async throws {
        let folder = fixture.folder("sha256sum image.img > list; clear vendor list; sign other list -o sig")
        for signature in [nil, folder.path + "/sig"] {
            let result = try await examineChecksums(
                folder, ["image.img"], ChecksumRequest(checksums: folder.path + "/list.asc", signature: signature))
            #expect(result.links.map(\.fault) == [nil])
            #expect(result.signatures.map(\.check) == [.valid])
            #expect(result.documents[0].searched.map(\.result) == (signature == nil ? [.found] : [.found, .malformed]))
        }
    }

    @Test func `the signature of a list from the options is looked for beside it`() async throws {
        let folder = fixture.folder("sha256sum image.img > list; sign vendor list --armor")
        let request = ChecksumRequest(checksums: folder.path + "/list")
        #expect(try await examineChecksums(folder, ["image.img"], request).signatures.map(\.check) == [.valid])
    }

    @Test func `several files share one document and keep their order`() async throws {
        let folder = fixture.folder(
            "for i in 1 2 3 4 5; do seq $i 9000 > f$i; done; sha256sum f? > SHA256SUMS; sign vendor SHA256SUMS")
        let names = ["f3", "f1", "f5", "f2", "f4", "f1"]
        for threads in [1, 3] {
            let result = try await examineChecksums(folder, names, threads: threads)
            #expect(result.files.map(\.name) == names.map { folder.path + "/" + $0 })
            #expect(result.documents.count == 1)
            for (index, file) in result.files.enumerated() {
                #expect(file.vouchers.count == 1 && file.vouchers[0].document == 0)
                let link = file.vouchers[0].links[0]
                #expect(link.statedBy.line == names[index].dropFirst().first.flatMap { Int(String($0)) })
                #expect(link.expected == link.computed && link.fault == nil)
            }
        }
    }

    @Test func `each list that names the file is a voucher`() async throws {
        let folder = fixture.folder(
            """
            sha256sum image.img > SHA256SUMS; sha512sum image.img > SHA512SUMS; md5sum image.img > MD5SUMS
            echo "$(printf %064d 7)  b.img" > b-checksum; printf 'no list\\n' > c-checksum
            sign vendor SHA256SUMS; sign other SHA512SUMS
            """)
        let result = try await examineChecksums(folder)
        #expect(result.links.map(\.algorithm) == ["SHA-256", "SHA-512"])
        #expect(result.links.allSatisfy { $0.fault == nil && $0.expected == $0.computed })
        #expect(result.documents.map { $0.signatures.map(\.check) } == [[.valid], [.notChecked]])
        #expect(result.links[0].detail?.contains("c-checksum' could not be asked") == true)
    }

    @Test func `progress tells every byte`() async throws {
        let folder = fixture.folder("head -c 3000000 /dev/zero > big.img; sha256sum *.img > SHA256SUMS")
        let progress = ChecksumProgress()
        let context = VerificationContext(keys: PinnedKeys(), time: 0, threads: 2, progress: progress)
        let files = try ["big.img", "image.img"].map { try SubjectFile(path: folder.path + "/" + $0) }
        let result = try await ChecksumExamination.examine(files, ChecksumRequest(), context)
        #expect(result.files.allSatisfy { $0.vouchers[0].links[0].computed == $0.vouchers[0].links[0].expected })
        #expect(progress.expected == progress.done && progress.done == 3_000_000 + files[1].source.size.rawValue)
    }

    @Test func `a question without its list cannot be asked`() async throws {
        let folder = fixture.folder("sha256sum image.img > SHA256SUMS; sign vendor SHA256SUMS")
        await #expect {
            try await examineChecksums(
                folder, ["image.img"], ChecksumRequest(signature: folder.path + "/SHA256SUMS.sig"))
        } throws: {
            ($0 as? VerificationError)?.hint == "add --checksums FILE"
        }
        for request in [
            ChecksumRequest(checksums: folder.path + "/none"),
            ChecksumRequest(checksums: folder.path + "/SHA256SUMS", signature: folder.path + "/none"),
        ] {
            await #expect {
                try await examineChecksums(folder, ["image.img"], request)
            } throws: {
                ($0 as? FileSystemError)?.code == .notFound
            }
        }
    }
}
