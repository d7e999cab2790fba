import AssayTestSupport
import Foundation
import Testing

struct TrustUpdateTests {
    private let extracted = "rootfs/" + TrustFixture.extracted

    @Test func `Azure Linux's sources give p11-kit's bytes with --compat p11-kit`() throws {
        let scratch = try TrustFixture.azureLinux()
        let result = Assay.run(
            """
            export SOURCE_DATE_EPOCH=1700000000
            assay trust update --root rootfs --compat p11-kit || exit
            cd \(extracted)
            for link in pem/directory-hash/*.[0-9]; do echo "${link##*/} -> $(readlink $link)"; done |
                sort >directory-hash.links.txt
            sha256sum -c "$1"
            """, in: scratch.path, arguments: [Assay.package + "/Tests/Vectors/truststore/azurelinux/SHA256SUMS"])
        #expect(result.status == 0, "\(result.text) \(result.errorText)")
        #expect(result.text.split(separator: "\n").count(where: { $0.hasSuffix(": OK") }) == 7, "\(result.text)")
        #expect(
            result.text.hasPrefix("rootfs/\(TrustFixture.extracted) updated: server-auth 235 (+235), email 156 (+156)"))
    }

    @Test func `by default no trust is lost, the same sources give the same bytes, and the second run changes nothing`()
        throws
    {
        let scratch = try TrustFixture.azureLinux()
        let result = Assay.run(
            """
            cp -R rootfs other
            assay trust update --root rootfs; assay trust update --root rootfs; assay trust update --root other >&2
            assay trust update --root rootfs --dry-run
            diff -r rootfs/\(TrustFixture.extracted)/.assay/current other/\(TrustFixture.extracted)/.assay/current
            ls rootfs/\(TrustFixture.extracted)/legacy/*.pem | wc -l
            ls rootfs/\(TrustFixture.extracted)/legacy/*.1 | wc -l
            """, in: scratch.path)
        let store = "rootfs/\(TrustFixture.extracted)"
        #expect(
            result.text == """
                \(store) updated: server-auth 235 (+235), email 161 (+161), code-signing 0; added 235 certificates
                \(store) unchanged: server-auth 235, email 161, code-signing 0
                \(store) would not change: server-auth 235, email 161, code-signing 0
                235
                6

                """, "\(result.text) \(result.errorText)")
    }

    @Test(.enabled(if: TrustFixture.isPossible))
    func `--output writes the store elsewhere, and --dry-run writes nothing`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            assay trust update --root rootfs --dry-run; ls rootfs/etc/pki/ca-trust
            assay trust update --root rootfs --output store; ls rootfs/etc/pki/ca-trust; ls store
            assay trust update --root rootfs -o no/such/store; echo $?
            assay trust update --root rootfs -o store --link-directory /etc; echo $?
            """, in: scratch.path)
        #expect(
            result.text == """
                rootfs/\(TrustFixture.extracted) would change: server-auth 1 (+1), email 1 (+1), code-signing 1 (+1); \
                added 'Authority B'
                source
                store updated: server-auth 1 (+1), email 1 (+1), code-signing 1 (+1); added 'Authority B'
                source
                edk2
                java
                legacy
                openssl
                pem
                2
                64

                """, "\(result.text) \(result.errorText)")
    }

    @Test(.enabled(if: TrustFixture.isPossible))
    func `the result as JSON is valid and says what changed`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            "assay trust update --root rootfs --format json >update.json; assay trust diff --root rootfs --format json",
            in: scratch.path)
        #expect(result.status == 0, "\(result.errorText)")
        try scratch.write("diff.json", result.output)
        #expect(TrustSchemas.faults("trust-update", [scratch.path + "/update.json"]) == "")
        #expect(TrustSchemas.faults("trust-diff", [scratch.path + "/diff.json"]) == "")
        let text = shell("cat update.json", in: scratch.path).text
        #expect(text.contains(#""label" : "Authority B""#) && text.contains(#""isChanged" : true"#), "\(text)")
    }

    @Test(.enabled(if: TrustFixture.isPossible))
    func `links in another folder lead to each authority, twins too, and nothing else there is touched`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            certs=rootfs/etc/pki/tls/certs; mkdir -p $certs; echo mine >$certs/mine.pem; ln -s mine.pem $certs/0badc0de.0
            cp twin1.pem twin2.pem rootfs/\(TrustFixture.etc)/anchors
            assay trust update --root rootfs --link-directory /etc/pki/tls/certs >&2
            cat $certs/mine.pem $certs/0badc0de.0; ls $certs/*.pem | wc -l; ls $certs/*.1 | wc -l
            rm rootfs/\(TrustFixture.etc)/anchors/twin2.pem
            assay trust update --root rootfs --link-directory /etc/pki/tls/certs >&2
            cat $certs/mine.pem $certs/0badc0de.0; ls $certs/*.pem | wc -l; ls $certs/*.1 2>/dev/null | wc -l
            """, in: scratch.path)
        #expect(result.text == "mine\nmine\n4\n1\nmine\nmine\n3\n0\n", "\(result.text) \(result.errorText)")
    }

    @Test(.enabled(if: TrustFixture.isPossible))
    func `a root's store is verified against its manifest and its sources`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            assay trust update --root rootfs -q; assay verify rootfs >good; echo $?
            stat -L -c %h rootfs/\(TrustFixture.extracted)/pem/tls-ca-bundle.pem
            chmod u+w rootfs/\(TrustFixture.extracted)/pem/tls-ca-bundle.pem
            printf x >>rootfs/\(TrustFixture.extracted)/pem/tls-ca-bundle.pem; assay verify rootfs >damaged; echo $?
            assay trust update --root rootfs -q; assay verify rootfs >again; echo $?
            cp a.pem rootfs/\(TrustFixture.etc)/anchors; assay verify rootfs >stale; echo $?
            """, in: scratch.path)
        #expect(result.text == "0\n1\n1\n0\n1\n", "\(result.text) \(result.errorText)")
        let rows = shell("grep -h '^    [^ ]' good damaged stale", in: scratch.path).text
        #expect(rows.contains("files are as the manifest says, and what the sources give"), "\(rows)")
        #expect(rows.contains("/pem/tls-ca-bundle.pem: SHA-256"), "\(rows)")
    }

    @Test(.enabled(if: TrustFixture.isPossible))
    func `Debian's layout is read: local certificates, and those that the list selects`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            mkdir -p debian/etc debian/usr/share/ca-certificates/mozilla debian/usr/local/share/ca-certificates
            cp a.pem debian/usr/share/ca-certificates/mozilla/A.crt
            cp b.pem debian/usr/share/ca-certificates/mozilla/B.crt
            printf '# list\\nmozilla/A.crt\\n!mozilla/B.crt\\n' >debian/etc/ca-certificates.conf
            cp twin1.pem debian/usr/local/share/ca-certificates/twin.crt
            assay trust update --root debian
            assay trust add twin2.pem --root debian -q; ls debian/usr/local/share/ca-certificates
            assay trust distrust a.pem --root debian; echo $?
            echo mozilla/missing.crt >>debian/etc/ca-certificates.conf; assay trust update --root debian; echo $?
            """, in: scratch.path)
        let lines = result.text.split(separator: "\n")
        #expect(
            lines.first?.hasSuffix(
                "server-auth 2 (+2), email 2 (+2), code-signing 2 (+2); added 'Twin', 'Authority A'") == true,
            "\(result.text) \(result.errorText)")
        #expect(lines.dropFirst().first?.hasPrefix("twin-") == true && lines.last == "2", "\(result.text)")
        // Somebody wanted that: no warning for each of Debian's 140.
        #expect(!result.errorText.contains("B.crt"), "\(result.errorText)")
        #expect(result.errorText.contains("/etc/ca-certificates.conf:4"), "\(result.errorText)")
    }
}

/// Checks documents against the schemas of docs/schema.
enum TrustSchemas {
    private static let script = """
        import json, jsonschema, sys
        validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
        for path in sys.argv[2:]:
            for error in list(validator.iter_errors(json.load(open(path))))[:3]:
                print(f"{path}: {error.json_path}: {error.message[:200]}")
        """

    /// What is wrong with the documents; empty also where Python's jsonschema is missing at home.
    static func faults(_ schema: String, _ paths: [String]) -> String {
        guard ReportSchema.isAvailable else { return "" }
        let result = shell(
            "exec python3 -c \"$@\"",
            arguments: [script, Assay.package + "/docs/schema/\(schema).schema.json"] + paths)
        return result.text + (result.status == 0 ? "" : result.errorText)
    }
}
