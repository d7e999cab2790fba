import AssayBytes
import AssayDebianArchive
import Testing

private let sum = String(repeating: "0a", count: 32)
private let other = String(repeating: "0b", count: 32)
private let release = """
    Origin: Debian
    Label: Debian
    Suite: oldstable
    Version: 12.15
    Codename: bookworm
    Date: Sat, 11 Jul 2026 10:16:37 UTC
    Valid-Until: Sat, 18 Jul 2026 10:16:37 +0200
    Acquire-By-Hash: yes
    Architectures: all amd64
    Components: main contrib
    MD5Sum:
     0ed6d4c8891eb86358b94bb35d9e4da4  1484322 main/Contents-all
    SHA256:
     \(sum)       12 main/binary-amd64/Packages
     \(other)  5 Index
    SHA512:
     \(sum)\(other) 12 main/binary-amd64/Packages

    """

private func failure(_ old: String, _ new: String) -> String? {
    do {
        _ = try ReleaseFile(Array(release.replacing(old, with: new).utf8))
        return nil
    } catch {
        return "\(error)"
    }
}

private func date(_ text: String) -> Int64? {
    try? ReleaseFile(Array("Date: \(text)\n".utf8)).date
}

struct ReleaseFileTests {
    @Test func `a Release file is read`() throws {
        let file = try ReleaseFile(Array(release.utf8))
        #expect(file.origin == "Debian" && file.label == "Debian" && file.suite == "oldstable")
        #expect(file.version == "12.15" && file.codename == "bookworm" && file.acquireByHash)
        #expect(file.date == 1_783_764_997 && file.validUntil == 1_783_764_997 + 7 * 86_400 - 7200)
        #expect(file.architectures == ["all", "amd64"] && file.components == ["main", "contrib"])
        #expect(file.algorithms == [.md5, .sha256, .sha512])
        let index = try #require(file.index("main/binary-amd64/Packages", .sha256))
        #expect(index.size == 12 && index.digest == Hex.decode(sum))
        #expect(index.byHashPath == "main/binary-amd64/by-hash/SHA256/" + sum)
        #expect(file.index("Index", .sha256)?.byHashPath == "by-hash/SHA256/" + other)
        #expect(file.indices(.sha256).map(\.path) == ["Index", "main/binary-amd64/Packages"])
        #expect(file.index("Index", .sha512) == nil && file.paragraph["origin"] == "Debian")
    }

    @Test(arguments: [
        ("Date: Sat", "Date: Sun", "is not a date"), ("Suite: oldstable", "Suite:\n a", "not one line"),
        ("Suite: oldstable", "Origin: x", "occurs twice"), ("SHA256:\n", "SHA256:\n x\n", "no digest, size and path"),
        ("  5 Index", "  5 ../Index", "not in the repository"), ("  5 Index", "  5 /Index", "not in the repository"),
        ("  5 Index", "  5 a/./b", "not in the repository"), ("  5 Index", "  5 a/", "not in the repository"),
        ("  5 Index", "  x Index", "no digest, size and path"), ("  5 Index", " Index", "no digest, size and path"),
        ("  5 Index", "  12 main/binary-amd64/Packages", "two different digests"),
        ("\(sum)       12", "\(sum)       13", "two different sizes"), (other + "  5", "0b  5", "no digest"),
        ("Components", "\nComponents", "more than one paragraph"),
    ])
    func `a Release file that contradicts itself is refused`(old: String, new: String, reason: String) {
        #expect(failure(old, new)?.contains(reason) == true)
    }

    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 UTC", 0), ("Thu, 1 Jan 1970 00:00:00 GMT", 0), ("1 Jan 1970 1:2:3 Z", 3723),
        ("Tue, 29 Feb 2000 23:59:60 +0000", 951_868_800), ("Fri, 31 Dec 1999 23:00:00 -0100", 946_684_800),
        ("Wed, 31 Dec 2098 12:00:00 UTC", 4_070_865_600), ("Sat, 11 Jul 2026 10:16:37 UTC", 1_783_764_997),
    ])
    func `dates are read`(text: String, seconds: Int64) { #expect(date(text) == seconds) }

    @Test(arguments: [
        "", "now", "Sat, 11 Jul 2026", "Sat, 11 Jul 2026 10:16:37", "Sat, 11 Jul 2026 10:16:37 CET",
        "Fri, 11 Jul 2026 10:16:37 UTC", "Sun, 29 Feb 2026 10:16:37 UTC", "31 Apr 2026 00:00:00 UTC",
        "11 Jul 2026 24:00:00 UTC", "11 Jul 2026 10:60:00 UTC", "11 Jul 2026 10:16 UTC", "11 Jul 26 10:16:37 UTC",
        "11 Jul 1969 10:16:37 UTC", "00 Jul 2026 10:16:37 UTC", "11 July 2026 10:16:37 UTC", "2026-07-11T10:16:37Z",
        "11 Jul 2026 10:16:37 +2500", "11 Jul 2026 10:16:37 UTC UTC",
    ])
    func `what is no date is refused`(text: String) { #expect(date(text) == nil) }

    @Test func `no form of a Release file stops the reader`() {
        forHostileForms(Array(release.utf8), cutStep: 1, flipStep: 1, mutations: 500) { _ = try? ReleaseFile($0) }
    }
}

struct AptListNameTests {
    @Test func `names of apt's lists are read`() throws {
        let release = try #require(
            AptListName(Array("deb.debian.org_debian-security_dists_bookworm-security_InRelease".utf8)))
        #expect(release.location == Array("deb.debian.org/debian-security/dists/bookworm-security/InRelease".utf8))
        #expect(release.host == Array("deb.debian.org".utf8) && release.fileName == Array("InRelease".utf8))
        #expect(release.repository?.root == Array("deb.debian.org/debian-security".utf8))
        #expect(release.repository?.suite == Array("bookworm-security".utf8))
        #expect(
            release.name(ofIndex: "main/binary-amd64/Packages")
                == Array("deb.debian.org_debian-security_dists_bookworm-security_main_binary-amd64_Packages".utf8))
        let nested = try #require(AptListName(Array("host_dists_bookworm_updates_InRelease".utf8)))
        #expect(
            nested.repository?.root == Array("host".utf8) && nested.repository?.suite == Array("bookworm/updates".utf8))
        let flat = try #require(AptListName(Array("host%3a8080_some%5ffolder_._Release".utf8)))
        #expect(flat.location == Array("host:8080/some_folder/./Release".utf8) && flat.repository == nil)
        #expect(flat.directory == Array("host:8080/some_folder/.".utf8))
    }

    @Test func `a location is written as apt writes it`() {
        #expect(AptListName.encode("host/a_b~c!d e%20\u{fc}".utf8) == Array("host_a%5fb%7ec%21d%20e%2520%c3%bc".utf8))
        for byte in UInt8.min...UInt8.max {
            let name = AptListName.encode([0x68, byte, 0x68])
            #expect(AptListName(name)?.location == [0x68, byte, 0x68])
        }
    }

    @Test(arguments: ["", "a/b", "a%", "a%4", "a%zz", "a b", "a\nb"])
    func `names that apt does not write are refused`(name: String) { #expect(AptListName(Array(name.utf8)) == nil) }
}
