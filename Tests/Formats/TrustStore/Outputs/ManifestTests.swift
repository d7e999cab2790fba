import AssayTestSupport
import Testing

@testable import AssayTrustStore

struct ManifestTests {
    static let digest = StoreManifest.digest(Array("abc".utf8))
    static let odd = [
        "tab\there", "line\nfeed", #"back\slash"#, "", "\u{202E}reversed", "Ä 漢 🔒", "\u{0}", "e\u{301}", "é",
    ]

    static let manifest = StoreManifest(
        toolVersion: "0.5.0", rules: .assay, time: 1_700_000_000,
        sources: [
            .init(path: "/etc/pki/ca-trust/source/anchors/a.pem", role: .anchors, token: 0, digest: digest),
            .init(path: "/usr/share/pki/ca-trust-source/b.p11-kit", role: .main, token: 1, digest: digest),
        ],
        skipped: [
            SourceFault(path: "/etc/x", line: 3, reason: "bad base64"),
            SourceFault(path: "/etc/y", line: nil, reason: "r"),
        ],
        ignored: [.init(path: "/etc/x~", reason: "a backup file")],
        outputs: [
            .init(path: "pem/tls-ca-bundle.pem", content: .digest(digest)),
            .init(path: "legacy/0a.0", content: .link("0a.pem")),
        ],
        counts: [.init(output: .edk2, certificates: 2), .init(output: .tlsBundle, certificates: 2)])

    static func reason(_ text: String) -> String {
        do {
            _ = try StoreManifest(reading: Array(text.utf8))
            return "read"
        } catch {
            return error.description
        }
    }

