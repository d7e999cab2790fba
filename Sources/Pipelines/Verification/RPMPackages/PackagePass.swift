import AssayBytes
import AssayOpenPGP
import AssayRPM
import Crypto

/// A file whose first bytes are read once and then taken from memory: both headers of most packages, all of a small one.
struct HeadSource: ByteSource {
    /// Most headers are smaller; a payload that follows in the same read is hashed from it.
    static let headSize = 256 * 1024

    /// The file.
    let source: any ByteSource
    /// Its first bytes.
    let head: [UInt8]

    /// Reads the first bytes of `source`.
    init(_ source: any ByteSource) throws {
        self.source = source
        head = try source.prefix(at: .zero, atMost: Self.headSize)
    }

    var size: ByteCount { source.size }

    func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
        guard let start = Int(exactly: offset.rawValue), start <= head.count, buffer.count <= head.count - start else {
            return try source.read(into: &buffer, at: offset)
        }
        for index in buffer.indices { buffer[index] = head[start + index] }
        return buffer.count
    }
}

/// One pass over a file, in which everything is hashed that is wanted of it.
struct PackagePass {
    /// A digest that is wanted.
    struct Digest: Hashable {
        let algorithm: DigestAlgorithm
        let start: UInt64
        let end: UInt64
    }

    /// The file became shorter while it was read.
    struct Shrunk: Error, CustomStringConvertible {
        let description = "the file became shorter while it was read"
    }

    private static let windowSize = 1 << 20

    private var digests: [(wanted: Digest, hash: any HashFunction & Sendable)] = []
    private var documents: [(start: UInt64, end: UInt64, hasher: SignatureHasher)] = []

    /// Wants a digest, unless it is wanted already or its algorithm is not computed.
    mutating func add(_ wanted: Digest) {
        guard !digests.contains(where: { $0.wanted == wanted }), let hash = PackageDigests.start(wanted.algorithm)
        else { return }
        digests.append((wanted, hash))
    }

    /// Wants the bytes from `start` to `end` hashed for `signatures`.
    ///
    /// - Returns: the number for `document(_:)`.
    mutating func add(_ signatures: [OpenPGPSignature], from start: UInt64, to end: UInt64) -> Int {
        documents.append((start, end, SignatureHasher(for: signatures)))
        return documents.count - 1
    }

    /// Reads the whole file once.
    ///
    /// - Throws: the source's error, `Shrunk` or `CancellationError`.
    mutating func run(_ file: HeadSource, progress: any VerificationProgress) throws {
        take(file.head.span, at: 0)
        progress.advance(by: file.head.count)
        var position = UInt64(file.head.count)
        guard position < file.size.rawValue else { return }
        var window = [UInt8](repeating: 0, count: Self.windowSize)
        while position < file.size.rawValue {
            try Task.checkCancellation()
            var span = window.mutableSpan
            // What was appended since the file was opened is no part of it.
            let left = Int(clamping: file.size.rawValue - position)
            let count = min(try file.source.read(into: &span, at: ByteOffset(position)), left)
            guard count > 0 else { throw Shrunk() }
            take(window.span.extracting(first: count), at: position)
            progress.advance(by: count)
            position += UInt64(count)
        }
    }

    private mutating func take(_ bytes: Span<UInt8>, at position: UInt64) {
        let end = position + UInt64(bytes.count)
        func part(_ from: UInt64, _ to: UInt64) -> Range<Int>? {
            let lower = max(from, position)
            let upper = min(to, end)
            // Both lie inside the window, whose size is an `Int`.
            return lower < upper ? Int(lower - position)..<Int(upper - position) : nil
        }
        for index in documents.indices {
            guard let range = part(documents[index].start, documents[index].end) else { continue }
            documents[index].hasher.update(bytes.extracting(range))
        }
        for index in digests.indices {
            guard let range = part(digests[index].wanted.start, digests[index].wanted.end) else { continue }
            unsafe bytes.extracting(range).withUnsafeBytes { buffer in
                unsafe digests[index].hash.update(bufferPointer: buffer)
            }
        }
    }

    /// The digest, if its algorithm is computed.
    func digest(_ wanted: Digest) -> [UInt8]? {
        digests.first { $0.wanted == wanted }.map { PackageDigests.bytes($0.hash) }
    }

    /// The bytes that were hashed for signatures.
    func document(_ number: Int) -> HashedDocument { documents[number].hasher.finish() }
}
