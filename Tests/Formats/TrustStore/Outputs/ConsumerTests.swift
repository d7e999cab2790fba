import AssayTestSupport
import Testing

@testable import AssayTrustStore

/// What programs do with the outputs.
struct ConsumerTests {
    /// Two authorities of the same name with different keys, and a server's certificate of each.
    static let authorities: ScratchDirectory = {
        let directory = ScratchDirectory()
        shell(
            """
            # OpenSSL tells issuers of one name apart by their key's identifier.
            echo 'authorityKeyIdentifier = keyid' > extensions
            for n in 1 2; do
              openssl req -x509 -newkey ed25519 -nodes -keyout ca$n.key -subj '/CN=Twin CA' -days 9 -out ca$n.crt
              openssl x509 -in ca$n.crt -outform DER -out ca$n.der
              openssl req -newkey ed25519 -nodes -keyout leaf$n.key -subj /CN=localhost -out leaf$n.csr
              openssl x509 -req -in leaf$n.csr -CA ca$n.crt -CAkey ca$n.key -days 9 -extfile extensions \\
                -out leaf$n.crt
            done
            """, in: directory.path)
        return directory
    }()

    static func entry(
        _ number: Int, _ standing: Standing = .anchor, label: String = "Twin CA", attached: [Purpose]? = nil,
        rejected: [Purpose] = []
    ) -> TrustEntry {
        let subject = OutputFixture.name(OutputFixture.string(0x0C, "Twin CA".utf8))
        var entry = OutputFixture.entry(
            UInt8(number), label, standing, subject: subject, attached: attached, rejected: rejected)
        let made = entry.certificate
        entry.certificate = TrustCertificate(
            der: shell("cat ca\(number).der", in: authorities.path).output, version: 3, serialNumber: made.serialNumber,
            issuer: subject, subject: subject, publicKeyInfo: made.publicKeyInfo, key: made.key,
            signatureAlgorithm: made.signatureAlgorithm, notBefore: nil, notAfter: nil, extensions: [])
        return entry
    }

    /// Writes an output below a new directory.
    static func written(_ store: TrustStore, _ output: StoreOutput) throws -> ScratchDirectory {
        let directory = ScratchDirectory()
        for file in store.files(output, options: OutputOptions(time: 0)) {
            switch file.content {
            case .bytes(let bytes): try directory.write(file.path, bytes)
            case .link(let target):
                shell("ln -s \"$1\" \"$2\"", in: directory.path, arguments: [target, file.path])
            }
        }
        return directory
    }

    @Test(.enabled(if: isAvailable("openssl")), arguments: [StoreOutput.directoryHash, .legacy])
    func `OpenSSL finds both authorities of one name in a folder`(output: StoreOutput) throws {
        let store = OutputFixture.store([ConsumerTests.entry(1), ConsumerTests.entry(2)])
        let directory = try ConsumerTests.written(store, output)
        for number in 1...2 {
            let result = shell(
                "openssl verify -no-CAfile -no-CAstore -CApath \"$1\" leaf\(number).crt",
                in: ConsumerTests.authorities.path,
                arguments: [directory.path + "/" + output.path])
            #expect(result.status == 0, "\(result.errorText)")
        }
    }

    @Test(
        .enabled(if: isAvailable("openssl")),
        arguments: [
            (Standing.anchor, nil as [Purpose]?, [] as [Purpose], true, true),
            (.anchor, [.serverAuth], [], true, false),
            (.anchor, [.serverAuth, .emailProtection], [.serverAuth], false, true),
            (.anchor, nil, [.serverAuth], false, true),
            (.anchor, nil, [.any], false, false),
            (.anchor, [.any], [], true, true),
            (.anchor, [], [], false, false),
            (.neutral, nil, [], false, false),
            (.distrusted, nil, [], false, false),
        ])
    func `OpenSSL trusts what its bundle says`(
        standing: Standing, attached: [Purpose]?, rejected: [Purpose], server: Bool, mail: Bool
    ) throws {
        let entry = ConsumerTests.entry(1, standing, attached: attached, rejected: rejected)
        let directory = try ConsumerTests.written(OutputFixture.store([entry]), .opensslBundle)
        for (purpose, isTrusted) in [("sslserver", server), ("smimesign", mail)] {
            let result = shell(
                "openssl verify -purpose \(purpose) -no-CApath -no-CAstore -CAfile \"$1\" leaf1.crt",
                in: ConsumerTests.authorities.path, arguments: [directory.path + "/" + StoreOutput.opensslBundle.path])
            #expect((result.status == 0) == isTrusted, "\(purpose): \(result.errorText)")
        }
    }

    @Test(
        .enabled(if: isAvailable("python3") && isAvailable("openssl")),
        arguments: [
            "A\nB", "A\r-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "",
            "\u{2028}",
        ], TrustRules.allCases)
    func `Python reads a bundle with any label`(label: String, rules: TrustRules) throws {
        let entries = [ConsumerTests.entry(1, label: label), ConsumerTests.entry(2, label: label)]
        let directory = try ConsumerTests.written(OutputFixture.store(entries, rules), .tlsBundle)
        let result = shell(
            "python3 -c 'import ssl; print(len(ssl.create_default_context(cafile=\"tls-ca-bundle.pem\").get_ca_certs()))'",
            in: directory.path + "/pem")
        #expect(result.text == "2\n", "\(result.errorText)")
    }
}
