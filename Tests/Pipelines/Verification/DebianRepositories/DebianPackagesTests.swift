import AssayFacts
import AssayOpenPGP
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

/// Single packages and apt's lists.
@Suite(.enabled(if: DebianFixture.isPossible))
struct DebianPackagesTests {
    private static let names = ["main/g/gamma_3.0_amd64.deb", "main/a/alpha_1.0-1_amd64.deb"]

    private func packages(_ paths: [String], _ repository: String?) async throws -> Examination {
        let context = try DebianFixture.context()
        let files = try paths.map { try SubjectFile(path: $0) }
        let examination = try await DebianExamination.packages(files, repository: repository, context)
        #expect((context.progress as? DebianProgress)?.isComplete == true)
        return examination
    }

    @Test(arguments: ["repo", "lists"])
    func `packages are found in a repository and in apt's lists`(_ repository: String) async throws {
        let shared = DebianFixture.shared.path
        let paths = Self.names.map { "\(shared)/repo/pool/\($0)" }
        let examination = try await packages(paths, "\(shared)/\(repository)")
        #expect(examination.complaints == [])
        #expect(examination.files.map(\.name) == paths)
        #expect(examination.files.map(\.package?.name) == ["gamma", "alpha"])
        #expect(examination.files.map { $0.vouchers.map(\.document) } == [[0], [0]])
        #expect(examination.documents.count == 1)
        #expect(examination.documents.first?.release?.requestedAs == "stable")
    }

