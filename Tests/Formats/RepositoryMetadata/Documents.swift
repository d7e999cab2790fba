import AssayRepositoryMetadata
import Testing

/// Documents as createrepo_c writes them.
enum Documents {
    static let sha256 = String(repeating: "ab", count: 32)

    static func data(_ type: String, href: String = "repodata/primary.xml.gz", extra: String = "") -> String {
        """
          <data type="\(type)">
            <checksum type="sha256">\(sha256)</checksum>
            <open-checksum type="sha512">\(String(repeating: "cd", count: 64))</open-checksum>
            <location href="\(href)"/>
            <timestamp>1700000000.25</timestamp>
            <size>1234</size>
            <open-size>56789</open-size>\(extra)
          </data>

        """
    }

    static func index(_ data: String, revision: String = "1700000001") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
          <revision>\(revision)</revision>
          <tags><content>binary &amp; more</content></tags>
        \(data)</repomd>

        """
    }

    static func package(
        _ name: String = "hello", location: String = "Packages/h/hello-1.0-1.noarch.rpm",
        version: String = "epoch=\"0\" ver=\"1.0\" rel=\"1\"", checksum: String = sha256, extra: String = ""
    ) -> String {
        """
        <package type="rpm">
          <name>\(name)</name>
          <arch>noarch</arch>
          <version \(version)/>
          <checksum type="sha256" pkgid="YES">\(checksum)</checksum>
          <summary>It's &lt;one&gt; &#x26; only</summary>
          <description><![CDATA[a < b && c]]></description>
          <packager/>
          <time file="1700000002" build="1700000003"/>
          <size package="6105" installed="10" archive="20"/>
          <location href="\(location)"/>\(extra)
          <format>
            <rpm:license>MIT</rpm:license>
            <rpm:vendor>Example &amp; Sons</rpm:vendor>
            <rpm:sourcerpm>hello-1.0-1.src.rpm</rpm:sourcerpm>
            <rpm:provides><rpm:entry name="hello" flags="EQ" epoch="0" ver="1.0" rel="1"/></rpm:provides>
            <file>/usr/bin/hello</file>
          </format>
        </package>

        """
    }

    static func list(_ packages: String, count: String = "1") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" \
        packages="\(count)">
        \(packages)</metadata>

        """
    }

    /// The packages of a document that comes in pieces of `size` bytes.
    static func read(
        _ document: [UInt8], pieces size: Int = .max
    ) throws -> ([ListedPackage], PackageListReader.Summary) {
        var reader = PackageListReader()
        var packages: [ListedPackage] = []
        var rest = document[...]
        while !rest.isEmpty {
            packages += try reader.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return (packages, try reader.finish())
    }
}

/// The code of the error that `body` throws.
func code(_ body: () throws -> Void) -> MetadataError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? MetadataError)?.code
    }
}

/// The code that `document` is refused with as a repository's index.
func indexCode(_ document: String) -> MetadataError.Code? {
    code { _ = try RepositoryIndex(Array(document.utf8)) }
}

/// The code that `document` is refused with as a list of packages.
func listCode(_ document: String) -> MetadataError.Code? { code { _ = try Documents.read(Array(document.utf8)) } }
