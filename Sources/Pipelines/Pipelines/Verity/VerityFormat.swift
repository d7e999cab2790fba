import AssayBytes
public import AssayFacts
import AssayFileSystem
import AssayVerity

/// What `verity format` wrote.
public struct VerityFormatResult: Codable, Hashable, Sendable {
    /// The version of this model.
    public var schemaVersion = 1
    /// The tree.
    public var tree: VerityTreeFacts
    /// The root hash, lower-case hexadecimal.
    public var rootHash: String
    /// The size of the hash device afterwards, in bytes.
    public var hashDeviceSize: UInt64
    /// The error correction data, if there are any.
    public var errorCorrection: VerityParitySummary?
    /// Bytes of the data behind the last whole block, which the tree does not cover.
    public var uncoveredBytes: UInt64
    /// The lines that put the tree in force.
    public var activation: VerityActivationLines
}

/// Error correction data that were written.
public struct VerityParitySummary: Codable, Hashable, Sendable {
    /// Parity bytes in a codeword of 255.
    public var roots: Int
    /// Blocks of parity.
    public var blocks: UInt64
    /// The size of the device that holds them, in bytes.
    public var deviceSize: UInt64
}

/// The lines that put a hash tree in force.
public struct VerityActivationLines: Codable, Hashable, Sendable {
    /// Words of the kernel command line for systemd.
    public var systemd: String
    /// Words of the kernel command line for the kernel alone.
    public var kernel: String
    /// The line of `/etc/veritytab`.
    public var veritytab: String
    /// The table for `dmsetup create --readonly`.
    public var table: String
    /// The UUID that the data partition should have.
    public var dataPartitionUUID: String
    /// The UUID that the hash partition should have.
    public var hashPartitionUUID: String

    init(_ activation: Activation) {
        systemd = activation.systemdCommandLine
        kernel = activation.kernelCommandLine
        veritytab = activation.veritytabLine
        table = activation.deviceMapperTable
        dataPartitionUUID = activation.partitionUUIDs.data
        hashPartitionUUID = activation.partitionUUIDs.hash
    }
}

/// What `verity format` is asked for.
public struct VerityFormatRequest: Hashable, Sendable {
    /// The data.
    public var data: String
    /// Where superblock and tree go: another file, or the data's own behind `hashOffset`.
    public var hash: String
    /// The numbers of the tree.
    public var options = Verity.Options()
    /// A UUID that salt and UUID are derived from.
    public var seed: String?
    /// Whether SHA-1 may be used.
    public var allowsWeakHash = false
    /// Error correction, if wanted.
    public var errorCorrection: Verity.ErrorCorrectionOptions?
    /// Where the root hash is written, without a newline, if wanted.
    public var rootHashFile: String?
    /// The names of the devices for the lines that put the tree in force.
    public var dataDevice: String?
    /// The name of the hash device for those lines.
    public var hashDevice: String?
    /// The name of the device with the error correction data for those lines.
    public var errorCorrectionDevice: String?
    /// How many threads may work.
    public var threads: Int

    /// Makes a request.
    public init(data: String, hash: String, threads: Int) {
        self.data = data
        self.hash = hash
        self.threads = threads
    }
}

extension Verity {
    /// Writes superblock, hash tree and error correction data.
    ///
    /// Nothing stays behind on failure, nor when a signal ends the process: new files are removed, one that grew is cut
    /// again, and in space that was there before only a tree without a superblock is left.
    ///
    /// - Parameters:
    ///   - request: what to write.
    ///   - progress: told how far the work has come.
    /// - Returns: what was written.
    /// - Throws: `VerityRequestError`, `VerityError`, `ErrorCorrectionError` or `FileSystemError`.
    public static func format(
        _ request: VerityFormatRequest, progress: any VerityProgress
    ) async throws -> VerityFormatResult {
        let plan = try FormatPlan(request)
        let (hash, correction) = try plan.openOutputs()
        let data = plan.isOneFile ? hash : plan.data
        let tree = HashTree(plan.geometry, threads: request.threads)
        progress.begin("hashing", total: tree.workload)
        // Whatever happens from here on, an old superblock must not vouch for a new tree.
        if plan.superblock != nil, hash.size.rawValue >= request.options.hashOffset + UInt64(Superblock.size) {
            try hash.write(
                [UInt8](repeating: 0, count: Superblock.size).span, at: ByteOffset(request.options.hashOffset))
        }
        let rootHash = try await tree.write(over: data, to: hash) { progress.advance(by: $0) }
        if hash.size.rawValue < plan.hashAreaEnd { try hash.resize(to: ByteCount(plan.hashAreaEnd)) }
        if let superblock = plan.superblock {
            try hash.write(superblock.bytes.span, at: ByteOffset(request.options.hashOffset))
        }
        var fec: ErrorCorrectionGeometry?
        if let options = request.errorCorrection, let sink = correction {
            let geometry = try plan.errorCorrection(options, hashDeviceSize: hash.size)
            progress.begin("error correction", total: geometry.messageSize.rawValue)
            let message = try ConcatenatedSource(data: data, hash: hash, geometry: geometry)
            try await ErrorCorrection.encode(
                message: message, geometry: geometry, into: sink, at: ByteOffset(options.offset),
                threads: request.threads
            ) { progress.advance(by: $0) }
            fec = geometry
            if sink !== hash { try sink.commit() }
        }
        if let path = request.rootHashFile { try AtomicFile.write(Array(Hex.encode(rootHash).utf8), to: path) }
        try hash.commit()
        return plan.result(rootHash, hash, fec, correction)
    }
}