    @Test(arguments: [("lz4", "lz4 -q -m --rm"), ("gz", "gzip -n"), ("xz", "xz"), ("zst", "zstd -q --rm")])
    func `what apt keeps compressed is compared decompressed`(_ suffix: String, _ command: String) async throws {
        let copy = try DebianFixture.shared.copy("lists", "\(command) *_Packages")
        let lists = copy.path + "/copy"
        #expect(DebianExamination.isAptLists(lists))
        #expect(!DebianExamination.isRepository(lists))
        let whole = try await DebianExamination.aptLists(lists, DebianFixture.context())
        #expect(whole.complaints == [])
        #expect(whole.files.count == 2)
        let index = try whole.file("example.org_debian_dists_stable_main_binary-amd64_Packages.\(suffix)")
        #expect(index.vouchers.first?.links.first?.detail?.contains("main/binary-amd64/Packages") == true)
        let path = "\(DebianFixture.shared.path)/repo/pool/main/b/beta_2.0_all.deb"
        let beta = try await packages([path], lists)
        #expect(beta.complaints == [])
        // A changed list refuses what it vouches for.
        let changed = try DebianFixture.shared.copy(
            "lists", "sed -i 's/^Description: beta/Description: bata/' *_Packages; \(command) *_Packages")
        let refused = try await packages([path], changed.path + "/copy")
        #expect(
            refused.complaints == [
                "example.org_debian_dists_stable_main_binary-amd64_Packages.\(suffix) by "
                    + "example.org_debian_dists_stable_InRelease: digest"
            ])
    }

    @Test func `a list that cannot be decompressed leaves nothing vouched for`() async throws {
        let copy = try DebianFixture.shared.copy("lists", "lz4 -q -m --rm *_Packages; flip $(echo *.lz4) 200")
        let index = "example.org_debian_dists_stable_main_binary-amd64_Packages.lz4"
        let whole = try await DebianExamination.aptLists(copy.path + "/copy", DebianFixture.context())
        #expect(
            whole.complaints == [
                "\(index) by example.org_debian_dists_stable_InRelease: unreadable", "\(index): malformed",
            ])
        let path = "\(DebianFixture.shared.path)/repo/pool/main/b/beta_2.0_all.deb"
        let beta = try await packages([path], copy.path + "/copy")
        #expect(beta.complaints == ["beta_2.0_all.deb by \(index): malformedList"])
        #expect(try beta.file("beta_2.0_all.deb").vouchers.map(\.document) == [nil])
    }

    @Test func `files of apt's lists that belong to no Release are said so`() async throws {
        let copy = try DebianFixture.shared.copy(
            "lists",
            "cp ex*_Packages other.example_Packages; f=$(echo ex*_Packages); cp $f $(echo $f | sed s/amd64/i386/)")
        let whole = try await DebianExamination.aptLists(copy.path + "/copy", DebianFixture.context())
        #expect(
            whole.complaints == [
                "example.org_debian_dists_stable_main_binary-i386_Packages by example.org_debian_dists_stable_InRelease: "
                    + "notListed", "other.example_Packages by copy: notListed",
            ])
    }

    @Test(arguments: [
        ("", [String]()), ("rm *.gpg", ["example.org_debian_dists_stable_Release signature: absent"]),
        ("echo >> *_Release", ["example.org_debian_dists_stable_Release signature: invalid"]),
        ("cp other.gpg *_Release.gpg", ["example.org_debian_dists_stable_Release signature: notChecked"]),
    ])
    func `a Release with its signature beside it serves apt's lists as well`(
        _ change: String, _ complaints: [String]
    ) async throws {
        let copy = try DebianFixture.shared.copy(
            "lists",
            """
            p=example.org_debian_dists_stable; rm *_InRelease; r=$1/repo/dists/stable
            cp $r/Release ${p}_Release; cp $r/Release.gpg ${p}_Release.gpg
            sign other -o ../other.gpg --detach-sign ${p}_Release
            """ + "\n"
                + change.replacing("other.gpg *_", with: "../other.gpg ${p}_").replacing(">> *_", with: ">> ${p}_"))
        let whole = try await DebianExamination.aptLists(copy.path + "/copy", DebianFixture.context())
        #expect(whole.complaints == complaints)
        #expect(whole.files.count == 2)
        #expect(whole.documents.first?.release?.requestedAs == "stable")
    }

    @Test func `a package that two suites list has a voucher of each`() async throws {
        let copy = try DebianFixture.shared.copy(
            "lists", "for f in ex*; do cp $f $(echo $f | sed s/stable/rocky-updates/); done")
        let path = "\(DebianFixture.shared.path)/repo/pool/\(Self.names[0])"
        let examination = try await packages([path], copy.path + "/copy")
        #expect(examination.complaints == [])
        #expect(examination.files.first?.vouchers.map(\.document) == [0, 1])
        #expect(examination.documents.map(\.release?.requestedAs) == ["rocky-updates", "stable"])
    }

    @Test func `a folder without a Release file is not apt's lists`() async throws {
        let copy = try DebianFixture.shared.copy("lists", "rm *_InRelease")
        let context = try DebianFixture.context()
        await #expect(throws: VerificationError.self) {
            try await DebianExamination.aptLists(copy.path + "/copy", context)
        }
        #expect(!DebianExamination.isAptLists(copy.path + "/copy"))
    }

    @Test func `a changed package is compared with the entry of its name`() async throws {
        let copy = try DebianFixture.shared.copy("repo", "flip $alpha $(($(stat -c %s $alpha) - 20)); mv $alpha x.deb")
        let examination = try await packages([copy.path + "/copy/x.deb"], DebianFixture.shared.path + "/lists")
        let file = try examination.file("x.deb")
        let link = try #require(file.vouchers.first?.links.first)
        #expect(link.expected != nil)
        #expect(link.computed != nil)
        #expect(link.expected != link.computed)
        #expect(link.fault == nil)
        #expect(
            examination.complaints == [
                "x.deb by example.org_debian_dists_stable_main_binary-amd64_Packages: digest"
            ])
    }

    @Test func `a package that cannot be read is compared with the entry of its file name`() async throws {
        let copy = try DebianFixture.shared.copy("repo", "flip $alpha 0")
        let path = copy.path + "/copy/pool/main/a/alpha_1.0-1_amd64.deb"
        let examination = try await packages([path], DebianFixture.shared.path + "/repo")
        #expect(
            examination.complaints == [
                "alpha_1.0-1_amd64.deb by Packages: digest", "alpha_1.0-1_amd64.deb: malformed",
            ])
    }

    @Test func `another version than the listed one is not listed`() async throws {
        let shared = DebianFixture.shared.path
        let path = "\(shared)/unlisted/alpha_1.0-2_amd64.deb"
        let examination = try await packages([path], shared + "/lists")
        #expect(examination.complaints == ["alpha_1.0-2_amd64.deb by lists: notListed"])
        #expect(examination.documents.isEmpty)
        #expect(examination.files.first?.vouchers.first?.links.first?.detail?.contains("none of the indexes") == true)
    }

    @Test func `a renamed package is the one that its content says`() async throws {
        let copy = try DebianFixture.shared.copy("repo", "mv $beta alpha_1.0-1_amd64.deb")
        let examination = try await packages(
            [copy.path + "/copy/alpha_1.0-1_amd64.deb"], DebianFixture.shared.path + "/lists")
        #expect(examination.complaints == [])
        #expect(examination.files.first?.package?.fileName == "beta_2.0_all.deb")
    }

    @Test func `without a repository nothing vouches for a package`() async throws {
        let path = "\(DebianFixture.shared.path)/repo/pool/\(Self.names[0])"
        let examination = try await packages([path], nil)
        let link = try #require(examination.files.first?.vouchers.first?.links.first)
        #expect(examination.files.first?.vouchers.first?.document == nil)
        #expect(link.fault == .notListed)
        #expect(
            link.detail
                == "nothing signs a .deb: its repository does; give it with --repository DIR, for example "
                + "/var/lib/apt/lists")
        #expect(examination.files.first?.package?.name == "gamma")
    }

    @Test func `apt's keys are those of its keyrings and of its sources`() throws {
        let copy = try DebianFixture.shared.copy(
            "lists",
            """
            rm -r *; mkdir -p etc/apt/trusted.gpg.d etc/apt/sources.list.d usr/share/keyrings
            : > etc/apt/trusted.gpg; cp $1/archive.asc etc/apt/trusted.gpg.d/a.asc; cp $1/other.gpg usr/share/keyrings/o.gpg
            echo nothing > etc/apt/trusted.gpg.d/bad.gpg; echo nothing > etc/apt/trusted.gpg.d/ignored.txt
            echo 'deb [signed-by=/usr/share/keyrings/o.gpg] http://example.org stable main' > etc/apt/sources.list
            s=etc/apt/sources.list.d; stanza='Types: deb\\nURIs: http://example.org\\nSuites: s\\nComponents: main\\n'
            printf "$stanza"'Signed-By: /missing.gpg\\n' > $s/missing.sources
            printf "$stanza"'Enabled: no\\nSigned-By: /unused.gpg\\n' > $s/unused.sources
            (printf "$stanza"'Signed-By:\\n'; sed 's/^$/./; s/^/ /' $1/archive.asc) > $s/text.sources
            """)
        let (keys, problems) = try DebianExamination.aptKeys(root: copy.path + "/copy")
        #expect(
            keys.map(\.source) == [
                "apt (/etc/apt/trusted.gpg.d/a.asc)", "apt (/usr/share/keyrings/o.gpg)",
                "apt (/etc/apt/sources.list.d/text.sources:1)",
            ])
        #expect(Set(keys.map(\.certificate.fingerprint)).count == 2)
        #expect(problems.count == 2)
        #expect(problems.contains { $0.contains("bad.gpg") })
        #expect(problems.contains { $0.contains("missing.gpg") })
    }
}
