import AssayOpenPGP
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

/// Keys that GnuPG makes at the time of the test, dated 2020, in a directory of their own.
struct KeyFixture: Sendable {
    /// Made once for all tests of the folder.
    static let shared = KeyFixture()

    /// 2021-06-01, when the fixtures are judged: the key `expired` is.
    static let now: Int64 = 1_622_505_600

    let scratch = ScratchDirectory()
    let result: ShellResult

    private init() {
        result = shell(
            #"""
            set -e
            \#(GnuPG.home)
            new() { at 20200101 --quick-gen-key "$1" ed25519 "${2:-sign}" never; }
            new good; new other; new only-certifies cert; new expired; new revoked
            at 20200101 --quick-add-key $(fingerprint other) ed25519 sign never
            gpg --export revoked > revoked-before.pgp
            gpg --faked-system-time 20200101T000100! --quick-set-expire $(fingerprint expired) 1y
            printf 'y\n1\n\ny\n' | at 20200601 --no-batch --command-fd 0 -o revoked.rev --gen-revoke revoked
            gpg --import revoked.rev
            for k in good other only-certifies expired revoked; do
                gpg --export $k > $k.pgp; gpg --armor --export $k > $k.asc; fingerprint $k | tr A-F a-f > $k.fpr
            done
            gpg --list-keys --with-colons other | awk -F: '/^fpr/{n = $10} END{print n}' > other-subkey.fpr
            gpg --export > all.pgp; gpg --armor --export > all.asc
            cat good.asc other.asc > blocks.asc
            gpg --armor --export-secret-keys good > secret.asc
            printf 'text\n' > doc; gpg --clearsign -u good -o doc.asc doc
            gpgconf --kill gpg-agent
            """#, in: scratch.path)
    }

    /// The bytes of a file of the directory.
    func bytes(_ name: String) throws -> [UInt8] {
        let data = try? Data(contentsOf: URL(fileURLWithPath: scratch.path + "/" + name))
        return Array(try #require(data, "GnuPG made no '\(name)': \(result.errorText.suffix(2000))"))
    }

    /// The fingerprint of the key `name`, lower-case hexadecimal.
    func fingerprint(_ name: String) throws -> String {
        String(decoding: try bytes(name + ".fpr").filter { $0 != 0x0A }, as: UTF8.self)
    }

    /// The certificate of the key `name`.
    func certificate(_ name: String) throws -> OpenPGPCertificate {
        try #require(try OpenPGPCertificate.parse(bytes(name + ".pgp")).first)
    }
}

/// A store in a directory of its own.
struct StoreFixture {
    let scratch = ScratchDirectory()
    let keys = KeyFixture.shared

    var directory: String { scratch.path + "/keys" }
    var store: KeyStore { KeyStore(directories: [directory], hasBuiltInKeys: false) }

    /// Pins the key `name` of the fixture.
    @discardableResult
    func add(
        _ name: String, from file: String? = nil, source: String = "ours", fileNames: [String] = [],
        isForced: Bool = false
    ) throws -> PinnedKey {
        try store.add(
            keys.bytes(file ?? name + ".pgp"), fingerprint: keys.fingerprint(name), source: source,
            fileNames: fileNames, to: directory, at: KeyFixture.now, isForced: isForced)
    }

    /// Writes a file of the store that only its owner may write to.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        try scratch.write("keys/" + name, bytes)
        _ = shell("chmod -R go-w keys", in: scratch.path)
    }

    /// The names below the directory.
    var names: [String] {
        shell("find . -type f | sort", in: directory).text.split(separator: "\n").map { String($0.dropFirst(2)) }
    }
}

/// The bytes of a file of `Tests/Vectors/OpenPGP`.
func vector(_ name: String) throws -> [UInt8] {
    let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: tests.appendingPathComponent("Vectors/OpenPGP/" + name)))
}

/// What `body` throws for the user, with the hint behind a line break; empty when it throws nothing.
func refusal(_ body: () throws -> some Any) -> String {
    do {
        _ = try body()
        return ""
    } catch let error as VerificationError {
        return error.description + (error.hint.map { "\n" + $0 } ?? "")
    } catch {
        return "\(error)"
    }
}
