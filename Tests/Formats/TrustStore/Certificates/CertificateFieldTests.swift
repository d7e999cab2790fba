import AssayTestSupport
import Foundation
import Testing

@testable import AssayTrustStore

struct CertificateFieldTests {
    @Test(
        arguments: [
            ("700101000000Z", 0), ("500101000000Z", -631_152_000), ("491231235959Z", 2_524_607_999),
            ("000229120000Z", 951_825_600), ("7001010000Z", 0), ("700101000000+0100", -3600),
            ("700101000000-0130", 5400), ("7001010000-0000", 0), ("010229000000Z", nil), ("701301000000Z", nil),
            ("700132000000Z", nil), ("700100000000Z", nil), ("700001000000Z", nil), ("700101240000Z", nil),
            ("700101006000Z", nil), ("700101000060Z", nil), ("700101000000", nil), ("700101000000z", nil),
            ("700101000000Z0", nil), ("700101000000.5Z", nil), ("7001010000000Z", nil), ("", nil),
            ("-00101000000Z", nil),
            ("70010100 000Z", nil), ("700101000000+2400", nil), ("700101000000+0060", nil), ("700101000000+01", nil),
        ] as [(String, Int64?)])
    func `UTCTime counts seconds since 1970`(text: String, seconds: Int64?) {
        #expect(CertificateTime.utc(Array(text.utf8)[...]) == seconds)
    }

    @Test(
        arguments: [
            ("19700101000000Z", 0), ("19691231235959Z", -1), ("20500101000000Z", 2_524_608_000),
            ("99991231235959Z", 253_402_300_799), ("00000101000000Z", -62_167_219_200),
            ("00010101000000Z", -62_135_596_800), ("16000229000000Z", -11_670_998_400),
            ("19000228235959Z", -2_203_891_201), ("19000229000000Z", nil), ("20240229000000.999Z", 1_709_164_800),
            ("20240229000000.Z", nil), ("202402290000Z", 1_709_164_800), ("2024", nil), ("19700101000000+0000", 0),
        ] as [(String, Int64?)])
    func `GeneralizedTime counts seconds since 1970`(text: String, seconds: Int64?) {
        #expect(CertificateTime.generalized(Array(text.utf8)[...]) == seconds)
    }

    private static func key(_ algorithm: [UInt8]..., bits: [UInt8]) -> [UInt8] {
        DERBytes.sequence(DERBytes.node(0x30, algorithm.flatMap { $0 }), DERBytes.node(3, [0] + bits))
    }

    private static func numbers(_ numbers: [UInt8]...) -> [UInt8] {
        DERBytes.node(0x30, numbers.flatMap { DERBytes.node(2, $0) })
    }

    private static let rsa = DERBytes.identifier("1.2.840.113549.1.1.1")
    private static let curve = DERBytes.identifier("1.2.840.10045.2.1")
    private static let dsa = DERBytes.identifier("1.2.840.10040.4.1")
    private static let number = [0] + [UInt8](repeating: 0x80, count: 128)