/// Long work tells how far it has come.
public protocol VerityProgress: Sendable {
    /// A task of `total` bytes begins.
    func begin(_ task: String, total: UInt64)
    /// `count` bytes were done since the last call; from any thread.
    func advance(by count: Int)
}

/// A format request that was found possible, before anything is written.
private struct FormatPlan {
    let request: VerityFormatRequest
    let data: ImageFile
    let isOneFile: Bool
    let geometry: TreeGeometry
    let superblock: Superblock?
    let uncoveredBytes: UInt64

    init(_ request: VerityFormatRequest) throws {
        self.request = request
        let options = request.options
        data = try ImageFile.open(request.data)
        isOneFile = AtomicFile.isSameFile(request.data, request.hash)
        let algorithm = try Verity.algorithm(options.algorithm ?? "sha256")
        guard !algorithm.isWeak || request.allowsWeakHash else {
            throw VerityRequestError(
                "\(algorithm.rawValue) is broken: whoever can make collisions can change the data",
                hint: "--allow-weak-hash writes such a tree for a device that knows no other")
        }
        let dataBlockSize = options.dataBlockSize ?? 4096
        try TreeParameters.check(blockSize: dataBlockSize, of: "data")
        let size = data.size.rawValue
        if isOneFile, options.hashOffset == 0 {
            throw VerityRequestError(
                "data and hash device are the same file",
                hint: "--hash-offset \(size.roundedUp(to: 4096)) puts the tree behind the data")
        }
        let dataBlocks = options.dataBlocks ?? size / UInt64(dataBlockSize)
        guard dataBlocks > 0 || options.dataBlocks != nil else {
            throw VerityError(
                .truncatedData, "the data have \(size) bytes, less than one block of \(dataBlockSize)")
        }
        let (needed, overflow) = dataBlocks.multipliedReportingOverflow(by: UInt64(dataBlockSize))
        guard !overflow, needed <= size else {
            throw VerityError(
                .truncatedData,
                "\(dataBlocks) data blocks of \(dataBlockSize) bytes are more than the \(size) bytes of '\(data.name)'")
        }
        guard !isOneFile || needed <= options.hashOffset else {
            throw VerityRequestError(
                "the hash area at byte \(options.hashOffset) begins inside the data, which end at \(needed)",
                hint: "--hash-offset \(needed.roundedUp(to: 4096)) or more; or --data-blocks, if the data end earlier")
        }
        uncoveredBytes = (isOneFile ? min(size, options.hashOffset) : size) - needed
        let seed = try request.seed.map { text throws(VerityRequestError) in
            guard let seed = Seed(try Verity.uuid(text)) else { throw VerityRequestError("the seed is not a UUID") }
            return seed
        }
        let salt = try options.salt.map { text throws(VerityRequestError) in try Verity.salt(text) }
        let parameters = try TreeParameters(
            hashType: Verity.hashType(options.hashType ?? 1), algorithm: algorithm, dataBlockSize: dataBlockSize,
            hashBlockSize: options.hashBlockSize ?? 4096, dataBlocks: dataBlocks,
            salt: salt ?? seed?.salt ?? Verity.random(32))
        geometry = try TreeGeometry(
            parameters, hashOffset: options.hashOffset, hasSuperblock: options.hasSuperblock)
        let uuid = try options.uuid.map { text throws(VerityRequestError) in try Verity.uuid(text) }
        superblock =
            options.hasSuperblock
            ? Superblock(
                uuid: uuid ?? seed?.uuid ?? Superblock.randomUUID(from: Verity.random(16)), parameters: parameters)
            : nil
        if let correction = request.errorCorrection {
            try check(correction, dataEnd: needed)
            // Before anything is written, with the size that the hash device will have.
            let hashSize = try FormatPlan.size(request.hash, isOneFile ? data : nil)
            _ = try errorCorrection(
                correction, hashDeviceSize: ByteCount(max(hashSize, hashAreaEnd)))
        }
        if let file = request.rootHashFile,
            [request.data, request.hash, request.errorCorrection?.path].compactMap({ $0 }).contains(where: {
                AtomicFile.isSameFile($0, file)
            })
        {
            throw VerityRequestError("the root hash file is also data, hash or error correction device")
        }
    }

