import AssayTestSupport
import Foundation
import Testing

/// What other tools pass over in silence, or turn into trust.
@Suite(.enabled(if: TrustFixture.isPossible)) struct TrustFailClosedTests {
    private static let etc = "rootfs/" + TrustFixture.etc
    private static let usr = "rootfs/" + TrustFixture.usr

    private static let state = """
        state() { (cd rootfs/\(TrustFixture.extracted) && find -L pem openssl java edk2 legacy -type f -exec sha256sum {} + |
            sort | sha256sum); }

        """

    @Test(
        arguments: [
            ("a bad line among anchors", "sed -i '4i trusted: perhaps' VENDOR", "vendor.p11-kit:"),
            ("a bad line behind a distrust", "echo 'x-distrusted maybe' >>VENDOR", "vendor.p11-kit:"),
            ("a section cut short", "head -c 700 VENDOR >cut; cp cut VENDOR", "vendor.p11-kit"),
            ("an unknown format", "echo hello >ETC/anchors/x.pem", "x.pem"),
            ("an empty file", ": >ETC/anchors/x.pem", "x.pem"),
            ("PEM cut short", "head -c 400 mine.pem >ETC/anchors/x.pem", "x.pem:"),
            ("bad DER in a block", "sed '3s/./A/g' mine.pem >ETC/anchors/x.pem", "x.pem:1"),
            ("DER with more behind", "(base64 -d <DER; echo x) >ETC/anchors/x.der", "x.der"),
            ("a link to nothing", "ln -s nowhere ETC/anchors/x.pem", "x.pem: a link to nothing"),
            ("a FIFO", "mkfifo ETC/anchors/x.pem", "x.pem"),
            ("a folder that is a file", "rm -r ETC/blocklist; echo x >ETC/blocklist", "blocklist: not a directory"),
        ])
    func `a source that cannot be used is an error with its place, and the old store is kept`(
        name: String, change: String, place: String
    ) throws {
        let scratch = try TrustFixture.examples()
        let change = change.replacing("VENDOR", with: Self.usr + "/vendor.p11-kit").replacing("ETC", with: Self.etc)
            .replacing("base64 -d <DER", with: "openssl x509 -in mine.pem -outform DER")
        let result = Assay.run(
            Self.state + """
                assay trust update --root rootfs -q || exit; state
                \(change); assay trust update --root rootfs -q; echo $?; state
                for command in list diff 'explain mine.pem' 'export tls'; do assay trust $command --root rootfs -q 2>&1 >out ||
                    echo $?; done | grep -v error
                """, in: scratch.path)
        let lines = result.text.split(separator: "\n")
        try #require(lines.count == 7, "\(result.text) \(result.errorText)")
        #expect(lines[0] == lines[2] && lines[1] == "2", "\(result.text)")
        #expect(Array(lines[3...]) == ["2", "2", "2", "2"], "\(result.text)")
        #expect(result.errorText.contains("assay: error: /") && result.errorText.contains(place), "\(result.errorText)")
    }

    @Test func `--keep-going leaves a faulty source out, says so, and writes it down`() throws {
        let scratch = try TrustFixture.examples()
        let result = Assay.run(
            """
            echo hello >\(Self.etc)/anchors/x.pem; assay trust update --root rootfs --keep-going; echo $?
            grep -c '^skipped.*anchors/x.pem' rootfs/\(TrustFixture.extracted)/.assay-manifest
            """, in: scratch.path)
        #expect(result.text.hasSuffix("\n0\n1\n"), "\(result.text)")
        #expect(result.errorText.contains("x.pem") && result.errorText.contains("--keep-going"))
    }

    @Test func `what may not be read is an error, not an absence`() throws {
        let scratch = try TrustFixture.examples()
        let user = Assay.isRoot ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "env"
        let result = Assay.run(
            """
            chmod -R a+rwX . && chmod 0 \(Self.etc)/anchors/mine.pem && cp "$ASSAY" assay && chmod 755 assay
            \(user) ./assay --version >/dev/null 2>&1 || exit 77
            \(user) ./assay trust update --root rootfs; echo $?; ls rootfs/etc/pki/ca-trust
            """, in: scratch.path)
        // The Swift runtime may lie where only root can read it.
        guard result.status != 77 else { return }
        #expect(result.text == "2\nsource\n", "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains("/\(TrustFixture.etc)/anchors/mine.pem: permission denied"))
    }

    @Test func `a certificate that is distrusted in one place is trusted in no output`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            cp a.pem \(Self.etc)/anchors; cp a.pem \(Self.usr)/blocklist; assay trust update --root rootfs -q; echo $?
            cd rootfs/\(TrustFixture.extracted)
            grep -c 'BEGIN CERT' pem/tls-ca-bundle.pem; ls pem/directory-hash/*.pem legacy/*.pem | wc -l
            for file in pem/tls-ca-bundle.pem openssl/ca-bundle.trust.crt; do
                openssl verify -no-CApath -no-CAstore -purpose sslserver -CAfile $file ../../../../../host.pem >/dev/null 2>&1
                echo $?
            done
            """, in: scratch.path)
        #expect(result.text == "0\n1\n2\n2\n2\n", "\(result.text) \(result.errorText)")
    }

    @Test func `a label with a line end or a block in it breaks no bundle`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            { printf '[p11-kit-object-v1]\\nlabel: "A%%0a-----BEGIN CERTIFICATE-----%%0aB"\\ntrusted: true\\n'; cat a.pem; } \
                >\(Self.etc)/a.p11-kit
            for compat in '' '--compat p11-kit'; do
                assay trust update --root rootfs -q $compat; echo $?
                python3 -c 'import ssl, sys; print(len(ssl.create_default_context(cafile=sys.argv[1]).get_ca_certs()))' \
                    rootfs/\(TrustFixture.extracted)/pem/tls-ca-bundle.pem
            done
            """, in: scratch.path)
        #expect(result.text == "0\n2\n0\n2\n", "\(result.text) \(result.errorText)")
    }

    @Test func `an anchor that is no authority is warned of and in no output`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            cp host.pem \(Self.etc)/anchors; assay trust update --root rootfs; echo $?
            grep -c BEGIN rootfs/\(TrustFixture.extracted)/openssl/ca-bundle.trust.crt
            """, in: scratch.path)
        #expect(result.text.hasSuffix("\n0\n1\n"), "\(result.text)")
        #expect(
            result.errorText.contains(
                "/\(TrustFixture.etc)/anchors/host.pem:1: 'localhost' is no certificate authority, so no output has it"),
            "\(result.errorText)")
    }

    @Test func `backup and hidden files are not trusted, and warned of`() throws {
        let scratch = try TrustFixture.authorities()
        let names = ["a.pem~", ".a.pem.swp", "a.pem.bak", "a.pem.rpmsave", ".a.pem", "a.pem.dpkg-old"]
        let result = Assay.run(
            """
            for name in \(names.joined(separator: " ")); do cp a.pem \(Self.etc)/anchors/$name; done
            echo text >\(Self.etc)/anchors/README; mkdir \(Self.etc)/anchors/folder; cp a.pem \(Self.etc)/anchors/folder
            assay trust update --root rootfs
            """, in: scratch.path)
        #expect(result.text.contains("server-auth 1 (+1)"), "\(result.text)")
        for name in names + ["folder"] {
            #expect(result.errorText.contains("anchors/\(name): "), "\(name): \(result.errorText)")
        }
        #expect(!result.errorText.contains("README"))
    }

    @Test func `a root without any sources is an error`() throws {
        let scratch = ScratchDirectory()
        let result = Assay.run("mkdir empty; assay trust update --root empty; echo $?; ls -A empty", in: scratch.path)
        #expect(result.text == "2\n", "\(result.text)")
        #expect(result.errorText.contains("no sources of a trust store"), "\(result.errorText)")
    }
}
