import AssayBytes
import AssayRepositoryMetadata
import AssayTestSupport
import Foundation
import Testing

/// A repository that createrepo_c makes of the committed packages.
@Suite(.enabled(if: ["createrepo_c", "rpm"].allSatisfy(isAvailable)))
struct CreaterepoTests {
    private static let packages = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Vectors/RPM").standardizedFileURL.path

    private func checksum(_ path: String, in directory: String) -> String {
        String(shell("sha256sum < \"$1\"", in: directory, arguments: [path]).text.prefix(64))
    }

    @Test(arguments: ["gz", "xz"])
    func `index and list of a real repository name every file with its digest`(compression: String) throws {
        let scratch = ScratchDirectory()
        let made = shell(
            """
            mkdir -p repo/Packages && cp "$1"/*.rpm repo/Packages && \
              createrepo_c --quiet --no-database --general-compress-type "$2" repo
            """, in: scratch.path, arguments: [CreaterepoTests.packages, compression])
        let root = scratch.path + "/repo"
        let index = try RepositoryIndex(shell("cat repodata/repomd.xml", in: root).output)
        #expect(Set(index.files.map(\.type)).isSuperset(of: ["primary", "filelists", "other"]), "\(made.errorText)")
        for file in index.files {
            let path = file.location.description
            #expect(Hex.encode(file.checksum.digest) == checksum(path, in: root), "\(path)")
            let size = shell("stat -c %s \"$1\"", in: root, arguments: [path]).text
            #expect(size == "\(file.size?.rawValue ?? 0)\n")
        }
        let primary = try #require(index.file("primary"))
        let open = shell(
            "case \"$1\" in *.gz) gunzip -c \"$1\";; *.xz) xz -dc \"$1\";; esac", in: root,
            arguments: [primary.location.description]
        ).output
        #expect(primary.openSize == ByteCount(UInt64(open.count)))
        let (packages, summary) = try Documents.read(open, pieces: 1000)
        let count = UInt64(shell("ls repo/Packages | wc -l", in: scratch.path).text.filter(\.isNumber)) ?? 0
        // createrepo_c leaves out what it cannot read.
        #expect(summary.packages > 0 && UInt64(summary.packages) <= count)
        #expect(summary.declaredPackages == UInt64(summary.packages))
        for package in packages {
            let path = package.location.description
            #expect(Hex.encode(package.checksum.digest) == checksum(path, in: root), "\(path)")
            let query = "%{name}|%{epochnum}|%{version}|%{release}|%{vendor}|%{sourcerpm}|%{buildtime}"
            let rpm = shell(
                "rpm -qp --nosignature --nodigest --qf \"$2\" -- \"$1\"", in: root, arguments: [path, query])
            let ours = [
                package.name, "\(package.epoch)", package.version, package.release, package.vendor ?? "",
                package.sourceRPM ?? "", "\(package.buildTime ?? 0)",
            ]
            // The list has no way to say that a vendor or a time is missing.
            let theirs = rpm.text.replacing("|(none)|", with: "||").replacing("|(none)", with: "|0")
            #expect(theirs == ours.joined(separator: "|"))
        }
    }
}
