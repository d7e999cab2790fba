import AssayBytes
import AssayTrustStore

/// The text of source files that are written here.
enum SourceText {
    /// A certificate with its label above.
    static func pem(_ der: [UInt8], label: String) -> [UInt8] {
        Array("# \(commented(label))\n".utf8) + block("CERTIFICATE", der)
    }

    /// A certificate, and what its key is trusted for, in p11-kit's form.
    static func anchor(_ certificate: TrustCertificate, label: String, purposes: [Purpose]) -> [UInt8] {
        let usage = attached(
            certificate, label: label, AttachedExtension.extendedKeyUsage, purposes, isCritical: true)
        let object = """

            [p11-kit-object-v1]
            label: "\(quoted(label))"
            trusted: true
            modifiable: false

            """
        return Array("# \(commented(label))\n".utf8) + usage + Array(object.utf8)
            + block("CERTIFICATE", certificate.der)
    }

    /// What a key is rejected for, in p11-kit's form.
    static func rejection(_ certificate: TrustCertificate, label: String, purposes: [Purpose]) -> [UInt8] {
        Array("# \(commented(label))\n".utf8)
            + attached(certificate, label: label, AttachedExtension.rejectedUsage, purposes, isCritical: false)
    }

    private static func attached(
        _ certificate: TrustCertificate, label: String, _ identifier: String, _ purposes: [Purpose], isCritical: Bool
    ) -> [UInt8] {
        var body = DERWriter.identifier(identifier)
        if isCritical { body += [0x01, 0x01, 0xFF] }
        let usage = DERWriter.node(0x30, purposes.flatMap { DERWriter.identifier($0.identifier) })
        let value = DERWriter.node(0x30, body + DERWriter.node(0x04, usage))
        let text = """
            [p11-kit-object-v1]
            label: "\(quoted(label))"
            class: x-certificate-extension
            object-id: \(identifier)
            value: "\(value.map { "%" + Hex.encode([$0]) }.joined())"
            modifiable: false

            """
        return Array(text.utf8) + block("PUBLIC KEY", certificate.publicKeyInfo)
    }

    private static func block(_ kind: String, _ der: [UInt8]) -> [UInt8] {
        let text = base64(der)
        var lines = ["-----BEGIN \(kind)-----"]
        var rest = text[...]
        while !rest.isEmpty {
            lines.append(String(decoding: rest.prefix(64), as: UTF8.self))
            rest = rest.dropFirst(64)
        }
        lines.append("-----END \(kind)-----")
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[Int(value >> UInt32(18 - 6 * index) & 63)] : 0x3D)
            }
        }
        return text
    }

    /// A label in one line in which no reader sees a block or a section: letters, digits and a few harmless signs.
    private static func commented(_ label: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in label.unicodeScalars.prefix(200) {
            let isHarmless =
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || " ,.=_".unicodeScalars.contains(scalar)
            scalars.append(isHarmless ? scalar : "_")
        }
        // BEGINDATA would announce certdata.
        return String(scalars).replacing("BEGINDATA", with: "BEGIN_DATA")
    }

    /// Every byte but letters, digits, space and a few harmless signs is percent-encoded.
    private static func quoted(_ label: String) -> String {
        label.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20, 0x2C, 0x2E, 0x3D, 0x5F:
                String(decoding: [byte], as: UTF8.self)
            default: "%" + Hex.encode([byte])
            }
        }.joined()
    }
}

/// The little DER that source files need (ITU-T X.690).
private enum DERWriter {
    static func node(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
        guard body.count >= 0x80 else { return [tag, UInt8(body.count)] + body }
        var length: [UInt8] = []
        var rest = body.count
        while rest > 0 {
            length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(length.count)] + length + body
    }

    /// A dotted object identifier; arcs beyond 64 bits were refused before (`SourceText.canWrite`).
    static func identifier(_ dotted: String) -> [UInt8] {
        let arcs = dotted.split(separator: ".").map { UInt64($0) ?? 0 }
        guard arcs.count >= 2 else { return [] }
        var body: [UInt8] = []
        for arc in [arcs[0] &* 40 &+ arcs[1]] + arcs.dropFirst(2) {
            let width = max(1, (64 - arc.leadingZeroBitCount + 6) / 7)
            for index in stride(from: width - 1, through: 0, by: -1) {
                body.append(UInt8(truncatingIfNeeded: arc >> UInt64(7 * index)) & 0x7F | (index == 0 ? 0 : 0x80))
            }
        }
        return node(0x06, body)
    }
}

extension SourceText {
    /// Whether a purpose can be written down.
    static func canWrite(_ purpose: Purpose) -> Bool {
        let arcs = purpose.identifier.split(separator: ".", omittingEmptySubsequences: false).map { UInt64($0) }
        guard arcs.count >= 2, let first = arcs[0], let second = arcs[1], !arcs.contains(nil) else { return false }
        // Beyond that, readers do not agree what the first number means.
        return first < 3 && second < 40
    }
}
