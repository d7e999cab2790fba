import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayVerity

/// An opened data device with its hash device, and the tree that superblock or options describe.
struct VerityDevice {
    let data: ImageFile
    let hash: ImageFile
    let options: Verity.Options
    let geometry: TreeGeometry
    let superblock: Superblock?

    /// Opens both, reads the superblock and compares it with what the user says.
    init(data dataPath: String, hash hashPath: String, options: Verity.Options) throws {
        data = try ImageFile.open(dataPath)
        hash = try ImageFile.open(hashPath)
        self.options = options
        if options.hasSuperblock {
            let superblock = try Superblock.read(from: hash, at: options.hashOffset)
            try VerityDevice.compare(superblock, options)
            self.superblock = superblock
        } else {
            superblock = nil
        }
        geometry = try TreeGeometry(
            try superblock?.parameters ?? VerityDevice.parameters(options, data: data),
            hashOffset: options.hashOffset, hasSuperblock: options.hasSuperblock)
        if try data.isSameFile(as: hash) {
            let end = geometry.parameters.dataSize
            guard end <= options.hashOffset else {
                throw VerityError(
                    .overlap, "the hash area at byte \(options.hashOffset) begins inside the data, which end at \(end)")
            }
        }
    }

    /// The numbers of a tree without a superblock, which only the user knows.
    private static func parameters(_ options: Verity.Options, data: ImageFile) throws -> TreeParameters {
        guard let salt = options.salt else {
            throw VerityRequestError(
                "without a superblock the salt has to be given", hint: "--salt HEX, or --salt - for none")
        }
        let blockSize = options.dataBlockSize ?? 4096
        try TreeParameters.check(blockSize: blockSize, of: "data")
        return try TreeParameters(
            hashType: Verity.hashType(options.hashType ?? 1),
            algorithm: Verity.algorithm(options.algorithm ?? "sha256"),
            dataBlockSize: blockSize, hashBlockSize: options.hashBlockSize ?? 4096,
            dataBlocks: options.dataBlocks ?? data.size.rawValue / UInt64(blockSize), salt: Verity.salt(salt))
    }

    /// An option that contradicts the superblock is an error: which of the two is meant cannot be told.
    private static func compare(_ superblock: Superblock, _ options: Verity.Options) throws {
        let parameters = superblock.parameters
        func check<Value: Equatable>(_ option: String, _ given: Value?, _ found: Value, _ shown: String) throws {
            guard let given, given != found else { return }
            throw VerityRequestError("the superblock says \(shown), which is not what \(option) says")
        }
        try check(
            "--format", options.hashType, Int(parameters.hashType.rawValue), "hash type \(parameters.hashType.rawValue)"
        )
        try check(
            "--hash", options.algorithm.map { try Verity.algorithm($0) }, parameters.algorithm,
            parameters.algorithm.rawValue)
        try check(
            "--data-block-size", options.dataBlockSize, parameters.dataBlockSize,
            "data blocks of \(parameters.dataBlockSize) bytes")
        try check(
            "--hash-block-size", options.hashBlockSize, parameters.hashBlockSize,
            "hash blocks of \(parameters.hashBlockSize) bytes")
        try check("--data-blocks", options.dataBlocks, parameters.dataBlocks, "\(parameters.dataBlocks) data blocks")
        try check(
            "--salt", options.salt.map { try Verity.salt($0) }, parameters.salt, "salt \(Hex.encode(parameters.salt))")
        try check(
            "--uuid", options.uuid.map { try Verity.uuid($0) }, superblock.uuid,
            "UUID \(Activation.uuid(superblock.uuid))")
    }

    /// The error correction data of this device.
    func errorCorrection(
        _ options: Verity.ErrorCorrectionOptions
    ) throws -> (geometry: ErrorCorrectionGeometry, parity: ImageFile, message: ConcatenatedSource) {
        let parity = try ImageFile.open(options.path)
        let isOnHash = try parity.isSameFile(as: hash)
        let correction = try ErrorCorrectionGeometry(
            tree: geometry, roots: options.roots, hashDeviceSize: hash.size,
            parityOnHashDevice: isOnHash ? ByteOffset(options.offset) : nil)
        return (correction, parity, try ConcatenatedSource(data: data, hash: hash, geometry: correction))
    }
}
