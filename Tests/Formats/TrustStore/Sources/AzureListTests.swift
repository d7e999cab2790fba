import Testing

@testable import AssayTrustStore

/// Azure Linux's lists as NSS's files, beside the .p11-kit files that its scripts make of them.
struct AzureListTests {
    private static func read(_ name: String) throws -> TrustSource {
        try TrustSource.read(OutputFixture.azureLinux(name), path: name, token: 1, role: .main)
    }

    /// What a file says about a certificate.
    private struct Word: Hashable {
        let der: [UInt8]
        let standing: Standing
        let label: [UInt8]?
    }

    /// What a file attaches to a key.
    private struct Usage: Hashable {
        let key: [UInt8]
        let identifier: String
        let purposes: Set<Purpose>
    }

    private static func words(_ source: TrustSource) -> [Word] {
        source.objects.compactMap { object in
            guard case .certificate(let object) = object else { return nil }
            return Word(der: object.certificate.der, standing: object.standing, label: object.label)
        }
    }

    private static func usages(_ source: TrustSource) -> [Usage] {
        source.objects.compactMap { object in
            guard case .attachedExtension(let attached) = object else { return nil }
            return Usage(
                key: attached.publicKeyInfo, identifier: attached.identifier,
                purposes: Set(ExtensionValue.purposes(attached.value) ?? []))
        }
    }

    @Test(arguments: [("base", 23, Standing.anchor), ("distrusted", 14, .distrusted)])
    func `a list says what its .p11-kit file says`(name: String, count: Int, standing: Standing) throws {
        let list = try AzureListTests.read("certdata.\(name).txt")
        let made = try AzureListTests.read("ca-bundle.trust.\(name).p11-kit")
        #expect(list.format == .certdata && made.format == .p11Kit)
        #expect(list.warnings.isEmpty && made.warnings.isEmpty)
        #expect(AzureListTests.words(list).count == count)
        #expect(AzureListTests.words(list).allSatisfy { $0.standing == standing })
        #expect(Set(AzureListTests.words(list)) == Set(AzureListTests.words(made)))
        #expect(Set(AzureListTests.usages(list)) == Set(AzureListTests.usages(made)))
    }

    /// In the lists each entry has its own trust for mail; p11-kit hears the first that it loads for a key.
    ///
    /// In the lists' order that is another than in the .p11-kit files, which the scripts make in the order of file names.
    @Test func `five authorities have mail's trust by our rules, and only those whose first entry has it by p11-kit's`()
        throws
    {
        let sources = [
            try AzureListTests.read("certdata.base.txt"), try AzureListTests.read("certdata.microsoft.excerpt.txt"),
        ]
        func mail(_ rules: TrustRules) -> Set<String> {
            Set(
                TrustStore.resolve(sources, rules: rules).entries(in: .emailBundle)
                    .map { String(decoding: $0.label, as: UTF8.self) })
        }
        #expect(mail(.assay) == Set(GoldenTests.mailAuthorities))
        #expect(mail(.p11Kit) == Set(GoldenTests.mailAuthorities.suffix(2)))
    }
}
