import AssayBytes
import Synchronization

/// Computes one level of a tree from the blocks under it, on several threads, a window at a time.
///
/// Memory is a few windows a thread, whatever the size of the level.
struct LevelHasher: Sendable {
    /// The blocks under the level: data blocks, or the level below.
    struct Input: Sendable {
        let offset: UInt64
        let blockSize: Int
        let blocks: UInt64
    }

    /// Blocks of the level that were computed together.
    struct Piece {
        /// The first block, counted from the level's start.
        let firstBlock: UInt64
        /// The blocks, padding included.
        var bytes: [UInt8]
    }

    /// The bytes read at a time, if a block is not larger: small enough for a core's own cache.
    static let window = 128 << 10
    /// The most bytes that all threads hold together.
    static let memory = 24 << 20

    let parameters: TreeParameters
    let hasher: BlockHasher
    let input: Input
    let threads: Int

    init(_ parameters: TreeParameters, _ input: Input, threads: Int) {
        self.parameters = parameters
        self.input = input
        hasher = BlockHasher(parameters)
        // Only as many threads as have work and fit into the memory.
        let piece = LevelHasher.pieceBlocks(parameters, input)
        let bytes = LevelHasher.windowBlocks(input) * input.blockSize + 2 * piece * parameters.hashBlockSize
        let wanted = max(1, min(threads, LevelHasher.memory / bytes))
        let pieces = LevelHasher.blocks(above: input.blocks, parameters) / UInt64(piece) + 1
        self.threads = Int(clamping: min(UInt64(wanted), pieces))
    }

    /// Input blocks that are read at a time.
    private static func windowBlocks(_ input: Input) -> Int { max(4, window / input.blockSize) }

    /// Blocks of the level that are computed by one thread at a time: what comes of about four windows.
    private static func pieceBlocks(_ parameters: TreeParameters, _ input: Input) -> Int {
        max(1, 4 * windowBlocks(input) / parameters.hashesPerBlock)
    }

    private static func blocks(above blocks: UInt64, _ parameters: TreeParameters) -> UInt64 {
        (blocks - 1) >> UInt64(parameters.hashesPerBlockBits) + 1
    }

    /// Computes all blocks of the level and hands them to `use`, from several threads and in any order.
    ///
    /// - Parameters:
    ///   - source: where the input is read.
    ///   - progress: called with the number of input bytes hashed since the last call.
    ///   - use: called with each piece; returns false to stop all threads.
    /// - Throws: `ByteError.truncated` when the source ends before the input, or what source or `use` throw.
    func run(
        over source: some ByteSource, progress: @escaping @Sendable (Int) -> Void,
        use: @escaping @Sendable (inout Piece) throws -> Bool
    ) async throws {
        let pieceBlocks = LevelHasher.pieceBlocks(parameters, input)
        let total = LevelHasher.blocks(above: input.blocks, parameters)
        let next = NextPiece()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<threads {
                group.addTask {
                    var window = [UInt8](repeating: 0, count: LevelHasher.windowBlocks(input) * input.blockSize)
                    var piece = Piece(firstBlock: 0, bytes: [])
                    while true {
                        try Task.checkCancellation()
                        let (first, overflow) = next.take().multipliedReportingOverflow(by: UInt64(pieceBlocks))
                        guard !overflow, first < total else { return }
                        let count = Int(min(UInt64(pieceBlocks), total - first))
                        try compute(
                            first, count, from: source, through: &window, into: &piece.bytes, progress: progress)
                        piece = Piece(firstBlock: first, bytes: piece.bytes)
                        guard try use(&piece) else { return next.stop() }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Fills `bytes` with `count` blocks of the level from block `first` on.
    private func compute(
        _ first: UInt64, _ count: Int, from source: some ByteSource, through window: inout [UInt8],
        into bytes: inout [UInt8], progress: (Int) -> Void
    ) throws {
        let hashesPerBlock = UInt64(parameters.hashesPerBlock)
        let stride = parameters.digestStride
        bytes = [UInt8](repeating: 0, count: count * parameters.hashBlockSize)
        var block = first * hashesPerBlock
        // The last block of the level may be over fewer blocks than it has room for.
        let end = min(input.blocks, (first + UInt64(count)) * hashesPerBlock)
        let windowBlocks = UInt64(window.count / input.blockSize)
        while block < end {
            let blocks = Int(min(windowBlocks, end - block))
            let length = blocks * input.blockSize
            let offset = ByteOffset(input.offset + block * UInt64(input.blockSize))
            var span = window.mutableSpan
            var wanted = span._mutatingExtracting(first: length)
            guard try source.read(into: &wanted, at: offset) == length else {
                throw ByteError.truncated(at: offset, needed: length)
            }
            // Digests of one block of the level are evenly spaced; the next block begins anew.
            var done = 0
            while done < blocks {
                let index = Int(block - first * hashesPerBlock) + done
                let slot = index % parameters.hashesPerBlock
                let run = min(blocks - done, parameters.hashesPerBlock - slot)
                let place = index / parameters.hashesPerBlock * parameters.hashBlockSize + slot * stride
                let part = window.span.extracting(droppingFirst: done * input.blockSize)
                    .extracting(first: run * input.blockSize)
                var output = bytes.mutableSpan
                var digests = output._mutatingExtracting(droppingFirst: place)
                hasher.hash(part, blockSize: input.blockSize, into: &digests, stride: stride)
                done += run
            }
            progress(length)
            block += UInt64(blocks)
        }
    }
}

/// Hands out the numbers from 0 on, one to each that asks.
private final class NextPiece: Sendable {
    private let number = Atomic<UInt64>(0)
    private let isStopped = Atomic<Bool>(false)

    func take() -> UInt64 {
        isStopped.load(ordering: .relaxed) ? .max : number.wrappingAdd(1, ordering: .relaxed).oldValue
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }
}
