import Testing

@testable import AssayTrustStore

struct FolderTests {
    static let subject = OutputFixture.name(OutputFixture.string(12, "A CA".utf8))

    static func listing(_ entries: [TrustEntry], _ output: StoreOutput, _ rules: TrustRules = .assay) -> [String] {
        OutputFixture.store(entries, rules).files(output, options: OutputOptions(time: 0)).map { file in
            let name = String(file.path.dropFirst(output.path.count + 1))
            if case .link(let target) = file.content { return "\(name) -> \(target)" }
            return name
        }
    }

    @Test func `a certificate is found by both hashes of its subject`() {
        let hash = SubjectHash.current(FolderTests.subject).map(SubjectHash.text) ?? ""
        let old = SubjectHash.text(SubjectHash.old(FolderTests.subject))
        #expect(
            FolderTests.listing(
                [OutputFixture.entry(1, "A CA: Über/../x", subject: FolderTests.subject)], .directoryHash)
                == [
                    "A_CA___ber_.._x.pem".replacing("___ber", with: "____ber"),
                    "\(hash).0 -> A_CA____ber_.._x.pem", "\(old).0 -> A_CA____ber_.._x.pem",
                ])
    }

    @Test func `certificates of the same subject and label are all found`() {
        let twins = (1...3).map { OutputFixture.entry($0, "A CA", subject: FolderTests.subject) }
        let hash = SubjectHash.current(FolderTests.subject).map(SubjectHash.text) ?? ""
        let old = SubjectHash.text(SubjectHash.old(FolderTests.subject))
        #expect(
            FolderTests.listing(twins, .directoryHash) == [
                "A_CA.pem", "\(hash).0 -> A_CA.pem", "\(old).0 -> A_CA.pem",
                "A_CA.1.pem", "\(hash).1 -> A_CA.1.pem", "\(old).1 -> A_CA.1.pem",
                "A_CA.2.pem", "\(hash).2 -> A_CA.2.pem", "\(old).2 -> A_CA.2.pem",
            ])
        #expect(
            FolderTests.listing(twins, .legacy) == [
                "\(hash).pem", "\(hash).0 -> \(hash).pem", "\(hash).1.pem", "\(hash).1 -> \(hash).1.pem",
                "\(hash).2.pem", "\(hash).2 -> \(hash).2.pem",
            ])
    }

    @Test func `a label that is another's name with a number clashes with nothing`() {
        let names = FolderTests.listing(
            [OutputFixture.entry(1, "x.1"), OutputFixture.entry(2, "x"), OutputFixture.entry(3, "x")], .directoryHash
        ).filter { !$0.contains("->") }
        #expect(names == ["x.1.pem", "x.pem", "x.2.pem"])
    }

    @Test func `no name is longer than a file name may be`() {
        let long = String(repeating: "n", count: 300)
        let names = FolderTests.listing(
            [OutputFixture.entry(1, long), OutputFixture.entry(2, long + "!")], .directoryHash, .p11Kit
        ).filter { !$0.contains("->") }
        #expect(names.map(\.utf8.count) == [255, 255])
        #expect(names == [String(repeating: "n", count: 251) + ".pem", String(repeating: "n", count: 249) + ".1.pem"])
    }

    @Test(arguments: [("..", "...pem"), (".", "..pem"), ("/", "_.pem"), ("", "certificate.pem"), ("a\u{0}b", "a.pem")])
    func `a label is never a path`(label: String, name: String) {
        #expect(FolderTests.listing([OutputFixture.entry(1, label)], .directoryHash, .p11Kit).first == name)
    }

    @Test func `a subject that OpenSSL cannot read loses no certificate`() {
        let odd = OutputFixture.name(OutputFixture.string(12, [0xFF]))
        let old = SubjectHash.text(SubjectHash.old(odd))
        let entries = [OutputFixture.entry(1, "odd", subject: odd)]
        #expect(FolderTests.listing(entries, .directoryHash) == ["odd.pem", "\(old).0 -> odd.pem"])
        #expect(FolderTests.listing(entries, .legacy) == ["\(old).pem", "\(old).0 -> \(old).pem"])
    }

    @Test func `each file is the certificate's piece of the TLS bundle`() throws {
        let store = OutputFixture.store([OutputFixture.entry(1, "First"), OutputFixture.entry(2, "Second")])
        let files = store.files(.legacy, options: OutputOptions(time: 0))
        var pieces: [[UInt8]] = []
        for file in files { if case .bytes(let bytes) = file.content { pieces.append(bytes) } }
        #expect(Array(pieces.joined(separator: [0x0A])) == OutputFixture.bytes(store, .tlsBundle))
        for (piece, entry) in zip(pieces, store.entries) {
            #expect(try TrustStore.read(piece, as: .legacy).map(\.der) == [entry.certificate.der])
        }
    }

    @Test func `many twins take no longer than different certificates`() {
        let entries = (0..<5_000).map { _ in OutputFixture.entry(1, "same", subject: FolderTests.subject) }
        #expect(FolderTests.listing(entries, .directoryHash).count == 15_000)
    }
}
