import Testing

@testable import AssayTrustStore

/// Azure Linux's three bundles, beside what p11-kit 0.26.4 makes of them.
struct GoldenTests {
    /// The names that our rules give mail's trust back to: their key has a second entry in Microsoft's list, which p11-kit
    /// does not hear because the first that it loads for a key wins.
    static let mailAuthorities = [
        "DigiCert Global Root CA", "DigiCert Global Root G2", "DigiCert Global Root G3",
        "Autoridad de Certificacion Firmaprofesional CIF A62634068", "CAROOT Firmaprofesional",
    ]

    static let stores = Result {
        let sources = try ["base", "distrusted", "microsoft"].map { try source("ca-bundle.trust.\($0).p11-kit") }
        return (
            assay: TrustStore.resolve(sources, rules: .assay), p11Kit: TrustStore.resolve(sources, rules: .p11Kit)
        )
    }

    private static func source(_ name: String) throws -> TrustSource {
        try TrustSource.read(
            OutputFixture.azureLinux(name), path: "/usr/share/pki/ca-trust-source/" + name, token: 1, role: .main)
    }

    @Test(arguments: [
        StoreOutput.tlsBundle, .emailBundle, .objectSigningBundle, .opensslBundle, .javaKeyStore, .edk2,
    ])
    func `by p11-kit's rules an output has p11-kit's bytes`(output: StoreOutput) throws {
        let sums = String(decoding: try OutputFixture.azureLinux("SHA256SUMS"), as: UTF8.self)
        let bytes = OutputFixture.bytes(try GoldenTests.stores.get().p11Kit, output)
        #expect(sums.split(separator: "\n").contains("\(StoreManifest.digest(bytes))  ./\(output.path)"))
    }

    @Test func `by p11-kit's rules the folder has p11-kit's links, each to a file`() throws {
        let listed = String(decoding: try OutputFixture.azureLinux("directory-hash.links.txt"), as: UTF8.self)
        let folder = GoldenTests.listing(try GoldenTests.stores.get().p11Kit, .directoryHash)
        #expect(folder.links.sorted() == listed.split(separator: "\n").map(String.init).sorted())
        #expect(folder.links.count == 470)
        #expect(folder.files.count == 235)
        for link in folder.links {
            #expect(folder.files[link.split(separator: " ").last.map(String.init) ?? ""] != nil)
        }
    }

    @Test(arguments: [
        (StoreOutput.tlsBundle, 235, 235), (.emailBundle, 161, 156), (.objectSigningBundle, 0, 0),
        (.opensslBundle, 249, 249), (.javaKeyStore, 235, 235), (.edk2, 235, 235), (.directoryHash, 235, 235),
        (.legacy, 235, 235),
    ])
    func `the number of certificates by either rules`(output: StoreOutput, assay: Int, p11Kit: Int) throws {
        let stores = try GoldenTests.stores.get()
        #expect(stores.assay.entries(in: output).count == assay)
        #expect(stores.p11Kit.entries(in: output).count == p11Kit)
        #expect(StoreManifest.counts(of: stores.assay).contains(.init(output: output, certificates: assay)))
    }

    @Test(arguments: [StoreOutput.objectSigningBundle, .javaKeyStore, .edk2])
    func `our rules change nothing here`(output: StoreOutput) throws {
        let stores = try GoldenTests.stores.get()
        #expect(OutputFixture.bytes(stores.assay, output) == OutputFixture.bytes(stores.p11Kit, output))
    }

