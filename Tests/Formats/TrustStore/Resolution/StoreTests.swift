import AssayTestSupport
import Testing

@testable import AssayTrustStore

private let first = CertificateFixture()
private let second = CertificateFixture(subject: DERBytes.name("Second"), serial: 2, key: 2)

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite struct StoreTests {
    @Test(
        arguments: [
            // The label of the source, the subject, ours, p11-kit's.
            ("Given", DERBytes.name("Name"), "Given", bytes("Given")),
            (nil, DERBytes.name("Name"), "Name", bytes("Name")),
            (
                " \u{3000} two  words\u{2003} ", DERBytes.name("Name"), "two  words",
                bytes(" \u{3000} two  words\u{2003} ")
            ),
            (" ", DERBytes.name("Name"), "Name", bytes(" ")),
            (nil, DERBytes.name("a\n# b"), #"a\x0a# b"#, bytes("a\n# b")),
            (
                nil, DERBytes.name("a\u{2028}b\u{202E}c\\"), #"a\xe2\x80\xa8b\xe2\x80\xaec\\"#,
                bytes("a\u{2028}b\u{202E}c\\")
            ),
            (nil, DERBytes.name([0x4D, 0xFC]), #"M\xfc"#, []),
            (nil, DERBytes.name([0x41, 0, 0x42]), #"A\x00B"#, bytes("A")),
            (nil, DERBytes.name([0, 0x4D, 0, 0xFC], tag: 30), "Mü", bytes("Mü")),
            (nil, DERBytes.name([0xD8, 0, 0xDC, 0], tag: 30), #"\xd8\x00\xdc\x00"#, []),
            (nil, DERBytes.name([0, 1, 0xF6, 0], tag: 28), "😀", bytes("😀")),
            (nil, DERBytes.name([0, 0x4D, 0], tag: 30), #"\x00M\x00"#, []),
            (nil, DERBytes.name([1, 2], tag: 4), "", []),
            (nil, DERBytes.name(bytes("Unit"), attribute: "2.5.4.11"), "Unit", bytes("Unit")),
            (nil, DERBytes.name(bytes("Company"), tag: 19, attribute: "2.5.4.10"), "Company", bytes("Company")),
            (nil, DERBytes.name(bytes("DE"), tag: 19, attribute: "2.5.4.6"), "", []),
            (
                nil,
                DERBytes.sequence(
                    DERBytes.relativeName(bytes("Company"), attribute: "2.5.4.10"),
                    DERBytes.relativeName(bytes("Unit"), attribute: "2.5.4.11"), DERBytes.relativeName([0xFF])),
                #"\xff"#, bytes("Unit")
            ),
            (
                nil, DERBytes.sequence(DERBytes.relativeName(bytes("One")), DERBytes.relativeName(bytes("Two"))), "One",
                bytes("One")
            ),
            (nil, DERBytes.sequence(), "", []),
        ] as [(String?, [UInt8], String, [UInt8])])
    func `labels are clean, but as they come by p11-kit's rules`(
        _ label: String?, _ subject: [UInt8], _ clean: String, _ raw: [UInt8]
    ) throws {
        let sources = [
            TrustSource.etc(.anchors, "a", try .stands(CertificateFixture(subject: subject), .anchor, label: label))
        ]
        #expect(TrustStore.resolve(sources, rules: .assay).entries.map(\.label) == [bytes(clean)])
        #expect(TrustStore.resolve(sources, rules: .p11Kit).entries.map(\.label) == [raw])
    }

    @Test(arguments: [
        (String(repeating: "x", count: 300), String(repeating: "x", count: 200)),
        (String(repeating: "e\u{301}", count: 300), String(repeating: "e\u{301}", count: 100)),
        (String(repeating: "x", count: 199) + " y", String(repeating: "x", count: 199)),
        (String(repeating: "x", count: 198) + "\nyyyy", String(repeating: "x", count: 198)),
        (String(repeating: "x", count: 196) + "\nyyyy", String(repeating: "x", count: 196) + #"\x0a"#),
        (String(repeating: "x", count: 199) + "\\y", String(repeating: "x", count: 199)),
        (String(repeating: "\\", count: 300), String(repeating: "\\", count: 200)),
        (String(repeating: "\u{1F600}", count: 300), String(repeating: "\u{1F600}", count: 200)),
    ])
    func `a long label is cut, and no escape in halves`(_ label: String, _ clean: String) throws {
        #expect(CleanLabel(bytes(label)).map { String(decoding: $0.bytes, as: UTF8.self) } == clean)
    }

    @Test func `a label that a later source gives goes before the subject's, but not by p11-kit's rules`() throws {
        let sources = [
            TrustSource.etc(.anchors, "e", try .plain(first)),
            .usr(.main, "u", try .stands(first, .anchor, label: "Given")),
        ]
        #expect(TrustStore.resolve(sources, rules: .assay).entries.map(\.label) == [bytes("Given")])
        #expect(TrustStore.resolve(sources, rules: .p11Kit).entries.map(\.label) == [bytes("CA")])
    }

    @Test func `an anchor stands where it is first mentioned, by p11-kit's rules where it is anchored`() throws {
        let sources = [
            TrustSource.etc(.main, "e", try .plain(first), try .stands(second, .anchor)),
            .usr(.anchors, "u", try .plain(first, line: 7)),
        ]
        let ours = TrustStore.resolve(sources, rules: .assay)
        let theirs = TrustStore.resolve(sources, rules: .p11Kit)
        #expect(ours.entries.map(\.certificate) == [try first.certificate, try second.certificate])
        #expect(theirs.entries.map(\.certificate) == [try second.certificate, try first.certificate])
        for store in [ours, theirs] {
            let entry = try #require(store.entry(for: try first.certificate))
            #expect(entry.origins.map(\.path) == ["e", "u"])
            #expect(entry.anchorOrigins == [Origin(path: "u", line: 7, role: .anchors, token: 1)])
        }
    }

    @Test func `files are heard in the order of their paths' bytes`() throws {
        // As escaped text, \x80 would come before a.
        let sources =
            try ["a", #"\x80"#, "A", "é"].map { path in
                TrustSource(
                    path: path, token: 0, role: .main, format: .p11Kit,
                    objects: [try TrustObject.attached(first, [.serverAuth])])
            } + [TrustSource.etc(.anchors, "0", try .plain(first))]
        let entry = try #require(TrustStore.resolve(sources, rules: .assay).entries.first)
        #expect(entry.usageOrigins.map(\.path) == ["A", "a", #"\x80"#, "é"])
    }

    @Test func `the earliest dates from which to distrust count`() throws {
        func object(_ server: Int64?, _ email: Int64?) throws -> TrustObject {
            .certificate(
                CertificateObject(
                    certificate: try first.certificate, standing: .anchor, serverDistrustAfter: server,
                    emailDistrustAfter: email, line: 1))
        }
        let sources = [
            TrustSource.etc(.main, "e", try object(300, nil), try object(nil, 50)),
            .usr(.main, "u", try object(200, 60)),
        ]
        for rules in TrustRules.allCases {
            let entry = try #require(TrustStore.resolve(sources, rules: rules).entries.first)
            #expect(entry.serverDistrustAfter == 200)
            #expect(entry.emailDistrustAfter == 50)
        }
    }

    @Test func `distrust of certificates that no source has is kept`() throws {
        let sources = [
            TrustSource.etc(.main, "e", try .distrustedName(second, line: 1), try .distrustedKey(second, line: 2)),
            .usr(
                .anchors, "u", try .plain(first), try .distrustedName(first, line: 3),
                try .distrustedKey(first, line: 4)),
        ]
        let store = TrustStore.resolve(sources, rules: .assay)
        #expect(store.unmatchedDistrust.map(\.origin.line) == [1, 2])
        #expect(store.entries.map(\.standing) == [.distrusted])
    }

    @Test func `an entry is found by its fingerprint`() throws {
        let sources = [TrustSource.etc(.main, "e", try .plain(first), try .plain(second))]
        let store = TrustStore.resolve(sources, rules: .assay)
        let digest = shell("printf '\(try octal(second))' | sha256sum | cut -c1-64").text.prefix(64)
        let fingerprint = stride(from: 0, to: 64, by: 2).compactMap { UInt8(digest.dropFirst($0).prefix(2), radix: 16) }
        #expect(store.entry(forFingerprint: fingerprint)?.certificate == (try second.certificate))
        #expect(store.entry(forFingerprint: []) == nil)
    }

    private func octal(_ fixture: CertificateFixture) throws -> String {
        try fixture.certificate.der.map { "\\" + String($0, radix: 8) }.joined()
    }

    @Test func `many sources about one key are resolved in time and with short lists`() throws {
        let twins = try (0..<120).map { number in
            try TrustObject.plain(CertificateFixture(subject: DERBytes.name("\(number)"), serial: UInt8(number)))
        }
        let statements = try (1...5000).flatMap { line in
            [
                try TrustObject.attached(first, [.serverAuth, .emailProtection], line: line),
                try .distrustedKey(first, line: line),
                try .rejected(first, [.codeSigning], line: line),
            ]
        }
        let sources = [TrustSource(path: "a", token: 0, role: .anchors, format: .p11Kit, objects: twins + statements)]
        for rules in TrustRules.allCases {
            let store = TrustStore.resolve(sources, rules: rules)
            #expect(store.entries.count == 120)
            for entry in store.entries {
                #expect(entry.distrust?.because.count == DistrustIndex.mostOrigins)
                #expect((entry.attachedUsage ?? []).count == 2)
            }
        }
    }
}

@Suite struct RandomStoreTests {
    private static let pool = [
        first, second, CertificateFixture(subject: DERBytes.name("Third"), serial: 3, key: 1),
        CertificateFixture(key: 4),
        CertificateFixture(subject: DERBytes.name("Leaf"), serial: 5, key: 2, isAuthority: nil),
        CertificateFixture(subject: DERBytes.name("Own"), serial: 6, key: 6, usage: [.serverAuth, .clientAuth]),
    ]
    private static let purposes: [Purpose] = [.serverAuth, .emailProtection, .clientAuth, .any]

    private static func object(_ numbers: inout SeededNumbers, line: Int) throws -> TrustObject {
        let fixture = pool[Int.random(in: 0..<pool.count, using: &numbers)]
        let usage = Array(purposes.shuffled(using: &numbers).prefix(Int.random(in: 0...2, using: &numbers)))
        switch Int.random(in: 0..<12, using: &numbers) {
        case 0..<4: return try .stands(fixture, .anchor, label: "\(line)", line: line)
        case 4, 5: return try .plain(fixture, line: line)
        case 6, 7: return try .attached(fixture, usage, line: line)
        case 8: return try .rejected(fixture, usage, line: line)
        case 9: return try .constraints(fixture, Bool.random(using: &numbers), line: line)
        case 10:
            return Bool.random(using: &numbers)
                ? try .distrustedName(fixture, line: line) : try .distrustedKey(fixture, line: line)
        default: return try .stands(fixture, .distrusted, line: line)
        }
    }

    private static func sources(_ numbers: inout SeededNumbers) throws -> [TrustSource] {
        try (0..<Int.random(in: 1...5, using: &numbers)).map { file in
            let objects = try (1...Int.random(in: 1...5, using: &numbers)).map { try object(&numbers, line: $0) }
            let role =
                [SourceRole.main, .main, .anchors, .anchors, .anchors, .blocklist]
                .randomElement(using: &numbers) ?? .main
            return TrustSource(
                path: "\(file)", token: Int.random(in: 0...1, using: &numbers), role: role, format: .p11Kit,
                objects: objects)
        }
    }

    /// What is trusted for what, in an order.
    private static func trusted(_ store: TrustStore) -> Set<[[UInt8]]> {
        Set(
            store.entries.flatMap { entry in
                purposes.filter { entry.decision(for: $0).isTrusted }
                    .map { [entry.certificate.der, Array($0.identifier.utf8)] }
            })
    }

    @Test(arguments: TrustRules.allCases)
    func `a store does not depend on the order in which its sources come`(_ rules: TrustRules) throws {
        var numbers = SeededNumbers(state: 1)
        for _ in 0..<200 {
            let sources = try RandomStoreTests.sources(&numbers)
            #expect(
                TrustStore.resolve(sources, rules: rules)
                    == TrustStore.resolve(sources.shuffled(using: &numbers), rules: rules))
        }
    }

    @Test(arguments: TrustRules.allCases)
    func `every answer names its lines, and only an anchor is trusted`(_ rules: TrustRules) throws {
        var numbers = SeededNumbers(state: 2)
        var rulesSeen: Set<TrustRule> = []
        for _ in 0..<300 {
            let store = TrustStore.resolve(try RandomStoreTests.sources(&numbers), rules: rules)
            #expect(Set(store.entries.map(\.certificate)).count == store.entries.count)
            for entry in store.entries {
                #expect((entry.standing == .distrusted) == (entry.distrust != nil))
                for purpose in RandomStoreTests.purposes {
                    let decision = entry.decision(for: purpose)
                    rulesSeen.insert(decision.rule)
                    #expect(!decision.because.isEmpty, "\(decision.rule)")
                    if decision.isTrusted {
                        #expect(entry.standing == .anchor && entry.isAuthority && !entry.anchorOrigins.isEmpty)
                    }
                }
            }
        }
        #expect(rulesSeen.count >= (rules == .assay ? 11 : 10))
    }

    @Test func `no neutral word changes what is trusted, and no distrust or rejection adds to it`() throws {
        var numbers = SeededNumbers(state: 3)
        var lost = 0
        for _ in 0..<400 {
            let sources = try RandomStoreTests.sources(&numbers)
            let before = RandomStoreTests.trusted(TrustStore.resolve(sources, rules: .assay))
            let fixture = RandomStoreTests.pool.randomElement(using: &numbers) ?? first
            let token = Int.random(in: 0...1, using: &numbers)
            func after(_ role: SourceRole, _ object: TrustObject) -> Set<[[UInt8]]> {
                let source = TrustSource(path: "+", token: token, role: role, format: .p11Kit, objects: [object])
                return RandomStoreTests.trusted(TrustStore.resolve(sources + [source], rules: .assay))
            }
            #expect(after(.main, try .plain(fixture)) == before)
            for object in [
                try .stands(fixture, .distrusted), try .distrustedName(fixture), try .distrustedKey(fixture),
                try .rejected(fixture, [.serverAuth]),
            ] as [TrustObject] {
                let remaining = after(.main, object)
                #expect(remaining.isSubset(of: before))
                lost += before.count - remaining.count
            }
        }
        #expect(lost > 200)
    }
}
