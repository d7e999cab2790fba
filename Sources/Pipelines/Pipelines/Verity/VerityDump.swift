import AssayBytes
public import AssayFacts
import AssayFileSystem
import AssayVerity

/// What `verity dump` shows.
public struct VerityDump: Codable, Hashable, Sendable {
    /// The version of this model.
    public var schemaVersion = 1
    /// The hash device and its size.
    public var hash: VerityFacts.Device
    /// Where the superblock begins, in bytes.
    public var hashOffset: UInt64
    /// The superblock's numbers and where the levels lie.
    public var tree: VerityTreeFacts
}

extension Verity {
    /// Reads the superblock at `hashOffset` and lays out the tree, which has to fit into the device.
    ///
    /// - Throws: `VerityError` or `FileSystemError`.
    public static func dump(_ path: String, hashOffset: UInt64) throws -> VerityDump {
        let hash = try ImageFile.open(path)
        let superblock = try Superblock.read(from: hash, at: hashOffset)
        let geometry = try TreeGeometry(superblock.parameters, hashOffset: hashOffset, hasSuperblock: true)
        try geometry.requireRoom(on: hash.size)
        return VerityDump(
            hash: VerityFacts.Device(name: hash.name, size: hash.size.rawValue), hashOffset: hashOffset,
            tree: facts(geometry, uuid: superblock.uuid))
    }
}
