/// Looks for secrets in bytes: keys, tokens and password hashes of known shapes.
///
/// It is a help against slips, no proof that there is none: what has no shape of its own is not found. Each byte is looked at
/// once for each kind that may begin with it, and every match is bounded, so that hostile bytes cost no more than others.
struct SecretScan {
    /// A secret that was found.
    struct Match: Hashable {
        /// What it is.
        var kind: String
        /// The offset of its first byte.
        var offset: Int
    }

    /// The most matches that are kept.
    static let maximumMatches = 100

    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The secrets, in the order of the bytes.
    func matches() -> [Match] {
        var matches: [Match] = []
        if let kind = SecretContainer.kind(bytes) { matches.append(Match(kind: kind, offset: 0)) }
        var index = 0
        while index < bytes.count, matches.count < Self.maximumMatches {
            guard let shapes = SecretShape.byFirstByte[bytes[index]] else {
                index += 1
                continue
            }
            var length = 0
            for shape in shapes {
                guard let end = match(shape, at: index) else { continue }
                matches.append(Match(kind: shape.kind, offset: index))
                length = end - index
                break
            }
            index += max(1, length)
        }
        return matches
    }

    /// The end of `shape` at `start`, or nil when it is not there.
    private func match(_ shape: SecretShape, at start: Int) -> Int? {
        // A token within a longer word is none.
        if shape.beginsWord, start > 0, ByteClass.word.contains(bytes[start - 1]) { return nil }
        var index = start
        for part in shape.parts {
            switch part {
            case .text(let text):
                guard bytes[index...].starts(with: text) else { return nil }
                index += text.count
            case .run(let set, let range):
                var count = 0
                while index + count < bytes.count, count < range.upperBound, set.contains(bytes[index + count]) {
                    count += 1
                }
                guard count >= range.lowerBound else { return nil }
                index += count
            case .within(let distance, let text):
                let end = min(bytes.count, index + distance + text.count)
                guard
                    let found = (index..<max(index, end - text.count + 1)).first(where: {
                        bytes[$0...].starts(with: text)
                    })
                else { return nil }
                index = found + text.count
            }
        }
        return index
    }
}

/// Files that hold keys in a form that is not text.
enum SecretContainer {
    /// What the bytes are, by how they begin; nil for anything else.
    static func kind(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x4C, 0x55, 0x4B, 0x53, 0xBA, 0xBE]) { return "a LUKS header with its key slots" }
        if bytes.starts(with: [0xFE, 0xED, 0xFE, 0xED]) { return "a Java key store" }
        if bytes.starts(with: [0x03, 0xD9, 0xA2, 0x9A]) { return "a KeePass database" }
        if let first = bytes.first, bytes.count > 12, isSecretKeyPacket(bytes, first) { return "an OpenPGP secret key" }
        return derKind(bytes)
    }

    /// A packet of tag 5 or 7 of version 4 to 6. <https://www.rfc-editor.org/rfc/rfc9580#section-4.2>
    private static func isSecretKeyPacket(_ bytes: [UInt8], _ first: UInt8) -> Bool {
        var body = 0
        if first & 0xC0 == 0xC0, [5, 7].contains(first & 0x3F) {
            body = bytes[1] < 192 ? 2 : bytes[1] < 224 ? 3 : bytes[1] == 255 ? 6 : 0
        } else if first & 0xC0 == 0x80, [5, 7].contains((first >> 2) & 0x0F) {
            body = [2, 3, 5, 0][Int(first & 3)]
        }
        guard body > 0, body + 5 < bytes.count else { return false }
        return (4...6).contains(bytes[body]) && (1...28).contains(bytes[body + 5])
    }

    /// A sequence that begins as PKCS #1, PKCS #8 (RFC 5958), SEC 1 (RFC 5915) or PKCS #12 (RFC 7292) do.
    private static func derKind(_ bytes: [UInt8]) -> String? {
        guard bytes.count > 12, bytes[0] == 0x30 else { return nil }
        let header = bytes[1] < 0x80 ? 2 : 2 + Int(bytes[1] & 0x7F)
        guard header <= 6, header + 5 < bytes.count, bytes[header] == 0x02, bytes[header + 1] == 0x01 else {
            return nil
        }
        let next = bytes[header + 3]
        switch bytes[header + 2] {
        case 0 where next == 0x02: return "an RSA private key (PKCS #1, DER)"
        case 0 where next == 0x30, 1 where next == 0x30:
            // The algorithm's identifier comes first in a private key.
            return bytes[header + 5] == 0x06 ? "a private key (PKCS #8, DER)" : nil
        case 1 where next == 0x04: return "an EC private key (SEC 1, DER)"
        case 3 where next == 0x30: return "a PKCS #12 file"
        default: return nil
        }
    }
}

/// Sets of bytes.
struct ByteClass {
    private let members: [Bool]

    init(_ text: String) {
        var members = [Bool](repeating: false, count: 256)
        for byte in text.utf8 { members[Int(byte)] = true }
        self.members = members
    }

    func contains(_ byte: UInt8) -> Bool { members[Int(byte)] }

    private static let digits = "0123456789"
    private static let lower = "abcdefghijklmnopqrstuvwxyz"
    private static let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    static let hexadecimal = ByteClass(digits + "abcdefABCDEF")
    static let upperOrDigit = ByteClass(digits + upper)
    static let word = ByteClass(digits + lower + upper + "_")
    static let url = ByteClass(digits + lower + upper + "_-")
    static let base64 = ByteClass(digits + lower + upper + "+/=")
    static let crypt = ByteClass(digits + lower + upper + "./")
    static let cryptField = ByteClass(digits + lower + upper + "./=,+-")
    static let printable = ByteClass(digits + lower + upper + "!\"#%&'()*+,-./;<=>?[]^_`{|}~$\\")
}
