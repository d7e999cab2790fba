import AssayTestSupport
import Foundation
import Testing

/// An attack on what `assay verify` is asked for, or a genuine file.
struct VerifyAttack: Sendable, CustomTestStringConvertible {
    /// The kind of attack, as the first column of the table in docs/verify-attacks.md; 0 for what is genuine.
    let kind: Int
    let name: String
    /// Makes `LIST` and its signature `SIG` (empty for a clearsigned list) beside the image `ISO`, as POSIX shell.
    ///
    /// `H` is the image's digest, `DIGIT` another digit than its first, `B` another digest. It may choose `KEY` (the certificates for `--key`), `RING` (the keys that
    /// the other tools have), `OPTIONS` (more for Assay) and `CHECK` (the tool that compares digests).
    let script: String

    init(_ kind: Int, _ name: String, _ script: String) {
        self.kind = kind
        self.name = name
        self.script = script
    }

    var testDescription: String { "\(kind) \(name)" }

    static let all = listCases + signatureCases
}

/// What the tools said of one attack.
struct VerifyAttackResult: Sendable {
    /// The part of a report that the table is about.
    private struct Report: Decodable {
        let findings: [Finding]
    }

    struct Finding: Decodable, Sendable {
        let check: String
        let verdict: String
        let message: String

        var isObjection: Bool { verdict == "fail" || verdict == "unknown" }
    }

    /// The exit statuses, in the order of `VerifyAttackTable.tools`; empty when the attack could not be made.
    let statuses: [String]
    let findings: [Finding]
    /// What the scripts wrote to standard error.
    let log: String

    fileprivate init(folder: String, log: String) {
        func text(_ path: String) -> String {
            String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }
        statuses = text(folder + "/row").split(whereSeparator: \.isWhitespace).map(String.init)
        let report = FileManager.default.contents(atPath: folder + "/report.json") ?? Data()
        findings = (try? JSONDecoder().decode(Report.self, from: report))?.findings ?? []
        self.log = text(log) + text(folder + "/assay.log")
    }
}

/// All attacks, made and asked about once.
enum VerifyAttackFixture {
    static let isAvailable = ["gpg", "gpgsplit", "python3", "xorriso"].allSatisfy { AssayTestSupport.isAvailable($0) }

    /// The results in the order of `VerifyAttack.all`, and the log of the keys.
    static let results: (rows: [VerifyAttackResult], log: String) = {
        // Sockets of gpg-agent lie in it, so that the path must be short.
        let scratch = ScratchDirectory()
        try? scratch.write("functions", VerifyAttackKeys.functions)
        try? scratch.write(
            "case",
            """
            . ./functions; . ./variables
            ISO=vendor-1.0-x86_64.iso LIST=SHA256SUMS SIG=SHA256SUMS.gpg KEY=vendor OPTIONS= RING= CHECK=sha256sum
            H=$(sha256sum < x86.iso | cut -c1-64) B=$(printf %064d 7)
            case $H in 0*) DIGIT=1 ;; *) DIGIT=0 ;; esac
            mkdir $1; cd $1; cp ../x86.iso $ISO
            set -e
            . ../scripts/$1
            set +e
            measure
            """)
        for (index, attack) in VerifyAttack.all.enumerated() { try? scratch.write("scripts/\(index)", attack.script) }
        // xargs, because the shell's own wait needs signals that are blocked in processes of the tests.
        let made = Assay.run(
            """
            export BASE="$PWD" CRAFT="$1"
            . ./functions
            trap 'gpgconf --kill all; gpgconf --homedir "$BASE/namesake" --kill all' EXIT
            (
            set -e
            \(VerifyAttackKeys.script)
            ) >keys.log 2>&1 || { cat keys.log >&2; exit 1; }
            ls scripts | xargs -P 4 -I NUMBER sh -c 'exec sh case NUMBER 2>NUMBER.log'
            """, in: scratch.path, arguments: [VerifyAttackKeys.crafting])
        let rows = VerifyAttack.all.indices.map { index in
            VerifyAttackResult(folder: "\(scratch.path)/\(index)", log: "\(scratch.path)/\(index).log")
        }
        return (rows, made.errorText)
    }()
}
