import AssayFacts
import AssayOpenPGP
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

/// A repository and apt's lists of it, made by dpkg-deb and gpg at the time of the test and signed in January 2025.
struct DebianFixture: Sendable {
    /// Made once for all tests.
    static let shared = DebianFixture()
    /// 2025-02-01, when the fixtures are judged.
    static let now: Int64 = 1_738_368_000
    static let tools = ["gpg", "dpkg-deb", "lz4", "xz", "zstd", "gzip"]
    static var isPossible: Bool { tools.allSatisfy(isAvailable) }

    /// Functions for scripts that run in a copy of the repository.
    static let functions = #"""
        set -e
        export GNUPGHOME="$1/home" LC_ALL=C
        sign() { gpg --faked-system-time 20250102T000000! -u "$@"; }
        index() {
            for f in $(find pool -name '*.deb' | sort); do
                dpkg-deb -f $f; printf 'Filename: %s\nSize: %s\nSHA256: %s\n\n' $f $(stat -c %s $f) $(sha256sum < $f | cut -d' ' -f1)
            done
        }
        suite=dists/stable; packages=$suite/main/binary-amd64/Packages
        list() {
            echo "$1:"; (cd $suite; for f in main/binary-amd64/*; do
                printf ' %s %s %s\n' $($2 < $f | cut -d' ' -f1) $(stat -c %s $f) $f; done)
        }
        release() {
            printf 'Origin: Assay\nSuite: stable\nCodename: rocky\nDate: Wed, 01 Jan 2025 00:00:00 UTC\n'
            printf 'Valid-Until: %s\nArchitectures: amd64\nComponents: main\n' "${until:-Sat, 01 Mar 2025 00:00:00 UTC}"
            for l in ${digests:-SHA256:sha256sum}; do list ${l%:*} ${l#*:}; done
        }
        resign() {
            rm -f $suite/InRelease $suite/Release*
            release > $suite/Release
            sign ${key:-archive} -o $suite/Release.gpg --detach-sign $suite/Release
            sign ${key:-archive} -o $suite/InRelease --clearsign $suite/Release
        }
        flip() { # FILE OFFSET: another byte there
            b=$(od -An -tu1 -j$2 -N1 $1 | tr -d ' '); printf "\\$(printf %o $((b ^ 1)))" | dd of=$1 bs=1 seek=$2 conv=notrunc status=none
        }
        alpha=pool/main/a/alpha_1.0-1_amd64.deb; beta=pool/main/b/beta_2.0_all.deb
        """#

    let scratch = ScratchDirectory()
    let result: ShellResult

    private init() {
        let make = #"""
            mkdir -m 700 home
            printf 'batch\nno-tty\nquiet\nyes\npinentry-mode loopback\npassphrase ""\n' > home/gpg.conf
            for k in archive other; do
                gpg --faked-system-time 20250101T000000! --quick-gen-key $k ed25519 sign never; gpg --export $k > $k.gpg
            done
            gpg --armor --export archive > archive.asc
            mkdir -p repo; cd repo
            package() { # NAME VERSION ARCHITECTURE COMPRESSION PATH
                rm -rf ../p; mkdir -p ../p/DEBIAN ../p/usr/share/$1 $(dirname $5)
                printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: A <a@example.org>\nDescription: %s\n' \
                    $1 $2 $3 $1 > ../p/DEBIAN/control
                echo "content of $1" > ../p/usr/share/$1/file
                SOURCE_DATE_EPOCH=1735689600 dpkg-deb --root-owner-group -Z$4 --uniform-compression -b ../p $5 > /dev/null
            }
            package alpha 1:1.0-1 amd64 xz $alpha
            package beta 2.0 all gzip $beta
            package gamma 3.0 amd64 zstd pool/main/g/gamma_3.0_amd64.deb
            package delta 4.0 amd64 none pool/main/d/delta_4.0_amd64.deb
            mkdir -p ../unlisted; package alpha 1:1.0-2 amd64 xz ../unlisted/alpha_1.0-2_amd64.deb
            mkdir -p $suite/main/binary-amd64; index > $packages
            printf 'Archive: stable\n' > $suite/main/binary-amd64/Release
            gzip -nk $packages; xz -k $packages; resign
            cd ..; mkdir lists; p=lists/example.org_debian_dists_stable
            cp repo/$suite/InRelease ${p}_InRelease; mkdir lists/partial; touch lists/lock
            cp repo/$packages ${p}_main_binary-amd64_Packages
            gpgconf --kill gpg-agent
            """#
        result = shell(Self.functions + "\n" + make, in: scratch.path, arguments: [scratch.path])
        if result.status != 0 { Issue.record("no fixture: \(result.errorText.suffix(2000))") }
    }

    var path: String { scratch.path }

    /// The context that accepts the certificate of `key`.
    static func context(key: String = "archive", at time: Int64 = now, threads: Int = 2) throws -> VerificationContext {
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(shared.path)/\(key).gpg")))
        let keys = try OpenPGPCertificate.parse(bytes).map {
            PinnedKey(source: key, origin: "test", certificate: $0, fileNames: [])
        }
        return VerificationContext(keys: PinnedKeys(keys), time: time, threads: threads, progress: DebianProgress())
    }

    /// A copy of the fixture's folder `name`, changed by `script`.
    func copy(_ name: String, _ script: String = "") throws -> ScratchDirectory {
        let copy = ScratchDirectory()
        let made = shell(
            "cp -a \"$2\" copy; cd copy\n" + Self.functions + "\n" + script, in: copy.path,
            arguments: [path, "\(path)/\(name)"])
        try #require(made.status == 0, "\(made.errorText)")
        return copy
    }
}

/// Counts what is promised and what is done.
final class DebianProgress: VerificationProgress {
    private let lock = NSLock()
    nonisolated(unsafe) private var counts = (expected: UInt64(0), done: UInt64(0))

    func expect(_ count: UInt64) { lock.withLock { unsafe counts.expected += count } }
    func advance(by count: Int) { lock.withLock { unsafe counts.done += UInt64(count) } }
    var isComplete: Bool { lock.withLock { unsafe counts.expected == counts.done } }
}

extension Examination {
    private static func base(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// What is wrong, a line each, sorted: what a refusal would name.
    var complaints: [String] {
        var result: Set<String> = []
        for document in documents
        where !document.signatures.contains(where: { $0.check == .valid && $0.faults.isEmpty }) {
            let found =
                document.signatures.map(\.check.rawValue)
                + document.searched.filter { $0.result != .found }.map(\.result.rawValue)
            result.insert("\(Self.base(document.name)) signature: \(found.joined(separator: ", "))")
        }
        for file in files {
            let base = Self.base(file.name)
            if let problem = file.problem {
                result.insert("\(base): \(problem.isMalformed ? "malformed" : "unreadable")")
            }
            for contradiction in file.package?.contradictions ?? [] { result.insert("\(base): \(contradiction)") }
            if file.vouchers.isEmpty, file.problem == nil { result.insert("\(base): nothing vouches") }
            for voucher in file.vouchers {
                for link in voucher.links {
                    let name = "\(Self.base(link.file)) by \(Self.base(link.statedBy.path))"
                    if let fault = link.fault {
                        result.insert("\(name): \(fault.rawValue)")
                    } else if link.expectedSize != link.size {
                        result.insert("\(name): size")
                    } else if link.expected == nil || link.expected != link.computed {
                        result.insert("\(name): digest")
                    }
                }
                let isBroken = voucher.links.contains { $0.fault != nil }
                if voucher.document == nil, !isBroken { result.insert("\(base): no document") }
            }
        }
        return result.sorted()
    }

    func file(_ name: String) throws -> VouchedFileFacts {
        try #require(files.first { Self.base($0.name) == name }, "\(files.map(\.name))")
    }
}
