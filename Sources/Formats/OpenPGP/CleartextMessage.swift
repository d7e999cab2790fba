/// A clearsigned message (RFC 9580, section 7: https://www.rfc-editor.org/rfc/rfc9580#section-7), not yet verified.
public struct CleartextMessage: Hashable, Sendable {
    /// The text that the signatures are about, and nothing else: dash escapes undone, white space at the ends of lines
    /// removed, lines ended by LF.
    public let text: [UInt8]
    /// The bytes that are hashed: `text` with CR LF between the lines and no line ending at the end.
    public let signedBytes: [UInt8]
    /// The hash names of the `Hash:` headers as they stand; nothing signs them.
    public let hashNames: [String]
    /// The signatures behind the text.
    public let signatures: [OpenPGPSignature]
    /// The parts of the file outside of the message that hold more than white space, in bytes.
    ///
    /// Nothing signs them, whatever they look like. A strict reader refuses the file when there are any.
    public let textOutside: [Range<Int>]

    /// The most bytes of a file that are looked at.
    public static let maximumSize = 64 * 1024 * 1024
    /// The most `Hash:` headers.
    public static let maximumHeaders = 16

    private static let begin = "-----BEGIN PGP SIGNED MESSAGE-----"
    private static let beginSignature = "-----BEGIN PGP SIGNATURE-----"
    private static let knownHashes: Set<String> = [
        "MD5", "SHA1", "RIPEMD160", "SHA224", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-512",
    ]

    /// Whether a line of `bytes` starts a clearsigned message.
    public static func isPresent(in bytes: [UInt8]) -> Bool {
        var lines = LineScanner(bytes)
        while let line = lines.next() {
            if lines.isLine(line.content, begin) { return true }
        }
        return false
    }

    /// Reads the first clearsigned message of a file.
    ///
    /// - Throws: `OpenPGPError` for a header that is not `Hash:` with names of hashes, a line of text that starts with a
    ///   dash and is not escaped, no end, or signatures that cannot be read.
    public static func parse(_ bytes: [UInt8]) throws -> CleartextMessage {
        guard bytes.count <= maximumSize else {
            throw OpenPGPError(.tooLarge, "the file is larger than \(maximumSize) bytes")
        }
        var lines = LineScanner(bytes)
        var start: Int?
        while start == nil, let line = lines.next() {
            if lines.isLine(line.content, begin) { start = line.whole.lowerBound }
        }
        guard let start else {
            throw OpenPGPError(.malformedCleartext, "the file holds no clearsigned message")
        }
        let hashNames = try headers(&lines)
        let (signedBytes, text, signatureStart) = try body(&lines, in: bytes)
        let (signatures, end) = try signatures(in: bytes, from: signatureStart)
        let outside = [0..<start, end..<bytes.count].filter { range in
            bytes[range].contains { !LineScanner.isWhiteSpace($0) }
        }
        return CleartextMessage(
            text: text, signedBytes: signedBytes, hashNames: hashNames, signatures: signatures, textOutside: outside)
    }

    /// The document as its signatures hash it.
    public func hashed() -> HashedDocument { SignatureHasher.hash(signedBytes, for: signatures) }

    private static func headers(_ lines: inout LineScanner) throws -> [String] {
        var names: [String] = []
        var count = 0
        while let line = lines.next() {
            let content = lines.trimmed(line.content)
            if content.isEmpty { return names }
            count += 1
            guard count <= maximumHeaders, content.count <= 256, lines.hasPrefix(content, "Hash:") else {
                throw OpenPGPError(
                    .malformedCleartext, "a header of the clearsigned message is not 'Hash:'; nothing signs headers")
            }
            for name in lines.bytes[content].dropFirst(5).split(separator: 0x2C) {
                let name = String(decoding: name.drop { $0 == 0x20 }, as: UTF8.self)
                guard knownHashes.contains(name) else {
                    throw OpenPGPError(
                        .malformedCleartext, "a 'Hash:' header holds more than names of hashes; nothing signs headers")
                }
                names.append(name)
            }
        }
        throw OpenPGPError(.truncated, "the clearsigned message ends in its headers")
    }

    /// The text up to the signature: its canonical bytes, the same with LF, and where the signature starts.
    private static func body(
        _ lines: inout LineScanner, in bytes: [UInt8]
    ) throws -> (signed: [UInt8], text: [UInt8], signature: Int) {
        var signed: [UInt8] = []
        var text: [UInt8] = []
        signed.reserveCapacity(bytes.count)
        text.reserveCapacity(bytes.count)
        var isFirst = true
        while let line = lines.next() {
            var content = line.content
            if bytes[content].first == 0x2D {
                if lines.isLine(content, beginSignature) { return (signed, text, line.whole.lowerBound) }
                guard bytes[content].dropFirst().first == 0x20 else {
                    throw OpenPGPError(
                        .malformedCleartext,
                        "the line at \(line.whole.lowerBound) of the clearsigned text starts with a dash, not escaped")
                }
                content = (content.lowerBound + 2)..<content.upperBound
            }
            let kept = bytes[lines.trimmed(content)]
            if !isFirst {
                signed.append(0x0D)
                signed.append(0x0A)
            }
            isFirst = false
            signed += kept
            text += kept
            text.append(0x0A)
        }
        throw OpenPGPError(.truncated, "no signature ends the clearsigned text")
    }

    private static func signatures(in bytes: [UInt8], from start: Int) throws -> ([OpenPGPSignature], Int) {
        // Only the block right behind the text belongs to it: what follows must not be read as armor at all.
        var lines = LineScanner(bytes, from: start)
        var end: Int?
        while end == nil, let line = lines.next() {
            if lines.isLine(line.content, "-----END PGP SIGNATURE-----") { end = line.whole.upperBound }
        }
        guard let end else { throw OpenPGPError(.truncated, "the signature of the clearsigned message does not end") }
        return (try OpenPGPSignature.parse(Array(bytes[start..<end])), end)
    }
}
