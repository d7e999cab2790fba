import AssayFacts
import AssayOpenPGP
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

/// Ubuntu's real Release files of 2017 and a real package.
struct UbuntuChainTests {
    /// 2017-04-01.
    private static let time: Int64 = 1_491_004_800

    private func scratch() throws -> (ScratchDirectory, VerificationContext) {
        let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Vectors/Debian")
        func bytes(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: folder.appendingPathComponent(name)))
        }
        let scratch = ScratchDirectory()
        for name in ["InRelease", "Release", "Release.gpg"] {
            try scratch.write("dists/zesty-updates/" + name, bytes(name))
        }
        try scratch.write("pool/zlib1g.deb", bytes("zlib1g_1.2.8.dfsg-5_i386.deb"))
        let keys = try OpenPGPCertificate.parse(bytes("ubuntu2012.pgp")).map {
            PinnedKey(source: "ubuntu", origin: "ubuntu2012.pgp", certificate: $0, fileNames: [])
        }
        let context = VerificationContext(
            keys: PinnedKeys(keys), time: Self.time, threads: 1, progress: DebianProgress())
        return (scratch, context)
    }

    @Test func `both forms of Ubuntu's Release are signed by its key`() async throws {
        let (scratch, context) = try scratch()
        let examination = try await DebianExamination.repository(scratch.path, context)
        #expect(examination.documents.map { $0.name.split(separator: "/").last } == ["InRelease", "Release"])
        for document in examination.documents {
            let valid = document.signatures.filter { $0.check == .valid }
            #expect(valid.map(\.certificate) == ["790bc7277767219c42c86f933b4fe6acc0b21f32"])
            #expect(valid.map(\.keyBits) == [4096])
            #expect(document.release?.suite == "zesty-updates")
            #expect(document.release?.requestedAs == "zesty-updates")
            #expect(document.release?.date == 1_490_082_582)
            #expect(document.release?.validUntil == nil)
        }
    }

    @Test func `a package that no index of the repository lists is read and said to be unlisted`() async throws {
        let (scratch, context) = try scratch()
        let file = try SubjectFile(path: scratch.path + "/pool/zlib1g.deb")
        let examination = try await DebianExamination.packages([file], repository: scratch.path, context)
        let package = try #require(examination.files.first?.package)
        #expect(package.fileName == "zlib1g_1.2.8.dfsg-5_i386.deb")
        #expect(package.version == "1:1.2.8.dfsg-5")
        let link = try #require(examination.files.first?.vouchers.first?.links.first)
        #expect(link.fault == .notListed)
        #expect(link.detail == "there is no index of packages")
    }

    @Test func `one changed digit in the signed list is seen in both forms`() async throws {
        let (scratch, context) = try scratch()
        shell("sed -i '0,/ 695 /s// 696 /' InRelease Release", in: scratch.path + "/dists/zesty-updates")
        let examination = try await DebianExamination.repository(scratch.path, context)
        #expect(examination.documents.count == 2)
        for document in examination.documents { #expect(!document.signatures.contains { $0.check == .valid }) }
    }
}
