import AssayTestSupport
import AssayTrustStore
import Foundation
import Testing

@testable import AssayTrust

/// What is written as a source is read as what was meant.
struct SourceTextTests {
    private static func certificate() throws -> TrustCertificate {
        let vectors = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors/truststore/examples")
        let bytes = Array(try Data(contentsOf: vectors.appending(path: "company.pem")))
        return try #require(try TrustSource.read(bytes, path: "company", token: 0, role: .main).certificates.first)
    }

    private static func store(_ bytes: [UInt8], role: SourceRole) throws -> TrustStore {
        TrustStore.resolve([try TrustSource.read(bytes, path: "source", token: 0, role: role)], rules: .assay)
    }

    private static let labels = [
        "", "A", "Ünïcödé 株式会社", "-----BEGIN CERTIFICATE-----", "a\nb", "\"quoted\" % \\x41 #", "[p11-kit-object-v1]",
        String(repeating: "x", count: 3_000), "\u{2028}\u{202E}", "tab\there", "BEGINDATA",
    ]

    @Test(arguments: labels)
    func `an anchor with purposes is read back with them, whatever its label`(label: String) throws {
        let certificate = try Self.certificate()
        var numbers = SeededNumbers(state: 3)
        let known =
            Purpose.named.map(\.purpose)
            + ["2.5.4294967295", "1.2.840.113549.1.9.1", "2.5.29.37.0"].map(Purpose.init)
        for _ in 0..<20 {
            let purposes = known.filter { _ in Bool.random(using: &numbers) }
            guard !purposes.isEmpty else { continue }
            let text = SourceText.anchor(certificate, label: label, purposes: purposes)
            let entry = try #require(try Self.store(text, role: .main).entry(for: certificate))
            #expect(entry.standing == .anchor && entry.attachedUsage == purposes.sorted())
            #expect(!entry.label.contains(0x0A))
        }
    }

    @Test(arguments: labels)
    func `a rejection is read back, and counts for its purposes only`(label: String) throws {
        let certificate = try Self.certificate()
        let text = SourceText.rejection(certificate, label: label, purposes: [.emailProtection, .codeSigning])
        let sources = [
            try TrustSource.read(text, path: "a", token: 0, role: .main),
            try TrustSource.read(SourceText.pem(certificate.der, label: label), path: "b", token: 1, role: .anchors),
        ]
        let store = TrustStore.resolve(sources, rules: .assay)
        for (purpose, isTrusted) in [
            (Purpose.serverAuth, true), (.emailProtection, false), (.codeSigning, false), (.clientAuth, true),
        ] {
            #expect(store.decision(for: certificate, purpose: purpose).isTrusted == isTrusted)
        }
    }

    @Test(arguments: labels)
    func `a certificate is read back from PEM, whatever its label`(label: String) throws {
        let certificate = try Self.certificate()
        let store = try Self.store(SourceText.pem(certificate.der, label: label), role: .anchors)
        #expect(store.entries.map(\.certificate) == [certificate])
        #expect(store.entries.first?.standing == .anchor)
    }

    @Test(
        arguments: [
            ("server-auth", "1.3.6.1.5.5.7.3.1"), ("1.2.3.4", "1.2.3.4"), ("", nil), ("1.2", nil), ("1..2", nil),
            ("server auth", nil), ("1.2.x", nil),
        ] as [(String, String?)])
    func `purposes have names or are object identifiers`(text: String, identifier: String?) {
        #expect((try? Purpose.named(text))?.identifier == identifier)
    }

    @Test(
        arguments: [
            ("3.1.1", false), ("1.40.1", false), ("2.40.1", false), ("2.39.1", true),
            ("1.2.18446744073709551616", false), ("0.0.1", true),
        ]
    )
    func `a purpose that cannot be written down is told`(identifier: String, isPossible: Bool) {
        #expect(SourceText.canWrite(Purpose(identifier: identifier)) == isPossible)
    }
}
