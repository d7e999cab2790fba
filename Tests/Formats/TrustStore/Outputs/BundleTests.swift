import AssayTestSupport
import Testing

@testable import AssayTrustStore

struct BundleTests {
    @Test func `a PEM bundle has the labels above the blocks and an empty line between them`() throws {
        let store = OutputFixture.store([OutputFixture.entry(1, "First"), OutputFixture.entry(2, "")])
        let text = String(decoding: OutputFixture.bytes(store, .tlsBundle), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.count == 14)
        #expect(lines[0..<2] == ["# First", "-----BEGIN CERTIFICATE-----"])
        #expect(lines[2..<5].map(\.utf8.count) == [64, 64, 8])
        #expect(lines[5..<9] == ["-----END CERTIFICATE-----", "", "# certificate", "-----BEGIN CERTIFICATE-----"])
        #expect(lines[12...] == ["-----END CERTIFICATE-----", ""])
    }

    @Test(arguments: 0...100)
    func `base64 of every length is read back as it was`(count: Int) throws {
        let der = OutputFixture.string(0x30, (0..<count).map { UInt8($0 &* 7 & 255) })
        var text: [UInt8] = []
        PEMText.append(der, .certificate, to: &text)
        #expect(try TrustStore.read(text, as: .tlsBundle).map(\.der) == [der])
        #expect(text.count <= PEMText.size(der.count, .certificate))
    }

    @Test(arguments: StoreOutput.allCases)
    func `a store without certificates gives an empty file, or none in a folder`(output: StoreOutput) throws {
        let files = OutputFixture.store([]).files(output, options: OutputOptions(time: 0))
        switch output {
        case .directoryHash, .legacy: #expect(files.isEmpty)
        case .javaKeyStore:
            #expect(try TrustStore.read(OutputFixture.bytes(OutputFixture.store([]), output), as: output).isEmpty)
        default: #expect(files == [StoreFile(path: output.path, content: .bytes([]))])
        }
    }

