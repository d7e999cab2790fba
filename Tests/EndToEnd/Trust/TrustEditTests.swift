import AssayTestSupport
import Foundation
import Testing

@Suite(.enabled(if: TrustFixture.isPossible)) struct TrustEditTests {
    private static let etc = "rootfs/" + TrustFixture.etc
    private static let bundle = "rootfs/\(TrustFixture.extracted)/pem"

    /// `count` says how many certificates each of the three bundles has.
    private static let count = """
        count() { for name in tls email objsign; do grep -c BEGIN rootfs/\(TrustFixture.extracted)/pem/$name-ca-bundle.pem; done |
            tr '\\n' ' '; echo; }

        """

    @Test func `an authority is added, distrusted, trusted again and removed`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            Self.count + """
                assay trust update --root rootfs -q; count
                assay trust add a.pem --root rootfs -q; echo $?; count; assay trust add a.pem --root rootfs | head -1
                ls \(Self.etc)/anchors
                assay trust distrust a.pem --root rootfs -q; echo $?; count; ls \(Self.etc)/blocklist
                assay trust remove a.pem --root rootfs --distrust -q; echo $?; count; ls \(Self.etc)/blocklist
                assay trust remove a.pem --root rootfs -q; echo $?; count; ls \(Self.etc)/anchors
                assay trust remove a.pem --root rootfs -q; echo $?
                """, in: scratch.path)
        let name = shell(
            "openssl x509 -in a.pem -outform DER | sha256sum | cut -c 1-16 | tr -d '\\n'", in: scratch.path
        ).text
        #expect(
            result.text == """
                1 1 1 
                0
                2 2 2 
                the sources say so already
                authority-a-\(name).pem
                b.pem
                0
                1 1 1 
                authority-a-\(name).pem
                0
                2 2 2 
                0
                1 1 1 
                b.pem
                2

                """, "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains("no source of the administrator's"), "\(result.errorText)")
    }

    @Test func `an authority is trusted and distrusted for single purposes`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            Self.count + """
                assay trust add a.pem --root rootfs -q --purpose server-auth --purpose code-signing; echo $?; count
                assay trust distrust a.pem --root rootfs -q --purpose server-auth; echo $?; count
                assay trust distrust "$(openssl x509 -in a.pem -noout -fingerprint -sha256 | cut -d = -f 2)" --root rootfs -q \
                    --purpose code-signing; echo $?; count
                assay trust list --root rootfs --issuer 'authority a' | grep -E '^  (trusted|rejected)'
                assay trust add a.pem --root rootfs -q; echo $?; assay trust remove a.pem --distrust --root rootfs -q; count
                assay trust add a.pem --root rootfs -q; echo $?; count; ls \(Self.etc) | grep p11-kit
                assay trust add a.pem --root rootfs --purpose nonsense; echo $?
                """, in: scratch.path)
        #expect(
            result.text == """
                0
                2 1 2 
                0
                1 1 2 
                0
                1 1 1 
                  trusted   for nothing
                  rejected  server-auth, code-signing
                0
                2 2 2 
                0
                2 2 2 
                2

                """, "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains("'nonsense' is no purpose"), "\(result.errorText)")
    }

    @Test func `OpenSSL and p11-kit's rules hear what was added for one purpose`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            assay trust add a.pem --root rootfs -q --purpose server-auth
            openssl verify -no-CApath -no-CAstore -purpose sslserver \
                -CAfile rootfs/\(TrustFixture.extracted)/openssl/ca-bundle.trust.crt host.pem
            openssl verify -no-CApath -no-CAstore -purpose smimesign \
                -CAfile rootfs/\(TrustFixture.extracted)/openssl/ca-bundle.trust.crt host.pem >log 2>&1; echo $?
            assay trust update --root rootfs --compat p11-kit
            """, in: scratch.path)
        #expect(result.text.hasPrefix("host.pem: OK\n2\n"), "\(result.text) \(result.errorText)")
        #expect(result.text.contains("server-auth 2, email 1, code-signing 1"), "\(result.text)")
    }

    @Test(
        arguments: [
            ("add host.pem", "no certificate authority"),
            ("add missing.pem", "missing.pem"),
            ("add host.key", "host.key"),
            ("add rootfs/vendor.p11-kit", "says itself what it is trusted for"),
            ("remove b.pem", "'b.pem' of the distribution does"),
            ("remove 00112233", "neither a file nor a fingerprint"),
            ("remove a.pem --distrust", "no source of the administrator's does distrust"),
            ("distrust chain.pem", "which one is meant"),
            ("add a.pem", "distrusted (/usr/share/pki/ca-trust-source/blocklist/a.pem:1)"),
        ])
    func `what cannot be done changes nothing and says why`(words: String, reason: String) throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            mv rootfs/\(TrustFixture.etc)/anchors/b.pem rootfs/\(TrustFixture.usr)/anchors; cat a.pem b.pem >chain.pem
            cp a.pem rootfs/\(TrustFixture.usr)/blocklist
            { printf '[p11-kit-object-v1]\\ntrusted: true\\n'; cat a.pem; } >rootfs/vendor.p11-kit
            [ '\(words)' != 'remove b.pem' ] || sed -i 's/^/ /;s/^ //' b.pem
            state() { find rootfs -type f -o -type l | sort | xargs sha256sum 2>/dev/null | sha256sum; }
            assay trust update --root rootfs -q; state
            assay trust \(words) --root rootfs; echo $?; state
            """, in: scratch.path)
        let lines = result.text.split(separator: "\n")
        #expect(lines.count == 3 && lines[0] == lines[2] && lines[1] == "2", "\(result.text)")
        let expected = reason.replacing("'b.pem' of", with: "'/\(TrustFixture.usr)/anchors/b.pem' of")
        #expect(result.errorText.contains(expected), "\(result.errorText)")
    }

    @Test func `a dry run says what would change and changes nothing`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            assay trust update --root rootfs -q
            state() { find rootfs -type f -o -type l | sort | xargs sha256sum | sha256sum; }; before=$(state)
            assay trust add a.pem --root rootfs --dry-run
            assay trust distrust b.pem --root rootfs --dry-run
            assay trust remove b.pem --root rootfs --dry-run
            [ "$before" = "$(state)" ] && echo same
            """, in: scratch.path)
        for text in [
            "would be written /\(TrustFixture.etc)/anchors/authority-a-",
            "would be written /\(TrustFixture.etc)/blocklist/authority-b-",
            "would be removed /\(TrustFixture.etc)/anchors/b.pem",
            "would change: server-auth 2 (+1), email 2 (+1), code-signing 2 (+1); added 'Authority A'",
            "server-auth 0 (-1), email 0 (-1), code-signing 0 (-1); removed 'Authority B'", "same\n",
        ] {
            #expect(result.text.contains(text), "'\(text)' in \(result.text) \(result.errorText)")
        }
    }

    @Test func `of a file with several certificates only the one is taken out`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            { echo '# first'; cat a.pem; echo '# second'; cat twin1.pem; echo '# last'; cat twin2.pem; } \
                >\(Self.etc)/anchors/several.pem
            assay trust remove twin1.pem --root rootfs -q; echo $?
            { echo '# first'; cat a.pem; echo '# second'; echo '# last'; cat twin2.pem; } >expected
            cmp expected \(Self.etc)/anchors/several.pem && echo same
            """, in: scratch.path)
        #expect(result.text == "0\nsame\n", "\(result.text) \(result.errorText)")
    }

    @Test func `edits as JSON are valid`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            assay trust add a.pem --root rootfs --format json >add.json
            assay trust distrust a.pem --root rootfs --format json --dry-run >distrust.json
            """, in: scratch.path)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(TrustSchemas.faults("trust-edit", ["add", "distrust"].map { scratch.path + "/\($0).json" }) == "")
    }

    @Test func `an edit whose update fails is taken back`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            mkdir -p rootfs/\(TrustFixture.extracted)/pem/tls-ca-bundle.pem
            assay trust add a.pem --root rootfs; echo $?; ls -A \(Self.etc)/anchors
            """, in: scratch.path)
        #expect(result.text == "2\nb.pem\n", "\(result.text)")
        #expect(result.errorText.contains("tls-ca-bundle.pem"), "\(result.errorText)")
    }

    @Test func `outputs and certificates are exported as the sources mean them`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            export SOURCE_DATE_EPOCH=1700000000
            assay trust update --root rootfs -q
            for pair in tls:pem/tls-ca-bundle.pem email:pem/email-ca-bundle.pem objsign:pem/objsign-ca-bundle.pem \
                openssl:openssl/ca-bundle.trust.crt java:java/cacerts edk2:edk2/cacerts.bin; do
                assay trust export ${pair%%:*} --root rootfs --output out
                cmp out rootfs/\(TrustFixture.extracted)/${pair#*:} || echo differs
                assay trust export ${pair#*:} --root rootfs | cmp - out || echo differs
            done
            assay trust export b.pem --root rootfs | openssl x509 -noout -subject
            assay trust export b.pem --root rootfs --der | openssl x509 -inform DER -noout -subject
            assay trust export legacy --root rootfs; echo $?
            """, in: scratch.path)
        #expect(
            result.text == "subject=O = Test, CN = Authority B\nsubject=O = Test, CN = Authority B\n2\n",
            "\(result.text) \(result.errorText)")
    }
}

struct TrustListTests {
    @Test func `certificates are listed by purpose, state, expiry, key and issuer`() throws {
        let scratch = try TrustFixture.azureLinux()
        let result = Assay.run(
            """
            export SOURCE_DATE_EPOCH=1790000000
            count() { assay trust list --root rootfs "$@" | tail -1; }
            count; count --purpose server-auth; count --purpose email; count --purpose code-signing
            count --state distrusted; count --state anchor --state neutral
            count --purpose server-auth --expired; count --expires-before 2000-01-01
            count --key rsa; count --key ec; count --key 'RSA 4096' --purpose email; count --issuer 'microsoft ecc'
            assay trust list --root rootfs --format json >list.json; echo $?
            assay trust list --root rootfs --expires-before tomorrow; echo $?
            """, in: scratch.path)
        let lines = result.text.split(separator: "\n").map(String.init)
        try #require(lines.count == 14, "\(result.text) \(result.errorText)")
        #expect(lines[0] == "249 certificates")
        #expect(
            Array(lines[1...5]) == [
                "235 of 249 certificates", "161 of 249 certificates", "0 of 249 certificates", "14 of 249 certificates",
                "235 of 249 certificates",
            ], "\(lines)")
        #expect(lines[6] == "20 of 249 certificates" || lines[6] == "21 of 249 certificates", "\(lines[6])")
        #expect(lines[7] == "0 of 249 certificates")
        let numbers = lines[8...9].compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
        #expect(numbers.reduce(0, +) == 249, "\(lines)")
        #expect(Array(lines[12...]) == ["0", "64"])
        #expect(TrustSchemas.faults("trust-list", [scratch.path + "/list.json"]) == "")
    }
}
