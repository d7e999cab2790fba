import Testing

@testable import AssayTrustStore

private let authority = CertificateFixture()

/// What the sources say together about `fixture` for `purpose`, as `rule: path:line …`, with `+` for trusted.
private struct Case: Sendable, CustomTestStringConvertible {
    let sentence: String
    var fixture = authority
    var purpose = Purpose.serverAuth
    let sources: @Sendable () throws -> [TrustSource]
    /// By our rules.
    let ours: String
    /// By p11-kit's rules; nil for the same.
    var p11Kit: String?

    var testDescription: String { sentence }
}

@Suite struct ResolutionTests {
    private static let folders: [Case] = [
        Case(
            sentence: "a plain certificate in anchors is an anchor for all",
            sources: { [.etc(.anchors, "a", try .plain(authority))] }, ours: "+anchor a:1"),
        Case(
            sentence: "a plain certificate in the main folder is neutral",
            sources: { [.etc(.main, "a", try .plain(authority))] }, ours: "neutral a:1"),
        Case(
            sentence: "a trusted object in the main folder is an anchor",
            sources: { [.usr(.main, "a", try .stands(authority, .anchor, line: 9))] }, ours: "+anchor a:9"),
        Case(
            sentence: "a plain certificate in the blocklist is distrusted",
            sources: { [.etc(.blocklist, "a", try .plain(authority))] }, ours: "distrusted-certificate a:1"),
        Case(
            sentence: "a trusted object in the blocklist is distrusted",
            sources: { [.etc(.blocklist, "a", try .stands(authority, .anchor))] }, ours: "distrusted-certificate a:1"),
        Case(
            sentence: "a distrusted object in anchors stays distrusted",
            sources: { [.etc(.anchors, "a", try .stands(authority, .distrusted))] },
            ours: "distrusted-certificate a:1"),
        Case(
            sentence: "neutral in /etc does not hide an anchor in /usr",
            sources: { [.etc(.main, "e", try .plain(authority)), .usr(.anchors, "u", try .plain(authority))] },
            ours: "+anchor u:1"),
        Case(
            sentence: "nobody knows a certificate that no source has",
            sources: {
                [
                    .etc(
                        .anchors, "a",
                        try .plain(CertificateFixture(subject: DERBytes.name("Unrelated"), serial: 2, key: 2)))
                ]
            },
            ours: "unknown"),
    ]

    private static let twin = CertificateFixture(subject: DERBytes.name("Other"), serial: 7)
    private static let sameName = CertificateFixture(key: 9)

    private static let distrusts: [Case] = [
        Case(
            sentence: "a distrust in /usr beats an anchor in /etc",
            sources: {
                [
                    .etc(.anchors, "e", try .plain(authority)),
                    .usr(.main, "u", try .stands(authority, .distrusted, line: 4)),
                ]
            }, ours: "distrusted-certificate u:4"),
        Case(
            sentence: "a distrust in /etc beats an anchor in /usr",
            sources: { [.etc(.blocklist, "e", try .plain(authority)), .usr(.anchors, "u", try .plain(authority))] },
            ours: "distrusted-certificate e:1"),
        Case(
            sentence: "issuer and serial number distrust without the certificate's bytes",
            sources: {
                [.etc(.anchors, "e", try .plain(authority)), .usr(.main, "u", try .distrustedName(authority, line: 5))]
            }, ours: "distrusted-name u:5"),
        Case(
            sentence: "a key distrusts without the certificate's bytes",
            sources: {
                [.etc(.anchors, "e", try .plain(authority)), .usr(.main, "u", try .distrustedKey(authority, line: 6))]
            }, ours: "distrusted-key u:6"),
        Case(
            sentence: "a distrusted certificate takes every other with its key along",
            sources: { [.etc(.anchors, "e", try .plain(authority)), .usr(.blocklist, "u", try .plain(twin))] },
            ours: "distrusted-key u:1"),
        Case(
            sentence: "a distrusted certificate takes every other with its issuer and serial number along",
            sources: { [.etc(.anchors, "e", try .plain(authority)), .usr(.blocklist, "u", try .plain(sameName))] },
            ours: "distrusted-name u:1"),
        Case(
            sentence: "the same serial number of another issuer is not distrusted",
            sources: {
                let other = CertificateFixture(subject: DERBytes.name("Third"), key: 9)
                return [.etc(.anchors, "e", try .plain(authority)), .usr(.blocklist, "u", try .distrustedName(other))]
            }, ours: "+anchor e:1"),
        Case(
            sentence: "all lines that distrust are told, those of the deciding rule first",
            sources: {
                [
                    .etc(.main, "e", try .distrustedKey(authority, line: 1), try .distrustedName(authority, line: 2)),
                    .usr(.blocklist, "u", try .plain(authority, line: 3)),
                ]
            }, ours: "distrusted-certificate u:3 e:2 e:1"),
        Case(
            sentence: "a certificate that no source has is distrusted by its key all the same",
            sources: { [.usr(.blocklist, "u", try .plain(twin))] }, ours: "distrusted-key u:1"),
        Case(
            sentence: "a certificate that no source has is distrusted by its name all the same",
            sources: { [.usr(.main, "u", try .distrustedName(authority))] }, ours: "distrusted-name u:1"),
    ]

