import AssayFacts
import AssayOpenPGP
import AssayVerification
import Testing

struct BuiltInKeyTests {
    /// 2026-11-24.
    private let now: Int64 = 1_795_478_400

    @Test func `the keys of Azure Linux are built in, as Microsoft publishes them`() throws {
        let contents = try KeyStore(directories: ["/nowhere/keys"]).contents()
        #expect(contents.problems.isEmpty)
        #expect(contents.disabled.keys.isEmpty)
        #expect(contents.keys.keys.map(\.source) == ["azure-linux", "azure-linux"])
        #expect(contents.keys.keys.map(\.origin) == ["built in", "built in"])
        #expect(
            contents.keys.certificates.map(\.fingerprint.description) == [
                "2bc94fff7015a5f28f1537ad0cd9fed33135ce90", "bc528686b50d79e339d3721ceb3e94adbe1229cf",
            ])
        let published = try ["MICROSOFT-RPM-GPG-KEY", "MICROSOFT-METADATA-GPG-KEY"].flatMap {
            try OpenPGPCertificate.parse(vector($0))
        }
        #expect(contents.keys.certificates == published)
        let facts = contents.keys.keys.map { $0.facts(at: now) }
        #expect(
            facts.map(\.userIDs) == [
                ["Mariner RPM Release Signing <marinerrpmprod@microsoft.com>"],
                ["Microsoft (Release signing) <gpgsecurity@microsoft.com>"],
            ])
        #expect(facts.allSatisfy { $0.expires == nil && $0.revocation == nil })
    }

    @Test func `a store without built-in keys is empty`() throws {
        #expect(try KeyStore(directories: [], hasBuiltInKeys: false).contents().keys.keys.isEmpty)
    }

    @Test(arguments: [
        ("azurelinux-3.0.20250102.iso", true), ("AzureLinux-3.0-aarch64.iso", true), ("./isos/AZURELINUX-4.ISO", true),
        ("azure-linux-3.0-iso-checksum", true), ("CBL-Mariner-2.0-x86_64.iso", true), ("mariner-2.0.vhdx", true),
        ("bash-5.2.15-3.azl3.x86_64.rpm", true), ("kernel-6.6.1-1.azl4.src.rpm", true), ("a-1-1.cm2.noarch.rpm", true),
        ("bash-5.2.15-3.fc40.x86_64.rpm", false), ("debian-12.iso", false), ("azurelinux-3.0", false),
        ("azl3.rpm", false), ("azurelinux-3.0.iso/other.iso", false), ("", false),
    ])
    func `the files of Azure Linux are known by their names`(_ path: String, _ isPublished: Bool) throws {
        let key = try #require(try KeyStore(directories: []).contents().keys.keys.first)
        #expect(key.facts(at: now).publishes(fileNamed: path) == isPublished)
    }
}

struct FileNamePatternTests {
    @Test(arguments: [
        ("*", "", true), ("*", "anything", true), ("a*c", "abc", true), ("a*c", "ac", true), ("a*c", "abcd", false),
        ("a?c", "abc", true), ("a?c", "ac", false), ("a?c", "aéc", true), ("?", "", false), ("**", "x", true),
        ("*.rpm", "a.rpm.rpm", true), ("*.rpm", "a.rpm.sig", false), ("ABC", "abc", true), ("abc", "ABC", true),
        ("a.c", "abc", false), ("[a]", "a", false), ("[a]", "[a]", true), ("a\\*", "a\\x", true), ("É", "é", false),
        ("*ab*ab*", "xabyab", true), ("*ab*ab*", "xab", false), ("*aab", "aaaab", true), ("*a?b*", "aab", true),
    ])
    func `a pattern matches the whole name`(_ pattern: String, _ name: String, _ matches: Bool) throws {
        #expect(try #require(FileNamePattern(pattern)).matches(name) == matches)
    }

    @Test(arguments: ["", "a/b", "a\nb", "a\u{1B}b", "\u{85}", String(repeating: "a", count: 256)])
    func `what cannot be part of a name is no pattern`(_ pattern: String) {
        #expect(FileNamePattern(pattern) == nil)
    }

    @Test func `a pattern of many asterisks does not blow up`() throws {
        let pattern = try #require(FileNamePattern(String(repeating: "*a", count: 127)))
        #expect(pattern.matches(String(repeating: "a", count: 4000)))
        #expect(!pattern.matches(String(repeating: "a", count: 4000) + "b"))
    }
}
