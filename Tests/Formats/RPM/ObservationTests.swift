import AssayBytes
import AssayRPM
import Testing

struct ObservationTests {
    private static let digest = String(repeating: "0", count: 64)
    private static let signed = TestPackage().adding(.binary(268, [1, 2, 3]))

    /// A change and the codes that it adds to those of a signed package, which has none.
    static let cases: [(name: String, package: TestPackage, codes: [Observation.Code])] = [
        ("as it should be", signed, []),
        ("unsigned", TestPackage(), [.unsigned]),
        (
            "weak digests",
            TestPackage().with { package in
                package.signatures.tags = [
                    .string(269, String(repeating: "0", count: 40)), .binary(1004, [UInt8](repeating: 0, count: 16)),
                ]
                package.header.tags.removeLast(2)
            }, [.unsigned, .weakDigestsOnly]
        ),
        (
            "no digests",
            TestPackage().with { package in
                package.signatures.tags.removeFirst()
                package.header.tags.removeLast(2)
            }, [.unsigned, .payloadNotCovered]
        ),
        ("header-only", signed.with { $0.header.tags.removeLast(2) }, [.headerOnlySigned, .payloadNotCovered]),
        (
            "header-only with an unsigned MD5",
            signed.adding(.binary(1004, [UInt8](repeating: 0, count: 16))).with { $0.header.tags.removeLast(2) },
            [.headerOnlySigned]
        ),
        (
            "a weak payload digest",
            signed.with { package in
                package.header.tags[10] = .strings(5092, [String(repeating: "a", count: 40)])
                package.header.tags[11] = .int32(5093, 2)
            }, [.weakDigestsOnly]
        ),
        (
            "legacy signature without payload digest",
            TestPackage().adding(.binary(1002, [1])).with { $0.header.tags.removeLast(2) }, []
        ),
        ("another name in the lead", signed.with { $0.leadName = "other-1.0-1" }, [.leadName]),
        ("another type in the lead", signed.with { $0.leadType = 1 }, [.leadType]),
        ("version 6 in the lead only", signed.with { $0.leadMajor = 4 }, [.leadBytes]),
        ("bytes behind the name", signed.with { $0.leadName = "hello-1.0-1\0evil" }, [.leadBytes]),
        ("an unknown tag", signed.adding(.string(2000, "x")), [.unknownSignatureTag]),
        ("IMA signatures", signed.adding(.strings(274, ["0302"])), [.fileSignatures]),
        ("fs-verity signatures", signed.adding(.strings(276, ["AAAA"])), [.veritySignatures]),
        (
            "a tag twice", signed.adding(.string(273, String(repeating: "1", count: 64))),
            [.duplicateTag]
        ),
        (
            "a main tag twice", signed.with { $0.header.tags.insert(.string(1000, "other"), at: 1) },
            [.duplicateTag]
        ),
        (
            "a tag outside of the region", signed.with { $0.signatures.outside = [.string(1998, "x")] },
            [.signatureOutsideRegion, .signatureOutsideRegion, .unknownSignatureTag]
        ),
        (
            "bytes in a gap that alignment explains to rpm",
            signed.with { package in
                package.signatures.tags = [
                    TestTag(tag: 267, type: 7, count: 4, bytes: [1, 2, 3, 4, 9, 9, 9]), .binary(268, [1]),
                    .int32(1007, 1),
                ]
                package.signatures.tags[1].offset = 7
            }, [.signatureGap]
        ),
        ("bytes in the reserve", signed.with { $0.signatures.tags[2] = .binary(1008, [0, 1]) }, [.reservedSpace]),
        (
            "bytes in the padding",
            signed.with { package in
                package.paddingByte = 7
                package.signatures.tags[2] = .binary(1008, [0, 0, 0, 0, 0])
            }, [.padding]
        ),
        ("trailing bytes", signed.adding(.int32(1000, 100)), [.trailingBytes]),
        ("missing bytes", signed.adding(.int64(270, .max)), [.missingBytes]),
        (
            "version 6 with a legacy tag",
            signed.with { package in
                package.header.tags.append(.int32(5114, 6))
                package.leadMajor = 4
            }, [.legacySignatureTag]
        ),
        ("no name", signed.with { $0.header.tags.removeFirst() }, [.noIdentity]),
    ]

    @Test(arguments: cases.indices)
    func `each oddity has its code`(index: Int) throws {
        let (name, package, codes) = ObservationTests.cases[index]
        #expect(try package.read().observations.map(\.code) == codes, "\(name)")
    }

    @Test func `bytes behind the stated end are a part of their own`() throws {
        let package = ObservationTests.signed.with { $0.payload = [UInt8](repeating: 1, count: 10) }
        let plain = try package.read()
        let headerSize = UInt32(plain.header.range.count.rawValue)
        let file = try package.adding(.int32(1000, headerSize + 4)).read()
        let parts = file.claimedCoverage.suffix(2)
        #expect(parts.map(\.part) == [.payload, .trailing] && parts.map(\.range.count.rawValue) == [4, 6])
        #expect(file.observations.map(\.code) == [.trailingBytes])
        #expect(file.observations.first?.detail == "6 bytes behind the stated end")
    }

    @Test func `both ways to name the epoch in the lead are known, and the cut at 65 bytes`() throws {
        var package = ObservationTests.signed.with { $0.header.tags.insert(.int32(1003, 7), at: 3) }
        package.leadName = "hello-7:1.0-1"
        #expect(try package.read().observations == [])
        package.leadName = "hello-1.0-1"
        #expect(try package.read().observations == [])
        let long = String(repeating: "n", count: 70)
        package.header.tags[0] = .string(1000, long)
        package.leadName = long
        #expect(try package.read().observations == [])
    }
}
