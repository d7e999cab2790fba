public import AssayBytes

/// Makes and checks hash trees over byte sources.
public struct HashTree: Sendable {
    /// Where the levels lie.
    public let geometry: TreeGeometry
    /// How many threads may work at a time.
    public let threads: Int

    /// Makes a tree of `geometry`; `threads` is at least 1.
    public init(_ geometry: TreeGeometry, threads: Int) {
        self.geometry = geometry
        self.threads = max(1, threads)
    }

    /// The bytes that are hashed when the tree is made: what `progress` adds up to.
    public var workload: UInt64 {
        geometry.parameters.dataSize + geometry.blocks * UInt64(geometry.parameters.hashBlockSize)
    }

    /// Computes the tree over `data`, and writes it to `store`.
    ///
    /// - Parameters:
    ///   - data: at least the data blocks.
    ///   - store: the hash device, whose first byte is offset 0 of the geometry.
    ///   - progress: called with the number of bytes hashed since the last call, from any thread.
    /// - Returns: the root hash.
    /// - Throws: `VerityError` when `data` is too short, or what data and store throw.
    public func write(
        over data: some ByteSource, to store: some ByteSource & ByteSink,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> [UInt8] {
        try requireData(data)
        guard var below = geometry.levels.first else { return try await rootHash(data, .zero, progress) }
        try await level(below, over: data, dataInput, to: store, progress)
        for level in geometry.levels.dropFirst() {
            try await self.level(level, over: store, input(below), to: store, progress)
            below = level
        }
        return try await rootHash(store, geometry.offset(ofBlock: below.firstBlock), progress)
    }

    /// The data blocks as the input of the lowest level.
    var dataInput: LevelHasher.Input {
        LevelHasher.Input(
            offset: 0, blockSize: geometry.parameters.dataBlockSize, blocks: geometry.parameters.dataBlocks)
    }

    /// A level as the input of the one above it.
    func input(_ level: TreeGeometry.Level) -> LevelHasher.Input {
        LevelHasher.Input(
            offset: geometry.offset(ofBlock: level.firstBlock).rawValue, blockSize: geometry.parameters.hashBlockSize,
            blocks: level.blocks)
    }

    func requireData(_ data: some ByteSource) throws(VerityError) {
        let needed = geometry.parameters.dataSize
        guard data.size.rawValue >= needed else {
            throw VerityError(
                .truncatedData,
                "the data has \(data.size.rawValue) bytes, but \(geometry.parameters.dataBlocks) blocks of "
                    + "\(geometry.parameters.dataBlockSize) bytes need \(needed)")
        }
    }

    private func level(
        _ level: TreeGeometry.Level, over source: some ByteSource, _ input: LevelHasher.Input,
        to sink: some ByteSink, _ progress: @escaping @Sendable (Int) -> Void
    ) async throws {
        let hasher = LevelHasher(geometry.parameters, input, threads: threads)
        try await hasher.run(over: source, progress: progress) { [geometry] piece in
            try sink.write(piece.bytes.span, at: geometry.offset(ofBlock: level.firstBlock + piece.firstBlock))
            return true
        }
    }

    /// The digest of the single top block at `offset` of `source`.
    func rootHash(
        _ source: some ByteSource, _ offset: ByteOffset, _ progress: @Sendable (Int) -> Void
    ) async throws -> [UInt8] {
        let parameters = geometry.parameters
        let size = geometry.levels.isEmpty ? parameters.dataBlockSize : parameters.hashBlockSize
        let block = try source.bytes(at: offset, count: size)
        progress(size)
        return BlockHasher(parameters).digest(of: block, size: parameters.algorithm.digestSize)
    }
}
