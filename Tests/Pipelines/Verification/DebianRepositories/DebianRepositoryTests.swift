import AssayBytes
import AssayFacts
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

/// A whole repository, genuine and with something wrong at each link of the chain.
@Suite(.enabled(if: DebianFixture.isPossible))
struct DebianRepositoryTests {
    @Test func `a genuine repository is vouched for from its signature to each package`() async throws {
        let context = try DebianFixture.context()
        let path = DebianFixture.shared.path + "/repo"
        let examination = try await DebianExamination.repository(path, context)
        #expect(examination.complaints == [])
        #expect(
            examination.files.map { String($0.name.dropFirst(path.count + 1)) } == [
                "dists/stable/InRelease", "dists/stable/Release", "dists/stable/main/binary-amd64/Packages",
                "dists/stable/main/binary-amd64/Packages.gz", "dists/stable/main/binary-amd64/Packages.xz",
                "dists/stable/main/binary-amd64/Release", "pool/main/a/alpha_1.0-1_amd64.deb",
                "pool/main/b/beta_2.0_all.deb", "pool/main/d/delta_4.0_amd64.deb", "pool/main/g/gamma_3.0_amd64.deb",
            ])
        #expect(examination.documents.map(\.kind) == [.release, .release])
        let release = try #require(examination.documents.first?.release)
        #expect(
            release
                == ReleaseFacts(
                    origin: "Assay", suite: "stable", codename: "rocky", date: 1_735_689_600,
                    validUntil: 1_740_787_200, requestedAs: "stable"))
        #expect((context.progress as? DebianProgress)?.isComplete == true)
    }

    @Test func `the links of a package name the lines that state its digest and its index's`() async throws {
        let path = DebianFixture.shared.path + "/repo"
        let examination = try await DebianExamination.repository(path, DebianFixture.context())
        let alpha = try examination.file("alpha_1.0-1_amd64.deb")
        #expect(alpha.package?.name == "alpha")
        #expect(alpha.package?.version == "1:1.0-1")
        #expect(alpha.package?.architecture == "amd64")
        #expect(alpha.package?.fileName == "alpha_1.0-1_amd64.deb")
        let voucher = try #require(alpha.vouchers.first)
        #expect(alpha.vouchers.count == 1)
        #expect(voucher.document == 0)
        let links = voucher.links
        try #require(links.count == 2)
        #expect(links.map(\.algorithm) == ["SHA-256", "SHA-256"])
        #expect(links[0].statedBy == Place("\(path)/dists/stable/main/binary-amd64/Packages", line: 1))
        #expect(links[1].file == links[0].statedBy.path)
        let text = try String(contentsOfFile: path + "/dists/stable/InRelease", encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(links[1].statedBy.line)
        #expect(lines[line - 1].hasSuffix(" main/binary-amd64/Packages"))
        #expect(lines[line - 1].contains(links[1].expected ?? "?"))
        #expect(alpha.digests["SHA-256"] == links[0].computed)
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        let script: String
        let complaints: [String]
        var testDescription: String { name }

        init(_ name: String, _ script: String, _ complaints: [String]) {
            self.name = name
            self.script = script
            self.complaints = complaints
        }
    }

    /// Every package's complaint of one kind.
    private static func packages(_ text: String) -> [String] {
        ["alpha_1.0-1_amd64", "beta_2.0_all", "delta_4.0_amd64", "gamma_3.0_amd64"].map { "\($0).deb \(text)" }
    }
    private static let plain = "rm $packages.?z $suite/Release*; resign; rm $suite/Release*\n"

    static let changes: [Change] = [
        Change(
            "a letter of InRelease", "sed -i 's/^Origin: Assay/Origin: Essay/' $suite/InRelease",
            ["InRelease signature: invalid"]),
        Change(
            "a letter of Release", "sed -i 's/^Origin: Assay/Origin: Essay/' $suite/Release",
            ["Release signature: invalid"]),
        Change(
            "the signature", "flip $suite/Release.gpg 60; rm $suite/InRelease", ["Release signature: invalid"]),
        Change("another key", "key=other; resign; rm $suite/InRelease", ["Release signature: notChecked"]),
        Change(
            "another key, clearsigned", "key=other; resign; rm $suite/Release*", ["InRelease signature: notChecked"]),
        Change("no signature", "rm $suite/InRelease $suite/Release.gpg", ["Release signature: absent"]),
        Change(
            "no signature, and another text beside InRelease",
            "rm $suite/Release.gpg; sed -i 's/Assay/Essay/' $suite/Release", ["Release signature: absent"]),
        Change("no signature, and the same text beside InRelease", "rm $suite/Release.gpg", []),
        Change(
            "a signature that is none", "echo x > $suite/Release.gpg; rm $suite/InRelease",
            ["Release signature: malformed"]),
        Change(
            "a letter of Packages", "sed -i 's/^Description: beta/Description: bata/' $packages; rm $packages.?z",
            ["Packages by InRelease: digest"]),
        Change(
            "a letter of Packages, its other forms intact",
            "sed -i 's/^Description: beta/Description: bata/' $packages",
            ["Packages by InRelease: digest"]),
        Change(
            "a digest of Packages", "sed -i '0,/^SHA256: ..../s//SHA256: 0000/' $packages; rm $packages.?z",
            ["Packages by InRelease: digest", "alpha_1.0-1_amd64.deb by Packages: digest"]),
        Change(
            "a byte behind Packages", "echo >> $packages; rm $packages.?z", ["Packages by InRelease: size"]),
        Change(
            "a bit of Packages.gz", "rm $packages $packages.xz; flip $packages.gz 100",
            ["Packages.gz by InRelease: digest", "Packages.gz: malformed"]
                + Self.packages("by Packages.gz: malformedList")),
        Change(
            "a byte of a package's files", "flip $alpha $(($(stat -c %s $alpha) - 20))",
            ["alpha_1.0-1_amd64.deb by Packages: digest"]),
        Change(
            "a byte of a package's version", "flip $alpha 69",
            ["alpha_1.0-1_amd64.deb by Packages: digest", "alpha_1.0-1_amd64.deb: unreadable"]),
        Change(
            "a package that is cut off", "truncate -s -1 $alpha",
            ["alpha_1.0-1_amd64.deb by Packages: size", "alpha_1.0-1_amd64.deb: malformed"]),
        Change(
            "a package that grew", "echo >> $alpha",
            ["alpha_1.0-1_amd64.deb by Packages: size", "alpha_1.0-1_amd64.deb: malformed"]),
        Change(
            "a package that is no archive", "echo > $beta",
            ["beta_2.0_all.deb by Packages: size", "beta_2.0_all.deb: malformed"]),
        Change(
            "a package that no index lists", "cp $1/unlisted/*.deb pool",
            ["alpha_1.0-2_amd64.deb by copy: notListed"]),
        Change(
            "an index that Release does not list", "d=$suite/non-free/binary-amd64; mkdir -p $d; cp $packages $d",
            ["Packages by InRelease: notListed"]),
        Change(
            "an index outside of all suites", "mkdir -p dists/new/main; cp $packages dists/new/main",
            ["Packages by copy: notListed"]),
        Change(
            "weak digests only", "digests='MD5Sum:md5sum SHA1:sha1sum'; resign; rm $suite/Release*; rm $packages.?z",
            ["Packages by InRelease: noUsableDigest", "Release by InRelease: noUsableDigest"]),
        Change("SHA-512", "digests='MD5Sum:md5sum SHA256:sha256sum SHA512:sha512sum'; resign", []),
        Change(
            "packages listed by SHA-512 only",
            """
            rm $packages.?z; index | while read -r k v; do case $k in Filename:) f=$v;; esac
                case $k in SHA256:) echo "SHA512: $(sha512sum < $f | cut -d' ' -f1)";; *) echo "$k${v:+ }$v";; esac
            done > $packages; resign
            """, []),
        Change(
            "packages listed by MD5 only",
            "rm $packages.?z; sed -i 's/^SHA256: ................................/MD5sum: /' $packages; resign",
            Self.packages("by Packages: noUsableDigest")),
        Change(
            "an entry that stands there twice and differs",
            "rm $packages.?z; (cat $packages; sed '/^$/q; s/^Size: ./Size: 9/' $packages) > p; mv p $packages; resign",
            ["alpha_1.0-1_amd64.deb by Packages: ambiguous"]),
        Change(
            "an entry that stands there twice alike",
            "rm $packages.?z; (cat $packages; sed '/^$/q' $packages) > p; mv p $packages; resign", []),
        Change(
            "a signed index that is malformed", "rm $packages.?z; echo nonsense >> $packages; resign",
            ["Packages: malformed"] + Self.packages("by Packages: malformedList")),
        Change(
            "a signed Release that is malformed",
            "rm $packages.?z; release() { echo 'Suite: a'; echo 'Suite: b'; }; resign; rm $suite/Release*",
            ["InRelease: malformed", "Packages by InRelease: malformedList", "Release by InRelease: malformedList"]),
        Change(
            "a list that names another package",
            "rm $packages.?z; sed -i 's/^Version: 2.0/Version: 2.1/' $packages; resign",
            ["beta_2.0_all.deb: line 10 of 'Packages' lists the version '2.1', the package says '2.0'"]),
        Change(
            "a link out of the repository", "ln -s ../../../../../../../../etc/passwd pool/x.deb",
            ["x.deb: unreadable"]),
        Change("a link to the suite", "ln -s stable dists/rocky", []),
        Change(
            "a damaged clearsigned text", "sed -i '/^Suite/i -----X' $suite/InRelease",
            ["InRelease signature: malformed", "InRelease: malformed"]
                + ["Packages", "Packages.gz", "Packages.xz", "Release"].map { "\($0) by InRelease: malformedList" }),
    ]

    @Test(arguments: changes)
    func `a change at a link is named by the facts of that link`(_ change: Change) async throws {
        let copy = try DebianFixture.shared.copy("repo", change.script)
        let examination = try await DebianExamination.repository(copy.path + "/copy", DebianFixture.context())
        let complaints = examination.complaints.map {
            $0.replacing(copy.path + "/copy/dists/stable/main/binary-amd64/", with: "")
        }
        #expect(complaints == change.complaints.sorted())
    }

    @Test func `text around a clearsigned text is no part of the release`() async throws {
        let copy = try DebianFixture.shared.copy(
            "repo",
            "f=$suite/InRelease; (echo 'Suite: evil'; cat $f; echo 'Codename: evil') > x; mv x $f; rm $suite/Release*")
        let examination = try await DebianExamination.repository(copy.path + "/copy", DebianFixture.context())
        let document = try #require(examination.documents.first)
        #expect(document.release?.suite == "stable")
        #expect(document.release?.codename == "rocky")
        #expect(document.remarks.count == 2)
        let line = try #require(try examination.file("Packages").vouchers.first?.links.first?.statedBy.line)
        let text = try String(contentsOfFile: copy.path + "/copy/dists/stable/InRelease", encoding: .utf8)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false)[line - 1].hasSuffix("/Packages"))
    }

    @Test func `a release that has ended, and the place it was asked from, are facts`() async throws {
        let copy = try DebianFixture.shared.copy(
            "repo",
            "until='Thu, 02 Jan 2025 00:00:00 UTC'; resign; mv dists/stable dists/trixie; ln -s trixie dists/sid")
        let examination = try await DebianExamination.repository(copy.path + "/copy", DebianFixture.context())
        #expect(examination.documents.map(\.release?.validUntil) == Array(repeating: 1_735_776_000, count: 4))
        #expect(examination.documents.map(\.release?.requestedAs) == ["sid", "sid", "trixie", "trixie"])
    }

    @Test func `members that dpkg passes over are unsigned content`() async throws {
        let copy = try DebianFixture.shared.copy(
            "repo", "echo signature > _gpgbuilder; ar q $alpha _gpgbuilder 2>&1; rm _gpgbuilder")
        let examination = try await DebianExamination.repository(copy.path + "/copy", DebianFixture.context())
        let alpha = try examination.file("alpha_1.0-1_amd64.deb")
        #expect(alpha.unsignedContent.map(\.code) == ["deb-extra-member"])
        #expect(alpha.unsignedContent.first?.count == 10)
        #expect(alpha.unsignedContent.first?.text.contains("_gpgbuilder") == true)
    }

    @Test func `one suite of a repository and a flat repository are repositories`() async throws {
        let shared = DebianFixture.shared.path
        let suite = try await DebianExamination.repository(shared + "/repo/dists/stable", DebianFixture.context())
        #expect(suite.complaints == [])
        #expect(suite.files.filter { $0.kind == .debianPackage }.count == 4)
        let copy = try DebianFixture.shared.copy(
            "repo",
            """
            find pool -name '*.deb' -exec cp {} . \\;; rm -r dists pool; mkdir pool; cp *.deb pool
            index | sed 's,pool/,./,' > Packages; rm -r pool
            (echo 'Suite: flat'; echo 'SHA256:'; echo " $(sha256sum < Packages | cut -d' ' -f1) $(stat -c %s Packages) Packages") > Release
            sign archive -o InRelease --clearsign Release; rm Release
            """)
        let flat = try await DebianExamination.repository(copy.path + "/copy/", DebianFixture.context())
        #expect(flat.complaints == [])
        #expect(flat.files.count == 6)
        #expect(flat.documents.first?.release?.requestedAs == nil)
        #expect(DebianExamination.isRepository(copy.path + "/copy"))
        #expect(!DebianExamination.isAptLists(copy.path + "/copy"))
    }

    @Test func `a folder without a Release file is no repository`() async throws {
        let copy = try DebianFixture.shared.copy("repo", "rm -r $suite; mkdir -p $suite")
        let context = try DebianFixture.context()
        let error = await #expect(throws: VerificationError.self) {
            try await DebianExamination.repository(copy.path + "/copy", context)
        }
        #expect(error?.description.contains("is no Debian repository") == true)
        #expect(error?.hint != nil)
    }

    @Test func `a link to a suite is refused as a repository of its own`() async throws {
        let copy = try DebianFixture.shared.copy("repo", "ln -s stable dists/rocky")
        let context = try DebianFixture.context()
        let error = await #expect(throws: VerificationError.self) {
            try await DebianExamination.repository(copy.path + "/copy/dists/rocky", context)
        }
        #expect(error?.description.contains("symbolic link to another suite") == true)
    }

    @Test func `a suite below another is one of its own when it is signed`() async throws {
        let copy = try DebianFixture.shared.copy(
            "repo",
            "mkdir x; cp -a $suite/* x; mv x $suite/updates; rm $suite/InRelease $suite/Release.gpg; rm -r $suite/main")
        let examination = try await DebianExamination.repository(copy.path + "/copy", DebianFixture.context())
        #expect(examination.documents.map(\.release?.requestedAs) == ["stable", "stable", "stable"])
        #expect(examination.complaints == ["Release signature: absent"])
        #expect(try examination.file("alpha_1.0-1_amd64.deb").vouchers.map(\.document) == [1])
    }

    @Test func `a cancelled examination ends as cancelled`() async throws {
        let context = try DebianFixture.context()
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await DebianExamination.repository(DebianFixture.shared.path + "/repo", context)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `the number of threads changes nothing`() async throws {
        let path = DebianFixture.shared.path + "/repo"
        let one = try await DebianExamination.repository(path, DebianFixture.context(threads: 1))
        let many = try await DebianExamination.repository(path, DebianFixture.context(threads: 7))
        #expect(one.files == many.files)
        #expect(one.documents == many.documents)
    }

    @Test func `no change of a byte anywhere goes unseen or ends the program`() async throws {
        let copy = try DebianFixture.shared.copy("repo", "rm $packages.?z $suite/Release* $suite/main/*/Release")
        let root = copy.path + "/copy"
        let context = try DebianFixture.context()
        var numbers = SeededNumbers(state: 4)
        for name in [
            "dists/stable/InRelease", "dists/stable/main/binary-amd64/Packages", "pool/main/b/beta_2.0_all.deb",
        ] {
            let url = URL(fileURLWithPath: root + "/" + name)
            let genuine = Array(try Data(contentsOf: url))
            // Of the clearsigned file only the text: headers and the signature's unhashed part may be written in other ways.
            let text = String(decoding: genuine, as: UTF8.self)
            let isSigned = name.hasSuffix("InRelease")
            let start = isSigned ? try #require(text.utf8Offset(of: "Origin:")) : 0
            let end = isSigned ? try #require(text.utf8Offset(of: "-----BEGIN PGP SIGNATURE")) - 1 : genuine.count
            for _ in 0..<25 {
                var bytes = genuine
                let position = Int.random(in: start..<end, using: &numbers)
                bytes[position] ^= UInt8(1 << Int.random(in: 0..<7, using: &numbers))
                try Data(bytes).write(to: url)
                let examination = try await DebianExamination.repository(root, context)
                #expect(!examination.complaints.isEmpty, "\(name) at \(position)")
            }
            try Data(genuine).write(to: url)
        }
    }
}

extension String {
    /// Where `part` begins, in bytes.
    fileprivate func utf8Offset(of part: String) -> Int? {
        range(of: part).map { utf8.distance(from: utf8.startIndex, to: $0.lowerBound) }
    }
}
