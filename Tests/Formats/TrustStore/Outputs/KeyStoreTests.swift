import AssayTestSupport
import Testing

@testable import AssayTrustStore

struct KeyStoreTests {
    static let labels = ["A CA", "a ca", "ACA", "aca-1", "Türk\u{A0}Trust", "漢字", "", "tab\tand\u{B}space"]

    @Test func `aliases are lower-case ASCII without space, each once`() throws {
        let store = OutputFixture.store(
            KeyStoreTests.labels.enumerated().map { OutputFixture.entry(UInt8($0), $1) })
        let read = try TrustStore.read(OutputFixture.bytes(store, .javaKeyStore), as: .javaKeyStore)
        #expect(
            read.map { String(decoding: $0.alias ?? [], as: UTF8.self) }
                == ["aca", "aca-1", "aca-2", "aca-1-1", "trktrust", "", "unlabeled", "tabandspace"])
        #expect(read.map(\.der) == store.entries.map(\.certificate.der))
    }

    @Test(arguments: [(0, 0), (1_700_000_000, 1_700_000_000_000), (-5, 0), (Int64.max, Int64.max)])
    func `the time of an entry is in milliseconds`(time: Int64, milliseconds: Int64) {
        let bytes = OutputFixture.bytes(
            OutputFixture.store([OutputFixture.entry(1, "a")]), .javaKeyStore, time: time)
        let field = bytes[19..<27].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect(field == UInt64(milliseconds))
    }

    @Test func `many equal labels take no longer than different ones`() throws {
        let entries = (0..<20_000).map { _ in OutputFixture.entry(1, "same") }
        let read = try TrustStore.read(
            OutputFixture.bytes(OutputFixture.store(entries), .javaKeyStore), as: .javaKeyStore)
        #expect(read.count == 20_000)
        #expect(read.last?.alias == Array("same-19999".utf8))
    }

    @Test(.enabled(if: isAvailable("keytool") && isAvailable("openssl")))
    func `Java reads the key store`() throws {
        let directory = ScratchDirectory()
        let made = shell(
            "openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -subj '/CN=A CA' -days 9 -outform DER -out c.der",
            in: directory.path)
        try #require(made.status == 0, "\(made.errorText)")
        let der = shell("cat c.der", in: directory.path).output
        let labels = ["A CA", "A CA"].map { OutputLabel(Array($0.utf8), rules: .assay) }
        try directory.write("cacerts", JavaKeyStore.write(labels.map { ($0, der) }, time: 1_700_000_000))
        let listed = shell("LC_ALL=C TZ=UTC keytool -list -keystore cacerts -storepass changeit", in: directory.path)
        #expect(listed.status == 0, "\(listed.errorText)")
        #expect(listed.text.contains("aca, Nov 14, 2023, trustedCertEntry"))
        #expect(listed.text.contains("aca-1, Nov 14, 2023, trustedCertEntry"))
    }

    @Test func `EFI signature lists have the sizes and owners of p11-kit's`() throws {
        let store = OutputFixture.store([OutputFixture.entry(1, "a"), OutputFixture.entry(2, "b")])
        let bytes = OutputFixture.bytes(store, .edk2)
        #expect(bytes.count == 2 * (44 + 102))
        #expect(Array(bytes[0..<4]) == [0xA1, 0x59, 0xC0, 0xA5])
        #expect(Array(bytes[16..<28]) == [146, 0, 0, 0, 0, 0, 0, 0, 118, 0, 0, 0])
        #expect(Array(bytes[28..<32]) == [0x50, 0x3B, 0xDD, 0xDC])
        #expect(try TrustStore.read(bytes, as: .edk2).map(\.der) == store.entries.map(\.certificate.der))
    }
}
