import AssayFacts
import AssayOpenPGP
import AssayTestSupport
import AssayVerification
import Foundation
import Synchronization
import Testing

/// Keys that GnuPG makes once, dated 2020, and folders in which scripts sign lists with them.
struct ChecksumFixture: Sendable {
    /// Made once for all tests of lists.
    static let shared = ChecksumFixture()

    /// 2021-06-01, when everything is judged.
    static let now: Int64 = 1_622_505_600

    private let home = ScratchDirectory()
    private let result: ShellResult

    private init() {
        result = shell(
            #"""
            set -e
            \#(GnuPG.home)
            for k in vendor second other revoked expired; do at 20200101 --quick-gen-key $k ed25519 sign never; done
            printf 'y\n1\n\ny\n' | at 20200601 --no-batch --command-fd 0 -o revocation --gen-revoke revoked
            cp -a home unexpired-home
            gpg --faked-system-time 20200101T000100! --quick-set-expire $(fingerprint expired) 1y
            gpg --export vendor > vendor.pub; gpg --export second > second.pub
            gpg --export other > other.pub; gpg --export expired > expired.pub
            cp -a home revoked-home
            GNUPGHOME="$PWD/revoked-home" gpg --import revocation
            GNUPGHOME="$PWD/revoked-home" gpg --export revoked > revoked.pub
            """#, in: home.path)
    }

    /// A folder in which `script` has run.
    ///
    /// `sign KEY LIST [OPTION]…` and `clear KEY LIST` make signatures of 2020.
    func folder(_ script: String) -> ScratchDirectory {
        let folder = ScratchDirectory()
        let prelude = #"""
            set -e
            export GNUPGHOME="$1/home" KEYS="$1"
            at() { t=$1; shift; gpg --faked-system-time "${t}T000000!" "$@"; }
            sign() { k=$1 f=$2; shift 2; at 20200201 -u $k "$@" --detach-sign "$f"; }
            clear() { at 20200201 -u $1 --clearsign "$2"; }
            seq 1 20000 > image.img

            """#
        let ran = shell(prelude + script, in: folder.path, arguments: [home.path])
        if ran.status != 0 {
            Issue.record("the script ended with \(ran.status): \(ran.errorText) \(result.errorText)")
        }
        return folder
    }

    /// The certificates of these names, pinned.
    func keys(_ names: [String] = ["vendor"]) throws -> PinnedKeys {
        PinnedKeys(
            try names.flatMap { name in
                let data = try Data(contentsOf: URL(fileURLWithPath: "\(home.path)/\(name).pub"))
                return try OpenPGPCertificate.parse(Array(data)).map {
                    PinnedKey(source: name, origin: name, certificate: $0, fileNames: [])
                }
            })
    }

    /// The fingerprint of the certificate of this name.
    func fingerprint(_ name: String) throws -> String {
        try #require(keys([name]).keys.first).certificate.fingerprint.description
    }
}

/// What was announced and what was done.
final class ChecksumProgress: VerificationProgress {
    private let counts = Mutex((expected: UInt64(0), done: UInt64(0)))

    var expected: UInt64 { counts.withLock { $0.expected } }
    var done: UInt64 { counts.withLock { $0.done } }

    func expect(_ count: UInt64) { counts.withLock { $0.expected += count } }
    func advance(by count: Int) { counts.withLock { $0.done += UInt64(count) } }
}

/// Examines files of `folder`, with one key unless others are given.
func examineChecksums(
    _ folder: ScratchDirectory, _ names: [String] = ["image.img"], _ request: ChecksumRequest = ChecksumRequest(),
    keys: [String] = ["vendor"], threads: Int = 2
) async throws -> Examination {
    let context = VerificationContext(
        keys: try keys.isEmpty ? PinnedKeys() : ChecksumFixture.shared.keys(keys), time: ChecksumFixture.now,
        threads: threads, progress: ChecksumProgress())
    let files = try names.map { try SubjectFile(path: folder.path + "/" + $0) }
    return try await ChecksumExamination.examine(files, request, context)
}

extension Examination {
    /// The one link of each voucher of the first file.
    var links: [LinkFacts] { files.first?.vouchers.compactMap(\.links.first) ?? [] }

    /// The signatures of the document of the first file's first voucher.
    var signatures: [SignatureFacts] {
        guard let index = files.first?.vouchers.first?.document else { return [] }
        return documents[index].signatures
    }
}
