@testable import AssayTrustStore

/// A certificate in DER parts, each of which a test may replace.
struct CertificateParts {
    static let ed25519 = DERBytes.sequence(DERBytes.identifier("1.3.101.112"))

    var version = DERBytes.node(0xA0, DERBytes.node(2, [2]))
    var serial = DERBytes.node(2, [1])
    var algorithm = ed25519
    var issuer = DERBytes.name("Issuer")
    var notBefore = DERBytes.node(23, Array("200101000000Z".utf8))
    var notAfter = DERBytes.node(23, Array("400101000000Z".utf8))
    var subject = DERBytes.name("Subject")
    var key = DERBytes.publicKeyInfo(1)
    var tail: [UInt8] = []
    var outerAlgorithm = ed25519
    var signature = DERBytes.node(3, [UInt8](repeating: 0, count: 65))
    var behind: [UInt8] = []

    var body: [UInt8] {
        DERBytes.sequence(
            version, serial, algorithm, issuer, DERBytes.sequence(notBefore, notAfter), subject, key, tail)
    }

    var der: [UInt8] { DERBytes.sequence(body, outerAlgorithm, signature, behind) }

    /// The extensions, in their tag.
    static func extensions(_ list: [[UInt8]]) -> [UInt8] {
        DERBytes.node(0xA3, DERBytes.node(0x30, list.flatMap { $0 }))
    }

    /// An extension with an empty value.
    static func empty(_ identifier: String) -> [UInt8] {
        DERBytes.sequence(DERBytes.identifier(identifier), DERBytes.node(4, []))
    }
}
