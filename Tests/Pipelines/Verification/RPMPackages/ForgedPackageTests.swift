import AssayFacts
import AssayTestSupport
import AssayVerification
import Testing

/// Packages that were changed after they were signed.
@Suite(.enabled(if: SignedPackageFixture.tools.allSatisfy(isAvailable)))
struct ForgedPackageTests {
    private let fixture = SignedPackageFixture.shared

    @Test func `a package that rpmsign signed is good, and only the honest bytes are attacker-controlled`() throws {
        let facts = try fixture.examine(fixture.package().encoded())
        #expect(try fixture.package().encoded() == fixture.bytes("packages/alpha-1.5-2.noarch.rpm"))
        #expect(facts.file.problem == nil)
        #expect(!facts.checks.isEmpty && facts.checks.allSatisfy { $0 == .valid })
        #expect(facts.signatures.allSatisfy { $0.faults.isEmpty })
        #expect(facts.links.allSatisfy { $0.fault == nil && $0.expected == $0.computed })
        #expect(facts.codes.isEmpty)
        #expect(facts.protection("header") == .signed && facts.protection("payload") == .signed)
    }

    /// What is changed outside of the signed bytes, and what is said about it.
    static let unsigned: [(String, @Sendable (inout EditablePackage) -> Void)] = [
        ("lead-name", { $0.lead[12] ^= 1 }), ("lead-bytes", { $0.lead[95] = 1 }), ("lead-type", { $0.lead[7] = 1 }),
        ("unknown-signature-tag", { $0.add(261, Array("hello".utf8)) }),
        ("file-signatures", { $0.add(274, type: 8, count: 1, Array("030204".utf8) + [0]) }),
        ("padding", { $0.paddingByte = 7 }),
        (
            "reserved-space",
            { package in
                for index in package.tags.indices where package.tags[index].number == 1008 {
                    package.tags[index].bytes[0] = 1
                }
            }
        ),
    ]

    @Test(arguments: unsigned.indices)
    func `bytes that no signature covers are named when they are not as rpm writes them`(index: Int) throws {
        let (code, change) = Self.unsigned[index]
        var package = try fixture.package()
        if code == "padding" {
            // The padding needs a length.
            while package.encoded() == package.with({ $0.paddingByte = 7 }) { package.add(262, [0]) }
        }
        let facts = try fixture.examine(package.with(change))
        #expect(facts.codes.contains(code), "\(facts.codes) \(facts.file.problem?.reason ?? "")")
        #expect(facts.file.problem == nil)
        #expect(facts.checks.allSatisfy { $0 == .valid })
        let content = try #require(facts.file.unsignedContent.first { $0.code == code })
        let place = try #require(content.place.offset)
        let range = try #require(facts.file.coverage.first { $0.offset <= place && place < $0.offset + $0.count })
        #expect(range.protection == .attackerControlled)
        #expect(!content.text.isEmpty && content.count > 0)
    }

    @Test func `a flipped payload is not what the signed header says`() throws {
        let facts = try fixture.examine(fixture.package().with { $0.payload[10] ^= 1 })
        #expect(facts.checks.contains(.valid), "the header is as it was")
        let link = try #require(facts.links.first)
        #expect(link.fault == nil && link.expected != link.computed)
        #expect(facts.protection("payload") != .signed)
        #expect(facts.protection("header") == .signed)
    }

    @Test func `a payload that is shorter or longer than it was is not what the signed header says`() throws {
        for change in [{ @Sendable in $0.payload.removeLast() }, { $0.payload.append(0) }]
            as [@Sendable (inout EditablePackage) -> Void]
        {
            let facts = try fixture.examine(fixture.package().with(change))
            #expect(facts.links.first?.expected != facts.links.first?.computed)
            #expect(facts.file.problem?.isMalformed == true)
        }
    }

    @Test func `a flipped header is not signed and not what the digests say`() throws {
        var package = try fixture.package()
        // Inside of the data, whatever tag it belongs to.
        package.header[package.header.count - 40] ^= 1
        let facts = try fixture.examine(package.encoded())
        #expect(facts.file.problem?.isMalformed == true)
        if let document = facts.document {
            #expect(document.signatures.allSatisfy { $0.check == .invalid })
            #expect(document.signatures.allSatisfy { $0.faults.map(\.code).contains("bad-signature") })
            #expect(facts.protection("header") == .attackerControlled)
            #expect(facts.file.problem?.reason.contains("tag 273 (SHA256HEADER)") == true)
        }
    }

