import AssayVerity
import FuzzSupport

/// Superblocks of dm-verity, the trees that they describe, and the lines that put those in force.
///
/// Bytes behind the superblock choose the hash offset.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard let superblock = try? Superblock(parsing: bytes) else { return 0 }
    precondition(
        superblock.bytes.elementsEqual(bytes.prefix(Superblock.size)), "a superblock is written as it was read")
    let parameters = superblock.parameters
    let chosen = bytes.dropFirst(Superblock.size).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    let blockSize = UInt64(parameters.hashBlockSize)
    // The end of the data, rounded up, is where the hash area begins on the same device.
    for offset in [0, chosen, parameters.dataSize, chosen & ~511, chosen & ~(blockSize - 1)] {
        for hasSuperblock in [true, false] { check(superblock, at: offset, hasSuperblock: hasSuperblock) }
    }
    return 0
}

private func check(_ superblock: Superblock, at offset: UInt64, hasSuperblock: Bool) {
    let parameters = superblock.parameters
    guard let geometry = try? TreeGeometry(parameters, hashOffset: offset, hasSuperblock: hasSuperblock) else {
        precondition(
            !offset.isMultiple(of: UInt64(parameters.hashBlockSize)) || offset > 1 << 60
                || parameters.dataSize > 1 << 58,
            "only unaligned and huge trees are refused")
        return
    }
    precondition(geometry.end.rawValue <= UInt64(Int64.max), "the tree ends where a file can")
    precondition(
        geometry.offset(ofBlock: geometry.firstBlock).rawValue >= offset + (hasSuperblock ? 512 : 0),
        "the tree follows the superblock")
    precondition(geometry.levels.isEmpty == (parameters.dataBlocks == 1), "one data block needs no level")
    precondition(
        geometry.levels.last.map { $0.blocks == 1 && $0.firstBlock == geometry.firstBlock } ?? true, "one top block")
    var below = parameters.dataBlocks
    var end = geometry.firstBlock + geometry.blocks
    for level in geometry.levels {
        precondition(level.firstBlock + level.blocks == end, "the levels follow each other without a gap")
        let room = level.blocks.multipliedReportingOverflow(by: UInt64(parameters.hashesPerBlock))
        precondition(room.overflow || room.partialValue >= below, "every block below has a digest")
        precondition((level.blocks - 1) * UInt64(parameters.hashesPerBlock) < below, "no level is longer than needed")
        below = level.blocks
        end = level.firstBlock
    }
    precondition(end == geometry.firstBlock, "the levels are the tree")
    let activation = Activation(
        geometry: geometry, hashOffset: offset, hasSuperblock: hasSuperblock,
        rootHash: superblock.uuid + superblock.uuid)
    _ = activation.systemdCommandLine
    _ = activation.veritytabLine
    _ = activation.kernelCommandLine
}