    @Test func `the text is in a fixed order`() throws {
        let text = String(decoding: ManifestTests.manifest.text, as: UTF8.self)
        #expect(
            text == """
                assay-trust-manifest\t1
                tool\t0.5.0
                rules\tassay
                time\t1700000000
                source\t\(ManifestTests.digest)\t0\tanchors\t/etc/pki/ca-trust/source/anchors/a.pem
                source\t\(ManifestTests.digest)\t1\tmain\t/usr/share/pki/ca-trust-source/b.p11-kit
                skipped\t3\t/etc/x\tbad base64
                skipped\t-\t/etc/y\tr
                ignored\t/etc/x~\ta backup file
                link\t0a.pem\tlegacy/0a.0
                file\t\(ManifestTests.digest)\tpem/tls-ca-bundle.pem
                count\t2\tpem/tls-ca-bundle.pem
                count\t2\tedk2/cacerts.bin
                end

                """)
        #expect(ManifestTests.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(try StoreManifest(reading: ManifestTests.manifest.text) == ManifestTests.manifest)
    }

    @Test func `odd names and reasons come back as they were`() throws {
        let manifest = StoreManifest(
            toolVersion: "x\ty", rules: .p11Kit, time: nil,
            sources: ManifestTests.odd.map {
                .init(path: $0, role: .blocklist, token: 7, digest: ManifestTests.digest)
            },
            skipped: ManifestTests.odd.map { SourceFault(path: $0, line: 1, reason: $0) },
            ignored: ManifestTests.odd.map { .init(path: $0, reason: $0) },
            outputs: ManifestTests.odd.filter { !$0.isEmpty }.map { .init(path: "pem/" + $0, content: .link($0)) },
            counts: [])
        let read = try StoreManifest(reading: manifest.text)
        #expect(read.text == manifest.text)
        #expect(zip(read.sources, ManifestTests.odd).allSatisfy { $0.path.utf8.elementsEqual($1.utf8) })
        #expect(zip(read.skipped, ManifestTests.odd).allSatisfy { $0.reason.utf8.elementsEqual($1.utf8) })
        #expect(read.outputs.count == ManifestTests.odd.count - 1)
    }

    @Test(arguments: [
        ("assay-trust-manifest\t1", "assay-trust-manifest\t2", "line 1: a manifest of another version than 1"),
        ("assay-trust-manifest\t1\n", "", "line 1: 'assay-trust-manifest' is missing"),
        ("tool\t0.5.0\n", "", "line 2: 'tool' is missing"),
        ("tool\t0.5.0", "tool\t0.5.0\tx", "line 2: 'tool' with 2 fields, not 1"),
        ("rules\tassay", "rules\tother", "line 3: unknown rules"),
        ("time\t1700000000", "time\tnow", "line 4: no time"),
        ("time\t1700000000", "time\t01700000000", "the manifest is not in the form that assay writes"),
        ("time\t1700000000", "time\t99999999999999999999", "line 4: no time"),
        ("\t0\tanchors", "\t0\tother", "line 5: a source without token or role"),
        ("\t0\tanchors", "\t-1\tanchors", "line 5: a source without token or role"),
        ("\t0\tanchors", "\t+0\tanchors", "the manifest is not in the form that assay writes"),
        ("source\tba", "source\tBA", "line 5: no SHA-256 digest"),
        ("source\tba", "source\tb", "line 5: no SHA-256 digest"),
        ("skipped\t3", "skipped\t0", "line 7: no line number"),
        ("/etc/x~", #"/etc/\x7e"#, "the manifest is not in the form that assay writes"),
        ("/etc/x~", #"/etc/\y"#, "line 9: a field that is no escaped text"),
        ("/etc/x~", #"/etc/\xff"#, "line 9: a field that is no escaped text"),
        ("legacy/0a.0", "../0a.0", "line 10: a path that leaves the store's folder"),
        ("legacy/0a.0", "/0a.0", "line 10: a path that leaves the store's folder"),
        ("legacy/0a.0", "legacy//0a.0", "line 10: a path that leaves the store's folder"),
        ("link\t0a.pem", "link\t../../etc/passwd", "line 10: a path that leaves the store's folder"),
        ("link\t0a.pem", "link\t..", "line 10: a path that leaves the store's folder"),
        ("legacy/0a.0", "pem/tls-ca-bundle.pem", "line 11: a path twice"),
        ("legacy/0a.0", "zzz/0a.0", "the manifest is not in the form that assay writes"),
        ("count\t2\tedk2/cacerts.bin", "count\t2\tother", "line 13: no count of an output"),
        ("count\t2\tedk2/cacerts.bin", "count\t2\tpem/tls-ca-bundle.pem", "line 13: an output counted twice"),
        ("end\n", "", "line 14: 'end' is missing"), ("end\n", "end\nend\n", "line 14: text follows the end"),
        ("end\n", "file\tx\ty\nend\n", "line 14: 'end' is missing"), ("end\n", "end", "line 14: 'end' is missing"),
    ])
    func `what assay does not write is refused with its line`(original: String, change: String, reason: String) {
        let text = String(decoding: ManifestTests.manifest.text, as: UTF8.self)
        #expect(ManifestTests.reason(text.replacing(original, with: change, maxReplacements: 1)) == reason)
    }

    @Test func `a manifest cut short anywhere is refused`() {
        let bytes = ManifestTests.manifest.text
        for length in 0..<bytes.count { #expect((try? StoreManifest(reading: Array(bytes[..<length]))) == nil) }
    }

    @Test func `changed bytes never crash, and what is read is what is written`() {
        let bytes = ManifestTests.manifest.text
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            if let read = try? StoreManifest(reading: changed) { #expect(read.text == changed) }
        }
        var numbers = SeededNumbers(state: 5)
        for _ in 0..<300 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...6, using: &numbers) {
                changed[Int.random(in: 0..<changed.count, using: &numbers)] =
                    [0x09, 0x0A, 0x5C, 0x30, 0x78, 0xFF].randomElement(using: &numbers) ?? 0
            }
            if let read = try? StoreManifest(reading: changed) { #expect(read.text == changed) }
        }
    }

    @Test func `a file's digest and a link's target are what the manifest lists`() {
        #expect(
            StoreManifest.Output(StoreFile(path: "a", content: .bytes(Array("abc".utf8))))
                == .init(path: "a", content: .digest(ManifestTests.digest)))
        #expect(
            StoreManifest.Output(StoreFile(path: "a", content: .link("b"))) == .init(path: "a", content: .link("b")))
    }
}
