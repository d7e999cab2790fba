import AssayTestSupport
import Foundation
import Testing

@Suite(.enabled(if: VerifyFixture.isPossible && isAvailable("rpmkeys"))) struct SignCommandTests {
    /// Runs `script` with functions for what rpm says and for the parts that must not change.
    private func run(_ script: String, in scratch: ScratchDirectory) -> ShellResult {
        VerifyFixture.run(
            """
            rpm_accepts() { mkdir -p db; rpmkeys --dbpath "$PWD/db" --import "$2" &&
                rpmkeys --dbpath "$PWD/db" -K --define '_pkgverify_level signature' "$1" >rpm.log 2>&1; }
            same_parts() { python3 - "$1" "$2" <<'END'
            import struct, sys
            def body(path):
                data = open(path, "rb").read()
                count, size = struct.unpack(">II", data[104:112])
                return data[(112 + 16 * count + size + 7) // 8 * 8:]
            sys.exit(body(sys.argv[1]) != body(sys.argv[2]))
            END
            }
            cp '\(VerifyFixture.vectors)/test-1.0.0.x86_64.rpm' test.rpm
            cp '\(VerifyFixture.vectors)'/v6-unsigned-*.rpm v6.rpm; mkdir work
            printf '#!/bin/sh\\ncase "$*" in *--detach-sign*) touch started; sleep 5;; esac\\nexec %s "$@"\\n' \
                "$(command -v gpg)" >slow

            """ + script, in: scratch)
    }

    @Test(arguments: ["hello", "test", "v6"], ["v", "r"])
    func `a signed package verifies, with header and payload as they were`(package: String, key: String) throws {
        let result = run(
            """
            cp \(package).rpm work/a.rpm; chmod 640 work/a.rpm
            assay sign rpm work/a.rpm --key $(cat \(key).fpr); echo $?
            same_parts \(package).rpm work/a.rpm && assay verify work/a.rpm --key \(key).asc >out; echo $?
            assay verify work/a.rpm --key o.asc >out; echo $?
            [ \(package) = v6 ] || rpm_accepts work/a.rpm \(key).asc; echo $?
            ls -A work; stat -c %a work/a.rpm
            """, in: try VerifyFixture.folder())
        #expect(result.text.hasSuffix("0\n0\n1\n0\na.rpm\n640\n"), "\(result.text) \(result.errorText)")
    }

    @Test func `a new signature takes the place of the old ones`() throws {
        let result = run(
            """
            cp hello.rpm work/a.rpm
            for key in v r v; do assay sign rpm work/a.rpm --key $(cat $key.fpr) -q || echo failed; done
            same_parts hello.rpm work/a.rpm && rpm_accepts work/a.rpm v.asc; echo $?
            assay verify work/a.rpm --key v.asc >out; echo $?; assay verify work/a.rpm --key r.asc >out; echo $?
            rpm -qp --qf '%{RSAHEADER:pgpsig}|%{SIGPGP:pgpsig}|%{SIGGPG:pgpsig}' work/a.rpm 2>log
            """, in: try VerifyFixture.folder())
        #expect(result.text == "0\n0\n1\n(none)|(none)|(none)", "\(result.text) \(result.errorText)")
    }

    @Test(.enabled(if: shell("sq --version").text.hasPrefix("sq 0.")))
    func `sq signs with a key of its own`() throws {
        let result = run(
            """
            gpg --batch --export-secret-keys v@ex >secret.pgp; sq key generate --export own.pgp -u s@ex >log 2>&1
            sq key extract-cert -o own.asc own.pgp; cp hello.rpm work/a.rpm; cp hello.rpm work/b.rpm
            assay sign rpm work/a.rpm --with sq --key secret.pgp --certificate v.asc -q; rpm_accepts work/a.rpm v.asc
            echo $?; same_parts hello.rpm work/a.rpm; echo $?
            assay sign rpm work/b.rpm --with sq --key own.pgp --certificate own.asc -q
            assay verify work/b.rpm --key own.asc >out; echo $?; cp work/b.rpm keep
            assay sign rpm work/b.rpm --with sq --key own.pgp --certificate o.asc; echo $?; cmp work/b.rpm keep
            assay sign rpm work/b.rpm --with sq --key own.pgp; echo $?; ls -A work
            """, in: try VerifyFixture.folder())
        #expect(result.text.hasPrefix("0\n0\n0\n2\n"), "\(result.text) \(result.errorText)")
        #expect(result.text.hasSuffix("a.rpm\nb.rpm\n"))
        #expect(result.errorText.contains("--certificate"))
    }

    @Test(
        arguments: [
            ("a byte of the payload", "flip work/a.rpm -9", "--key $(cat v.fpr)", "not signed"),
            ("a byte of the header", "flip work/a.rpm 5000", "--key $(cat v.fpr)", "work/a.rpm"),
            ("a cut package", "truncate -s -1 work/a.rpm", "--key $(cat v.fpr)", "not signed"),
            ("no package", "echo text >work/a.rpm", "--key $(cat v.fpr)", "no package"),
            ("a key that is not there", ":", "--key 0000000000000000000000000000000000000000", "gpg has no key"),
            ("no fingerprint", ":", "--key v@ex", "no fingerprint"),
            ("a wrong certificate", ":", "--key $(cat v.fpr) --certificate o.asc", "certificate"),
            ("a key without its secret part", "rm g/private-keys-v1.d/*", "--key $(cat v.fpr)", "gpg"),
        ])
    func `what cannot be signed stays as it was, to the byte`(
        _: String, change: String, words: String, reason: String
    ) throws {
        let result = run(
            """
            cp hello.rpm work/a.rpm; \(change); cp work/a.rpm keep
            assay sign rpm work/a.rpm \(words); echo $?; cmp work/a.rpm keep && ls -A work
            """, in: try VerifyFixture.folder())
        #expect(result.text == "2\na.rpm\n", "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains(reason), "\(result.errorText)")
    }

    @Test(arguments: ["INT", "TERM"])
    func `an interrupt leaves the package and nothing else`(_ signal: String) throws {
        let result = run(
            """
            mkdir bin; cp hello.rpm work/a.rpm
            cp slow bin/gpg; chmod +x bin/gpg
            python3 - "$ASSAY" <<'END'
            import os, signal, subprocess, sys, time
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            environment = dict(os.environ, PATH=os.getcwd() + "/bin:" + os.environ["PATH"])
            child = subprocess.Popen([sys.argv[1], "sign", "rpm", "work/a.rpm", "--key", open("v.fpr").read().strip()],
                                     env=environment)
            for _ in range(200):
                time.sleep(0.05)
                if os.path.exists("started"): break
            child.send_signal(signal.SIG\(signal)); print(child.wait(timeout=30) != 0)
            END
            ls -A work; cmp hello.rpm work/a.rpm && echo same
            """, in: try VerifyFixture.folder())
        #expect(result.text == "True\na.rpm\nsame\n", "\(result.text) \(result.errorText)")
    }

    @Test func `whoever types a passphrase slowly, or builds as of another day, can sign`() throws {
        let result = run(
            """
            mkdir bin; cp hello.rpm work/a.rpm; cp hello.rpm work/b.rpm; sed 's/sleep 5/sleep 2/' slow >bin/gpg
            chmod +x bin/gpg; export PATH="$PWD/bin:$PATH"
            assay sign rpm work/a.rpm work/b.rpm --key $(cat v.fpr) -q; echo $?
            SOURCE_DATE_EPOCH=1700000000 assay sign checksums iso/SHA256SUMS --key $(cat v.fpr) -q; echo $?
            """, in: try VerifyFixture.folder())
        #expect(result.text == "0\n0\n", "\(result.errorText)")
    }

    @Test(.enabled(if: isAvailable("gpgv") && isAvailable("sqv")))
    func `others accept the signature of a list`() throws {
        let result = run(
            """
            cd iso; rm SHA256SUMS.gpg; cp SHA256SUMS keep; assay sign checksums SHA256SUMS --key $(cat ../r.fpr) -q
            gpg --dearmor <../r.asc >../r.gpg
            gpgv -q --keyring ../r.gpg SHA256SUMS.asc SHA256SUMS 2>log; echo $?
            sqv --keyring ../r.asc SHA256SUMS.asc SHA256SUMS >out; echo $?; cmp SHA256SUMS keep
            assay verify azl-3.0-aarch64.iso --key ../r.asc >out; echo $?
            assay sign checksums SHA256SUMS --key $(cat ../r.fpr) --output other.sig -q; head -1 other.sig; ls -A | grep assay
            """, in: try VerifyFixture.folder())
        #expect(result.text == "0\n0\n0\n-----BEGIN PGP SIGNATURE-----\n", "\(result.text) \(result.errorText)")
    }

    @Test(
        arguments: [
            ("hello.spec", "", "no list of checksums"), ("iso/azl-3.0-aarch64.iso", "", "no list of checksums"),
            ("empty", "", "lists nothing"), ("junk", "", "line 4"), ("missing", "", "missing"),
            ("iso/SHA256SUMS", "--output iso/SHA256SUMS", "replace the list"),
            ("deb/dists/stable/InRelease", "", "signed in itself"),
        ])
    func `what is no list of checksums is not signed as one`(list: String, words: String, reason: String) throws {
        let result = run(
            """
            : >empty; { cat iso/SHA256SUMS; echo junk; } >junk
            files() { find . -path ./g -prune -o -print | sort; }; before=$(files)
            assay sign checksums \(list) --key $(cat v.fpr) \(words); echo $?; [ "$before" = "$(files)" ] && echo same
            """, in: try VerifyFixture.folder())
        #expect(["2\nsame\n", "64\nsame\n"].contains(result.text), "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains(reason), "\(result.errorText)")
    }
}
