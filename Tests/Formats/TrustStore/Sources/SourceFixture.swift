import AssayBytes

@testable import AssayTrustStore

/// Texts of source files, and what their reader says.
enum SourceFixture {
    static let path = "/etc/x"
    /// A certificate authority, one with another key, one with many bytes.
    static let authority = CertificateFixture()
    static let other = CertificateFixture(subject: DERBytes.name("Other"), serial: 2, key: 2)

    static func read(_ bytes: [UInt8], role: SourceRole = .main) throws(SourceFault) -> TrustSource {
        try TrustSource.read(bytes, path: path, token: 1, role: role)
    }

    /// The fault, or the format with the number of objects and the warnings.
    static func answer(_ bytes: [UInt8], role: SourceRole = .main) -> String {
        do {
            let source = try read(bytes, role: role)
            let warnings = source.warnings.map { "; " + text($0) }.joined()
            return "\(source.format.rawValue): \(source.objects.count)\(warnings)"
        } catch {
            return text(error)
        }
    }

    static func answer(_ text: String, role: SourceRole = .main) -> String { answer(Array(text.utf8), role: role) }

    private static func text(_ fault: SourceFault) -> String {
        String(fault.description.dropFirst(path.utf8.count + 1)).trimmingPrefix(" ").description
    }

    static func pem(_ label: String, _ der: [UInt8]) -> String {
        String(decoding: GeneratedStore.pem(label, der), as: UTF8.self)
    }

    /// A PEM certificate; four lines.
    static func certificate(_ fixture: CertificateFixture = authority) -> String {
        pem("CERTIFICATE", (try? fixture.certificate.der) ?? [])
    }

    /// A PEM public key; three lines.
    static func key(_ fixture: CertificateFixture = authority) -> String {
        pem("PUBLIC KEY", (try? fixture.certificate.publicKeyInfo) ?? [])
    }

    static func percent(_ bytes: [UInt8]) -> String { bytes.map { "%" + Hex.encode([$0]) }.joined() }

    static func octal(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }.joined()
    }
}
