import AssayBytes
import AssayRPM
import Testing

struct PackageFileTests {
    @Test func `a signed package of version 4 is taken apart`() throws {
        let file = try Vectors.read("rocky-basesystem-11-13.el9.noarch.rpm")
        let identity = try #require(file.identity)
        #expect(identity.description == "basesystem-11-13.el9.noarch")
        #expect(identity.fileName == "basesystem-11-13.el9.noarch.rpm")
        #expect(identity.sourceRPM == "basesystem-11-13.el9.src.rpm" && !identity.isSource)
        #expect(identity.vendor == "Rocky Enterprise Software Foundation" && identity.license == "Public Domain")
        #expect(identity.payloadFormat == "cpio" && identity.payloadCompressor == "zstd" && identity.format == nil)
        #expect(file.lead.major == 3 && file.lead.type == 0 && file.lead.name == Array("basesystem-11-13.el9".utf8))
        #expect(file.claims.map(\.tag.rawValue) == [268, 269, 273, 1004, 5092, 5097])
        #expect(
            file.claims.map(\.scope) == [
                .header, .header, .header, .headerAndPayload, .payload, .uncompressedPayload,
            ])
        #expect(file.claims.map(\.isSignature) == [true, false, false, false, false, false])
        #expect(file.claims.first?.value.count == 589 && file.claims.first?.range == file.header.range)
        #expect(file.observations == [])
    }

    @Test func `a package of version 6 has its signatures in base 64`() throws {
        let file = try Vectors.read("v6-ed25519-rpm-basic-2.3.4-5.el9.noarch.rpm")
        #expect(file.identity?.description == "rpm-basic-1:2.3.4-5.el9.noarch" && file.identity?.format == 6)
        #expect(file.lead.major == 4)
        let signature = try #require(file.claims.first { $0.tag == .openPGP })
        // A signature packet in the new form, version 6.
        #expect(signature.value.first == 0xC2 && signature.value.dropFirst(2).first == 6 && signature.isSignature)
        #expect(signature.scope == .header && signature.source == .signature)
        let digests = file.claims.filter { !$0.isSignature }.map(\.kind)
        #expect(
            digests == [
                .digest(.sha256), .digest(.sha3), .digest(.sha256), .digest(.sha256), .digest(.sha512),
                .digest(.sha512), .digest(.sha3), .digest(.sha3),
            ])
        #expect(file.observations == [])
    }

    @Test func `a source package is one`() throws {
        let file = try Vectors.read("rpm-basic-2.3.4-5.el9.src.rpm")
        #expect(file.isSource && file.lead.type == 1 && file.identity?.description == "rpm-basic-1:2.3.4-5.el9.src")
        #expect(file.observations.map(\.code) == [.unsigned])
    }

    @Test(arguments: Vectors.packages)
    func `the coverage map has every byte once`(name: String) throws {
        let file = try Vectors.read(name)
        var position = ByteOffset.zero
        for range in file.claimedCoverage {
            #expect(range.range.offset == position)
            position = range.range.end
        }
        #expect(position.rawValue == file.size.rawValue)
    }

    @Test func `a legacy signature covers header and payload in one`() throws {
        let file = try Vectors.read("v4-legacy-signed.rpm")
        let legacy = try #require(file.claims.first { $0.tag == .pgp })
        #expect(legacy.range.description == "1032..<2188" && legacy.scope == .headerAndPayload)
        let digest = try #require(file.claims.firstIndex { $0.tag == .payloadDigest })
        #expect(file.hashPlan.map(\.range) == [file.header.range, file.payload])
        #expect(file.hashPlan.map(\.claims) == [[0, 1, 2], [2, digest]])
    }

    @Test func `what is not verified does not protect`() throws {
        let file = try Vectors.read("v4-rsa4096-rpm-basic-2.3.4-5.el9.noarch.rpm")
        func classes(_ verified: Set<Int>) -> [CoverageClass] {
            file.coverage(verified: verified).suffix(2).map(\.coverage)
        }
        func indexes(_ tags: HeaderTag...) -> Set<Int> {
            Set(file.claims.indices.filter { tags.contains(file.claims[$0].tag) })
        }
        #expect(classes(Set(file.claims.indices)) == [.signed, .signed])
        #expect(classes([]) == [.attackerControlled, .attackerControlled])
        #expect(classes(indexes(.rsaHeader)) == [.signed, .attackerControlled])
        #expect(classes(indexes(.rsaHeader, .payloadDigest)) == [.signed, .signed])
        #expect(classes(indexes(.rsaHeader, .payloadDigestAlternative)) == [.signed, .digestCovered])
        #expect(classes(indexes(.rsaHeader, .md5)) == [.signed, .digestCovered])
        #expect(classes(indexes(.sha256Header)) == [.digestCovered, .attackerControlled])
        #expect(classes(indexes(.sha256Header, .payloadDigest)) == [.digestCovered, .digestCovered])
        #expect(classes(indexes(.md5)) == [.digestCovered, .digestCovered])
        #expect(file.claimedCoverage.dropLast(2).allSatisfy { $0.coverage == .attackerControlled })
    }

    @Test func `the parts before the main header are named`() throws {
        let file = try TestPackage().adding(.strings(274, ["00"])).adding(.string(2000, "x")).read()
        #expect(
            file.claimedCoverage.map(\.part) == [
                .lead, .signatureIndex, .signatureTag(.sha256Header), .signatureTag(.fileSignatures),
                .signatureTag(.reservedSpace), .signatureTag(HeaderTag(rawValue: 2000)), .signatureIndex, .padding,
                .header, .payload,
            ])
    }

    @Test func `headers behind the first window are read as well`() throws {
        let package = TestPackage().with { package in
            package.signatures.tags[1] = .binary(1008, [UInt8](repeating: 0, count: 40_000))
            package.header.tags[4] = .string(1014, String(repeating: "x", count: 70_000))
        }
        let file = try package.read()
        #expect(file.identity?.license?.count == 70_000 && file.observations.map(\.code) == [.unsigned])
    }

    @Test func `numbers and texts are read by type`() throws {
        let header = try TestPackage().read().header
        #expect(header.numbers(.buildTime) == [1_700_000_000] && header.text(.buildTime) == nil)
        #expect(header.text(.name) == "hello" && header.numbers(.name) == nil && header.bytes(.name) == nil)
        #expect(header.strings(.payloadDigest)?.count == 1 && header.text(.vendor) == nil)
        let strange = TestPackage().with { $0.header.tags[0] = .string(1000, "a\u{1B}[31m\\") }
        #expect(try strange.read().identity?.name == "a\\x1b[31m\\\\")
    }

    @Test func `a package without a region is read and said so`() throws {
        let file = try TestPackage().with { package in
            package.header.region = nil
            package.signatures.region = nil
        }.read()
        #expect(file.observations.map(\.code) == [.unsigned, .signatureWithoutRegion, .headerWithoutRegion])
        #expect(file.identity?.name == "hello")
    }

    @Test func `an unknown digest algorithm is a claim that nobody can verify`() throws {
        let file = try TestPackage().with { $0.header.tags[11] = .int32(5093, 99) }.read()
        #expect(file.claims.last?.kind == .digest(nil))
        #expect(file.observations.map(\.code) == [.unsigned, .unknownDigestAlgorithm])
    }
}
