import Crypto
import SwiftASN1

/// The hashes of names by which OpenSSL finds a certificate in a folder
/// (`openssl x509 -subject_hash`, <https://docs.openssl.org/3.0/man1/openssl-x509/>).
public enum SubjectHash {
    /// The hash of OpenSSL 1.0 and later: of SHA-1 over the canonical name, the first four bytes, least significant first.
    ///
    /// - Parameter name: a DER Name.
    /// - Returns: nil when OpenSSL does not take the name either: bad DER, a string that is not of its type.
    public static func current(_ name: [UInt8]) -> UInt32? {
        guard let canonical = canonicalName(name) else { return nil }
        return firstFour(Insecure.SHA1.hash(data: canonical))
    }

    /// The hash of OpenSSL before 1.0: of MD5 over the DER Name.
    public static func old(_ name: [UInt8]) -> UInt32 { firstFour(Insecure.MD5.hash(data: name)) }

    /// Eight hexadecimal digits, as file names have them.
    public static func text(_ hash: UInt32) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    private static func firstFour(_ digest: some Digest) -> UInt32 {
        var result: UInt32 = 0
        for (index, byte) in digest.prefix(4).enumerated() { result |= UInt32(byte) << UInt32(8 * index) }
        return result
    }

    /// The relative names one after the other, without the sequence around them, strings in their canonical form; empty
    /// relative names are left out.
    private static func canonicalName(_ name: [UInt8]) -> [UInt8]? {
        guard let node = try? DER.parse(name), node.identifier == .sequence,
            case .constructed(let relativeNames) = node.content
        else { return nil }
        var result: [UInt8] = []
        for relativeName in relativeNames {
            guard relativeName.identifier == .set, case .constructed(let attributes) = relativeName.content else {
                return nil
            }
            var encoded: [[UInt8]] = []
            for attribute in attributes {
                guard let value = canonicalAttribute(attribute) else { return nil }
                encoded.append(value)
            }
            if encoded.isEmpty { continue }
            // DER orders a SET OF by its encodings (ITU-T X.690, section 11.6).
            encoded.sort { $0.lexicographicallyPrecedes($1) }
            DERText.append(tag: 0x31, encoded.flatMap { $0 }, to: &result)
        }
        return result
    }

    private static func canonicalAttribute(_ node: ASN1Node) -> [UInt8]? {
        guard node.identifier == .sequence, case .constructed(let children) = node.content else { return nil }
        let parts = Array(children)
        guard parts.count == 2, parts[0].identifier == .objectIdentifier else { return nil }
        var body = Array(parts[0].encodedBytes)
        switch canonicalString(parts[1]) {
        case .text(let text): DERText.append(tag: 0x0C, text, to: &body)
        case .kept: body += parts[1].encodedBytes
        case .invalid: return nil
        }
        var result: [UInt8] = []
        DERText.append(tag: 0x30, body, to: &result)
        return result
    }

    private enum CanonicalString {
        case text([UInt8])
        case kept
        case invalid
    }

    /// UTF-8 in lower case (ASCII only), without space around it, each run of space one.
    private static func canonicalString(_ node: ASN1Node) -> CanonicalString {
        let decoded: [UInt8]?
        switch (node.identifier, node.content) {
        case (.utf8String, .primitive(let bytes)):
            decoded = String(validating: bytes, as: UTF8.self).map { Array($0.utf8) }
        case (.printableString, .primitive(let bytes)), (.teletexString, .primitive(let bytes)),
            (.ia5String, .primitive(let bytes)), (.visibleString, .primitive(let bytes)):
            decoded = characters(bytes, width: 1)
        case (.bmpString, .primitive(let bytes)): decoded = characters(bytes, width: 2)
        case (.universalString, .primitive(let bytes)): decoded = characters(bytes, width: 4)
        default: return .kept
        }
        guard let decoded else { return .invalid }
        var text: [UInt8] = []
        text.reserveCapacity(decoded.count)
        var isSpaceDue = false
        for byte in decoded {
            if OutputLabel.isSpace(byte) {
                isSpaceDue = !text.isEmpty
                continue
            }
            if isSpaceDue { text.append(0x20) }
            isSpaceDue = false
            text.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        return .text(text)
    }

    /// Code points of `width` bytes each, most significant first, as UTF-8; nil when one is none.
    private static func characters(_ bytes: ArraySlice<UInt8>, width: Int) -> [UInt8]? {
        guard bytes.count % width == 0 else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var value: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            value = value << 8 | UInt32(byte)
            guard index % width == width - 1 else { continue }
            guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else { return nil }
            text += encoded
            value = 0
        }
        return text
    }
}

extension ASN1Identifier {
    /// VisibleString (ISO646String), tag 26.
    fileprivate static let visibleString = ASN1Identifier(tagWithNumber: 26, tagClass: .universal)
}
