import AssayTestSupport
import Foundation
import Testing

@Suite(.enabled(if: TrustFixture.isPossible)) struct TrustExplainTests {
    @Test(
        arguments: [
            ("company.pem", 0, "anchor"), ("web.pem", 0, "attached-usage"),
            ("web.pem --purpose email", 1, "not-in-attached-usage"),
            ("vpn.pem", 1, "not-in-own-usage"), ("vpn.pem --purpose client-auth", 0, "own-usage"),
            ("mine.pem --purpose email", 1, "purpose-rejected"), ("mine.pem", 0, "anchor"),
            ("bad.pem", 1, "distrusted-certificate"), ("old.pem", 1, "distrusted-certificate"),
            ("sub.pem", 1, "distrusted-name"), ("stolen-g2.pem", 1, "distrusted-key"), ("issuing.pem", 1, "neutral"),
            ("server.pem", 1, "not-an-authority"), ("ca.pem", 1, "unknown"),
            ("mine.pem --purpose 1.2.3.4", 0, "anchor"),
        ])
    func `each kind of certificate is explained by its rule, and the exit code is the answer`(
        words: String, status: Int32, rule: String
    ) throws {
        let scratch = try TrustFixture.examples()
        let result = Assay.run(
            """
            export SOURCE_DATE_EPOCH=\(TrustDocument.time)
            assay trust explain \(words) --root rootfs --format json >explanation.json; echo $?
            python3 -c 'import json
            e = json.load(open("explanation.json"))
            print(next(p["rule"] for p in e["purposes"] if p["purpose"] == e["purpose"]))
            wanted = {"server-auth": "pem/tls-ca-bundle.pem", "email": "pem/email-ca-bundle.pem"}.get(e["purpose"])
            print(all(o["isTrusted"] == e["isTrusted"] for o in e["outputs"] if o["output"] == wanted))'
            """, in: scratch.path)
        #expect(result.text == "\(status)\n\(rule)\nTrue\n", "\(result.errorText)")
        #expect(TrustSchemas.faults("trust-explanation", [scratch.path + "/explanation.json"]) == "")
    }

    @Test func `a fingerprint names a certificate of the store, in the form of any tool`() throws {
        let scratch = try TrustFixture.examples()
        let result = Assay.run(
            """
            for form in "$(openssl x509 -in company.pem -noout -fingerprint -sha256 | cut -d = -f 2)" \
                "$(openssl x509 -in company.pem -outform DER | sha256sum | cut -d ' ' -f 1)"; do
                assay trust explain "$form" --root rootfs | head -1
            done
            assay trust explain 00 --root rootfs; echo $?
            assay trust explain "$(printf '%064d' 0)" --root rootfs; echo $?
            assay trust explain missing.pem --root rootfs; echo $?; assay trust explain SOURCES.md --root rootfs; echo $?
            """, in: scratch.path)
        #expect(
            result.text == "Company Root CA  anchor\nCompany Root CA  anchor\n2\n2\n2\n2\n",
            "\(result.text) \(result.errorText)")
    }

    /// A root, an authority below it, a host; `leaf` and `sub` make certificates with other extensions.
    private static let chain = """
        exec 2>log
        key() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }
        root() { key $1; openssl req -x509 -key $1.key -days 900 -subj "/CN=$1" -out $1.pem; }
        sign() { key $1; openssl req -new -key $1.key -subj "/CN=$1" -out csr; printf "$3" >extensions
            openssl x509 -req -in csr -CA $2.pem -CAkey $2.key -CAcreateserial -days ${4:-300} -extfile extensions -out $1.pem; }
        ca='basicConstraints=critical,CA:TRUE\\n'; usage='extendedKeyUsage=serverAuth\\n'
        root root; sign sub root "$ca"; sign host sub "$usage"
        mkdir -p rootfs/\(TrustFixture.etc)/anchors rootfs/\(TrustFixture.etc)/blocklist
        cp root.pem rootfs/\(TrustFixture.etc)/anchors
        cat host.pem sub.pem >chain.pem
        verify() { cat root.pem >roots; openssl verify -purpose sslserver -no-CApath -no-CAstore -CAfile roots \
            -untrusted chain.pem ${time:+-attime $time} chain.pem >log && echo yes || echo no; }
        explain() { SOURCE_DATE_EPOCH=${time:-$(date +%s)} "$ASSAY" trust explain chain.pem --root rootfs --format json >e.json
            echo $?; python3 -c 'import json
        print(*[f"{i}:{p}" for i, s in enumerate(json.load(open("e.json"))["chain"]["steps"]) for p in s["problems"]])'; }

        """

    @Test(
        .enabled(if: isAvailable("python3")),
        arguments: [
            (":", 0, "", "yes"),
            ("cat sub.pem >>chain.pem", 0, "", "yes"),
            ("time=1000000000", 1, "0:not-yet-valid 1:not-yet-valid 2:not-yet-valid", "no"),
            ("time=$(($(date +%s) + 400 * 86400))", 1, "0:expired 1:expired", "no"),
            ("cp host.pem chain.pem", 1, "0:no-issuer", "no"),
            ("cp sub.pem rootfs/ETC; cp host.pem chain.pem", 0, "", "no"),
            (
                "key sub2; openssl req -x509 -key sub2.key -subj /CN=sub -out sub.pem; cat host.pem sub.pem >chain.pem",
                1,
                "0:signature-mismatch", "no"
            ),
            ("root other; cp other.pem root.pem; cp other.pem rootfs/ETC/anchors/root.pem", 1, "1:no-issuer", "no"),
            ("cp sub.pem rootfs/ETC/blocklist", 1, "1:distrusted", "yes"),
            ("cp host.pem rootfs/ETC/blocklist", 1, "0:distrusted", "yes"),
            ("cp root.pem rootfs/ETC/blocklist", 1, "2:distrusted 2:self-signed", "yes"),
            (
                "sign sub root 'basicConstraints=CA:FALSE\\n'; sign host sub \"$usage\"; cat host.pem sub.pem >chain.pem",
                1,
                "1:not-an-authority", "no"
            ),
            (
                "sign sub root \"${ca}keyUsage=cRLSign\\n\"; sign host sub \"$usage\"; cat host.pem sub.pem >chain.pem",
                1,
                "1:may-sign-nothing", "no"
            ),
            (
                "sign host sub 'extendedKeyUsage=clientAuth\\n'; cat host.pem sub.pem >chain.pem", 1, "0:other-usage",
                "no"
            ),
            (
                "sign sub root \"${ca}extendedKeyUsage=emailProtection\\n\"; sign host sub \"$usage\"; cat host.pem sub.pem >chain.pem",
                1, "1:other-usage", "no"
            ),
            (
                "sign sub root 'basicConstraints=CA:TRUE,pathlen:0\\n'; sign low sub \"$ca\"; sign host low \"$usage\"; "
                    + "cat host.pem low.pem sub.pem >chain.pem", 1, "2:path-too-long", "no"
            ),
            ("root lone; cp lone.pem chain.pem; cat lone.pem host.pem >chain.pem", 1, "0:self-signed", "no"),
            ("rm rootfs/ETC/anchors/*; cp root.pem rootfs/ETC", 1, "2:self-signed", "yes"),
        ])
    func `a chain is judged as OpenSSL judges it, distrust included, and says why not`(
        change: String, status: Int32, problems: String, openssl: String
    ) throws {
        let scratch = ScratchDirectory()
        let change = change.replacing("ETC", with: TrustFixture.etc)
        let result = Assay.run(Self.chain + change + "\nexplain; verify", in: scratch.path)
        #expect(result.text == "\(status)\n\(problems)\n\(openssl)\n", "\(change)")
        #expect(TrustSchemas.faults("trust-explanation", [scratch.path + "/e.json"]) == "")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a file of very many certificates of one name ends`() throws {
        let scratch = ScratchDirectory()
        let result = Assay.run(
            Self.chain + """
                for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
                    openssl req -x509 -key sub.key -subj /CN=sub -set_serial $i -out many$i.pem
                done
                cat host.pem many*.pem >chain.pem; time=; explain
                """, in: scratch.path)
        // All of them have the key that signed all of them: no end is found, which is no answer, and no trust.
        #expect(result.text == "2\n11:limit\n", "\(result.text)")
    }
}