    private static let clientOnly = CertificateFixture(usage: [.clientAuth])

    private static let purposes: [Case] = [
        Case(
            sentence: "an attached usage that has the purpose trusts",
            sources: {
                [
                    .usr(
                        .main, "u", try .stands(authority, .anchor),
                        try .attached(authority, [.serverAuth, .emailProtection]))
                ]
            }, ours: "+attached-usage u:2"),
        Case(
            sentence: "an attached usage that has it not does not", purpose: .codeSigning,
            sources: {
                [
                    .usr(
                        .main, "u", try .stands(authority, .anchor),
                        try .attached(authority, [.serverAuth, .emailProtection]))
                ]
            }, ours: "not-in-attached-usage u:2"),
        Case(
            sentence: "usages of two files of a trust path add up; p11-kit hears the first", purpose: .emailProtection,
            sources: {
                [
                    .usr(.main, "b", try .stands(authority, .anchor), try .attached(authority, [.emailProtection])),
                    .usr(.main, "a", try .stands(authority, .anchor), try .attached(authority, [.serverAuth])),
                ]
            }, ours: "+attached-usage a:2 b:2", p11Kit: "not-in-attached-usage a:2"),
        Case(
            sentence: "the main folder is heard before anchors, whatever the files' names", purpose: .serverAuth,
            sources: {
                [
                    .usr(.anchors, "a", try .stands(authority, .anchor), try .attached(authority, [.emailProtection])),
                    .usr(.main, "b", try .stands(authority, .anchor), try .attached(authority, [.serverAuth])),
                ]
            }, ours: "+attached-usage b:2 a:2", p11Kit: "+attached-usage b:2"),
        Case(
            sentence: "the purposes of /etc replace those of /usr", purpose: .emailProtection,
            sources: {
                [
                    .etc(.main, "e", try .stands(authority, .anchor), try .attached(authority, [.serverAuth])),
                    .usr(.main, "u", try .stands(authority, .anchor), try .attached(authority, [.emailProtection])),
                ]
            }, ours: "not-in-attached-usage e:2"),
        Case(
            sentence: "an anchor for all in /etc is not restricted by /usr", purpose: .codeSigning,
            sources: {
                [
                    .etc(.anchors, "e", try .plain(authority)),
                    .usr(.main, "u", try .stands(authority, .anchor), try .attached(authority, [.serverAuth])),
                ]
            }, ours: "+anchor e:1 u:1"),
        Case(
            sentence: "a usage that is attached in a trust path without the anchor changes nothing",
            purpose: .codeSigning,
            sources: {
                [
                    .etc(.main, "e", try .plain(authority), try .attached(authority, [.serverAuth])),
                    .usr(.anchors, "u", try .plain(authority)),
                ]
            }, ours: "+anchor u:1"),
        Case(
            sentence: "an anchor's own usage counts, in the anchors folder too", fixture: clientOnly,
            sources: { [.etc(.anchors, "e", try .plain(clientOnly))] }, ours: "not-in-own-usage e:1"),
        Case(
            sentence: "an anchor's own usage trusts for what it has", fixture: clientOnly, purpose: .clientAuth,
            sources: { [.etc(.anchors, "e", try .plain(clientOnly))] }, ours: "+own-usage e:1"),
        Case(
            sentence: "an attached usage counts instead of its own", fixture: clientOnly,
            sources: { [.etc(.anchors, "e", try .plain(clientOnly), try .attached(clientOnly, [.serverAuth]))] },
            ours: "+attached-usage e:2"),
        Case(
            sentence: "an attached usage takes its own away", fixture: clientOnly, purpose: .clientAuth,
            sources: { [.etc(.anchors, "e", try .plain(clientOnly), try .attached(clientOnly, [.serverAuth]))] },
            ours: "not-in-attached-usage e:2"),
        Case(
            sentence: "any usage attached is every purpose", purpose: .timeStamping,
            sources: { [.etc(.anchors, "e", try .plain(authority), try .attached(authority, [.any]))] },
            ours: "+attached-usage e:2"),
        Case(
            sentence: "any usage of its own is every purpose", fixture: CertificateFixture(usage: [.any]),
            purpose: .timeStamping,
            sources: { [.etc(.anchors, "e", try .plain(CertificateFixture(usage: [.any])))] }, ours: "+own-usage e:1"),
        Case(
            sentence: "the purpose that stands for none is none",
            sources: {
                let none = Purpose(identifier: "1.3.6.1.4.1.3319.6.10.16")
                return [.etc(.anchors, "e", try .plain(authority), try .attached(authority, [none]))]
            }, ours: "not-in-attached-usage e:2"),
        Case(
            sentence: "a malformed attached usage is none, not all",
            sources: {
                let broken = try TrustObject.attached(
                    authority, AttachedExtension.extendedKeyUsage, [0x30, 5, 6], line: 2)
                return [.etc(.anchors, "e", try .plain(authority), broken)]
            }, ours: "not-in-attached-usage e:2"),
        Case(
            sentence: "a usage that is attached to another key changes nothing",
            sources: {
                let other = CertificateFixture(key: 9)
                return [.etc(.anchors, "e", try .plain(authority), try .attached(other, [.emailProtection]))]
            }, ours: "+anchor e:1"),
        Case(
            sentence: "a purpose rejected in /usr is out although /etc anchors for all; p11-kit's PEM bundles keep it",
            sources: {
                [
                    .etc(.anchors, "e", try .plain(authority)),
                    .usr(.main, "u", try .rejected(authority, [.serverAuth, .codeSigning])),
                ]
            }, ours: "purpose-rejected u:3", p11Kit: "+anchor e:1"),
        Case(
            sentence: "a rejected purpose leaves the others", purpose: .emailProtection,
            sources: {
                [.etc(.anchors, "e", try .plain(authority)), .usr(.main, "u", try .rejected(authority, [.serverAuth]))]
            }, ours: "+anchor e:1"),
        Case(
            sentence: "any usage rejected is every purpose",
            sources: { [.etc(.anchors, "e", try .plain(authority), try .rejected(authority, [.any]))] },
            ours: "purpose-rejected e:3", p11Kit: "+anchor e:1"),
        Case(
            sentence: "every purpose is asked for, one is rejected", purpose: .any,
            sources: { [.etc(.anchors, "e", try .plain(authority), try .rejected(authority, [.codeSigning]))] },
            ours: "purpose-rejected e:3", p11Kit: "+anchor e:1"),
        Case(
            sentence: "every purpose is asked for, some are attached", purpose: .any,
            sources: { [.etc(.anchors, "e", try .plain(authority), try .attached(authority, [.serverAuth]))] },
            ours: "not-in-attached-usage e:2"),
    ]