    /// The byte behind superblock and tree; without a tree, what `veritysetup` rounds the superblock up to.
    var hashAreaEnd: UInt64 {
        guard geometry.levels.isEmpty else { return geometry.end.rawValue }
        guard superblock != nil else { return 0 }
        let unit = UInt64(min(4096, geometry.parameters.hashBlockSize))
        return (request.options.hashOffset + UInt64(Superblock.size)).roundedUp(to: unit)
    }

    /// The error correction's place must be free.
    private func check(_ correction: Verity.ErrorCorrectionOptions, dataEnd: UInt64) throws {
        let isOnHash = AtomicFile.isSameFile(correction.path, request.hash)
        guard !isOnHash || correction.offset >= geometry.end.rawValue else {
            throw VerityError(
                .overlap,
                "the error correction data at byte \(correction.offset) overlap the hash area, which ends at "
                    + "\(geometry.end.rawValue)")
        }
        guard !AtomicFile.isSameFile(correction.path, request.data) || correction.offset >= dataEnd else {
            throw VerityError(
                .overlap,
                "the error correction data at byte \(correction.offset) overlap the data, which end at \(dataEnd)")
        }
        guard isOnHash || !AtomicFile.isSameFile(correction.path, request.data) else {
            throw VerityRequestError(
                "error correction data behind the data need the hash tree there too",
                hint: "give the same file for data, hash and error correction, or another for error correction")
        }
    }

    func errorCorrection(
        _ options: Verity.ErrorCorrectionOptions, hashDeviceSize: ByteCount
    ) throws -> ErrorCorrectionGeometry {
        let isOnHash = AtomicFile.isSameFile(options.path, request.hash)
        return try ErrorCorrectionGeometry(
            tree: geometry, roots: options.roots, hashDeviceSize: hashDeviceSize,
            parityOnHashDevice: isOnHash ? ByteOffset(options.offset) : nil)
    }

    /// Opens what is written: a file that is there in place, as `veritysetup` does, else a new one.
    func openOutputs() throws -> (hash: ImageFile, correction: ImageFile?) {
        let hash = try isOneFile ? ImageFile.open(request.hash, forWriting: true) : FormatPlan.output(request.hash)
        guard let correction = request.errorCorrection else { return (hash, nil) }
        if AtomicFile.isSameFile(correction.path, request.hash) { return (hash, hash) }
        return (hash, try FormatPlan.output(correction.path))
    }

    func result(
        _ rootHash: [UInt8], _ hash: ImageFile, _ fec: ErrorCorrectionGeometry?, _ correction: ImageFile?
    ) -> VerityFormatResult {
        let options = request.options
        let device = request.errorCorrectionDevice ?? request.errorCorrection.map { EscapedText($0.path).description }
        let active = fec.flatMap { fec in
            device.map {
                Activation.ErrorCorrection(
                    device: $0, firstBlock: (request.errorCorrection?.offset ?? 0) / UInt64(fec.blockSize),
                    blocks: fec.blocks, roots: fec.roots)
            }
        }
        let activation = Activation(
            geometry: geometry, hashOffset: options.hashOffset, hasSuperblock: options.hasSuperblock,
            rootHash: rootHash, dataDevice: request.dataDevice,
            hashDevice: request.hashDevice ?? (isOneFile ? request.dataDevice : nil), errorCorrection: active)
        return VerityFormatResult(
            tree: Verity.facts(geometry, uuid: superblock?.uuid), rootHash: Hex.encode(rootHash),
            hashDeviceSize: hash.size.rawValue,
            errorCorrection: fec.map {
                VerityParitySummary(
                    roots: $0.roots, blocks: $0.parityBlocks, deviceSize: correction?.size.rawValue ?? 0)
            },
            uncoveredBytes: uncoveredBytes, activation: VerityActivationLines(activation))
    }

    private static func output(_ path: String) throws -> ImageFile {
        do {
            return try ImageFile.open(path, forWriting: true)
        } catch let error as FileSystemError where error.code == .notFound {
            return try ImageFile.create(path, mode: 0o600)
        }
    }

    private static func size(_ path: String, _ file: ImageFile?) throws -> UInt64 {
        if let file { return file.size.rawValue }
        do {
            return try ImageFile.open(path).size.rawValue
        } catch let error as FileSystemError where error.code == .notFound {
            return 0
        }
    }
}

extension UInt64 {
    /// The next multiple of `unit`, or the number itself when it is one.
    fileprivate func roundedUp(to unit: UInt64) -> UInt64 { (self + unit - 1) / unit * unit }
}