    @Test func `our rules clean one label and give five authorities mail's trust back`() throws {
        let stores = try GoldenTests.stores.get()
        let assay = GoldenTests.comments(stores.assay, .tlsBundle)
        let p11Kit = GoldenTests.comments(stores.p11Kit, .tlsBundle)
        #expect(zip(assay, p11Kit).filter { $0 != $1 }.map(\.1) == ["# Certum Trusted Root CA "])
        #expect(zip(assay, p11Kit).filter { $0 != $1 }.map(\.0) == ["# Certum Trusted Root CA"])
        #expect(
            try GoldenTests.certificates(stores.assay, .tlsBundle)
                == GoldenTests.certificates(stores.p11Kit, .tlsBundle))
        let mail = stores.assay.entries(in: .emailBundle).filter { entry in
            !stores.p11Kit.entries(in: .emailBundle).contains { $0.certificate == entry.certificate }
        }
        #expect(mail.map { String(decoding: $0.label, as: UTF8.self) } == GoldenTests.mailAuthorities)
        let difference = Set(GoldenTests.listing(stores.assay, .directoryHash).links).symmetricDifference(
            GoldenTests.listing(stores.p11Kit, .directoryHash).links)
        #expect(
            difference.sorted() == [
                "e35234b1.0 -> Certum_Trusted_Root_CA.pem", "e35234b1.0 -> Certum_Trusted_Root_CA_.pem",
                "f8fc53da.0 -> Certum_Trusted_Root_CA.pem", "f8fc53da.0 -> Certum_Trusted_Root_CA_.pem",
            ])
    }

    @Test func `the OpenSSL bundle says the same by either rules, but for mail and for distrust without a gap`() throws
    {
        let stores = try GoldenTests.stores.get()
        let assay = try GoldenTests.certificates(stores.assay, .opensslBundle)
        let p11Kit = try GoldenTests.certificates(stores.p11Kit, .opensslBundle)
        try #require(assay.map(\.der) == p11Kit.map(\.der))
        var mail: [String] = []
        var distrusted = 0
        for (ours, theirs) in zip(assay, p11Kit) {
            if theirs.rejected.isEmpty {
                #expect(ours.rejected.isEmpty)
                if Set(ours.trusted ?? []) == Set(theirs.trusted ?? []) { continue }
                #expect(ours.trusted == [.serverAuth, .emailProtection] && theirs.trusted == [.serverAuth])
                mail.append(String(decoding: ours.alias ?? [], as: UTF8.self))
            } else {
                distrusted += 1
                #expect(ours.trusted == [] && theirs.trusted == nil)
                #expect(Set(ours.rejected) == Set(theirs.rejected).union([.any]))
            }
        }
        #expect(mail == GoldenTests.mailAuthorities)
        #expect(distrusted == 14)
    }

    @Test(arguments: TrustRules.allCases)
    func `every certificate is found in the legacy layout, the six twins too`(rules: TrustRules) throws {
        let stores = try GoldenTests.stores.get()
        let store = rules == .assay ? stores.assay : stores.p11Kit
        let folder = GoldenTests.listing(store, .legacy)
        #expect(folder.files.count == 235)
        #expect(folder.links.count == 235)
        #expect(folder.links.count { $0.contains(".1 -> ") } == 6)
        var found: Set<[UInt8]> = []
        for entry in store.entries(in: .legacy) {
            let hash = SubjectHash.text(try #require(SubjectHash.current(entry.certificate.subject)))
            for link in folder.links where link.hasPrefix(hash + ".") {
                let target = link.split(separator: " ").last.map(String.init) ?? ""
                found.formUnion(try TrustStore.read(folder.files[target] ?? [], as: .legacy).map(\.der))
            }
        }
        #expect(found == Set(store.entries(in: .tlsBundle).map(\.certificate.der)))
    }

    @Test(arguments: [StoreOutput.tlsBundle, .emailBundle, .opensslBundle, .javaKeyStore, .edk2])
    func `what is written is read back`(output: StoreOutput) throws {
        let stores = try GoldenTests.stores.get()
        for store in [stores.assay, stores.p11Kit] {
            #expect(
                try GoldenTests.certificates(store, output).map(\.der)
                    == store.entries(in: output).map(\.certificate.der))
        }
    }

    private static func certificates(_ store: TrustStore, _ output: StoreOutput) throws -> [StoredCertificate] {
        try TrustStore.read(OutputFixture.bytes(store, output), as: output)
    }

    private static func comments(_ store: TrustStore, _ output: StoreOutput) -> [String] {
        OutputFixture.bytes(store, output).split(separator: 0x0A).filter { $0.first == 0x23 }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static func listing(
        _ store: TrustStore, _ output: StoreOutput
    ) -> (files: [String: [UInt8]], links: [String]) {
        var files: [String: [UInt8]] = [:]
        var links: [String] = []
        for file in store.files(output, options: OutputOptions(time: 0)) {
            let name = String(file.path.dropFirst(output.path.count + 1))
            switch file.content {
            case .bytes(let bytes): files[name] = bytes
            case .link(let target): links.append("\(name) -> \(target)")
            }
        }
        return (files, links)
    }
}