    @Test(arguments: [
        ("one\ntwo", #"one\x0atwo"#, TrustRules.p11Kit), ("one\r", #"one\x0d"#, .p11Kit),
        ("-----BEGIN CERTIFICATE-----", #"----\x2dBEGIN CERTIFICATE----\x2d"#, .p11Kit),
        ("-----BEGIN CERTIFICATE-----", #"----\x2dBEGIN CERTIFICATE----\x2d"#, .assay),
        ("----------", #"----\x2d----\x2d"#, .assay), ("one\ntwo", #"one\x0atwo"#, .assay),
        ("a\u{0}b", "a", .p11Kit), (" tab\tspace ", " tab\tspace ", .p11Kit), ("Ä-----", #"Ä----\x2d"#, .assay),
    ])
    func `a label breaks no bundle`(label: String, comment: String, rules: TrustRules) throws {
        let store = OutputFixture.store([OutputFixture.entry(1, label, rules: rules)], rules)
        let bytes = OutputFixture.bytes(store, .tlsBundle)
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("# \(comment)\n-----BEGIN CERTIFICATE-----\n"))
        #expect(try TrustStore.read(bytes, as: .tlsBundle).map(\.der) == [store.entries[0].certificate.der])
    }

    @Test(arguments: [
        // Standing, attached, rejected; what OpenSSL's trust data say by either rules.
        (Standing.anchor, nil as [Purpose]?, [] as [Purpose], "all", "all"),
        (.anchor, [.emailProtection, .serverAuth], [], "[email,server-auth]", "[email,server-auth]"),
        (
            .anchor, [.emailProtection, .serverAuth], [.serverAuth], "[email] not [server-auth]",
            "[email,server-auth] not [server-auth]"
        ),
        (.anchor, [], [], "[]", "[]"),
        (.anchor, nil, [.emailProtection], "all not [email]", "all not [email]"),
        (.anchor, [.serverAuth], [.any], "[] not [2.5.29.37.0]", "[server-auth] not [2.5.29.37.0]"),
        (.neutral, nil, [], "[]", "[]"),
        (.neutral, [.serverAuth], [.emailProtection], "[] not [email]", "[] not [email]"),
        (
            .distrusted, [.serverAuth], [.emailProtection],
            "[] not [server-auth,client-auth,code-signing,email,ipsec-end-system,ipsec-tunnel,ipsec-user,time-stamping,2.5.29.37.0]",
            "all not [email,server-auth,client-auth,code-signing,email,ipsec-end-system,ipsec-tunnel,ipsec-user,time-stamping]"
        ),
    ])
    func `the OpenSSL bundle says what a certificate is trusted and rejected for`(
        standing: Standing, attached: [Purpose]?, rejected: [Purpose], assay: String, p11Kit: String
    ) throws {
        for (rules, expected) in [(TrustRules.assay, assay), (.p11Kit, p11Kit)] {
            let entry = OutputFixture.entry(
                1, "Label", standing, attached: attached, rejected: rejected, rules: rules)
            let store = OutputFixture.store([entry], rules)
            let read = try TrustStore.read(OutputFixture.bytes(store, .opensslBundle), as: .opensslBundle)
            try #require(read.count == 1)
            #expect(read[0].der == entry.certificate.der)
            #expect(read[0].alias == Array("Label".utf8))
            let trusted = read[0].trusted.map { "[" + $0.map(\.name).joined(separator: ",") + "]" } ?? "all"
            let refused = read[0].rejected.map(\.name).joined(separator: ",")
            #expect(trusted + (refused.isEmpty ? "" : " not [\(refused)]") == expected, "\(rules)")
        }
    }

    @Test(arguments: [
        (Standing.anchor, true, nil as [Purpose]?, [] as [Purpose], true, TrustRule.anchorForAll),
        (.anchor, true, [.emailProtection], [], true, .attachedUsage),
        (.anchor, true, [], [], false, .notInAttachedUsage),
        (.anchor, true, [.serverAuth], [.serverAuth], false, .purposeRejected),
        (.anchor, true, nil, [.any], false, .purposeRejected),
        (.anchor, false, nil, [], false, .notAuthority),
        (.neutral, true, nil, [], false, .neutral),
        (.distrusted, true, nil, [], false, .distrustedCertificate),
    ])
    func `whether the OpenSSL bundle trusts a certificate is told with its rule`(
        standing: Standing, isAuthority: Bool, attached: [Purpose]?, rejected: [Purpose], isTrusted: Bool,
        rule: TrustRule
    ) {
        let entry = OutputFixture.entry(
            1, "Label", standing, isAuthority: isAuthority, attached: attached, rejected: rejected)
        let decision = OutputFixture.store([entry]).includes(entry, in: .opensslBundle)
        #expect(decision.isTrusted == isTrusted)
        #expect(decision.rule == rule)
        #expect(!decision.because.isEmpty)
    }

    @Test func `what is no authority is in no output, but a distrusted one stays rejected`() {
        let leaf = OutputFixture.entry(1, "Leaf", isAuthority: false)
        let store = OutputFixture.store([leaf])
        for output in StoreOutput.allCases { #expect(store.entries(in: output).isEmpty) }
        let distrusted = OutputFixture.store([OutputFixture.entry(1, "Leaf", .distrusted, isAuthority: false)])
        #expect(distrusted.entries(in: .opensslBundle).count == 1)
        let compatible = OutputFixture.store(
            [OutputFixture.entry(1, "Leaf", isAuthority: false, rules: .p11Kit)], .p11Kit)
        #expect(compatible.entries(in: .opensslBundle).count == 1)
        #expect(compatible.entries(in: .tlsBundle).isEmpty)
    }

    @Test(arguments: [
        ("1.2.3", [0x06, 0x02, 0x2A, 0x03] as [UInt8]?), ("2.5.29.37.0", DERText.anyUsage),
        ("2.999", [0x06, 0x02, 0x88, 0x37]), ("0.39.16384", [0x06, 0x04, 0x27, 0x81, 0x80, 0x00]),
        ("2.25.18446744073709551616", [0x06, 0x0B, 0x69, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]),
        ("3.1", nil), ("1.40", nil), ("1", nil), ("", nil), ("1..2", nil), ("1.2.", nil), ("1.-2", nil), ("1.+2", nil),
        ("2.25.99999999999999999999999999999999999999999999", nil),
    ])
    func `object identifiers as DER`(dotted: String, der: [UInt8]?) { #expect(DERText.identifier(dotted) == der) }

    @Test func `a rejection that cannot be written rejects everything`() throws {
        let auxiliary = CertificateAux(
            trust: [Purpose(identifier: "9.9")], reject: [Purpose(identifier: "9.9")], alias: nil)
        let read = try #require(CertificateAux(der: auxiliary.encoded[...]))
        #expect(read.trust == [])
        #expect(read.reject == [.any])
    }

    @Test(.enabled(if: isAvailable("openssl")))
    func `OpenSSL reads the trust data`() throws {
        let directory = ScratchDirectory()
        let made = shell(
            "openssl req -x509 -newkey ed25519 -nodes -keyout k.pem -subj '/CN=A CA' -days 9 -outform DER -out c.der",
            in: directory.path)
        try #require(made.status == 0, "\(made.errorText)")
        let der = shell("cat c.der", in: directory.path).output
        let auxiliary = CertificateAux(
            trust: [.serverAuth], reject: [.emailProtection, .any], alias: Array("Ein Läbel".utf8))
        var text: [UInt8] = []
        PEMText.append(der + auxiliary.encoded, .trustedCertificate, to: &text)
        try directory.write("c.pem", text)
        let shown = shell("openssl x509 -in c.pem -noout -text -alias", in: directory.path).text
        #expect(shown.contains("Trusted Uses:\n  TLS Web Server Authentication\n"))
        #expect(shown.contains("Rejected Uses:\n  E-mail Protection, Any Extended Key Usage\n"))
        #expect(shown.contains("Ein L"))
    }
}
