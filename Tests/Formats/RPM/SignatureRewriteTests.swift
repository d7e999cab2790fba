import AssayBytes
import AssayRPM
import Testing

extension RPMFile {
    /// The file that a rewritten header gives.
    func applying(_ new: RewrittenSignatureHeader, to bytes: [UInt8]) throws -> [UInt8] {
        Array(bytes.prefix(try #require(new.leadSize.asInt))) + new.bytes
            + Array(bytes.dropFirst(try #require(Int(exactly: new.bodyOffset.rawValue))))
    }
}

struct SignatureRewriteTests {
    private let packet = [UInt8](repeating: 0x5A, count: 566)

    @Test(arguments: Vectors.packages)
    func `a new signature leaves everything else as it was`(name: String) throws {
        let bytes = try Vectors.bytes(name)
        let file = try Vectors.read(name)
        let new = try file.rewritingSignatureHeader(
            setting: [.headerSignature(packet, isRSA: true)], removing: RPMFile.signatureTags)
        #expect(new.bytes.count % 8 == 0)
        let changed = try RPMFile(ByteArraySource(try file.applying(new, to: bytes)))
        #expect(changed.claims.filter(\.isSignature).map(\.value) == [packet])
        #expect(
            changed.claims.filter { !$0.isSignature }.map(\.value)
                == file.claims.filter { !$0.isSignature }.map(\.value))
        #expect(changed.header.entries == file.header.entries && changed.payload.count == file.payload.count)
        #expect(changed.observations.allSatisfy { $0.code == .legacySignatureTag })
        let tags = changed.signatureHeader.entries.map(\.tag)
        #expect(tags == tags.sorted())
        let hasRoom = file.signatureHeader.contains(.reservedSpace) || file.signatureHeader.contains(.reserved)
        #expect(new.keepsOffsets == hasRoom)
        #expect(!hasRoom || changed.size == file.size)
    }

    @Test func `several signatures of version 6 are written and removed again`() throws {
        let name = "v6-ed25519-rpm-basic-2.3.4-5.el9.noarch.rpm"
        let bytes = try Vectors.bytes(name)
        let file = try Vectors.read(name)
        let packets: [[UInt8]] = [[1], [2, 3], [4, 5, 6], packet]
        let signed = try file.applying(try file.rewritingSignatureHeader(setting: [.openPGP(packets)]), to: bytes)
        let changed = try RPMFile(ByteArraySource(signed))
        #expect(changed.claims.filter { $0.tag == .openPGP }.map(\.value) == packets)
        #expect(changed.claims.filter { $0.tag == .openPGP }.map(\.index) == [0, 1, 2, 3])
        let stripped = try changed.rewritingSignatureHeader(setting: [], removing: RPMFile.signatureTags)
        let plain = try Vectors.bytes("v6-unsigned-rpm-basic-2.3.4-5.el9.noarch.rpm")
        #expect(stripped.keepsOffsets)
        // The unsigned package of the same build has the same signature header.
        let result = try changed.applying(stripped, to: signed)
        #expect(result == plain)
    }

    @Test func `without room the header grows and gives up its reserve`() throws {
        let package = TestPackage()
        let file = try package.read()
        let new = try file.rewritingSignatureHeader(setting: [.headerSignature(packet, isRSA: false)])
        #expect(!new.keepsOffsets)
        let changed = try RPMFile(ByteArraySource(try file.applying(new, to: package.encoded())))
        #expect(changed.signatureHeader.entries.map(\.tag) == [.dsaHeader, .sha256Header])
        #expect(changed.observations == [])
    }

    @Test func `tags outside of the region come into it`() throws {
        let package = HostilePackageTests.signatures { $0.outside = [.int32(1000, 1)] }
        let file = try package.read()
        let new = try file.rewritingSignatureHeader(setting: [.digest(.sha256Header, [UInt8](repeating: 7, count: 32))])
        let changed = try RPMFile(ByteArraySource(try file.applying(new, to: package.encoded())))
        #expect(!changed.signatureHeader.entries.contains { !$0.isInsideRegion })
        #expect(changed.signatureHeader.number(.size) == 1)
    }

    @Test func `what cannot be right is refused`() throws {
        let file = try TestPackage().read()
        let twice = try TestPackage().adding(.string(273, String(repeating: "1", count: 64))).read()
        #expect(code { _ = try file.rewritingSignatureHeader(setting: [.binary(.rsaHeader, [])]) } == .rewrite)
        #expect(code { _ = try file.rewritingSignatureHeader(setting: [.binary(.sha256Header, [1])]) } == .rewrite)
        #expect(code { _ = try file.rewritingSignatureHeader(setting: [.binary(.md5, [1])]) } == .rewrite)
        #expect(
            code { _ = try file.rewritingSignatureHeader(setting: [.binary(HeaderTag(rawValue: 2000), [1])]) }
                == .rewrite)
        #expect(
            code {
                _ = try file.rewritingSignatureHeader(setting: [.binary(.rsaHeader, [1]), .binary(.rsaHeader, [2])])
            }
                == .rewrite)
        #expect(code { _ = try twice.rewritingSignatureHeader(setting: [.binary(.rsaHeader, [1])]) } == .rewrite)
        #expect(code { _ = try file.rewritingSignatureHeader(setting: [.digest(.sha256Header, [1])]) } == .tagValue)
        #expect(
            code {
                _ = try twice.rewritingSignatureHeader(setting: [
                    .digest(.sha256Header, [UInt8](repeating: 1, count: 32))
                ])
            }
                == nil)
    }
}
