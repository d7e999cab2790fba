import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayISO9660
import Synchronization

/// What one pass over a file computed.
struct FileDigests: Sendable {
    /// By algorithm, lower-case hexadecimal.
    var digests: [ListedDigest: String] = [:]
    /// The MD5 of the media check and the first wrong fragment.
    var mediaCheck: RunningMediaCheck?
}

/// A file that did not stay the same while it was read.
struct FileChanged: Error, CustomStringConvertible {
    /// The sentence for people.
    let description: String
}

/// Hashes a file once, through its one descriptor, for everything that is asked of its bytes.
enum FileHashing {
    /// Bytes that are read at once.
    static let windowSize = 1 << 20

    /// One hash that is computed of every window.
    private enum Lane: Sendable {
        case digest(RunningDigest)
        case mediaCheck(RunningMediaCheck)

        mutating func update(_ bytes: Span<UInt8>, at offset: UInt64) {
            switch self {
            case .digest(var digest):
                digest.update(bytes)
                self = .digest(digest)
            case .mediaCheck(var check):
                check.update(bytes, at: offset)
                self = .mediaCheck(check)
            }
        }
    }

    /// A buffer that is filled and hashed in turns.
    private final class Window: Sendable {
        private let storage = Mutex([UInt8](repeating: 0, count: windowSize))

        /// Reads from `offset` on.
        ///
        /// - Returns: the number of bytes.
        func fill(from source: FileSource, at offset: UInt64) throws -> Int {
            try storage.withLock { bytes in
                var span = bytes.mutableSpan
                return try source.read(into: &span, at: ByteOffset(offset))
            }
        }

        /// The bytes; while nobody holds them, filling the window again copies nothing.
        var bytes: [UInt8] { storage.withLock { $0 } }
    }

    /// Hashes all bytes of a file.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - algorithms: the digests to compute.
    ///   - mediaCheck: the media check to compute with them.
    ///   - context: threads and progress; the caller has said how much to expect.
    /// - Returns: the digests.
    /// - Throws: `FileChanged` when the file has another size than when it was opened, `FileSystemError`, or
    ///   `CancellationError`.
    static func digests(
        of file: SubjectFile, _ algorithms: Set<ListedDigest>, mediaCheck: MediaCheck?,
        _ context: VerificationContext
    ) async throws -> FileDigests {
        var lanes = algorithms.sorted().map { Lane.digest(RunningDigest($0)) }
        // MD5 is the slowest of all: it begins first.
        if let mediaCheck { lanes.insert(.mediaCheck(RunningMediaCheck(mediaCheck)), at: 0) }
        let source = file.source
        let size = source.size.rawValue
        var (window, spare) = (Window(), Window())
        var offset: UInt64 = 0
        var count = try window.fill(from: source, at: 0)
        while offset < size {
            try Task.checkCancellation()
            let length = min(count, Int(clamping: size - offset))
            guard length > 0 else {
                throw FileChanged(description: "the file ended at byte \(offset) of \(size): it changed meanwhile")
            }
            let end = offset + UInt64(length)
            if context.threads > 1 {
                let next = spare
                async let ahead = next.fill(from: source, at: end)
                lanes = await updated(lanes, window, length, at: offset)
                count = try await ahead
            } else {
                let bytes = window.bytes
                for index in lanes.indices { lanes[index].update(bytes.span.extracting(first: length), at: offset) }
                count = try spare.fill(from: source, at: end)
            }
            swap(&window, &spare)
            context.progress.advance(by: length)
            offset = end
        }
        guard count == 0 else {
            throw FileChanged(description: "the file has more than \(size) bytes: it grew while it was read")
        }
        return collect(lanes)
    }

    /// Updates each hash in a task of its own.
    private static func updated(_ lanes: [Lane], _ window: Window, _ length: Int, at offset: UInt64) async -> [Lane] {
        var lanes = lanes
        guard lanes.count > 1 else {
            let bytes = window.bytes
            for index in lanes.indices { lanes[index].update(bytes.span.extracting(first: length), at: offset) }
            return lanes
        }
        return await withTaskGroup(of: (Int, Lane).self) { group in
            for (index, lane) in lanes.enumerated() {
                group.addTask {
                    var lane = lane
                    let bytes = window.bytes
                    lane.update(bytes.span.extracting(first: length), at: offset)
                    return (index, lane)
                }
            }
            for await (index, lane) in group { lanes[index] = lane }
            return lanes
        }
    }

    private static func collect(_ lanes: [Lane]) -> FileDigests {
        var result = FileDigests()
        for lane in lanes {
            switch lane {
            case .digest(let digest): result.digests[digest.algorithm] = digest.hexadecimal
            case .mediaCheck(let check): result.mediaCheck = check
            }
        }
        return result
    }
}
