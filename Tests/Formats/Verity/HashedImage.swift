import AssayBytes
import AssayTestSupport
import AssayVerity

/// A data device and its hash device in memory.
struct HashedImage {
    let geometry: TreeGeometry
    var data: [UInt8]
    var hash: [UInt8]
    let rootHash: [UInt8]

    /// Makes the tree over random data of a fixed seed, or over `data`.
    init(
        _ parameters: TreeParameters, hashOffset: UInt64 = 0, hasSuperblock: Bool = false, data: [UInt8]? = nil,
        threads: Int = 2
    ) async throws {
        geometry = try TreeGeometry(parameters, hashOffset: hashOffset, hasSuperblock: hasSuperblock)
        self.data = data ?? randomData(Int(parameters.dataSize), seed: parameters.dataBlocks)
        let store = ByteArrayStore()
        rootHash = try await HashTree(geometry, threads: threads).write(over: MemorySource(self.data), to: store)
        hash = store.bytes
    }

    /// The parts of the hash device that are blocks of a level.
    func offset(level: Int, block: Int, byte: Int = 0) -> Int {
        (Int(geometry.levels[level].firstBlock) + block) * geometry.parameters.hashBlockSize + byte
    }

    func verify(
        rootHash: [UInt8]? = nil, threads: Int = 1, stopsAtFirst: Bool = false
    ) async throws -> TreeVerdict {
        try await HashTree(geometry, threads: threads).verify(
            MemorySource(data), against: MemorySource(hash), rootHash: rootHash ?? self.rootHash,
            stopsAtFirst: stopsAtFirst)
    }

    /// Exchanges two blocks of the data.
    mutating func swapData(_ left: Int, _ right: Int) {
        let size = geometry.parameters.dataBlockSize
        exchange(&data, left * size, right * size, size)
    }

    /// Exchanges two blocks of a level.
    mutating func swapBlocks(level: Int, _ left: Int, _ right: Int) {
        let size = geometry.parameters.hashBlockSize
        exchange(&hash, offset(level: level, block: left), offset(level: level, block: right), size)
    }
}

extension TreeParameters {
    /// Small blocks, so that a few hundred of them have three levels: 16 digests in a block.
    static func small(
        _ blocks: UInt64, hashType: HashType = .normal, algorithm: HashAlgorithm = .sha256, salt: [UInt8] = [1, 2, 3]
    ) throws -> TreeParameters {
        try TreeParameters(
            hashType: hashType, algorithm: algorithm, dataBlockSize: 512, hashBlockSize: 512, dataBlocks: blocks,
            salt: salt)
    }

    /// The salted digest of `block`: the root hash of a tree over it alone.
    func digest(_ block: [UInt8]) async throws -> [UInt8] {
        let parameters = try TreeParameters(
            hashType: hashType, algorithm: algorithm, dataBlockSize: block.count, dataBlocks: 1, salt: salt)
        let geometry = try TreeGeometry(parameters, hashOffset: 0, hasSuperblock: false)
        return try await HashTree(geometry, threads: 1).write(over: MemorySource(block), to: ByteArrayStore())
    }
}

extension TreeVerdict {
    /// Each damage as a line: `level 0 changed 3,7-9`.
    var lines: [String] {
        damage.map { damage in
            let blocks = damage.blocks.ranges.map { range in
                range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound - 1)"
            }
            let area =
                switch damage.area {
                case .data: "data"
                case .level(let level): "level \(level)"
                }
            return "\(area) \(damage.fault) \(blocks.joined(separator: ","))"
        }
    }
}

/// Random bytes of a seed, made of pieces of a small pool: quick to make without optimizing, and no two blocks are alike.
func randomData(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SeededNumbers(state: seed)
    if count <= 4096 { return generator.bytes(count) }
    let pool = generator.bytes(4096)
    var data: [UInt8] = []
    data.reserveCapacity(count + 4096)
    while data.count < count {
        let start = Int.random(in: 0..<2048, using: &generator)
        data += generator.bytes(8)
        data += pool[start..<start + Int.random(in: 100..<500, using: &generator)]
    }
    data.removeLast(data.count - count)
    return data
}

/// Exchanges two ranges of `size` bytes.
private func exchange(_ bytes: inout [UInt8], _ left: Int, _ right: Int, _ size: Int) {
    let first = Array(bytes[left..<left + size])
    bytes.replaceSubrange(left..<left + size, with: Array(bytes[right..<right + size]))
    bytes.replaceSubrange(right..<right + size, with: first)
}
