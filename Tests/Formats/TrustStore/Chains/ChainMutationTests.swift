import AssayTestSupport
import Foundation
import Testing

@testable import AssayTrustStore

/// Chains and names that somebody changed.
struct ChainMutationTests {
    private static let folder =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Vectors/truststore/examples").path

    /// 2026-12-01.
    private static let time: Int64 = 1_796_083_200

    private static func certificates(_ name: String) throws -> [TrustCertificate] {
        let bytes = Array(try Data(contentsOf: URL(filePath: folder + "/" + name)))
        return try TrustSource.read(bytes, path: name, token: 0, role: .main).objects.compactMap { object in
            guard case .certificate(let certificate) = object else { return nil }
            return certificate.certificate
        }
    }

    private static func store() throws -> TrustStore {
        let bytes = Array(try Data(contentsOf: URL(filePath: folder + "/company.pem")))
        return TrustStore.resolve(
            [try TrustSource.read(bytes, path: "company.pem", token: 0, role: .anchors)], rules: .assay)
    }

    @Test func `a chain with one bit flipped in any certificate is never trusted`() throws {
        let store = try Self.store()
        let chain = try Self.certificates("host-chain.pem")
        #expect(store.chain(from: chain, purpose: .serverAuth, time: Self.time).isTrusted)
        var numbers = SeededNumbers(state: 8)
        for position in chain.indices {
            for index in chain[position].der.indices {
                var der = chain[position].der
                der[index] ^= 1 << UInt8.random(in: 0...7, using: &numbers)
                guard let changed = try? TrustCertificate(der: der) else { continue }
                var other = chain
                other[position] = changed
                let verdict = store.chain(from: other, purpose: .serverAuth, time: Self.time)
                #expect(!verdict.isTrusted, "certificate \(position), byte \(index)")
                #expect(!verdict.problems.isEmpty)
            }
        }
    }

    @Test func `the same chain is not trusted for another purpose or without its anchor`() throws {
        let chain = try Self.certificates("host-chain.pem")
        let mail = try Self.store().chain(from: chain, purpose: .emailProtection, time: Self.time)
        #expect(mail.problems == [.otherUsage])
        let nothing = TrustStore.resolve([], rules: .assay)
        #expect(nothing.chain(from: chain, purpose: .serverAuth, time: Self.time).problems == [.noIssuer])
        #expect(!nothing.chain(from: [], purpose: .serverAuth, time: Self.time).isTrusted)
    }

    @Test func `many certificates of one name and key end at the limits`() throws {
        let host = try #require(try Self.certificates("forged-chain.pem").first)
        // The anchor's name is the issuer's, its key is not: each is tried once.
        let store = try Self.store()
        let verdict = store.chain(
            from: [host] + Array(repeating: host, count: 5_000), purpose: .serverAuth, time: Self.time)
        #expect(verdict.problems == [.signatureMismatch])
    }

    @Test func `names of any bytes become one printable line`() throws {
        let subject = try #require(try Self.certificates("company.pem").first).subject
        #expect(NameText.text(subject) == "O=Example, CN=Company Root CA")
        #expect(NameText.text([]).isEmpty && NameText.text([0x30]).isEmpty)
        for count in subject.indices { #expect(NameText.text(Array(subject[..<count])).isEmpty || count > 0) }
        var numbers = SeededNumbers(state: 9)
        for _ in 0..<5_000 {
            var name = subject
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                name[Int.random(in: name.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            let text = NameText.text(name)
            #expect(text.unicodeScalars.count <= 500)
            #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control })
        }
    }
}
