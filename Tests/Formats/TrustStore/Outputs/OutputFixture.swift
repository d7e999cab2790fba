import Foundation

@testable import AssayTrustStore

/// Entries of stores that are made by hand: the outputs look at a certificate's bytes, subject and standing only.
enum OutputFixture {
    static let origin = Origin(path: "/etc/pki/ca-trust/source/a.pem", line: 1, role: .anchors, token: 0)

    /// A Name of common names, each the DER of a string.
    static func name(_ strings: [UInt8]...) -> [UInt8] {
        var relative: [UInt8] = []
        for string in strings {
            var attribute: [UInt8] = []
            DERText.append(tag: 0x30, [0x06, 0x03, 0x55, 0x04, 0x03] + string, to: &attribute)
            DERText.append(tag: 0x31, attribute, to: &relative)
        }
        var name: [UInt8] = []
        DERText.append(tag: 0x30, relative, to: &name)
        return name
    }

    /// The DER of a string type.
    static func string(_ tag: UInt8, _ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        DERText.append(tag: tag, bytes, to: &result)
        return result
    }

    /// A certificate in shape, large enough to fill lines of PEM.
    static func certificate(_ number: UInt8, subject: [UInt8]? = nil, size: Int = 100) -> TrustCertificate {
        let name = subject ?? name(string(0x0C, "CA \(number)".utf8))
        return TrustCertificate(
            der: string(0x30, [UInt8](repeating: number, count: size)), version: 3, serialNumber: [2, 1, number],
            issuer: name, subject: name, publicKeyInfo: [0x30, 1, number], key: .other("Ed25519"),
            signatureAlgorithm: "1.3.101.112", notBefore: nil, notAfter: nil, extensions: [])
    }

    static func entry(
        _ number: UInt8, _ label: String, _ standing: Standing = .anchor, subject: [UInt8]? = nil,
        isAuthority: Bool = true, attached: [Purpose]? = nil, rejected: [Purpose] = [], rules: TrustRules = .assay
    ) -> TrustEntry {
        let distrust = TrustDecision(isTrusted: false, rule: .distrustedCertificate, because: [origin])
        return TrustEntry(
            certificate: certificate(number, subject: subject), label: Array(label.utf8), standing: standing,
            distrust: standing == .distrusted ? distrust : nil, isAuthority: isAuthority, attachedUsage: attached,
            rejectedUsage: rejected, ownUsage: nil, serverDistrustAfter: nil, emailDistrustAfter: nil,
            origins: [origin], anchorOrigins: standing == .anchor ? [origin] : [], usageOrigins: [origin],
            rejectOrigins: [origin], rules: rules)
    }

    static func store(_ entries: [TrustEntry], _ rules: TrustRules = .assay) -> TrustStore {
        TrustStore(rules: rules, entries: entries, unmatchedDistrust: [])
    }

    /// The bytes of an output that is one file.
    static func bytes(_ store: TrustStore, _ output: StoreOutput, time: Int64 = 1_700_000_000) -> [UInt8] {
        guard case .bytes(let bytes) = store.files(output, options: OutputOptions(time: time)).first?.content else {
            return []
        }
        return bytes
    }

    /// A file of `Tests/Vectors/truststore/azurelinux`.
    static func azureLinux(_ name: String) throws -> [UInt8] {
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: tests.appendingPathComponent("Vectors/truststore/azurelinux/" + name)))
    }
}