    @Test func `an unknown key is one that nothing was compared with`() throws {
        let facts = try fixture.examine(fixture.package().encoded(), keys: "other")
        #expect(facts.checks.allSatisfy { $0 == .notChecked })
        #expect(facts.signatures.allSatisfy { $0.faults.map(\.code) == ["unknown-key"] && $0.certificate == nil })
        #expect(facts.protection("payload") == .digestOnly)
    }

    @Test func `a signature that names another key is not that key's`() throws {
        let maker = try fixture.keyID("maker")
        let other = try fixture.keyID("other")
        let bytes = try fixture.package().with { package in
            for index in package.tags.indices where [267, 268, 1002, 1005].contains(package.tags[index].number) {
                let value = package.tags[index].bytes
                // The last one is the issuer in the part that is not signed; the fingerprint ends with the first.
                guard let at = (0...(value.count - 8)).last(where: { Array(value[$0..<($0 + 8)]) == maker }) else {
                    continue
                }
                package.tags[index].bytes.replaceSubrange(at..<(at + 8), with: other)
            }
        }
        let facts = try fixture.examine(bytes, keys: "other")
        #expect(facts.signatures.allSatisfy { $0.check == .invalid && $0.claimedIssuers.count == 2 })
        #expect(facts.signatures.allSatisfy { $0.faults.map(\.code) == ["bad-signature"] })
        #expect(!facts.signatures.isEmpty)
    }

    @Test func `a package whose signatures were taken away has none, though its digests are right`() throws {
        let facts = try fixture.examine(
            fixture.package().with { $0.tags.removeAll { [267, 268, 1002, 1005].contains($0.number) } })
        #expect(facts.file.problem == nil)
        #expect(facts.signatures.isEmpty)
        #expect(facts.document?.searched.map(\.result) == [.absent])
        #expect(facts.protection("header") == .digestOnly)
    }

    @Test func `what is no signature is said to be none, with tag and offset`() throws {
        let values: [([UInt8], String)] = [
            ([0x00, 1, 2], "is no OpenPGP packet"),
            (Array("-----BEGIN PGP SIGNATURE-----".utf8), "is no OpenPGP packet"),
            ([0xC2, 3, 5, 0, 0], "version 5"), ([0xC2, 200, 4], "cut off"),
        ]
        for (value, reason) in values {
            let facts = try fixture.examine(
                fixture.package().with { package in
                    package.tags.removeAll { [267, 268, 1002, 1005].contains($0.number) }
                    package.add(268, value)
                })
            let search = try #require(facts.document?.searched.first)
            #expect(search.result == .malformed)
            #expect(search.reason?.hasPrefix("tag 268 (RSAHEADER) holds no signature: ") == true)
            #expect(search.reason?.contains(reason) == true, "\(reason): \(search.reason ?? "")")
            #expect((search.place.offset ?? 0) > 96)
            #expect(facts.signatures.isEmpty)
        }
    }

    @Test func `two signatures in one tag are refused, as rpm refuses them`() throws {
        let facts = try fixture.examine(
            fixture.package().with { package in
                for index in package.tags.indices where package.tags[index].number == 267 {
                    package.tags[index].bytes += package.tags[index].bytes
                    package.tags[index].count *= 2
                }
            })
        #expect(facts.document?.searched.first?.reason?.contains("2 signatures where one must be") == true)
    }

    @Test func `a signature that is copied over header and payload does not cover them`() throws {
        let facts = try fixture.examine(
            fixture.package().with { package in
                guard let value = package.tags.first(where: { $0.number == 267 })?.bytes else { return }
                package.tags.removeAll { $0.number == 1005 }
                package.add(1005, value)
            })
        #expect(facts.signatures.map(\.scope) == ["header", "header and payload"])
        #expect(facts.checks == [.valid, .invalid])
    }

