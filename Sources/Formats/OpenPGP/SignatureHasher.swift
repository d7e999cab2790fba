/// Hashes a document once for all of its signatures, piece by piece.
///
/// Signatures that hash the same way share one digest. Memory stays flat: nothing of the document is kept.
public struct SignatureHasher: Sendable {
    /// How a signature hashes the document.
    struct Manner: Hashable, Sendable {
        let algorithm: HashAlgorithm
        let isText: Bool
        let salt: [UInt8]

        init(_ signature: OpenPGPSignature) {
            algorithm = signature.hashAlgorithm
            isText = signature.type == .text
            salt = signature.salt
        }
    }

    /// The most different digests that are computed of one document.
    public static let maximumDigests = 16

    private var hashes: [(manner: Manner, hash: RunningHash)] = []
    private var lineEndings = LineEndingCanonicalizer()
    private let isAnyText: Bool

    /// Starts the digests that `signatures` need; those of hashes that are not computed here get none.
    public init(for signatures: [OpenPGPSignature]) {
        var seen: Set<Manner> = []
        for signature in signatures where signature.type.isOfDocument {
            let manner = Manner(signature)
            guard hashes.count < Self.maximumDigests, seen.insert(manner).inserted,
                var hash = RunningHash(manner.algorithm)
            else { continue }
            hash.update(manner.salt)
            hashes.append((manner, hash))
        }
        isAnyText = hashes.contains { $0.manner.isText }
    }

    /// Starts the digest that `signature` needs.
    public init(for signature: OpenPGPSignature) { self.init(for: [signature]) }

    /// Takes the next bytes of the document.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        let used: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            unsafe take(UnsafeRawBufferPointer(buffer))
        }
        if used == nil { update(Array(bytes).span) }
    }

    /// Takes the next bytes of the document.
    public mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { buffer in unsafe take(buffer) }
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer) {
        for index in hashes.indices where !hashes[index].manner.isText {
            unsafe hashes[index].hash.update(bytes)
        }
        guard isAnyText else { return }
        // Piece by piece, so that the canonical copy stays small however much comes at once.
        var start = 0
        while start < bytes.count {
            let end = min(start + 64 * 1024, bytes.count)
            let canonical = unsafe lineEndings.canonical(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            for index in hashes.indices where hashes[index].manner.isText { hashes[index].hash.update(canonical) }
            start = end
        }
    }

    /// What was hashed so far, ready for each of the signatures.
    public func finish() -> HashedDocument {
        HashedDocument(hashes: Dictionary(hashes.map { ($0.manner, $0.hash) }) { first, _ in first })
    }

    /// Hashes a document that is in memory.
    public static func hash(_ bytes: [UInt8], for signatures: [OpenPGPSignature]) -> HashedDocument {
        var hasher = SignatureHasher(for: signatures)
        hasher.update(bytes)
        return hasher.finish()
    }
}

/// A whole document, hashed for some signatures.
public struct HashedDocument: Sendable {
    let hashes: [SignatureHasher.Manner: RunningHash]

    /// The digest that `signature` is about, or nil when the document was not hashed for it.
    func digest(for signature: OpenPGPSignature) -> DigestValue? {
        guard var hash = hashes[SignatureHasher.Manner(signature)] else { return nil }
        hash.update(signature.trailer)
        return hash.digest()
    }
}

/// Makes the line endings of a text CR LF (RFC 9580, section 5.2.1.2).
///
/// LF and CR LF are line endings. A CR alone is not: implementations disagree about it, and to keep it as it is never
/// makes two different texts one.
struct LineEndingCanonicalizer: Sendable {
    private var endsWithCR = false

    /// The next bytes with their line endings made CR LF.
    mutating func canonical(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 16)
        for index in bytes.indices {
            let byte = unsafe bytes[index]
            if byte == 0x0A, !endsWithCR { result.append(0x0D) }
            result.append(byte)
            endsWithCR = byte == 0x0D
        }
        return result
    }
}
