import AssayOpenPGP
import AssayTestSupport
import Foundation
import Testing

/// Keys, documents and signatures that GnuPG makes at the time of the test, dated 2020, in a directory of their own.
struct GPGFixture: Sendable {
    /// Made once for all tests of the target.
    static let shared = GPGFixture()

    /// 2021-06-01, when the fixtures are judged: the key `expired` is, and everything but `future.sig` is in the past.
    static let now: Int64 = 1_622_505_600

    let scratch = ScratchDirectory()
    let result: ShellResult

    private init() {
        result = shell(
            #"""
            set -e
            \#(GnuPG.home)
            sign() { t=$1 key=$2 name=$3; shift 3; at $t -u "$key" -o "$name" "$@" --detach-sign doc; }
            new() { at 20200101 --quick-gen-key "$1" "${2:-ed25519}" "${3:-sign}" never; }
            printf 'one\ntwo \n- three\n\nFrom four\t\n' > doc
            printf 'other\n' > other
            sed 's/$/\r/' doc > doc.crlf
            for k in ed25519 rsa2048 nistp256 nistp384 nistp521 rsa1024 rsa4096; do
                new $k $k; sign 20200201 $k $k.sig; gpg --export $k > $k.pub
            done
            for h in SHA1 SHA224 SHA384 SHA512; do sign 20200201 rsa2048 $h.sig --digest-algo $h; done
            sign 20200201 ed25519 armor.sig --armor
            sign 20200201 ed25519 text.sig --textmode
            at 20200201 -u ed25519 -o clear.asc --clearsign doc
            at 20200201 -u ed25519 -o clear-crlf.asc --clearsign doc.crlf
            at 20200201 -u ed25519 -o inline.sig --sign doc
            sign 20200201 ed25519 expired-signature.sig --default-sig-expire 1d
            sign 21000101 ed25519 future.sig
            sign 20200201 ed25519 critical.sig --sig-notation '!x@example.org=1'
            cat ed25519.sig rsa2048.sig > two.sig
            new expired; sign 20200201 expired before-expiry.sig; sign 20220201 expired after-expiry.sig
            gpg --faked-system-time 20200101T000100! --quick-set-expire $(fingerprint expired) 1y
            gpg --export expired > expired.pub
            for r in 1:compromised 2:superseded; do
                n=${r#*:}; new $n; sign 20200201 $n $n-before.sig; sign 20200801 $n $n-after.sig
                printf 'y\n%s\n\ny\n' ${r%%:*} | at 20200601 --no-batch --command-fd 0 -o $n.rev --gen-revoke $n
                gpg --import $n.rev; gpg --export $n > $n.pub
            done
            new subkey ed25519 cert
            at 20200101 --quick-add-key $(fingerprint subkey) ed25519 sign never
            sign 20200201 subkey subkey.sig; gpg --export subkey > subkey.pub
            printf 'key 1\nrevkey\ny\n1\n\ny\nsave\n' | at 20200601 --no-batch --command-fd 0 --edit-key subkey
            gpg --export subkey > subkey-revoked.pub
            gpgconf --kill gpg-agent
            """#, in: scratch.path)
    }

    /// The bytes of a file of the directory.
    func bytes(_ name: String) throws -> [UInt8] {
        let url = URL(fileURLWithPath: scratch.path + "/" + name)
        guard let data = try? Data(contentsOf: url) else {
            Issue.record("GnuPG made no '\(name)': \(result.errorText.suffix(2000))")
            return []
        }
        return Array(data)
    }

    /// The certificates of a file of the directory.
    func certificates(_ name: String) throws -> [OpenPGPCertificate] { try OpenPGPCertificate.parse(bytes(name)) }
}