    private static let leaf = CertificateFixture(isAuthority: false)
    private static let bare = CertificateFixture(isAuthority: nil)
    private static let ancient = CertificateFixture(version: 1, isAuthority: nil)
    private static let ancientLeaf = CertificateFixture(issuer: DERBytes.name("Issuer"), version: 1, isAuthority: nil)

    private static let authorities: [Case] = [
        Case(
            sentence: "a leaf in anchors is no authority", fixture: leaf,
            sources: { [.etc(.anchors, "e", try .plain(leaf))] }, ours: "not-an-authority e:1"),
        Case(
            sentence: "without basic constraints it is no authority", fixture: bare,
            sources: { [.etc(.anchors, "e", try .plain(bare))] }, ours: "not-an-authority e:1"),
        Case(
            sentence: "a self-signed certificate of version 1 is one", fixture: ancient,
            sources: { [.etc(.anchors, "e", try .plain(ancient))] }, ours: "+anchor e:1"),
        Case(
            sentence: "another certificate of version 1 is none", fixture: ancientLeaf,
            sources: { [.etc(.anchors, "e", try .plain(ancientLeaf))] }, ours: "not-an-authority e:1"),
        Case(
            sentence: "attached basic constraints make an authority", fixture: bare,
            sources: { [.etc(.anchors, "e", try .plain(bare), try .constraints(bare, true))] }, ours: "+anchor e:1"),
        Case(
            sentence: "attached basic constraints unmake one",
            sources: { [.etc(.anchors, "e", try .plain(authority), try .constraints(authority, false))] },
            ours: "not-an-authority e:1"),
        Case(
            sentence: "basic constraints of another trust path are not heard", fixture: bare,
            sources: { [.etc(.anchors, "e", try .plain(bare)), .usr(.main, "u", try .constraints(bare, true))] },
            ours: "not-an-authority e:1"),
        Case(
            sentence: "contradicting basic constraints make no authority; p11-kit hears the first",
            sources: {
                [
                    .etc(
                        .anchors, "e", try .plain(authority), try .constraints(authority, true, line: 4),
                        try .constraints(authority, false, line: 5))
                ]
            }, ours: "not-an-authority e:1", p11Kit: "+anchor e:1"),
        Case(
            sentence: "malformed attached basic constraints make no authority",
            sources: {
                let broken = try TrustObject.attached(
                    authority, AttachedExtension.basicConstraints, [0x30, 3, 1, 1], line: 4)
                return [.etc(.anchors, "e", try .plain(authority), broken)]
            }, ours: "not-an-authority e:1"),
        Case(
            sentence: "a distrusted leaf is distrusted first of all", fixture: leaf,
            sources: { [.etc(.anchors, "e", try .plain(leaf)), .usr(.main, "u", try .distrustedKey(leaf))] },
            ours: "distrusted-key u:1"),
        Case(
            sentence: "no authority where /etc anchors, one where /usr does: /etc decides; p11-kit takes /usr's",
            fixture: bare,
            sources: {
                [
                    .etc(.anchors, "e", try .plain(bare)),
                    .usr(.anchors, "u", try .plain(bare), try .constraints(bare, true)),
                ]
            }, ours: "not-an-authority e:1 u:1", p11Kit: "+anchor e:1 u:1"),
    ]

    @Test(arguments: folders + distrusts + purposes + authorities, TrustRules.allCases)
    private func `sources decide by one rule and tell the lines`(_ row: Case, _ rules: TrustRules) throws {
        let store = TrustStore.resolve(try row.sources().reversed(), rules: rules)
        let decision = store.decision(for: try row.fixture.certificate, purpose: row.purpose)
        let lines = decision.because.map { " \($0.path):\($0.line)" }.joined()
        let expected = rules == .p11Kit ? row.p11Kit ?? row.ours : row.ours
        #expect("\(decision.isTrusted ? "+" : "")\(decision.rule.rawValue)\(lines)" == expected)
    }

    @Test func `each rule decides somewhere`() throws {
        let rows =
            ResolutionTests.folders + ResolutionTests.distrusts + ResolutionTests.purposes + ResolutionTests.authorities
        let words = Set(rows.compactMap { $0.ours.drop { $0 == "+" }.split(separator: " ").first.map(String.init) })
        #expect(words == Set(TrustRule.allCases.map(\.rawValue)))
    }
}
