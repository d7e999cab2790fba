import AssayBytes
import AssayVerity
import FuzzSupport

/// Hash trees over data, checked against a plain recomputation.
///
/// An input is a superblock, a byte of options, 64 bytes that begin with the root hash, the tree, and the data.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard bytes.count >= Superblock.size + 65, let superblock = try? Superblock(parsing: bytes) else { return 0 }
    let parameters = superblock.parameters
    guard let geometry = try? TreeGeometry(parameters, hashOffset: 0, hasSuperblock: true) else { return 0 }
    let options = Options(rawValue: bytes[Superblock.size])
    let rest = Array(bytes.dropFirst(Superblock.size + 65))
    // The tree begins behind the superblock, at the next hash block; that gap is not in the input.
    let gap = Int(clamping: geometry.offset(ofBlock: geometry.firstBlock).rawValue)
    let treeSize = geometry.end.rawValue - UInt64(gap)
    let tree = Array(rest.prefix(Int(clamping: min(treeSize, UInt64(rest.count)))))
    let data = Array(rest.dropFirst(tree.count))
    var hashed = Hashed(
        tree: tree, data: data,
        rootHash: Array(bytes.dropFirst(Superblock.size + 1).prefix(parameters.algorithm.digestSize)))
    // Small inputs reach large trees only when zeros follow them.
    let isSmall = parameters.dataSize <= 1 << 20 && geometry.end.rawValue <= 1 << 20
    if isSmall, options.contains(.fills) {
        hashed.data += [UInt8](repeating: 0, count: max(0, Int(parameters.dataSize) - data.count))
        hashed.tree += [UInt8](repeating: 0, count: max(0, Int(treeSize) - tree.count))
    }
    if isSmall, options.contains(.makes), UInt64(hashed.data.count) >= parameters.dataSize {
        hashed = made(hashed, geometry, changedBy: options.contains(.changes) ? tree : [])
    }
    check(hashed, geometry, gap: gap, options)
    return 0
}

/// What a byte of the input asks for.
private struct Options: OptionSet {
    let rawValue: UInt8
    /// Two threads instead of one.
    static let threads = Options(rawValue: 1)
    /// The verification stops at the first fault.
    static let stops = Options(rawValue: 2)
    /// Zeros follow data and tree up to their size.
    static let fills = Options(rawValue: 4)
    /// Tree and root hash are made from the data.
    static let makes = Options(rawValue: 8)
    /// The tree of the input is then laid over that which was made, by exclusive or.
    static let changes = Options(rawValue: 16)
}

private struct Hashed: Sendable {
    var tree: [UInt8]
    var data: [UInt8]
    var rootHash: [UInt8]
}

/// The tree that Assay writes over the data, which must be the plain one, with `changes` over it.
private func made(_ hashed: Hashed, _ geometry: TreeGeometry, changedBy changes: [UInt8]) -> Hashed {
    let store = ByteArrayStore()
    let tree = HashTree(geometry, threads: 2)
    guard let rootHash = try? wait(for: { try await tree.write(over: ByteArraySource(hashed.data), to: store) }) else {
        preconditionFailure("data that are long enough have a tree")
    }
    let plain = PlainTree(geometry.parameters, hashed.data)
    let written = Array(store.bytes.dropFirst(Int(geometry.offset(ofBlock: geometry.firstBlock).rawValue)))
    precondition(rootHash == plain.rootHash && written == plain.blocks, "the tree written is the plain one")
    var result = Hashed(tree: written, data: hashed.data, rootHash: rootHash)
    for (index, byte) in changes.prefix(written.count).enumerated() { result.tree[index] ^= byte }
    return result
}

private func check(_ hashed: Hashed, _ geometry: TreeGeometry, gap: Int, _ options: Options) {
    let parameters = geometry.parameters
    // The gap of a file; when the tree is cut short there may be nothing to have a gap before.
    let device = ByteArraySource([UInt8](repeating: 0xA5, count: min(gap, 1 << 20)) + hashed.tree)
    let tree = HashTree(geometry, threads: options.contains(.threads) ? 2 : 1)
    let stops = options.contains(.stops)
    let verdict = try? wait {
        try await tree.verify(
            ByteArraySource(hashed.data), against: device, rootHash: hashed.rootHash, stopsAtFirst: stops)
    }
    let hasData = UInt64(hashed.data.count) >= parameters.dataSize
    let isWhole = hasData && (geometry.levels.isEmpty || device.size.rawValue >= geometry.end.rawValue)
    precondition((verdict != nil) == isWhole, "what is too short is refused, and nothing else")
    guard let verdict else { return }
    let plain = PlainTree(parameters, hashed.data)
    let isIntact = plain.rootHash == hashed.rootHash && hashed.tree.starts(with: plain.blocks)
    precondition(verdict.isIntact == isIntact, "the verdict is that of a plain recomputation")
    precondition(verdict.isComplete || (stops && !verdict.damage.isEmpty), "only a fault ends a verification early")
    for damage in verdict.damage {
        let blocks =
            switch damage.area {
            case .data: parameters.dataBlocks
            case .level(let index): geometry.levels[index].blocks
            }
        precondition(damage.blocks.ranges.allSatisfy { $0.upperBound <= blocks }, "damage lies inside its area")
    }
}
