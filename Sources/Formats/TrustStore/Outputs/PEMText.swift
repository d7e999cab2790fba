/// PEM blocks (RFC 7468, <https://www.rfc-editor.org/rfc/rfc7468>) with lines of 64 characters.
enum PEMText {
    /// What a block holds.
    enum Label: String {
        case certificate = "CERTIFICATE"
        case trustedCertificate = "TRUSTED CERTIFICATE"
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    /// Bytes that one line holds.
    private static let bytesPerLine = 48

    /// The size of a block of `count` bytes.
    static func size(_ count: Int, _ label: Label) -> Int {
        let text = (count + 2) / 3 * 4
        return text + text / 64 + 2 * label.rawValue.utf8.count + 36
    }

    /// One block alone.
    static func block(_ der: [UInt8], _ label: Label) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(size(der.count, label))
        append(der, label, to: &text)
        return text
    }

    /// Appends a block, line end included.
    static func append(_ der: [UInt8], _ label: Label, to text: inout [UInt8]) {
        text += "-----BEGIN \(label.rawValue)-----\n".utf8
        let alphabet = alphabet
        var index = 0
        while index < der.count {
            let end = min(index + bytesPerLine, der.count)
            while index + 3 <= end {
                let group = UInt32(der[index]) << 16 | UInt32(der[index + 1]) << 8 | UInt32(der[index + 2])
                text.append(alphabet[Int(group >> 18)])
                text.append(alphabet[Int(group >> 12 & 63)])
                text.append(alphabet[Int(group >> 6 & 63)])
                text.append(alphabet[Int(group & 63)])
                index += 3
            }
            if index < end {
                let isPair = index + 2 == end
                let group = UInt32(der[index]) << 16 | (isPair ? UInt32(der[index + 1]) << 8 : 0)
                text.append(alphabet[Int(group >> 18)])
                text.append(alphabet[Int(group >> 12 & 63)])
                text.append(isPair ? alphabet[Int(group >> 6 & 63)] : 0x3D)
                text.append(0x3D)
                index = end
            }
            text.append(0x0A)
        }
        text += "-----END \(label.rawValue)-----\n".utf8
    }
}
