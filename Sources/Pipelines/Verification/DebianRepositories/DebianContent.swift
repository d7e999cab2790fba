import AssayBytes
import AssayCompression
import AssayDebianArchive
import Synchronization

/// A file that is read once from its start to its end, hashed and counted while its bytes pass by.
///
/// A decompressor that reads through this sees the bytes that are hashed, and not those of a second look.
final class DebianStoredBytes: ByteSource {
    private struct State {
        var digest: DebianDigest
        var next: UInt64 = 0
    }

    private let source: any ByteSource
    private let progress: any VerificationProgress
    private let state: Mutex<State>

    init(
        _ source: any ByteSource, hashing algorithms: Set<ReleaseFile.Algorithm>, _ progress: any VerificationProgress
    ) {
        self.source = source
        self.progress = progress
        state = Mutex(State(digest: DebianDigest(algorithms)))
    }

    var size: ByteCount { source.size }

    /// The first byte that was not read yet.
    var position: ByteOffset { ByteOffset(state.withLock { $0.next }) }

    /// The digests of the bytes before `position`.
    var digests: [ReleaseFile.Algorithm: [UInt8]] { state.withLock { $0.digest.values } }

    func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
        try Task.checkCancellation()
        let count = try source.read(into: &buffer, at: offset)
        guard count > 0 else { return 0 }
        let new = unsafe buffer.withUnsafeBytes { raw in
            state.withLock { state -> Int in
                // Only what follows the last byte counts: bytes that are read again would be hashed twice.
                guard offset.rawValue <= state.next, state.next - offset.rawValue < UInt64(count) else { return 0 }
                let known = Int(state.next - offset.rawValue)
                unsafe state.digest.update(UnsafeRawBufferPointer(rebasing: raw[known..<count]))
                state.next += UInt64(count - known)
                return count - known
            }
        }
        progress.advance(by: new)
        return count
    }

    /// Reads what is left.
    ///
    /// - Throws: `DebianContent.Fault.shrunk` when bytes are missing at the end.
    func drain() throws {
        while position.rawValue < size.rawValue {
            guard try !prefix(at: position, atMost: DebianContent.window).isEmpty else {
                throw DebianContent.Fault.shrunk
            }
        }
    }
}

/// What one pass over a file found.
struct DebianContent {
    /// Why a file could not be read to its end.
    enum Fault: Error, CustomStringConvertible {
        /// It lost bytes while it was read.
        case shrunk
        /// It is compressed in a way that is not read here.
        case unsupported(String)

        var description: String {
            switch self {
            case .shrunk: "the file became shorter while it was read"
            case .unsupported(let suffix): "files that end in '\(suffix)' are not decompressed here"
            }
        }
    }

    static let window = 1 << 20

    /// The digests of the bytes as they are stored, if they were asked for and all bytes were read.
    var stored: [ReleaseFile.Algorithm: [UInt8]] = [:]
    /// The digests of the decompressed bytes, if they were asked for and all bytes were read.
    var decompressed: [ReleaseFile.Algorithm: [UInt8]] = [:]
    /// How many bytes came out of the decompression.
    var decompressedSize: UInt64?
    /// Why the content, decompressed where that is needed, could not be read to its end.
    var failure: (any Error)?

    /// Reads `source` in one pass.
    ///
    /// - Parameters:
    ///   - source: the file.
    ///   - format: how it is compressed; nil for not at all.
    ///   - algorithms: the digests that are computed.
    ///   - ofDecompressed: whether they are those of the decompressed bytes.
    ///   - limit: the most bytes that may come out of a decompression.
    ///   - progress: told of each stored byte.
    ///   - consume: takes the decompressed content piece by piece; nil when the stored bytes are enough.
    /// - Throws: `CancellationError` only.
    init(
        _ source: any ByteSource, format: CompressionFormat?, hashing algorithms: Set<ReleaseFile.Algorithm>,
        ofDecompressed: Bool, limit: UInt64, _ progress: any VerificationProgress,
        consume: (([UInt8]) -> Void)?
    ) throws {
        let bytes = DebianStoredBytes(source, hashing: ofDecompressed ? [] : algorithms, progress)
        do {
            if let format, ofDecompressed || consume != nil {
                var digest = DebianDigest(ofDecompressed ? algorithms : [])
                let limits = DecompressionLimits(output: ByteCount(limit))
                var reader = try DecompressionReader(bytes, with: Decompressor(format, limits: limits))
                var chunk = [UInt8](repeating: 0, count: Self.window)
                while true {
                    var span = chunk.mutableSpan
                    let count = try reader.read(into: &span)
                    guard count > 0 else { break }
                    let piece = Array(chunk[..<count])
                    digest.update(piece)
                    consume?(piece)
                }
                decompressedSize = reader.decompressed.rawValue
                decompressed = digest.values
            } else if let consume {
                while bytes.position.rawValue < bytes.size.rawValue {
                    let piece = try bytes.prefix(at: bytes.position, atMost: Self.window)
                    guard !piece.isEmpty else { throw Fault.shrunk }
                    consume(piece)
                }
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            failure = error
        }
        do {
            try bytes.drain()
            stored = bytes.digests
        } catch let error as CancellationError {
            throw error
        } catch {
            failure = error
        }
    }
}
