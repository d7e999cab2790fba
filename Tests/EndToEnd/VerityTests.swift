import AssayTestSupport
import Foundation
import Testing

private let tools = "export PATH=\"$PATH:/usr/sbin\"; ROOT=$(cat root.txt)\n"

/// Runs `script` in a folder of `VerityFixture` with veritysetup on the path and the root hash in `ROOT`.
private func run(_ script: String, in scratch: ScratchDirectory) -> ShellResult {
    Assay.run(tools + script, in: scratch.path)
}

/// Names and bytes of all files of a folder.
private func contents(_ scratch: ScratchDirectory) -> String { shell("sha256sum *", in: scratch.path).text }

/// The check ids of a JSON report's findings with a verdict, and their messages.
private func findings(_ report: String, _ verdict: String) -> [String: String] {
    let script = """
        import json, sys
        for f in json.load(sys.stdin)["findings"]:
            if f["verdict"] == sys.argv[1]: print(f["check"], f["message"], sep="\\t")
        """
    let scratch = ScratchDirectory()
    try? scratch.write("report", report)
    let lines = shell(
        "python3 -c \"$1\" \"$2\" < report", in: scratch.path, arguments: [script, verdict]
    ).text.split(separator: "\n")
    return Dictionary(
        lines.compactMap { line in
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
    ) { first, _ in first }
}

@Suite struct VerityFormatTests {
    @Test(.enabled(if: isAvailable("veritysetup")))
    func `the files are those that veritysetup writes, and it prints the same lines`() throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            set -- --salt \(VerityFixture.salt) --uuid 11111111-2222-3333-4444-555555555555 --fec-roots 3
            veritysetup format root.img hash --fec-device fec "$@" >theirs && mv hash their-hash && mv fec their-fec
            assay verity format root.img hash --fec-device fec "$@" >ours
            cmp hash their-hash && cmp fec their-fec && diff theirs ours && stat -c %a hash
            """, in: scratch)
        #expect(result.status == 0, "\(result.text) \(result.errorText)")
        #expect(result.text == "600\n")
    }

    @Test func `a seed gives the same files every time, and another seed others`() throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            for i in 1 2; do assay verity format root.img h$i --seed 0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1 >/dev/null; done
            assay verity format root.img h3 --seed 1f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1 >/dev/null
            cmp h1 h2 && ! cmp -s h1 h3
            printf verity-salt | openssl dgst -sha256 -mac HMAC -macopt hexkey:0f1e2d3c4b5a49788695a4b3c2d1e0f1 \
              | sed 's/.*= //' > salt
            assay verity dump h1 | grep -q "$(cat salt)" && assay verity verify root.img h1 \
              "$(assay verity format root.img h4 --seed 0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1 | sed -n 's/^Root hash: *.//p')"
            """, in: scratch)
        #expect(result.status == 0, "\(result.text) \(result.errorText)")
    }

    @Test(
        arguments: [
            ("--data-block-size 0", "the data block size is 0 bytes"),
            ("--data-block-size 511", "the data block size is 511 bytes"),
            ("--hash-block-size 1048576", "the hash block size is 1048576 bytes"),
            ("--data-blocks 0", "there is no data block"),
            ("--data-blocks 301", "301 data blocks of 4096 bytes are more than the 1228800 bytes"),
            ("--data-blocks 18446744073709551615", "are more than the"),
            ("--hash-offset 100", "is not a multiple of 512"),
            ("--hash-offset 512 --no-superblock", "is not a multiple of 4096"),
            ("--salt \(String(repeating: "ab", count: 257))", "the salt has 257 bytes"),
            ("--salt xyz", "is not pairs of hexadecimal digits"),
            ("--uuid 123", "is not a UUID"),
            ("--seed 123", "is not a UUID"),
            ("--hash md5", "is not one of sha1, sha256, sha384, sha512"),
            ("--hash sha1", "sha1 is broken"),
            ("--format 2", "neither 0 nor 1"),
            ("--fec-device fec --fec-roots 1", "roots"),
            ("--fec-device fec --fec-roots 25", "roots"),
            ("--fec-device root.img", "overlap the data"),
            ("--fec-device new.hash", "overlap the hash area"),
            ("--fec-device fec --hash-block-size 512", "same size"),
        ])
    func `what cannot be gets an error, exit 2 and nothing written`(options: String, message: String) throws {
        let scratch = try VerityFixture.folder()
        let before = contents(scratch)
        let result = run("assay verity format root.img new.hash \(options)", in: scratch)
        #expect(result.status == 2, "\(result.errorText)")
        #expect(result.errorText.contains(message), "\(result.errorText)")
        #expect(contents(scratch) == before)
    }

    @Test(
        arguments: [
            ("root.img root.img", "the same file"),
            ("root.img root.img --hash-offset 4096", "begins inside the data"),
            ("root.img root.img --hash-offset 1228800 --data-blocks 301", "are more than the"),
            ("missing.img new.hash", "no such file"),
            ("/dev/null new.hash", "neither a regular file nor a block device"),
            (". new.hash", "is a directory"),
            ("empty new.hash", "less than one block"),
        ])
    func `devices that cannot be used are named`(devices: String, message: String) throws {
        let scratch = try VerityFixture.folder()
        try scratch.write("empty", "")
        let before = contents(scratch)
        let result = run("assay verity format \(devices)", in: scratch)
        #expect(result.status == 2, "\(result.errorText)")
        #expect(result.errorText.lowercased().contains(message), "\(result.errorText)")
        #expect(contents(scratch) == before)
    }

    @Test func `a hash device that was there is written in place, and its tail stays`() throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            head -c 1000000 /dev/zero | tr '\\0' x > hash && cp hash before && inode=$(stat -c %i hash)
            assay verity format root.img hash --salt \(VerityFixture.salt) --root-hash-file r >/dev/null
            test "$(stat -c %i hash)" = "$inode" && test "$(stat -c %s hash)" = 1000000
            cmp -i 100000 hash before && assay verity verify root.img hash --root-hash-file r >/dev/null
            """, in: scratch)
        #expect(result.status == 0, "\(result.text) \(result.errorText)")
    }

    @Test(arguments: ["INT", "TERM", "HUP"])
    func `a signal leaves nothing behind`(signal: String) throws {
        let scratch = try VerityFixture.folder()
        // timeout(1) passes the signal on; the sparse file takes far longer than a second.
        let result = run(
            """
            truncate -s 64G big && ls > before && size=$(stat -c %s root.img)
            timeout --preserve-status -s \(signal) 1 "$ASSAY" verity format big big.hash --fec-device big.fec; echo $?
            ls > after; grep -v -x after before > b; grep -v -x after after > a; grep -v -x before a > c; cat c
            truncate -s 80G big; timeout --preserve-status -s \(signal) 1 "$ASSAY" verity format big big \
              --hash-offset 85899345920; stat -c %s big
            """, in: scratch)
        let status = ["INT": 130, "TERM": 143, "HUP": 129][signal] ?? 0
        let lines = result.text.split(separator: "\n").map(String.init)
        #expect(lines.first == "\(status)")
        #expect(
            !result.text.contains("big.hash") && !result.text.contains("big.fec") && !result.text.contains("partial"))
        #expect(lines.last == "85899345920")
    }

    @Test func `a failure takes back what was written`() throws {
        let scratch = try VerityFixture.folder()
        // The limit on file sizes fails the write of the tree in its middle.
        let result = run(
            """
            truncate -s 64M big; ls > before
            (ulimit -f 200; trap '' XFSZ; assay verity format big big.hash); echo $?; ls | grep -v -x before | diff - before
            """, in: scratch)
        #expect(result.text.hasPrefix("2\n"), "\(result.text) \(result.errorText)")
        #expect(!result.text.contains("big.hash"))
    }

    @Test func `JSON holds everything that the lines do`() throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            assay verity format root.img hash --salt - --format 1 --format json --output out.json
            python3 -c 'import json; r = json.load(open("out.json")); print(r["rootHash"], r["tree"]["salt"] == "", \
            r["activation"]["table"].split()[11] == r["rootHash"], r["activation"]["systemd"].split()[0])'
            """, in: scratch)
        let words = result.text.split(separator: " ")
        #expect(words.count == 4 && words[1] == "True" && words[2] == "True", "\(result.text) \(result.errorText)")
        #expect(words.first?.count == 64 && words[3] == "roothash=\(words[0])\n")
    }
}