    static let keys: [([UInt8], TrustCertificate.Key)] = [
        (key(rsa, [5, 0], bits: numbers(number, [1, 0, 1])), .rsa(bits: 1024)),
        (key(rsa, bits: numbers([1] + number, [3])), .rsa(bits: 1033)),
        (key(DERBytes.identifier("1.2.840.113549.1.1.10"), bits: numbers(number, [3])), .rsa(bits: 1024)),
        // A negative modulus, no exponent, three numbers, none.
        (key(rsa, [5, 0], bits: numbers(Array(number.dropFirst()), [3])), .other("1.2.840.113549.1.1.1")),
        (key(rsa, [5, 0], bits: numbers(number)), .other("1.2.840.113549.1.1.1")),
        (key(rsa, [5, 0], bits: numbers(number, [3], [3])), .other("1.2.840.113549.1.1.1")),
        (key(rsa, [5, 0], bits: numbers([0], [3])), .other("1.2.840.113549.1.1.1")),
        (key(rsa, [5, 0], bits: [7]), .other("1.2.840.113549.1.1.1")),
        (
            key(curve, DERBytes.identifier("1.2.840.10045.3.1.7"), bits: [4] + [UInt8](repeating: 1, count: 64)),
            .ellipticCurve(name: "secp256r1", bits: 256)
        ),
        (key(curve, DERBytes.identifier("1.3.132.0.35"), bits: []), .ellipticCurve(name: "secp521r1", bits: 521)),
        (
            key(curve, DERBytes.identifier("1.2.3.4"), bits: [2] + [UInt8](repeating: 1, count: 20)),
            .ellipticCurve(name: "1.2.3.4", bits: 160)
        ),
        (
            key(curve, numbers([1]), bits: [4] + [UInt8](repeating: 1, count: 48)),
            .ellipticCurve(name: "explicit", bits: 192)
        ),
        (key(curve, bits: [4, 1, 1]), .other("1.2.840.10045.2.1")),
        (key(curve, [5, 0], bits: [4, 1, 1]), .other("1.2.840.10045.2.1")),
        (key(curve, DERBytes.identifier("1.2.3.4"), bits: [9]), .other("1.2.840.10045.2.1")),
        (key(dsa, numbers(number, [3], [3]), bits: [2, 1, 1]), .dsa(bits: 1024)),
        (key(dsa, bits: [2, 1, 1]), .other("1.2.840.10040.4.1")),
        (key(DERBytes.identifier("1.3.101.112"), bits: []), .other("Ed25519")),
        (key(DERBytes.identifier("1.3.101.113"), bits: []), .other("Ed448")),
        (key(DERBytes.identifier("2.16.840.1.101.3.4.3.17"), bits: [1]), .other("2.16.840.1.101.3.4.3.17")),
    ]

    @Test(arguments: keys) func `a key has a kind and a size`(der: [UInt8], key: TrustCertificate.Key) throws {
        #expect(try TrustCertificate.Key(der: der) == key)
    }

    /// What OpenSSL makes, and says of it.
    @Test(
        .enabled(if: isAvailable("openssl")),
        arguments: [
            ("rsa:2048", TrustCertificate.Key.rsa(bits: 2048)), ("rsa:1024", .rsa(bits: 1024)),
            ("ec -pkeyopt ec_paramgen_curve:P-384", .ellipticCurve(name: "secp384r1", bits: 384)),
            ("ec -pkeyopt ec_paramgen_curve:secp256k1", .ellipticCurve(name: "secp256k1", bits: 256)),
            ("ed25519", .other("Ed25519")), ("ed448", .other("Ed448")),
        ])
    func `a certificate that OpenSSL makes has the fields that OpenSSL shows`(
        algorithm: String, key: TrustCertificate.Key
    ) throws {
        let scratch = ScratchDirectory()
        let made = shell(
            """
            openssl req -x509 -newkey \(algorithm) -nodes -keyout /dev/null -subj /O=Test/CN=Root -days 40000 \
                -set_serial 0x123456789abcdef -outform DER -out c 2>&1
            openssl x509 -inform DER -in c -noout -dates -dateopt iso_8601 2>&1
            """, in: scratch.path)
        try #require(made.status == 0, "\(made.text)")
        let der = Array(try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/c")))
        let certificate = try TrustCertificate(der: der)
        #expect(certificate.key == key)
        #expect(certificate.version == 3)
        #expect(certificate.serialNumber == [2, 8, 1, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF])
        #expect(certificate.issuer == certificate.subject)
        #expect(certificate.callsItselfAuthority)
        let dates = [certificate.notBefore, certificate.notAfter].map { seconds in
            let date = Date(timeIntervalSince1970: Double(seconds ?? 0))
            return ISO8601DateFormatter().string(from: date).replacing("T", with: " ")
        }
        #expect(made.text.contains("notBefore=\(dates[0])") && made.text.contains("notAfter=\(dates[1])"))
    }
}