/// The outputs that docs/trust.md shows.
enum TrustDocument {
    /// The moment at which they were made: 2026-12-01.
    static let time = 1_796_083_200

    /// Each command of a ```console block, with the ```text block behind it.
    static func examples() -> [(command: String, output: String)] {
        let text = shell("cat docs/trust.md", in: Assay.package).text
        var found: [(String, String)] = []
        var command = ""
        var block: (kind: String, text: String)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let done = block {
                    if done.kind == "text", !command.isEmpty {
                        found.append((command, done.text))
                        command = ""
                    }
                    block = nil
                } else {
                    block = (String(line.dropFirst(3)), "")
                }
            } else if let open = block {
                if open.kind == "console", line.hasPrefix("$ ") { command = String(line.dropFirst(2)) }
                block = (open.kind, open.text + line + "\n")
            }
        }
        return found
    }
}

@Test func `the outputs of docs/trust.md are those of the program`() throws {
    let examples = TrustDocument.examples()
    #expect(examples.count >= 14, "\(examples.count)")
    let scratch = try TrustFixture.examples()
    for example in examples {
        try TrustFixture.write(to: scratch)
        let result = Assay.run(
            "export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-\(TrustDocument.time)}\n\(example.command)", in: scratch.path
        )
        #expect(result.errorText + result.text == example.output, "\(example.command)")
    }
}
