import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

/// A list that does not vouch, and why.
private struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let script: String
    let fault: LinkFacts.Fault
    /// What the sentence holds.
    let reason: String

    init(_ description: String, _ fault: LinkFacts.Fault, _ reason: String, _ script: String) {
        testDescription = description
        self.script = script
        self.fault = fault
        self.reason = reason
    }

    /// `H` is the right digest, `B` a wrong one.
    static let all: [Refusal] = [
        Refusal("another file", .notListed, "the list names 'b.img'", "echo \"$B  b.img\" > SHA256SUMS"),
        Refusal("four others", .notListed, "'c' and 1 more", "for f in a b c d; do echo \"$B  $f\"; done > SHA256SUMS"),
        Refusal("empty", .notListed, "the list is empty", ": > SHA256SUMS"),
        Refusal("other case", .notListed, "differs in case or blanks", "echo \"$H  Image.img\" > SHA256SUMS"),
        Refusal("trailing blank", .notListed, "differs in case or blanks", "echo \"$H  image.img \" > SHA256SUMS"),
        Refusal(
            "a carriage return inside", .malformedList, "control character",
            #"printf '%s  ima\rge.img\n' $H > SHA256SUMS"#),
        Refusal("a zero byte", .malformedList, "a zero byte", #"printf '%s  image.img\0x\n' $H > SHA256SUMS"#),
        Refusal(
            "a byte order mark", .malformedList, "byte order mark",
            #"printf '\357\273\277%s  image.img\n' $H > SHA256SUMS"#),
        Refusal("no name", .malformedList, "no name", "echo $H > image.img.sha256"),
        Refusal("no list at all", .malformedList, "neither a digest nor a tag", "seq 1 20 > SHA256SUMS"),
        Refusal(
            "hundreds of bad lines", .malformedList, "lines of the list are neither",
            "(echo \"$H  image.img\"; seq 1 300) > SHA256SUMS"),
        Refusal(
            "two digests", .ambiguous, "lines 1 and 2 state different",
            "(echo \"$H  image.img\"; echo \"$B  image.img\") > SHA256SUMS"),
        Refusal(
            "two folders", .ambiguous, "lines 1 and 2 state different",
            "(echo \"$H  a/image.img\"; echo \"$B  b/image.img\") > SHA256SUMS"),
        Refusal(
            "also with a blank", .ambiguous, "differs only in case or blanks",
            "(echo \"$H  image.img\"; echo \"$B  image.img \") > SHA256SUMS"),
        Refusal("upward", .ambiguous, "leaves the folder", "echo \"$H  ../image.img\" > SHA256SUMS"),
        Refusal(
            "absolute", .ambiguous, "leaves the folder: '/tmp/image.img'", "echo \"$H  /tmp/image.img\" > SHA256SUMS"),
        Refusal(
            "cut by a zero byte", .ambiguous, "line 2 holds its name",
            #"(echo "$H  image.img"; printf '%s  image.img\0x\n' $B) > SHA256SUMS"#),
        Refusal("only MD5", .noUsableDigest, "only MD5", "md5sum image.img > MD5SUMS"),
        Refusal(
            "only SHA-1 and MD5", .noUsableDigest, "only MD5 and SHA1",
            "(md5sum --tag image.img; sha1sum --tag image.img) > CHECKSUM"),
        Refusal(
            "a signature that does not end", .malformedList, "not signed as it pretends",
            "echo \"$H  image.img\" > c; clear vendor c; sed /END/d c.asc > CHECKSUM; rm c c.asc"),
        Refusal(
            "an injected header", .malformedList, "header",
            "echo \"$B  b.img\" > c; clear vendor c; sed \"2i $H  image.img\" c.asc > CHECKSUM; rm c c.asc"),
        Refusal(
            "a nested block", .malformedList, "dash",
            "echo \"$H  image.img\" > c; clear vendor c; (sed -n 1,3p c.asc; cat c.asc; sed 1,4d c.asc) > CHECKSUM; rm c c.asc"
        ),
        Refusal(
            "a line before the block", .notListed, "the list names 'b.img'",
            "echo \"$B  b.img\" > c; clear vendor c; (echo \"$H  image.img\"; cat c.asc) > CHECKSUM; rm c c.asc"),
        Refusal(
            "a line after the block", .notListed, "the list names 'b.img'",
            "echo \"$B  b.img\" > c; clear vendor c; (cat c.asc; echo \"$H  image.img\") > CHECKSUM; rm c c.asc"),
    ]
}

/// A signature that is not plainly good, and how that shows.
private struct BadSignature: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let script: String
    /// By signature: the check and the codes of its faults.
    let signatures: [String]
    /// By place that holds something: what was found.
    var searched: [SignatureSearch.Result] = [.found]

    init(
        _ description: String, _ signatures: [String], found searched: [SignatureSearch.Result] = [.found],
        _ script: String
    ) {
        testDescription = description
        self.signatures = signatures
        self.searched = searched
        self.script = script
    }

    static let all: [BadSignature] = [
        BadSignature("unpinned key", ["notChecked unknown-key"], "sign other SHA256SUMS"),
        BadSignature("another pinned key", ["valid"], "sign second SHA256SUMS -o SHA256SUMS.gpg"),
        BadSignature("a key that expired later", ["valid expired-key"], "sign expired SHA256SUMS"),
        BadSignature("revoked key", ["valid revoked-key"], "sign revoked SHA256SUMS"),
        BadSignature(
            "after the key's expiry", ["valid signed-after-key-expiry"],
            "GNUPGHOME=$KEYS/unexpired-home; at 20210301 -u expired --detach-sign SHA256SUMS"),
        BadSignature(
            "other bytes", ["invalid bad-signature"], "sign vendor SHA256SUMS; sed -i 's/img/IMG/' SHA256SUMS"),
        BadSignature("one byte more", ["invalid bad-signature"], "sign vendor SHA256SUMS; echo >> SHA256SUMS"),
        BadSignature(
            "CRLF made LF", ["invalid bad-signature"],
            #"sed -i 's/$/\r/' SHA256SUMS; sign vendor SHA256SUMS; sed -i 's/\r//' SHA256SUMS"#),
        BadSignature(
            "dated in the future", ["valid created-in-the-future"], "at 20300101 -u vendor --detach-sign SHA256SUMS"),
        BadSignature(
            "SHA-1 unknown key and good", ["notChecked unknown-key", "valid"],
            "sign other SHA256SUMS -o a; sign vendor SHA256SUMS -o b; cat a b > SHA256SUMS.sig; rm a b"),
        BadSignature(
            "bad and good", ["invalid bad-signature", "valid"],
            "cp SHA256SUMS o; echo >> o; sign vendor o -o a; sign vendor SHA256SUMS -o b; cat a b > SHA256SUMS.sig"),
        BadSignature(
            "two files", ["valid", "notChecked unknown-key"], found: [.found, .found],
            "sign vendor SHA256SUMS --armor; sign other SHA256SUMS"),
        BadSignature(
            "two armored blocks", ["notChecked unknown-key", "valid"],
            "sign other SHA256SUMS -a -o a; sign vendor SHA256SUMS -a -o b; cat a b > SHA256SUMS.asc; rm a b"),
        BadSignature("none", [], found: [], "true"),
        BadSignature("empty", [], found: [.malformed], ": > SHA256SUMS.sig"),
        BadSignature(
            "truncated", [], found: [.malformed], "sign vendor SHA256SUMS -o a; head -c 60 a > SHA256SUMS.sig"),
        BadSignature(
            "garbage behind", [], found: [.malformed], "sign vendor SHA256SUMS; echo garbage >> SHA256SUMS.sig"),
        BadSignature("a key", [], found: [.malformed], "cp $KEYS/vendor.pub SHA256SUMS.sig"),
        BadSignature(
            "an inline message", [], found: [.malformed], "at 20200201 -u vendor -o SHA256SUMS.sig --sign SHA256SUMS"),
        BadSignature("a folder", [], found: [], "mkdir SHA256SUMS.sig"),
        BadSignature(
            "a link out of the folder", [], found: [.unreadable],
            "sign vendor SHA256SUMS -o $KEYS/outside.sig; ln -s $KEYS/outside.sig SHA256SUMS.sig"),
    ]
}

private let digests = "H=$(sha256sum < image.img | cut -c1-64) B=$(printf %064d 7)\n"

@Suite(.enabled(if: isAvailable("gpg")))
struct ChecksumAttackTests {
    private let fixture = ChecksumFixture.shared

    @Test(arguments: Refusal.all)
    private func `a list that does not name the file plainly does not vouch`(_ refusal: Refusal) async throws {
        let folder = fixture.folder(digests + refusal.script)
        let link = try #require(try await examineChecksums(folder).links.first)
        #expect(link.fault == refusal.fault)
        #expect(link.expected == nil && link.computed == nil)
        #expect(link.detail?.contains(refusal.reason) == true, "\(link.detail ?? "no detail")")
    }

    @Test(arguments: BadSignature.all)
    private func `what is wrong with a signature shows`(_ bad: BadSignature) async throws {
        let folder = fixture.folder("sha256sum image.img > SHA256SUMS\n" + bad.script)
        let result = try await examineChecksums(folder, keys: ["vendor", "second", "revoked", "expired"])
        let shown = result.documents.first?.signatures.map { signature in
            ([signature.check.rawValue] + signature.faults.map(\.code)).joined(separator: " ")
        }
        #expect(shown == bad.signatures)
        let searched = result.documents.first?.searched.map(\.result).filter { $0 != .absent }
        #expect(searched == bad.searched)
        #expect(result.documents.count == 1)
    }

    @Test func `of a cleartext file only the signed text is a list`() async throws {
        let folder = fixture.folder(
            digests
                + "echo \"$H  image.img\" > c; clear vendor c; (echo \"$B  image.img\"; cat c.asc) > CHECKSUM; rm c c.asc"
        )
        let result = try await examineChecksums(folder)
        #expect(result.links.map(\.fault) == [nil] && result.links[0].expected == result.links[0].computed)
        #expect(result.links[0].statedBy.line == 5)
        #expect(result.documents[0].remarks.first?.contains("outside of the signed text") == true)
    }

    @Test func `a clearsigned message is no detached signature`() async throws {
        let folder = fixture.folder(
            digests + "echo \"$B  image.img\" > bad; clear vendor bad; echo \"$H  image.img\" > list; mv bad.asc sig")
        let request = ChecksumRequest(checksums: folder.path + "/list", signature: folder.path + "/sig")
        let result = try await examineChecksums(folder, ["image.img"], request)
        #expect(result.signatures.isEmpty)
        #expect(result.documents[0].searched.map(\.result) == [.malformed])
        #expect(result.documents[0].searched[0].reason?.contains("not a detached signature") == true)
    }

    @Test func `a clearsigned list beside a plain one is a list of its own`() async throws {
        let folder = fixture.folder(
            digests
                + "echo \"$B  image.img\" > SHA256SUMS; clear vendor SHA256SUMS; echo \"$H  image.img\" > SHA256SUMS")
        let result = try await examineChecksums(folder)
        #expect(result.links.map { $0.expected == $0.computed } == [true, false])
        #expect(result.documents.map { $0.signatures.map(\.check) } == [[], [.valid]])
        #expect(result.documents[0].searched.map(\.result) == [.malformed])
    }

    @Test(arguments: [
        "printf X | dd of=image.img bs=1 seek=999 conv=notrunc", "truncate -s -1 image.img", "echo >> image.img",
    ])
    func `a changed file has another digest`(_ change: String) async throws {
        let folder = fixture.folder("sha256sum image.img > SHA256SUMS; sign vendor SHA256SUMS; \(change)")
        let result = try await examineChecksums(folder)
        let link = try #require(result.links.first)
        #expect(link.fault == nil && link.expected != nil && link.computed != nil && link.expected != link.computed)
        #expect(result.signatures.map(\.check) == [.valid])
    }

    @Test func `the same digest twice vouches and is told`() async throws {
        let folder = fixture.folder("sha256sum image.img ./image.img > SHA256SUMS")
        let link = try #require(try await examineChecksums(folder).links.first)
        #expect(link.fault == nil && link.expected == link.computed)
        #expect(link.detail == "named again with the same digest in line 2")
    }

    @Test func `a list that states nothing does not stand beside one that does`() async throws {
        let folder = fixture.folder(
            digests + "echo $H > image.img.sha256; sha256sum image.img > SHA256SUMS; sign vendor SHA256SUMS")
        let result = try await examineChecksums(folder)
        #expect(result.links.map(\.fault) == [nil] && result.signatures.map(\.check) == [.valid])
        #expect(result.links[0].detail?.contains("image.img.sha256' could not be asked") == true)
    }

    @Test func `more lists than are read are told`() async throws {
        let script = "for i in $(seq 100 199); do echo \"$(printf %064d 7)  b$i\" > l$i-checksum; done; seq 5 > f\n"
        let folder = fixture.folder(script + "sha256sum image.img > image.img.sha256")
        let result = try await examineChecksums(folder, ["image.img", "f"])
        #expect(result.files[0].vouchers.map { $0.links[0].fault } == [nil])
        #expect(result.files[1].vouchers.count == 65)
        #expect(result.files[1].vouchers.last?.links[0].fault == .unreadable)
        #expect(result.files[1].vouchers.last?.links[0].detail?.contains("more than 64 lists") == true)
    }

    @Test func `a cancelled task ends`() async throws {
        let folder = fixture.folder("sha256sum image.img > SHA256SUMS")
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await examineChecksums(folder)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `without a list it is told where one was looked for`() async throws {
        let folder = fixture.folder("sign vendor image.img; ln -s /etc/hostname b-checksum; : > SHA512SUMS.gpg")
        let file = try #require(try await examineChecksums(folder).files.first)
        // The link leads out of the folder: it is a list that cannot be read, not none.
        #expect(file.vouchers.map { $0.links[0].fault } == [.unreadable])
        let bare = fixture.folder("sign vendor image.img; : > SHA512SUMS.gpg")
        let result = try await examineChecksums(bare)
        #expect(result.documents.isEmpty && result.files[0].vouchers.map(\.document) == [nil])
        #expect(result.links.map(\.fault) == [.notListed] && result.links[0].statedBy.path == bare.path)
        for part in [
            "SHA256SUMS", "'image.img.sha256'", "'image.img.sig' may be", "'SHA512SUMS.gpg' is a signature without",
        ] {
            #expect(result.links[0].detail?.contains(part) == true)
        }
        #expect(result.files[0].digests["SHA-256"] != nil)
    }

    @Test func `a file swapped after it was opened is not what is hashed`() async throws {
        let folder = fixture.folder("sha256sum image.img > SHA256SUMS; seq 5 > evil")
        let file = try SubjectFile(path: folder.path + "/image.img")
        shell("mv evil image.img", in: folder.path)
        let context = VerificationContext(keys: PinnedKeys(), time: 0, threads: 2, progress: ChecksumProgress())
        let link = try #require(try await ChecksumExamination.examine([file], ChecksumRequest(), context).links.first)
        #expect(link.expected == link.computed && link.size == file.source.size.rawValue)
    }

    @Test(arguments: ["truncate -s 5000 image.img", "echo more >> image.img", ": > image.img"], [1, 2])
    func `a file that changes its size is unreadable`(_ change: String, _ threads: Int) async throws {
        let folder = fixture.folder("sha256sum image.img > SHA256SUMS")
        let file = try SubjectFile(path: folder.path + "/image.img")
        shell(change, in: folder.path)
        let context = VerificationContext(keys: PinnedKeys(), time: 0, threads: threads, progress: ChecksumProgress())
        let facts = try #require(try await ChecksumExamination.examine([file], ChecksumRequest(), context).files.first)
        #expect(facts.problem?.isMalformed == false)
        #expect(facts.vouchers[0].links[0].fault == .unreadable && facts.vouchers[0].links[0].computed == nil)
        #expect(facts.digests.isEmpty)
    }

    @Test func `cut and mutated lists and signatures never vouch under a valid signature`() async throws {
        let folder = fixture.folder(
            "sha256sum image.img > l; sha256sum --tag image.img >> l; sign vendor l -o s; clear vendor l")
        func bytes(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name)))
        }
        let originals = try ["l", "s", "l.asc"].map { try bytes($0) }
        let file = try SubjectFile(path: folder.path + "/image.img")
        let context = VerificationContext(
            keys: try fixture.keys(), time: ChecksumFixture.now, threads: 1, progress: ChecksumProgress())
        var random = SeededNumbers(state: 4)
        for round in 0..<90 {
            var copies = originals
            let which = round % 3
            let original = copies[which]
            switch Int.random(in: 0..<3, using: &random) {
            case 0: copies[which].removeLast(Int.random(in: 1..<original.count, using: &random))
            case 1:
                copies[which][Int.random(in: 0..<original.count, using: &random)] ^=
                    1 << UInt8.random(in: 0..<8, using: &random)
            default:
                copies[which].insert(
                    UInt8.random(in: 0...255, using: &random), at: Int.random(in: 0...original.count, using: &random))
            }
            try folder.write("m", copies[0])
            try folder.write("n", copies[1])
            try folder.write("o", copies[2])
            let request =
                which == 2
                ? ChecksumRequest(checksums: folder.path + "/o")
                : ChecksumRequest(checksums: folder.path + "/m", signature: folder.path + "/n")
            let result = try await ChecksumExamination.examine([file], request, context)
            let isVouched = result.links.contains { $0.fault == nil && $0.expected == $0.computed }
            // Only what is not signed may change: white space at the ends of lines, armor, unhashed parts.
            guard which == 0, isVouched else { continue }
            #expect(!result.signatures.contains { $0.check == .valid }, "round \(round)")
        }
    }
}