@Suite struct VerityVerifyTests {
    @Test func `an intact device is a pass in every format of the report`() throws {
        let scratch = try VerityFixture.folder()
        for format in ["text", "json", "sarif", "html", "markdown", "junit"] {
            let result = run(
                """
                assay verity verify root.img root.hash "$ROOT" --fec-device root.fec --format \(format) \
                  --root-hash-signature root.p7s --certificate vendor.pem
                """, in: scratch)
            #expect(result.status == 0, "\(format): \(result.text) \(result.errorText)")
            #expect(result.output.count > 500)
        }
    }

    @Test(.enabled(if: ReportSchema.isAvailable))
    func `the JSON report is as the schema says`() throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            assay verity verify root.img root.hash "$ROOT" --format json --output good.json
            printf X | dd of=root.img bs=1 seek=5000 conv=notrunc 2>/dev/null
            assay verity verify root.img root.hash "$ROOT" --format json --output bad.json
            """, in: scratch)
        #expect(result.status == 1)
        let faults = ReportSchema.faults([scratch.path + "/good.json", scratch.path + "/bad.json"])
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test(
        arguments: [
            (
                "one bit in a data block", "flip root.img 5000",
                ["verity.data": "1 data blocks do not have their digest"]
            ),
            ("one bit in the last data block", "flip root.img 1228799", ["verity.data": "1 data blocks do not"]),
            (
                "one bit in a leaf of the tree", "flip root.hash 8200",
                ["verity.tree": "1 tree blocks of level 0 do not have their digest"]
            ),
            (
                "one bit of the top block", "flip root.hash 4100",
                [
                    "verity.root-hash": "the top block has the digest", "verity.tree": "1 tree blocks of level 1",
                ]
            ),
            (
                "a byte behind the last digest of the top block", "flip root.hash 8191",
                ["verity.root-hash": "the top block has the digest", "verity.tree": "bytes that must be zero"]
            ),
            (
                "swapped data blocks", "swap root.img 4096 1 7",
                ["verity.data": "2 data blocks do not have their digest"]
            ),
            (
                "swapped levels", "swap root.hash 4096 1 2",
                ["verity.root-hash": "the levels are in another order"]
            ),
            (
                "the other salt order", "printf '\\000' | dd of=root.hash bs=1 seek=12 conv=notrunc 2>/dev/null",
                ["verity.root-hash": "the tree was made with that type, not with 0"]
            ),
            (
                "another image's root hash", "ROOT=$(cat disk.txt)",
                ["verity.root-hash": "they belong to another image"]
            ),
        ])
    func `each fault is named`(_: String, damage: String, expected: [String: String]) throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            flip() { python3 -c 'import sys; f = open(sys.argv[1], "r+b"); f.seek(int(sys.argv[2])); b = f.read(1)[0]; \
            f.seek(int(sys.argv[2])); f.write(bytes([b ^ 1]))' "$@"; }
            swap() { python3 -c 'import sys; f = open(sys.argv[1], "r+b"); s, a, b = map(int, sys.argv[2:]); \
            f.seek(a * s); x = f.read(s); f.seek(b * s); y = f.read(s); f.seek(a * s); f.write(y); f.seek(b * s); f.write(x)' "$@"; }
            \(damage)
            assay verity verify root.img root.hash "$ROOT" --format json
            """, in: scratch)
        #expect(result.status == 1, "\(result.errorText)")
        let failed = findings(result.text, "fail")
        for (check, message) in expected {
            #expect(failed[check]?.contains(message) == true, "\(check): \(failed)")
        }
        // Nothing else is blamed, but for what lies under damage.
        #expect(Set(failed.keys).subtracting(expected.keys).isSubset(of: ["verity.tree", "verity.data"]), "\(failed)")
    }

    @Test(
        arguments: [
            ("truncate -s 1228799 root.img", "the data has 1228799 bytes"),
            ("truncate -s 16383 root.hash", "the tree ends at byte"),
            ("truncate -s 511 root.hash", "within the superblock"),
            ("printf X | dd of=root.hash bs=1 conv=notrunc 2>/dev/null", "no dm-verity superblock"),
            (
                "printf S | dd of=root.hash bs=1 seek=32 conv=notrunc 2>/dev/null",
                "the kernel knows it only as 'sha256'"
            ),
            ("printf '\\377' | dd of=root.hash bs=1 seek=79 conv=notrunc 2>/dev/null", "more than a file can have"),
            (
                "printf X | dd of=root.hash bs=1 seek=400 conv=notrunc 2>/dev/null",
                "byte 400 of the superblock is not zero"
            ),
        ])
    func `what cannot be read is no verdict`(damage: String, message: String) throws {
        let scratch = try VerityFixture.folder()
        let result = run(damage + "\nassay verity verify root.img root.hash \"$ROOT\"", in: scratch)
        #expect(result.status == 2, "\(result.text)")
        #expect(result.errorText.contains(message), "\(result.errorText)")
        #expect(result.text.isEmpty)
    }

    @Test(
        arguments: [
            ("\"$(echo $ROOT | tr a-f A-F)\"", "upper-case digits"),
            ("\"$(echo $ROOT | cut -c 1-62)\"", "62 digits"),
            ("\"${ROOT}a\"", "odd number of digits"),
            ("\"$ROOT\" --root-hash \"$ROOT\"", "given 2 times"),
            ("--root-hash-file root.txt --root-hash \"$ROOT\"", "given 2 times"),
            ("", "a root hash is missing"),
            ("\"$ROOT\nx\"", "is not a hexadecimal digit"),
        ])
    func `a root hash that is none is wrong usage`(argument: String, message: String) throws {
        let scratch = try VerityFixture.folder()
        let result = run("assay verity verify root.img root.hash \(argument)", in: scratch)
        #expect(result.status == 64, "\(result.text) \(result.errorText)")
        #expect(result.errorText.contains(message), "\(result.errorText)")
    }

    @Test func `--fail-fast ends at the first fault and says so`() throws {
        let scratch = try VerityFixture.folder()
        let result = run(
            """
            printf X | dd of=root.hash bs=1 seek=4100 conv=notrunc 2>/dev/null
            printf X | dd of=root.img bs=1 seek=4100 conv=notrunc 2>/dev/null
            assay verity verify root.img root.hash "$ROOT" --fail-fast
            """, in: scratch)
        #expect(result.status == 1)
        #expect(result.text.contains("--fail-fast"))
    }

    @Test func `options that contradict the superblock are refused`() throws {
        let scratch = try VerityFixture.folder()
        let result = run("assay verity verify root.img root.hash \"$ROOT\" --data-blocks 299", in: scratch)
        #expect(result.status == 2)
        #expect(result.errorText.contains("the superblock says 300 data blocks"))
    }
}
