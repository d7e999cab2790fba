import AssayBytes
import AssayRPM
import AssayTestSupport
import Testing

/// Comparisons with rpm, gpgv and openssl.
@Suite(.enabled(if: ["rpm", "rpmbuild", "rpmkeys", "gpg", "gpgv", "openssl"].allSatisfy(isAvailable)))
struct ReferenceTests {
    private static let queried =
        "%{name}|%{epoch}|%{version}|%{release}|%{sourcerpm}|%{buildtime}|%{vendor}|%{license}|%{payloadcompressor}"

    private func expectSame(as path: String, _ file: RPMFile) throws {
        let rpm = shell(
            "rpm -qp --nosignature --nodigest --qf \"$2\" -- \"$1\"", arguments: [path, ReferenceTests.queried])
        let identity = try #require(file.identity)
        let ours = [
            identity.name, identity.epoch.map { "\($0)" }, identity.version, identity.release, identity.sourceRPM,
            identity.buildTime.map { "\($0)" }, identity.vendor, identity.license, identity.payloadCompressor,
        ]
        #expect(rpm.text == ours.map { $0 ?? "(none)" }.joined(separator: "|"), "\(rpm.errorText)")
    }

    /// Computes every digest of the package over the ranges that we name.
    private func expectDigests(_ bytes: [UInt8], _ file: RPMFile) throws {
        let scratch = ScratchDirectory()
        for claim in file.claims {
            guard case .digest(let algorithm?) = claim.kind, claim.scope != .uncompressedPayload else { continue }
            let start = try #require(Int(exactly: claim.range.offset.rawValue))
            try scratch.write("range", Array(bytes[start..<(start + (try #require(claim.range.count.asInt)))]))
            let name = algorithm == .sha3 ? "sha3-256" : algorithm.rawValue.replacing("-", with: "").lowercased()
            let computed = shell("openssl dgst -r -\"$1\" range | cut -d' ' -f1", in: scratch.path, arguments: [name])
            #expect(computed.text == Hex.encode(claim.value) + "\n", "\(claim.tag)")
        }
    }

    @Test(arguments: Vectors.packages)
    func `tags and digests of the committed packages are those of rpm`(name: String) throws {
        let file = try Vectors.read(name)
        try expectSame(as: Vectors.path(name), file)
        try expectDigests(try Vectors.bytes(name), file)
    }

    @Test(arguments: ["w9.gzdio", "w2.xzdio", "w3.zstdio", "w.ufdio"])
    func `tags and digests of packages that rpmbuild makes are those of rpm`(payload: String) throws {
        let scratch = ScratchDirectory()
        let path = try ReferenceTests.build(in: scratch, payload: payload)
        let bytes = try ReferenceTests.contents(path)
        let file = try RPMFile(ByteArraySource(bytes))
        try expectSame(as: path, file)
        try expectDigests(bytes, file)
        #expect(file.observations.map(\.code) == [.unsigned])
    }

    static func contents(_ path: String) throws -> [UInt8] { shell("cat -- \"$1\"", arguments: [path]).output }

    /// The path of a new binary package.
    static func build(in scratch: ScratchDirectory, payload: String) throws -> String {
        try scratch.write(
            "made.spec",
            """
            Name: made
            Epoch: 3
            Version: 1.5~rc1
            Release: 2
            Summary: A package of a test
            License: MIT
            Vendor: Caf\u{E9} Example
            BuildArch: noarch
            %description
            Nothing.
            %install
            mkdir -p %{buildroot}/usr/share/made
            seq 1 3000 > %{buildroot}/usr/share/made/numbers
            %files
            /usr/share/made
            """)
        let result = shell(
            """
            rpmbuild -bb --quiet --nodeps --define "_topdir $PWD/top" --define "_binary_payload $1" \
              --define '_build_id_links none' made.spec >&2 && find "$PWD/top/RPMS" -name '*.rpm'
            """, in: scratch.path, arguments: [payload])
        return try #require(result.text.split(separator: "\n").first.map(String.init), "\(result.errorText)")
    }

    @Test func `the signature is over the bytes that we name`() throws {
        let scratch = ScratchDirectory()
        let name = "v4-rsa4096-rpm-basic-2.3.4-5.el9.noarch.rpm"
        let bytes = try Vectors.bytes(name)
        let claim = try #require(try Vectors.read(name).claims.first { $0.isSignature })
        let start = try #require(Int(exactly: claim.range.offset.rawValue))
        let end = start + (try #require(claim.range.count.asInt))
        try scratch.write("packet", claim.value)
        try scratch.write(
            "key", shell("gpg --dearmor < \"$1\"", arguments: [Vectors.path("rpm-testkey-v4-rsa4096.asc")]).output)
        for (from, to, isGood) in [(start, end, true), (start + 8, end, false), (start, end - 1, false)] {
            try scratch.write("range", Array(bytes[from..<to]))
            let gpgv = shell("gpgv --homedir . --keyring ./key packet range", in: scratch.path)
            #expect((gpgv.status == 0) == isGood, "\(gpgv.errorText)")
        }
    }

    @Test(arguments: [true, false])
    func `rpmkeys accepts a package whose signature header we rewrote`(isRSA: Bool) throws {
        let scratch = ScratchDirectory()
        let path = try ReferenceTests.build(in: scratch, payload: "w9.gzdio")
        let bytes = try ReferenceTests.contents(path)
        let file = try RPMFile(ByteArraySource(bytes))
        let start = try #require(Int(exactly: file.header.range.offset.rawValue))
        try scratch.write("header", Array(bytes[start..<(start + (try #require(file.header.range.count.asInt)))]))
        let signed = shell(
            """
            set -e; export GNUPGHOME="$PWD/gpg"; mkdir -m 700 gpg
            gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-gen-key test@example.org "$1" sign never
            gpg --batch --quiet --pinentry-mode loopback --passphrase '' --digest-algo SHA256 -o packet --detach-sign header
            gpg --batch --quiet --armor --export -o key.asc
            mkdir db; rpmkeys --dbpath "$PWD/db" --import key.asc
            gpgconf --kill gpg-agent
            """, in: scratch.path, arguments: [isRSA ? "rsa2048" : "ed25519"])
        try #require(signed.status == 0, "\(signed.errorText)")
        let packet = try ReferenceTests.contents(scratch.path + "/packet")
        let new = try file.rewritingSignatureHeader(
            setting: [.headerSignature(packet, isRSA: isRSA)], removing: RPMFile.signatureTags)
        #expect(new.keepsOffsets)
        let result = try file.applying(new, to: bytes)
        try scratch.write("good.rpm", result)
        var damaged = result
        damaged[start + 200] ^= 1
        try scratch.write("bad.rpm", damaged)
        let check = "rpmkeys --dbpath \"$PWD/db\" --define '_pkgverify_level all' -Kv -- \"$1\""
        let good = shell(check, in: scratch.path, arguments: ["good.rpm"])
        #expect(
            good.status == 0 && good.text.contains("Header V4 \(isRSA ? "RSA" : "EdDSA")/SHA256 Signature"),
            "\(good.text)")
        #expect(shell(check, in: scratch.path, arguments: ["bad.rpm"]).status != 0)
        #expect(shell(check, in: scratch.path, arguments: [path]).status != 0)
        let changed = try RPMFile(ByteArraySource(result))
        #expect(changed.observations == [] && changed.claimedCoverage.suffix(2).allSatisfy { $0.coverage == .signed })
    }

    /// Whether rpm takes each of these packages for one.
    private func accepted(_ packages: [TestPackage]) throws -> [Bool] { try accepted(packages.map { $0.encoded() }) }

    private func accepted(_ packages: [[UInt8]]) throws -> [Bool] {
        let scratch = ScratchDirectory()
        for (index, package) in packages.enumerated() { try scratch.write("\(1_000_000 + index).rpm", package) }
        let result = shell(
            "for file in *.rpm; do rpm -qp --nosignature --nodigest \"$file\" >/dev/null 2>&1; echo $?; done",
            in: scratch.path)
        return result.text.split(separator: "\n").map { $0 == "0" }
    }

    /// Broken packages that rpm 4.18 takes although we do not, with our reason.
    private static let stricter: Set<String> = [
        // rpm looks at the values of signature tags only when it verifies them.
        "a digest that is not one", "a digest of another length", "a SHA-256 of 40 digits",
        "a signature that is not base 64",
    ]

    @Test func `what rpm refuses is refused, and what is refused beyond that is listed`() throws {
        let cases = HostilePackageTests.refused
        let verdicts = try accepted([TestPackage().encoded()] + cases.map { $0.package.encoded() })
        #expect(verdicts.first == true && verdicts.count == cases.count + 1)
        let accepted = zip(cases, verdicts.dropFirst()).filter(\.1).map(\.0.name)
        #expect(Set(accepted) == ReferenceTests.stricter)
    }

    @Test func `rpm takes the packages that are only odd`() throws {
        let cases = ObservationTests.cases
        let verdicts = try accepted(cases.map(\.package))
        #expect(zip(cases, verdicts).filter { !$0.1 }.map(\.0.name) == [])
    }

    @Test func `no mutation that rpm refuses is accepted`() throws {
        var random = SeededNumbers(state: 41)
        let seed = TestPackage().adding(.binary(268, [1, 2, 3])).encoded()
        let end = seed.count - 7
        var mutations: [[UInt8]] = []
        for _ in 0..<200 {
            var bytes = seed
            for _ in 0...(random.next() % 2) {
                // Behind the lead: rpm needs its first bytes only.
                let index = 96 + Int(random.next() % UInt64(end - 96))
                bytes[index] = random.next() % 2 == 0 ? UInt8(truncatingIfNeeded: random.next()) : bytes[index] ^ 1
            }
            mutations.append(bytes)
        }
        let verdicts = try accepted(mutations)
        #expect(verdicts.count == mutations.count && verdicts.contains(true) && verdicts.contains(false))
        for (bytes, isAccepted) in zip(mutations, verdicts) where !isAccepted {
            let changes = bytes.indices.filter { bytes[$0] != seed[$0] }.map { "\($0): \(seed[$0]) -> \(bytes[$0])" }
            #expect(code { _ = try RPMFile(ByteArraySource(bytes)) } != nil, "\(changes)")
        }
    }
}
