import AssayTestSupport
import Foundation
import Testing

/// The program under the names of those that it replaces.
@Suite(.enabled(if: TrustFixture.isPossible)) struct TrustOtherNamesTests {
    @Test func `as bundle2pem.sh it writes each certificate with its hash and touches nothing else`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            ln -s "$ASSAY" bundle2pem.sh; mkdir certs; echo mine >certs/mine.pem; ln -s mine.pem certs/0badc0de.0
            cat a.pem twin1.pem twin2.pem >certs/bundle.crt
            ./bundle2pem.sh certs/bundle.crt; echo $?
            for name in a twin1 twin2; do openssl verify -no-CAfile -no-CAstore -CApath certs $name.pem; done
            openssl verify -no-CAfile -no-CAstore -CApath certs host.pem
            ls certs/*.pem | wc -l; ls certs/*.[0-9] | wc -l; cat certs/mine.pem certs/0badc0de.0
            cat a.pem >certs/bundle.crt; ./bundle2pem.sh certs/bundle.crt certs; echo $?
            ls certs/*.pem | wc -l; ls certs/*.[0-9] | wc -l; cat certs/mine.pem
            ./bundle2pem.sh; echo $?; ./bundle2pem.sh missing certs; echo $?; ./bundle2pem.sh host.key certs; echo $?
            ls certs/*.pem | wc -l
            """, in: scratch.path)
        #expect(
            result.text == """
                0
                a.pem: OK
                twin1.pem: OK
                twin2.pem: OK
                host.pem: OK
                4
                4
                mine
                mine
                0
                2
                2
                mine
                64
                2
                2
                2

                """, "\(result.text) \(result.errorText)")
    }

    @Test func `as bundle2pem.sh it takes Azure Linux's bundle, all 235`() throws {
        let scratch = try TrustFixture.azureLinux()
        let result = Assay.run(
            """
            ln -s "$ASSAY" bundle2pem.sh; mkdir certs; assay trust export tls --root rootfs --output bundle.pem
            ./bundle2pem.sh bundle.pem certs; echo $?; ls certs/*.pem | wc -l; ls certs/*.[0-9] | wc -l
            """, in: scratch.path)
        #expect(result.text == "0\n235\n235\n", "\(result.text) \(result.errorText)")
    }

    /// The system's own store is never written by a test: only what fails before that, and another folder.
    @Test func `as update-ca-trust it takes that program's words`() throws {
        let scratch = ScratchDirectory()
        let result = Assay.run(
            """
            ln -s "$ASSAY" update-ca-trust
            ./update-ca-trust --help | head -1; ./update-ca-trust -o; echo $?; ./update-ca-trust --nonsense; echo $?
            """, in: scratch.path)
        #expect(result.text == "usage: update-ca-trust [extract] [-o DIR]\n64\n64\n", "\(result.text)")
    }

    @Test(.enabled(if: Assay.isRoot && shell("unshare -m true").status == 0))
    func `as update-ca-trust it writes the store of the system, and ends honestly`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            """
            ln -s "$ASSAY" update-ca-trust; cp -a /etc etc; rm -rf etc/pki; cp -R rootfs/etc/pki etc
            cat >inner <<'END'
            mount --bind etc /etc || exit 77
            for words in '' extract 'enable' 'whatever' '-o store'; do ./update-ca-trust $words; echo $?; done
            grep -c BEGIN /\(TrustFixture.extracted)/pem/tls-ca-bundle.pem; grep -c BEGIN store/pem/tls-ca-bundle.pem
            echo garbage >/\(TrustFixture.etc)/anchors/x.pem; ./update-ca-trust; echo $?
            END
            unshare -m --propagation private sh ./inner
            """, in: scratch.path)
        // Containers may forbid mounts.
        guard result.status != 77 else { return }
        #expect(result.text == "0\n0\n0\n0\n0\n1\n1\n2\n", "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains("'whatever'"), "\(result.errorText)")
    }
}
