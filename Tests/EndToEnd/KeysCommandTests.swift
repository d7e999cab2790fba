import AssayTestSupport
import Foundation
import Testing

@Suite(.enabled(if: VerifyFixture.isPossible)) struct KeysCommandTests {
    private func run(_ script: String, in scratch: ScratchDirectory) -> ShellResult {
        VerifyFixture.run("keys() { assay keys \"$@\" --keys K; }\n" + script, in: scratch)
    }

    @Test func `without a fingerprint nothing is pinned, and the next command is told`() throws {
        let scratch = try VerifyFixture.folder()
        let result = run("keys add v.asc --source vendor; echo $?; ls K 2>/dev/null", in: scratch)
        let fingerprint = try fingerprint("v", in: scratch)
        #expect(result.text.hasSuffix("\n64\n"), "\(result.text)")
        #expect(result.text.contains("Key v <v@ex>") && result.text.contains(fingerprint))
        let hint = try #require(result.errorText.firstRange(of: "assay keys add v.asc --source vendor"))
        #expect(result.errorText[hint.lowerBound...].contains("--fingerprint \(fingerprint)"), "\(result.errorText)")
    }

    @Test func `the command that is told pins the key`() throws {
        let scratch = try VerifyFixture.folder()
        let result = VerifyFixture.run(
            """
            assay keys add v.asc --source vendor --keys K 2>errors >out
            eval "$(grep -o 'assay keys add.*' errors | head -1 | sed 's/$/ --keys K/')" >out
            assay keys show vendor --keys K
            """, in: scratch)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.text.contains(try fingerprint("v", in: scratch)))
    }

    @Test(
        arguments: [
            ("v.asc --source vendor --fingerprint $(cat o.fpr)", "no certificate"),
            ("v.asc --source vendor --fingerprint DEADBEEF", "40"),
            ("v.asc --source 'a vendor' --fingerprint $(cat v.fpr)", "a to z"),
            ("v.asc --source ../vendor --fingerprint $(cat v.fpr)", "a to z"),
            ("hello.spec --source vendor --fingerprint $(cat v.fpr)", "no certificate"),
            ("missing --source vendor --fingerprint $(cat v.fpr)", "missing"),
            ("secret.asc --source vendor --fingerprint $(cat v.fpr)", "secret"),
        ])
    func `what is not the named certificate is not pinned`(words: String, reason: String) throws {
        let scratch = try VerifyFixture.folder()
        let result = run(
            "gpg --batch --export-secret-keys v@ex >secret.asc; keys add \(words); echo $?; find K -type f 2>/dev/null",
            in: scratch)
        #expect(["1\n", "2\n", "64\n"].contains(result.text), "\(result.text)")
        #expect(result.errorText.contains(reason), "\(result.errorText)")
    }

    @Test func `a revoked key is pinned only by force`() throws {
        let scratch = try VerifyFixture.folder()
        let result = run(
            """
            sed 's/^:-----/-----/' g/openpgp-revocs.d/$(cat o.fpr).rev | gpg -q --batch --import 2>log
            gpg --export o@ex >o.pgp
            keys add o.pgp --source vendor --fingerprint $(cat o.fpr) >out; echo $?
            keys add o.pgp --source vendor --fingerprint $(cat o.fpr) --force >out; echo $?; grep REVOKED out
            """, in: scratch)
        #expect(result.text.hasPrefix("2\n0\n"), "\(result.text) \(result.errorText)")
        #expect(result.text.contains("REVOKED"))
    }

    @Test func `a key vouches only for its source and for that source's names`() throws {
        let scratch = try VerifyFixture.folder()
        let result = run(
            """
            rm iso/*2.0* iso/*x86*; cp -r iso other; mv other/*.iso other/my-3.0-aarch64.iso; sign_list o other
            cp -r iso stolen; sign_list o stolen
            keys add v.asc --source vendor --file-name 'azl-*.iso' --fingerprint $(cat v.fpr) -q
            keys add o.asc --source other --fingerprint $(cat o.fpr) -q
            check() { assay verify "$@" --keys K --format json >r.json; echo $?; }
            check iso/*.iso; check iso/*.iso --source vendor; check iso/*.iso --source other
            check other/*.iso; check other/*.iso --source other
            check stolen/*.iso; grep -o 'other-source' r.json | head -1
            check stolen/*.iso --source vendor; check stolen/*.iso --source other
            """, in: scratch)
        #expect(result.text == "0\n0\n1\n0\n0\n1\nother-source\n1\n0\n", "\(result.text) \(result.errorText)")
    }

    @Test func `keys are listed as text and JSON, shown, and removed`() throws {
        let scratch = try VerifyFixture.folder()
        let result = run(
            """
            keys add v.asc --source vendor --file-name 'azl-*.iso' --fingerprint $(cat v.fpr) -q
            keys add r.asc --source vendor --fingerprint "$(sed 's/..../& /g' r.fpr)" -q
            keys list --format json >list.json; echo $?
            python3 -c 'import json; print(*["{source} {algorithm} {fileNames}".format(**k) for k in json.load(open("list.json")) \
            if k["source"] == "vendor"], sep="\\n")' | sort
            keys list | grep -c '^azure-linux'
            keys show $(cat v.fpr) | head -1; keys show o.asc | head -1 | cut -d ' ' -f 1-2
            keys remove --source vendor --fingerprint $(cat v.fpr) -q; echo $?; keys list | grep -c '^vendor'
            keys remove --source vendor >out; echo $?; keys list | grep -c '^vendor'
            keys remove --source vendor; echo $?; keys show vendor; echo $?
            """, in: scratch)
        #expect(
            result.text == """
                0
                vendor ed25519 ['azl-*.iso']
                vendor rsa2048 ['azl-*.iso']
                2
                vendor  \(try fingerprint("v", in: scratch))
                not pinned
                0
                1
                0
                0
                2
                2

                """, "\(result.text) \(result.errorText)")
    }

    @Test func `a built-in key is not removed but disabled, and vouches no more`() throws {
        let scratch = try VerifyFixture.folder()
        let result = run(
            """
            key=2BC94FFF7015A5F28F1537AD0CD9FED33135CE90
            keys remove --source azure-linux --fingerprint $key; echo $?
            keys remove --source azure-linux --disable >out; echo $?
            keys remove --source azure-linux --disable --fingerprint $key >out; echo $?
            keys list | grep -ci $key; keys list >out; echo $?
            """, in: scratch)
        #expect(result.text == "2\n64\n0\n0\n0\n", "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains("built in"))
    }

    @Test func `a store that others may write to is not trusted`() throws {
        let scratch = try VerifyFixture.folder()
        let result = run(
            """
            keys add v.asc --source vendor --fingerprint $(cat v.fpr) -q; chmod 777 K/vendor
            keys list >out; echo $?; grep -c '^vendor' out; assay verify iso/azl-3.0-aarch64.iso --keys K >out; echo $?
            """, in: scratch)
        #expect(result.text == "2\n0\n1\n", "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains("K/vendor"), "\(result.errorText)")
    }

    private func fingerprint(_ key: String, in scratch: ScratchDirectory) throws -> String {
        try String(contentsOfFile: scratch.path + "/\(key).fpr", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    }
}
