public import AssayBytes

/// The 512 bytes before a hash tree that say how it was made.
///
/// The kernel never reads them; programs do (`struct verity_sb`,
/// https://gitlab.com/cryptsetup/cryptsetup/-/blob/main/lib/verity/verity.c). All numbers are little-endian.
public struct Superblock: Hashable, Sendable {
    /// The bytes of a superblock.
    public static let size = 512
    private static let magic = Array("verity\0\0".utf8)
    private static let uuidOffset = 16
    private static let algorithmOffset = 32
    private static let saltOffset = 88

    /// The device's UUID: 16 bytes in the order of its text.
    public let uuid: [UInt8]
    /// What the tree is made by.
    public let parameters: TreeParameters

    /// Makes a superblock; `uuid` has 16 bytes.
    public init(uuid: [UInt8], parameters: TreeParameters) {
        precondition(uuid.count == 16, "a UUID has 16 bytes")
        self.uuid = uuid
        self.parameters = parameters
    }

    /// Sixteen random bytes, marked as a UUID that was made of random numbers (RFC 9562, version 4).
    public static func randomUUID(from random: [UInt8]) -> [UInt8] {
        var bytes = random
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes
    }

    /// Reads a superblock, and refuses one with any field that cannot be.
    ///
    /// - Parameter bytes: at least 512 bytes, from the superblock's first one on.
    /// - Throws: `VerityError` that names the field and its offset.
    public init(parsing bytes: [UInt8]) throws(VerityError) {
        guard bytes.count >= Superblock.size else {
            throw VerityError(
                .truncatedHashArea, "the hash area ends after \(bytes.count) bytes, within the superblock of 512")
        }
        guard bytes.starts(with: Superblock.magic) else {
            throw VerityError(.badMagic, offset: 0, "there is no dm-verity superblock: the magic bytes are not there")
        }
        let version = bytes.littleEndian(at: 8, size: 4)
        guard version == 1 else {
            throw VerityError(.unsupportedVersion, offset: 8, "the superblock's version is \(version), not 1")
        }
        let type = bytes.littleEndian(at: 12, size: 4)
        guard let hashType = HashType(rawValue: UInt32(truncatingIfNeeded: type)) else {
            throw VerityError(.unsupportedHashType, offset: 12, "the hash type is \(type), neither 0 nor 1")
        }
        let algorithm = try Superblock.algorithm(bytes[Superblock.algorithmOffset..<64])
        let dataBlockSize = Int(bytes.littleEndian(at: 64, size: 4))
        let hashBlockSize = Int(bytes.littleEndian(at: 68, size: 4))
        try TreeParameters.check(blockSize: dataBlockSize, of: "data", offset: 64)
        try TreeParameters.check(blockSize: hashBlockSize, of: "hash", offset: 68)
        let saltSize = Int(bytes.littleEndian(at: 80, size: 2))
        guard saltSize <= TreeParameters.maximalSaltSize else {
            throw VerityError(.badSaltSize, offset: 80, "the salt's size is \(saltSize), more than 256 bytes")
        }
        let saltEnd = Superblock.saltOffset + saltSize
        for index in [82..<Superblock.saltOffset, saltEnd..<Superblock.size].joined() where bytes[index] != 0 {
            throw VerityError(
                .paddingNotZero, offset: index, "byte \(index) of the superblock is not zero, though nothing uses it")
        }
        do {
            parameters = try TreeParameters(
                hashType: hashType, algorithm: algorithm, dataBlockSize: dataBlockSize, hashBlockSize: hashBlockSize,
                dataBlocks: bytes.littleEndian(at: 72, size: 8), salt: Array(bytes[Superblock.saltOffset..<saltEnd]))
        } catch {
            throw VerityError(error.code, offset: 72, error.description)
        }
        uuid = Array(bytes[Superblock.uuidOffset..<Superblock.algorithmOffset])
    }

    /// Reads the superblock at `offset` of a hash device.
    ///
    /// - Throws: `VerityError`, or the source's own error.
    public static func read(from source: some ByteSource, at offset: UInt64) throws -> Superblock {
        guard offset.isMultiple(of: UInt64(size)) else {
            throw VerityError(.unalignedOffset, "the hash offset \(offset) is not a multiple of 512")
        }
        return try Superblock(parsing: source.prefix(at: ByteOffset(offset), atMost: size))
    }

    /// The 512 bytes.
    public var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Superblock.size)
        func put(_ part: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in part.enumerated() { bytes[offset + index] = byte }
        }
        func put(_ number: UInt64, size: Int, at offset: Int) {
            put((0..<size).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }, at: offset)
        }
        put(Superblock.magic, at: 0)
        put(1, size: 4, at: 8)
        put(UInt64(parameters.hashType.rawValue), size: 4, at: 12)
        put(uuid, at: Superblock.uuidOffset)
        put(parameters.algorithm.rawValue.utf8, at: Superblock.algorithmOffset)
        put(UInt64(parameters.dataBlockSize), size: 4, at: 64)
        put(UInt64(parameters.hashBlockSize), size: 4, at: 68)
        put(parameters.dataBlocks, size: 8, at: 72)
        put(UInt64(parameters.salt.count), size: 2, at: 80)
        put(parameters.salt, at: Superblock.saltOffset)
        return bytes
    }

    private static func algorithm(_ field: ArraySlice<UInt8>) throws(VerityError) -> HashAlgorithm {
        let name = field.prefix { $0 != 0 }
        if let bad = field[name.endIndex...].firstIndex(where: { $0 != 0 }) {
            throw VerityError(
                .paddingNotZero, offset: bad, "byte \(bad) of the superblock, behind the algorithm's name, is not zero")
        }
        let text = String(decoding: name, as: UTF8.self)
        if let algorithm = HashAlgorithm(rawValue: text) { return algorithm }
        let shown = EscapedText(text).description
        let known = HashAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
        if let meant = HashAlgorithm(rawValue: text.lowercased()) {
            throw VerityError(
                .unsupportedAlgorithm, offset: algorithmOffset,
                "the hash algorithm is '\(shown)': the kernel knows it only as '\(meant.rawValue)'")
        }
        throw VerityError(
            .unsupportedAlgorithm, offset: algorithmOffset, "the hash algorithm is '\(shown)', not one of \(known)")
    }
}

extension [UInt8] {
    /// The number of `size` bytes at `offset`, which lies inside.
    fileprivate func littleEndian(at offset: Int, size: Int) -> UInt64 {
        self[offset..<offset + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
