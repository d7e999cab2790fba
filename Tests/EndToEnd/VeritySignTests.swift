import AssayTestSupport
import Foundation
import Testing

@Suite struct VeritySignTests {
    /// Runs `script` with OpenSSL's ways to make and check a signature as functions.
    private func run(_ script: String, in scratch: ScratchDirectory) -> ShellResult {
        let prelude = """
            ROOT=$(cat root.txt)
            openssl_sign() { openssl smime -sign -in "${1:-root.txt}" -nocerts -inkey key.pem -signer vendor.pem -noattr \
              -binary -outform der; }
            openssl_verify() { openssl smime -verify -binary -inform der -in "$1" -content root.txt -certfile vendor.pem \
              -noverify >/dev/null 2>&1; }
            check() { assay verity verify root.img root.hash "$ROOT" --root-hash-signature "$1" \
              --certificate "${2:-vendor.pem}" --format json > report.json; status=$?
              python3 -c 'import json; f = {f["check"]: f for f in json.load(open("report.json"))["findings"]}; \
            s = f["verity.signature"]; print(s["verdict"], s["message"], *[e["how"] for e in s["evidence"]], sep="|")'; \
              return $status; }
            """
        return Assay.run(prelude + "\n" + script, in: scratch.path)
    }

    @Test(.enabled(if: isAvailable("openssl")))
    func `OpenSSL accepts ours, ours accepts OpenSSL's, and they are the same bytes`() throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            openssl_verify root.p7s && openssl_sign > theirs.p7s && cmp root.p7s theirs.p7s && check theirs.p7s
            """, in: scratch)
        #expect(result.status == 0, "\(result.text) \(result.errorText)")
        #expect(result.text.hasPrefix("pass|signed by issuer 'CN=Vendor'"), "\(result.text)")
    }

    @Test(
        arguments: [
            ("another certificate", "new; check root.p7s other.pem", "other-certificate"),
            (
                "attributes",
                """
                openssl smime -sign -in root.txt -nocerts -inkey key.pem -signer vendor.pem -binary -outform der > s
                check s
                """, "signed-attributes-present"
            ),
            ("a newline in the signed bytes", "echo $ROOT > n; openssl_sign n > s; check s", "newline-signed"),
            (
                "BER",
                """
                openssl cms -sign -stream -in root.txt -nocerts -inkey key.pem -signer vendor.pem -noattr -binary \
                  -outform der > s; check s
                """, "indefinite-length"
            ),
            ("PEM", "openssl smime -inform der -in root.p7s -pk7out -outform pem > s; check s", "pem"),
            ("another root hash", "cp root.txt keep; openssl_sign disk.txt > s; check s", "wrong-signature"),
        ])
    func `each wrong signature is refused by name`(_: String, script: String, code: String) throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            new() { openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -subj /CN=Other -days 3 2>/dev/null; }
            \(script)
            """, in: scratch)
        #expect(result.status == 1, "\(result.text) \(result.errorText)")
        #expect(result.text.hasPrefix("fail|"), "\(result.text)")
        #expect(result.text.split(separator: "|").last?.hasPrefix(code) == true, "\(result.text)")
    }

    @Test func `an expired certificate is refused at the time of judgement`() throws {
        let scratch = try VerityFixture.folder()
        let result = run("export SOURCE_DATE_EPOCH=4000000000; check root.p7s", in: scratch)
        #expect(result.status == 1)
        #expect(result.text.contains("certificate-expired"), "\(result.text)")
    }

    @Test func `a signature that was made elsewhere is written only once it verified`() throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            assay verity sign "$ROOT" --emit-to-be-signed tbs && cmp tbs root.txt
            openssl dgst -sha256 -sign key.pem -out raw tbs
            assay verity sign "$ROOT" --attach raw --certificate vendor.pem --signature from-raw -q && cmp from-raw root.p7s
            openssl_sign > p7 && assay verity sign "$ROOT" --attach p7 --certificate vendor.pem --signature from-p7 -q
            cmp from-p7 root.p7s
            printf X | dd of=raw bs=1 seek=20 conv=notrunc 2>/dev/null
            assay verity sign "$ROOT" --attach raw --certificate vendor.pem --signature wrong; echo $?; ls wrong
            """, in: scratch)
        #expect(result.text == "1\n", "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains("the signature"))
    }

    @Test func `a program of the user's signs without a shell, and its failures are told`() throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            sign() { assay verity sign "$ROOT" --certificate vendor.pem --signature "$1" -q --signer "$2"; }
            sign one 'openssl dgst -sha256 -sign "key.pem"' && cmp one root.p7s
            sign two 'false'; echo $?
            sign three 'no-such-program'; echo $?
            sign four 'echo hello; touch hacked'; echo $?
            sign five "cat 'unclosed"; echo $?
            sign six 'cat /dev/zero'; echo $?
            ls two three four five six hacked 2>/dev/null
            """, in: scratch)
        #expect(result.text == "2\n2\n1\n2\n2\n", "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains("'false' ended with status 1"))
    }

    @Test(.enabled(if: isAvailable("softhsm2-util") && isAvailable("pkcs11-tool")))
    func `a key in a PKCS#11 token signs through pkcs11-tool`() throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            set -e
            export SOFTHSM2_CONF=$PWD/softhsm.conf; mkdir tokens; echo "directories.tokendir = $PWD/tokens" > softhsm.conf
            MODULE=$(find /usr/lib -name libsofthsm2.so | head -1)
            softhsm2-util --init-token --free --label t --pin 1234 --so-pin 1234 >/dev/null
            openssl pkcs8 -topk8 -nocrypt -in key.pem -out key8.pem
            softhsm2-util --import key8.pem --token t --label k --id 01 --pin 1234 >/dev/null
            assay verity sign "$ROOT" --certificate vendor.pem --signature out -q \
              --signer "pkcs11-tool --module $MODULE --pin 1234 --sign --mechanism SHA256-RSA-PKCS --id 01"
            cmp out root.p7s && echo same
            """, in: scratch)
        #expect(result.text.hasSuffix("same\n"), "\(result.text) \(result.errorText)")
    }

    @Test(
        arguments: [
            ("--key key.pem --certificate vendor.pem", "--signature FILE is needed"),
            ("--key key.pem --signature s", "--certificate FILE is needed"),
            ("--certificate vendor.pem --signature s", "one of --key, --signer, --attach"),
            ("--key key.pem --certificate vendor.pem --signature key.pem", "would be overwritten"),
        ])
    func `a command line that lacks something says what`(options: String, message: String) throws {
        let scratch = try VerityFixture.folder()
        let result = run("assay verity sign \"$ROOT\" \(options)", in: scratch)
        #expect(result.status == 64)
        #expect(result.errorText.contains(message), "\(result.errorText)")
    }
}
