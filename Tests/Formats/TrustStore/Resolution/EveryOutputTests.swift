import Testing

@testable import AssayTrustStore

private let authority = CertificateFixture()
private let leaf = CertificateFixture(isAuthority: false)
private let bare = CertificateFixture(isAuthority: nil)
private let twin = CertificateFixture(subject: DERBytes.name("Other"), serial: 7)

private struct Case: Sendable, CustomTestStringConvertible {
    let sentence: String
    let sources: @Sendable () throws -> [TrustSource]
    var rules = TrustRules.allCases

    var testDescription: String { sentence }
}

@Suite struct EveryOutputTests {
    private static let without: [Case] = [
        Case(
            sentence: "anchored in /etc, distrusted in /usr",
            sources: {
                [.etc(.anchors, "e", try .plain(authority)), .usr(.main, "u", try .stands(authority, .distrusted))]
            }),
        Case(
            sentence: "anchored in /etc, in the blocklist of /usr",
            sources: { [.etc(.anchors, "e", try .plain(authority)), .usr(.blocklist, "u", try .plain(authority))] }),
        Case(
            sentence: "anchored in both, distrusted in /usr by issuer and serial number",
            sources: {
                [
                    .etc(.anchors, "e", try .plain(authority)),
                    .usr(.main, "u", try .stands(authority, .anchor), try .distrustedName(authority)),
                ]
            }),
        Case(
            sentence: "anchored in /etc, its key distrusted in /usr",
            sources: { [.etc(.anchors, "e", try .plain(authority)), .usr(.main, "u", try .distrustedKey(authority))] }),
        Case(
            sentence: "anchored in /etc, another certificate with its key distrusted in /usr",
            sources: { [.etc(.anchors, "e", try .plain(authority)), .usr(.blocklist, "u", try .plain(twin))] }),
        Case(
            sentence: "neutral everywhere",
            sources: { [.etc(.main, "e", try .plain(authority)), .usr(.main, "u", try .plain(authority))] }),
        Case(
            sentence: "every purpose rejected",
            sources: { [.etc(.anchors, "e", try .plain(authority), try .rejected(authority, [.any]))] }, rules: [.assay]
        ),
        Case(sentence: "a leaf in anchors", sources: { [.etc(.anchors, "e", try .plain(leaf))] }, rules: [.assay]),
        Case(
            sentence: "no basic constraints in anchors", sources: { [.etc(.anchors, "e", try .plain(bare))] },
            rules: [.assay]),
    ]

    @Test(arguments: without, StoreOutput.allCases)
    private func `no output trusts what is distrusted, neutral or no authority`(
        _ row: Case, _ output: StoreOutput
    ) throws {
        let options = OutputOptions(time: 0)
        for rules in row.rules {
            let store = TrustStore.resolve(try row.sources(), rules: rules)
            let files = store.files(output, options: options)
            #expect(store.entries.allSatisfy { !store.includes($0, in: output).isTrusted })
            guard output == .opensslBundle else {
                #expect(files == TrustStore.resolve([], rules: rules).files(output, options: options))
                continue
            }
            for found in try opensslCertificates(files) {
                for (name, purpose) in Purpose.named { #expect(!found.isTrusted(for: purpose), "\(name)") }
            }
        }
    }

    @Test(arguments: StoreOutput.allCases, TrustRules.allCases)
    func `every output has an anchor of /usr that is neutral in /etc`(_ output: StoreOutput, _ rules: TrustRules) throws
    {
        let usage: [Purpose] = [.serverAuth, .emailProtection, .codeSigning]
        let sources = [
            TrustSource.etc(.main, "e", try .plain(authority)),
            .usr(.main, "u", try .stands(authority, .anchor), try .attached(authority, usage)),
        ]
        let store = TrustStore.resolve(sources, rules: rules)
        let options = OutputOptions(time: 0)
        let files = store.files(output, options: options)
        #expect(store.entries.map { store.includes($0, in: output).isTrusted } == [true])
        #expect(files != TrustStore.resolve([], rules: rules).files(output, options: options))
        if output == .opensslBundle {
            #expect(try opensslCertificates(files).map { found in usage.map(found.isTrusted) } == [[true, true, true]])
        }
    }

    private func opensslCertificates(_ files: [StoreFile]) throws -> [ExtractedCertificate] {
        guard case .bytes(let bytes) = try #require(files.first).content else { return [] }
        return ExtractedCertificate.bundle(bytes, type: "TRUSTED CERTIFICATE")
    }
}
