import AssayBytes

/// The check that bytes are one DER value all the way down, with a name for each breach.
///
/// The library's parser refuses the same bytes, but says only that they are not DER; people meet BER, PEM and text here, and
/// each needs another remedy. Only tags and lengths are looked at (X.690, sections 8.1.2, 8.1.3 and 10.1).
enum DERFraming {
    /// A signature of one signer nests 9 deep; certificates inside it a little deeper.
    static let maximumDepth = 32

    /// Throws for anything but exactly one well-framed value in `bytes`; linear in their number.
    static func check(_ bytes: [UInt8]) throws(RootHashSignatureFault) {
        try checkStart(bytes)
        var ends: [Int] = [bytes.count]
        var position = 0
        while let end = ends.last {
            // The outermost value must be the only one.
            if ends.count == 1, position > 0 {
                guard position == end else {
                    throw RootHashSignatureFault(
                        .trailingBytes, "\(end - position) bytes follow the end of the signature at offset \(position)")
                }
                return
            }
            if position == end {
                ends.removeLast()
                continue
            }
            let header = try self.header(bytes, at: position, end: end)
            position = header.content
            if header.isConstructed {
                guard ends.count <= maximumDepth else {
                    throw RootHashSignatureFault(.malformed, "values nest deeper than \(maximumDepth)")
                }
                ends.append(header.end)
            } else {
                position = header.end
            }
        }
    }

    private static func checkStart(_ bytes: [UInt8]) throws(RootHashSignatureFault) {
        guard let first = bytes.first else { throw RootHashSignatureFault(.empty, "the signature is empty") }
        if let fault = textFault(bytes) { throw fault }
        guard first == 0x30 else {
            throw RootHashSignatureFault(
                .malformed, "the signature is not DER: it starts with byte 0x\(Hex.encode([first])), not 0x30")
        }
    }

    /// What kind of text `bytes` are, as a fault; nil when they are none that people mistake for a signature.
    static func textFault(_ bytes: [UInt8]) -> RootHashSignatureFault? {
        let hint = "write DER: 'openssl smime -sign -binary -noattr -nocerts -outform der ...'"
        let start = String(decoding: bytes.prefix(64), as: UTF8.self)
        if start.contains("-----BEGIN ") {
            return RootHashSignatureFault(.pem, "the signature is PEM text, not DER", hint: hint)
        }
        if start.hasPrefix("MIME-Version:") || start.hasPrefix("Content-Type:") {
            return RootHashSignatureFault(.mime, "the signature is a MIME message, not DER", hint: hint)
        }
        if bytes.count >= 16, bytes.allSatisfy(isBase64) {
            return RootHashSignatureFault(
                .base64, "the signature is base64 text, not DER", hint: "decode it with 'base64 -d'")
        }
        return nil
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x3D, 0x0A, 0x0D: true
        default: false
        }
    }

    private struct Header {
        let isConstructed: Bool
        let content: Int
        let end: Int
    }

    private static func header(_ bytes: [UInt8], at start: Int, end: Int) throws(RootHashSignatureFault) -> Header {
        let truncated = RootHashSignatureFault(
            .truncated, "the value at offset \(start) is longer than what holds it: the signature is cut off or damaged"
        )
        guard start + 2 <= end else { throw truncated }
        guard bytes[start] & 0x1F != 0x1F else {
            throw RootHashSignatureFault(.malformed, "a tag of more than one byte at offset \(start)")
        }
        let isConstructed = bytes[start] & 0x20 != 0
        let first = bytes[start + 1]
        if first < 0x80 {
            guard Int(first) <= end - start - 2 else { throw truncated }
            return Header(isConstructed: isConstructed, content: start + 2, end: start + 2 + Int(first))
        }
        guard first != 0x80 else {
            throw RootHashSignatureFault(
                .indefiniteLength, "BER, not DER: a value of indefinite length at offset \(start)",
                hint: "sign without '-stream', or with '-outform der' of 'openssl smime'")
        }
        // Four bytes of length are far more than the size limit: more can only be a lie.
        let count = Int(first & 0x7F)
        guard count <= 4, start + 2 + count <= end else { throw truncated }
        let length = bytes[(start + 2)..<(start + 2 + count)].reduce(0) { $0 << 8 | Int($1) }
        guard length >= 0x80, bytes[start + 2] != 0 else {
            throw RootHashSignatureFault(
                .nonMinimalLength, "BER, not DER: a length with more bytes than it needs at offset \(start)")
        }
        guard length <= end - start - 2 - count else { throw truncated }
        return Header(isConstructed: isConstructed, content: start + 2 + count, end: start + 2 + count + length)
    }
}
