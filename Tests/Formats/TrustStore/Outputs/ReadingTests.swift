import AssayTestSupport
import Testing

@testable import AssayTrustStore

struct ReadingTests {
    static let outputs: [StoreOutput] = [.tlsBundle, .opensslBundle, .javaKeyStore, .edk2]
    static let store = OutputFixture.store([
        OutputFixture.entry(1, "First", attached: [.serverAuth], rejected: [.emailProtection]),
        OutputFixture.entry(2, "Second"),
    ])

    static func reason(_ bytes: [UInt8], _ output: StoreOutput) -> String {
        do {
            return "\(try TrustStore.read(bytes, as: output).count) certificates"
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("text\n", "line 1: neither a comment nor the begin of a CERTIFICATE"),
        ("# a\n\n-----BEGIN CERTIFICATE-----\n", "line 3: a block without an end"),
        ("-----BEGIN CERTIFICATE-----\nMAA=\n", "line 1: a block without an end"),
        ("-----BEGIN CERTIFICATE-----\nMA A=\n-----END CERTIFICATE-----\n", "line 2: no base64"),
        ("-----BEGIN CERTIFICATE-----\n# a\n-----END CERTIFICATE-----\n", "line 2: no base64"),
        ("-----BEGIN CERTIFICATE-----\nMAB=\n-----END CERTIFICATE-----\n", "line 2: no base64"),
        ("-----BEGIN CERTIFICATE-----\nMAA=MAA=\n-----END CERTIFICATE-----\n", "line 2: no base64"),
        ("-----BEGIN CERTIFICATE-----\n====\n-----END CERTIFICATE-----\n", "line 2: no base64"),
        ("-----BEGIN CERTIFICATE-----\nMAA\n-----END CERTIFICATE-----\n", "line 3: base64 that is not whole"),
        ("-----BEGIN CERTIFICATE-----\nMQA=\n-----END CERTIFICATE-----\n", "line 1: the block is no DER certificate"),
        ("-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n", "line 1: the block is no DER certificate"),
        ("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "line 1: the block is no DER certificate"),
        ("-----BEGIN CERTIFICATE-----\r\nMAA=\r\n-----END CERTIFICATE-----\r\n", "1 certificates"),
        ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----", "1 certificates"),
        ("-----BEGIN TRUSTED CERTIFICATE-----\n", "line 1: neither a comment nor the begin of a CERTIFICATE"),
        ("", "0 certificates"),
    ])
    func `a PEM bundle that is not one is refused with its line`(text: String, reason: String) {
        #expect(ReadingTests.reason(Array(text.utf8), .tlsBundle) == reason)
    }

    @Test(arguments: [
        // CertAux behind an empty sequence.
        ([0x30, 0x00] as [UInt8], "1 certificates"),
        ([0x30, 0x02, 0x30, 0x00], "1 certificates"),
        ([0x30, 0x04, 0x30, 0x02, 0x06, 0x00], "line 1: the block's trust data are malformed"),
        ([0x30, 0x04, 0xA0, 0x00, 0x30, 0x00], "line 1: the block's trust data are malformed"),
        ([0x30, 0x04, 0x30, 0x00, 0x30, 0x00], "line 1: the block's trust data are malformed"),
        ([0x30, 0x02, 0x05, 0x00], "line 1: the block's trust data are malformed"),
        ([0x30, 0x00, 0x00], "line 1: the block's trust data are malformed"),
        ([0x30], "line 1: the block's trust data are malformed"),
        ([0x31, 0x00], "line 1: the block's trust data are malformed"),
    ])
    func `trust data that are none are refused`(auxiliary: [UInt8], reason: String) {
        var text: [UInt8] = []
        PEMText.append([0x30, 0x00] + auxiliary, .trustedCertificate, to: &text)
        #expect(ReadingTests.reason(text, .opensslBundle) == reason)
    }

    @Test func `a key store with another digest, version or kind of entry is refused`() {
        let bytes = OutputFixture.bytes(ReadingTests.store, .javaKeyStore)
        var changed = bytes
        changed[bytes.count - 1] ^= 1
        #expect(
            ReadingTests.reason(changed, .javaKeyStore)
                == "the Java key store's digest is wrong, or its password is not 'changeit'")
        for (offset, value, reason) in [
            (0, 0xCE, "no Java key store: it does not begin with FEEDFEED"),
            (7, 1, "a Java key store of version 1, not 2"),
            (11, 3, "a Java key store is cut short"),
            (11, 1, "bytes follow the last entry of the Java key store"),
            (15, 1, "entry 0 of the Java key store is no trusted certificate"),
        ] as [(Int, UInt8, String)] {
            var body = Array(bytes.dropLast(20))
            body[offset] = value
            #expect(ReadingTests.reason(JavaKeyStore.signed(body), .javaKeyStore) == reason)
        }
    }

    @Test func `a signature list with sizes that do not fit is refused`() {
        let bytes = OutputFixture.bytes(ReadingTests.store, .edk2)
        for (offset, reason) in [
            (0, "signature list 0 is not one of certificates"), (16, "signature list 0 has sizes that do not fit"),
            (20, "signature list 0 has sizes that do not fit"), (24, "signature list 0 has sizes that do not fit"),
            (44, "signature list 0 is no DER certificate"), (146, "signature list 1 is not one of certificates"),
        ] {
            var changed = bytes
            changed[offset] ^= 1
            #expect(ReadingTests.reason(changed, .edk2) == reason)
        }
        #expect(ReadingTests.reason(Array(bytes.dropLast()), .edk2) == "signature list 1 is cut short")
    }

    @Test(arguments: outputs)
    func `an output cut short anywhere is refused or holds fewer certificates`(output: StoreOutput) {
        let bytes = OutputFixture.bytes(ReadingTests.store, output)
        for length in 0..<bytes.count - 1 {
            if let read = try? TrustStore.read(Array(bytes[..<length]), as: output) { #expect(read.count < 2) }
        }
    }

    @Test(arguments: outputs)
    func `flipped bits and other changes never crash`(output: StoreOutput) {
        let bytes = OutputFixture.bytes(ReadingTests.store, output)
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            let read = try? TrustStore.read(changed, as: output)
            if output == .javaKeyStore { #expect(read == nil) }
        }
        var numbers = SeededNumbers(state: 11)
        for _ in 0..<300 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...8, using: &numbers) {
                changed[Int.random(in: 0..<changed.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            _ = try? TrustStore.read(changed, as: output)
            if output == .javaKeyStore { _ = try? TrustStore.read(JavaKeyStore.signed(changed), as: output) }
        }
    }
}

extension JavaKeyStore {
    /// `body` with the digest that belongs to it.
    static func signed(_ body: [UInt8]) -> [UInt8] { body + digest(body[...]) }
}
