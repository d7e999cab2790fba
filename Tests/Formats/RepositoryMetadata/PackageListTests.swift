import AssayBytes
import AssayRepositoryMetadata
import Testing

struct PackageListTests {
    @Test func `a list is taken apart`() throws {
        let document = Documents.list(
            Documents.package() + Documents.package("other", version: "epoch=\"2\" ver=\"3\" rel=\"4\""), count: "2")
        let (packages, summary) = try Documents.read(Array(document.utf8))
        #expect(packages.map(\.description) == ["hello-1.0-1.noarch", "other-2:3-4.noarch"])
        #expect(summary == (try Documents.read(Array(document.utf8), pieces: 7).1))
        #expect(summary.packages == 2 && summary.declaredPackages == 2)
        let first = try #require(packages.first)
        #expect(first.location.description == "Packages/h/hello-1.0-1.noarch.rpm" && first.size == ByteCount(6105))
        #expect(first.vendor == "Example & Sons" && first.sourceRPM == "hello-1.0-1.src.rpm")
        #expect(first.checksum.algorithm == .sha256 && first.buildTime == 1_700_000_003 && first.base == nil)
    }

    @Test(arguments: [1, 2, 3, 5, 64, 1000])
    func `the size of the pieces does not matter`(size: Int) throws {
        let document = Array(Documents.list(Documents.package() + Documents.package("b"), count: "2").utf8)
        #expect(try Documents.read(document, pieces: size).0 == Documents.read(document).0)
    }

    @Test(arguments: [
        ("no name", Documents.package("").replacing("<name></name>", with: ""), MetadataError.Code.missingValue),
        ("an empty name", Documents.package(""), .missingValue),
        ("no version", Documents.package(version: ""), .missingValue),
        ("no release", Documents.package(version: "epoch='0' ver='1'"), .missingValue),
        ("an epoch of words", Documents.package(version: "epoch='x' ver='1' rel='1'"), .value),
        ("two locations", Documents.package(extra: "<location href='b.rpm'/>"), .missingValue),
        ("two names", Documents.package(extra: "<name>b</name>"), .missingValue),
        ("two checksums", Documents.package(extra: "<checksum type='sha256'>00</checksum>"), .missingValue),
        ("a short checksum", Documents.package(checksum: "abcd"), .value),
        ("a way out", Documents.package(location: "../hello.rpm"), .location),
        ("an absolute way", Documents.package(location: "/hello.rpm"), .location),
        ("another type", Documents.package().replacing("type=\"rpm\"", with: "type=\"deb\""), .value),
    ])
    func `a package that says too little or too much is refused`(
        name: String, package: String, expected: MetadataError.Code
    ) {
        #expect(listCode(Documents.list(package)) == expected, "\(name)")
    }

    @Test func `another root is said, and a wrong count as well`() throws {
        let based = Documents.package(extra: "").replacing("<location ", with: "<location xml:base=\"http://x/\" ")
        let (packages, summary) = try Documents.read(Array(Documents.list(based, count: "9").utf8))
        #expect(packages.first?.base == "http://x/" && summary.packages == 1 && summary.declaredPackages == 9)
    }

    @Test func `elements of the same name elsewhere are not the package's`() throws {
        let package = Documents.package(extra: "<format2><name>evil</name><location href='/evil'/></format2>")
        #expect(try Documents.read(Array(Documents.list(package).utf8)).0.first?.name == "hello")
    }

    @Test func `a document larger than allowed is refused`() {
        var reader = PackageListReader(maximumSize: ByteCount(100))
        let document = Array(Documents.list(Documents.package()).utf8)
        #expect(code { _ = try reader.append(document) } == .tooLarge)
    }
}
