import AssayTestSupport
import Foundation
import Testing

/// Systems with trust stores, in folders of the test's own.
enum TrustFixture {
    /// Where update-ca-trust's store lies.
    static let extracted = "etc/pki/ca-trust/extracted"
    /// The sources of the administrator.
    static let etc = "etc/pki/ca-trust/source"
    /// The sources of the distribution.
    static let usr = "usr/share/pki/ca-trust-source"

    private static let vectors = Assay.package + "/Tests/Vectors/truststore"

    /// The folder of docs/trust.md: `rootfs`, `old-rootfs` and certificates of each kind.
    static func examples() throws -> ScratchDirectory {
        let scratch = ScratchDirectory()
        try write(to: scratch)
        return scratch
    }

    /// Puts the files of the examples into a folder that may have a `rootfs`.
    static func write(to scratch: ScratchDirectory) throws {
        let result = shell(
            "rm -rf rootfs/etc/pki rootfs/usr/share/pki old-rootfs && cp -R \"$1\"/. . && mv rootfs/\(etc)/anchors/company.pem.backup rootfs/\(etc)/anchors/company.pem~",
            in: scratch.path, arguments: [vectors + "/examples"])
        try #require(result.status == 0, "\(result.errorText)")
    }

    /// Azure Linux's sources as `rootfs`.
    static func azureLinux() throws -> ScratchDirectory {
        let scratch = ScratchDirectory()
        let result = shell(
            "mkdir -p rootfs/\(usr) && cp \"$1\"/azurelinux/*.p11-kit rootfs/\(usr)", in: scratch.path,
            arguments: [vectors])
        try #require(result.status == 0, "\(result.errorText)")
        return scratch
    }

    /// Authorities `a`, `b`, `twin1` and `twin2` (of one name), a certificate of `a` for localhost, and a `rootfs` that
    /// trusts `b`.
    static func authorities() throws -> ScratchDirectory {
        try #require(made.status == 0, "\(made.errorText)")
        let scratch = ScratchDirectory()
        try #require(shell("cp -a \"$1\"/. .", in: scratch.path, arguments: [original.path]).status == 0)
        return scratch
    }

    static let isPossible = isAvailable("openssl")

    private static let original = ScratchDirectory()
    private static let made = shell(
        """
        set -e
        ca() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $1.key -out $1.pem -days 900 \
            -subj "$2" 2>/dev/null; }
        ca a '/O=Test/CN=Authority A'; ca b '/O=Test/CN=Authority B'; ca twin1 '/CN=Twin'; ca twin2 '/CN=Twin'
        printf 'subjectAltName=DNS:localhost\\nbasicConstraints=CA:FALSE\\nextendedKeyUsage=serverAuth\\n' >extensions
        printf 'authorityKeyIdentifier=keyid\\n' >>extensions
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout host.key -subj /CN=localhost \
            -out host.csr 2>/dev/null
        openssl x509 -req -in host.csr -CA a.pem -CAkey a.key -CAcreateserial -days 300 -extfile extensions \
            -out host.pem 2>/dev/null
        mkdir -p rootfs/\(etc)/anchors rootfs/\(etc)/blocklist rootfs/\(usr)/anchors rootfs/\(usr)/blocklist
        cp b.pem rootfs/\(etc)/anchors
        """, in: original.path)
}
