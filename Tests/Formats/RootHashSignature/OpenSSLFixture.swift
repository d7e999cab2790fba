import AssayRootHashSignature
import AssayTestSupport
import Foundation
import Testing

/// Keys, certificates and signatures that OpenSSL makes at the time of the test, in a directory of their own.
struct OpenSSLFixture: Sendable {
    /// SHA-256 of nothing that matters; with letters, so that upper case differs.
    static let rootHashText = "9de18652fe74edfb9b805aaed72ae2aa48f94333f1ba5c452ac33b1c39325174"

    /// The names of keys that may sign.
    static let goodKeys = ["rsa2048", "rsa4096", "p256", "p384", "p521"]

    /// Made once for all tests of the target.
    static let shared = OpenSSLFixture()

    let scratch = ScratchDirectory()

    private init() {
        shell(
            """
            set -e
            make() { name=$1; shift; openssl req -x509 -nodes -keyout $name.key -out $name.pem \
                -subj "/O=Assay/CN=$name" -days 30 "$@"; }
            make rsa1024 -newkey rsa:1024
            make rsa4096 -newkey rsa:4096 &
            make rsa2048 -newkey rsa:2048
            make p256 -newkey ec -pkeyopt ec_paramgen_curve:P-256
            make other -newkey ec -pkeyopt ec_paramgen_curve:P-256
            make p384 -newkey ec -pkeyopt ec_paramgen_curve:P-384
            make p521 -newkey ec -pkeyopt ec_paramgen_curve:P-521
            make secp256k1 -newkey ec -pkeyopt ec_paramgen_curve:secp256k1
            make ed25519 -newkey ed25519
            make usage -newkey ec -pkeyopt ec_paramgen_curve:P-256 -addext keyUsage=critical,keyCertSign
            openssl req -x509 -key rsa2048.key -out pss.pem -subj /O=Assay/CN=pss -days 30 \
                -sigopt rsa_padding_mode:pss
            openssl req -x509 -key p256.key -out renewed.pem -subj /O=Assay/CN=p256 -days 60
            wait
            printf %s \(OpenSSLFixture.rootHashText) > hash
            """, in: scratch.path)
    }

    /// The root hash that is signed.
    func rootHash() throws -> RootHash { try RootHash(Self.rootHashText) }

    /// The bytes of a file of the directory.
    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/" + name)))
    }

    /// The certificate of the key `name`.
    func certificate(_ name: String) throws -> SignerCertificate {
        try #require(try SignerCertificate.certificates(in: bytes(name + ".pem")).first)
    }

    /// A time at which the certificate of the key `name` is valid.
    func time(_ name: String) throws -> Int64 { try #require(try certificate(name).notBefore) + 60 }

    /// Runs `script` in the directory; it must succeed.
    @discardableResult
    func run(_ script: String, _ arguments: [String] = []) throws -> ShellResult {
        let result = shell("set -e; " + script, in: scratch.path, arguments: arguments)
        guard result.status == 0 else { throw FixtureError(message: "\(script): \(result.errorText)") }
        return result
    }

    /// Signs with OpenSSL and gives what it wrote.
    ///
    /// - Parameters:
    ///   - key: the name of the key.
    ///   - program: `smime` or `cms`.
    ///   - options: further options.
    ///   - input: the file that is signed.
    /// - Returns: the bytes of the signature.
    /// - Throws: when OpenSSL fails.
    func sign(
        _ key: String, _ program: String = "smime", options: String = "-nocerts -noattr -outform der -md sha256",
        input: String = "hash"
    ) throws -> [UInt8] {
        let output = UUID().uuidString
        try run(
            "openssl \(program) -sign -binary -in \(input) -inkey \(key).key -signer \(key).pem \(options) -out \(output)"
        )
        return try bytes(output)
    }

    /// The verdict about `der` with the certificate of `key`, at a time at which it is valid.
    func verdict(_ der: [UInt8], _ key: String) throws -> RootHashSignatureVerdict {
        try RootHashSignature(der: der).verify(
            rootHash: rootHash(), certificates: [certificate(key)], validity: .required(at: time(key)))
    }
}

/// A command of the fixture failed.
struct FixtureError: Error {
    let message: String
}

extension RootHashSignatureVerdict {
    /// The verified signature.
    var verified: VerifiedRootHashSignature? {
        if case .verified(let signature) = self { return signature }
        return nil
    }

    /// The codes of the faults.
    var codes: [RootHashSignatureFault.Code] {
        if case .refused(let faults) = self { return faults.map(\.code) }
        return []
    }
}

/// The code of the fault that `body` throws.
func code(_ body: () throws -> Void) -> RootHashSignatureFault.Code? {
    do {
        try body()
        return nil
    } catch let fault as RootHashSignatureFault {
        return fault.code
    } catch {
        Issue.record(error)
        return nil
    }
}