    @Test func `a signature over the payload closes it only for who made the one over the header, and as well`() throws
    {
        var package = try EditablePackage(fixture.bytes("unsigned.rpm"))
        // Without the payload's digest, as packages were before 2017: its tag becomes one of no meaning.
        for (tag, other) in [(5092, 5992), (5097, 5997)] as [(UInt16, UInt16)] {
            let number = [0, 0, UInt8(tag >> 8), UInt8(tag & 0xFF), 0, 0, 0, 8]
            let at = try #require(
                package.header.indices.dropLast(8).first { Array(package.header[$0..<($0 + 8)]) == number })
            package.header.replaceSubrange((at + 2)..<(at + 4), with: [UInt8(other >> 8), UInt8(other & 0xFF)])
        }
        package.tags.removeAll { [269, 273, 1004].contains($0.number) }
        let scratch = ScratchDirectory()
        try scratch.write("header", package.header)
        try scratch.write("both", package.header + package.payload)
        let made = shell(
            """
            set -e; export GNUPGHOME="$1/home"
            gpg -u maker -o header.sig --detach-sign header
            for k in maker other; do gpg -u $k -o $k.sig --detach-sign both; done
            gpg -u maker --digest-algo SHA1 -o weak.sig --detach-sign both
            gpg -u maker --textmode -o text.sig --detach-sign both
            gpgconf --kill gpg-agent
            """, in: scratch.path, arguments: [fixture.scratch.path])
        try #require(made.status == 0, "\(made.errorText)")
        func signature(_ name: String) -> [UInt8] { shell("cat $1.sig", in: scratch.path, arguments: [name]).output }
        package.add(267, signature("header"))
        var keys = try fixture.keys("maker")
        keys.keys += try fixture.keys("other").keys
        for (both, isClosed) in [
            (nil, false), ("maker", true), ("other", false), ("weak", false), ("text", false), ("header", false),
        ] as [(String?, Bool)] {
            let bytes = package.with { package in both.map { package.add(1005, signature($0)) } }
            let facts = try ExaminedFacts(bytes, keys: keys, at: SignedPackageFixture.now)
            #expect(facts.checks.first == .valid && facts.file.problem == nil)
            #expect(facts.links.map(\.fault) == (isClosed ? [] : [.noUsableDigest]), "\(both ?? "none")")
            #expect((facts.protection("payload") == .signed) == ["maker", "other", "weak"].contains(both))
        }
    }

    @Test func `a tag of the signature header in the main header is against the format`() throws {
        // The shape of CVE-2021-20271 and CVE-2021-3421: the licence becomes a digest of the header.
        var package = try EditablePackage(fixture.bytes("unsigned.rpm"))
        let licence: [UInt8] = [0, 0, 0x03, 0xF6, 0, 0, 0, 6]
        let at = try #require(
            package.header.indices.dropLast(8).first { Array(package.header[$0..<($0 + 8)]) == licence })
        package.header.replaceSubrange((at + 2)..<(at + 4), with: [0x01, 0x0D])
        let facts = try fixture.examine(package.encoded())
        #expect(facts.file.problem?.isMalformed == true)
        #expect(facts.file.problem?.reason.contains("signature tag in the main header") == true)
        #expect(facts.file.problem?.place.offset != nil)
        #expect(facts.file.vouchers.isEmpty && facts.document == nil)
    }

    @Test func `a wrong digest in the signature header is against the format`() throws {
        let facts = try fixture.examine(
            fixture.package().with { package in
                for index in package.tags.indices where package.tags[index].number == 273 {
                    package.tags[index].bytes[0] = package.tags[index].bytes[0] == 0x30 ? 0x31 : 0x30
                }
            })
        #expect(facts.checks.contains(.valid))
        #expect(facts.file.problem?.isMalformed == true)
        #expect(facts.file.problem?.reason == "SHA-256 in tag 273 (SHA256HEADER) is not the digest of the bytes")
    }

    @Test func `what is no package is against the format, at every length`() throws {
        let bytes = try fixture.bytes("packages/alpha-1.5-2.noarch.rpm")
        let keys = try fixture.keys("maker")
        for length in stride(from: 0, to: bytes.count, by: 487) {
            let facts = try ExaminedFacts(Array(bytes[..<length]), keys: keys, at: SignedPackageFixture.now)
            #expect(facts.file.problem?.isMalformed == true)
            #expect(facts.protection("payload") != .signed)
        }
        var old = bytes
        old[4] = 1
        let facts = try ExaminedFacts(old, keys: keys, at: SignedPackageFixture.now)
        #expect(facts.file.problem?.isMalformed == false, "an unsupported version is unknown")
    }

    @Test func `a flipped byte anywhere never leaves all as it was`() throws {
        let bytes = try fixture.bytes("packages/alpha-1.5-2.noarch.rpm")
        let keys = try fixture.keys("maker")
        let good = try ExaminedFacts(bytes, keys: keys, at: SignedPackageFixture.now)
        let end = try #require(good.file.coverage.first { $0.part == "header" }).offset
        var numbers = SeededNumbers(state: 4)
        for _ in 0..<150 {
            var changed = bytes
            let index = Int.random(in: 0..<bytes.count, using: &numbers)
            changed[index] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            let facts = try ExaminedFacts(changed, keys: keys, at: SignedPackageFixture.now)
            guard index >= Int(end) else { continue }
            let isGood =
                facts.file.problem == nil && facts.checks.allSatisfy { $0 == .valid }
                && facts.links.allSatisfy { $0.expected == $0.computed && $0.fault == nil }
            #expect(!isGood, "byte \(index)")
        }
    }
}
