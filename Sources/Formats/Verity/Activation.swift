import AssayBytes

/// The lines that put a hash tree in force: for systemd, for the kernel alone, and for device-mapper's own tool.
public struct Activation: Hashable, Sendable {
    /// Error correction data, as the kernel counts them.
    public struct ErrorCorrection: Hashable, Sendable {
        /// The device, as the kernel or systemd will find it.
        public let device: String
        /// Where the parity begins on the device, in data blocks.
        public let firstBlock: UInt64
        /// The blocks that are protected.
        public let blocks: UInt64
        /// Parity bytes in a codeword.
        public let roots: Int

        /// Makes it.
        public init(device: String, firstBlock: UInt64, blocks: UInt64, roots: Int) {
            self.device = device
            self.firstBlock = firstBlock
            self.blocks = blocks
            self.roots = roots
        }
    }

    /// Where the tree lies.
    public let geometry: TreeGeometry
    /// Where the superblock or the tree begins on the hash device, in bytes.
    public let hashOffset: UInt64
    /// Whether there is a superblock.
    public let hasSuperblock: Bool
    /// The root hash.
    public let rootHash: [UInt8]
    /// The data device; nil for the partition whose UUID is the first half of the root hash.
    public let dataDevice: String?
    /// The hash device; nil for the partition whose UUID is the second half of the root hash.
    public let hashDevice: String?
    /// Error correction data, if there are any.
    public let errorCorrection: ErrorCorrection?
    /// The name of the mapped device.
    public let name: String

    /// Makes it.
    public init(
        geometry: TreeGeometry, hashOffset: UInt64, hasSuperblock: Bool, rootHash: [UInt8], dataDevice: String? = nil,
        hashDevice: String? = nil, errorCorrection: ErrorCorrection? = nil, name: String = "root"
    ) {
        self.geometry = geometry
        self.hashOffset = hashOffset
        self.hasSuperblock = hasSuperblock
        self.rootHash = rootHash
        self.dataDevice = dataDevice
        self.hashDevice = hashDevice
        self.errorCorrection = errorCorrection
        self.name = name
    }

    /// The UUIDs of the data and the hash partition: the first and the last 128 bits of the root hash.
    ///
    /// https://uapi-group.org/specifications/specs/discoverable_partitions_specification/
    public var partitionUUIDs: (data: String, hash: String) {
        (Activation.uuid(rootHash.prefix(16)), Activation.uuid(rootHash.suffix(16)))
    }

    /// Sixteen bytes as the text of a UUID.
    public static func uuid(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array(Hex.encode(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].filter { $0.upperBound <= digits.count }
            .map { String(digits[$0]) }.joined(separator: "-")
    }

    /// What systemd's veritysetup generator reads on the kernel command line, for the root file system.
    ///
    /// https://www.freedesktop.org/software/systemd/man/latest/systemd-veritysetup-generator.html
    public var systemdCommandLine: String {
        var words = ["roothash=\(Hex.encode(rootHash))"]
        if let dataDevice { words.append("systemd.verity_root_data=\(dataDevice)") }
        if let hashDevice { words.append("systemd.verity_root_hash=\(hashDevice)") }
        let options = self.options
        if !options.isEmpty { words.append("systemd.verity_root_options=\(options.joined(separator: ","))") }
        return (words + ["root=/dev/mapper/root", "ro"]).joined(separator: " ")
    }

    /// The line of `/etc/veritytab` (veritytab(5)).
    public var veritytabLine: String {
        let options = self.options
        return [name, dataName, hashName, Hex.encode(rootHash), options.isEmpty ? nil : options.joined(separator: ",")]
            .compactMap { $0 }.joined(separator: " ")
    }

    /// The table for `dmsetup create --readonly`.
    ///
    /// https://docs.kernel.org/admin-guide/device-mapper/verity.html, "Construction Parameters"
    public var deviceMapperTable: String {
        let parameters = geometry.parameters
        // A table is in sectors of 512 bytes, whatever the block size.
        var words = [
            "0", String(parameters.dataSize / 512), "verity", String(parameters.hashType.rawValue), dataName, hashName,
            String(parameters.dataBlockSize), String(parameters.hashBlockSize), String(parameters.dataBlocks),
            String(geometry.firstBlock), parameters.algorithm.rawValue, Hex.encode(rootHash),
            parameters.salt.isEmpty ? "-" : Hex.encode(parameters.salt),
        ]
        if let fec = errorCorrection {
            words += [
                "8", "use_fec_from_device", fec.device, "fec_start", String(fec.firstBlock), "fec_blocks",
                String(fec.blocks), "fec_roots", String(fec.roots),
            ]
        }
        return words.joined(separator: " ")
    }

    /// The `dm-mod.create=` words, for a kernel that finds its root without an initrd.
    ///
    /// There is no signature in this form. https://docs.kernel.org/admin-guide/device-mapper/dm-init.html
    public var kernelCommandLine: String { "dm-mod.create=\"\(name),,,ro,\(deviceMapperTable)\" root=/dev/dm-0 ro" }

    private var dataName: String { dataDevice ?? "PARTUUID=\(partitionUUIDs.data)" }
    private var hashName: String { hashDevice ?? "PARTUUID=\(partitionUUIDs.hash)" }

    /// What systemd has to be told because no superblock says it, or it lies elsewhere.
    private var options: [String] {
        let parameters = geometry.parameters
        var options: [String] = []
        if !hasSuperblock {
            options += [
                "superblock=no", "format=\(parameters.hashType.rawValue)",
                "data-block-size=\(parameters.dataBlockSize)", "hash-block-size=\(parameters.hashBlockSize)",
                "data-blocks=\(parameters.dataBlocks)", "hash=\(parameters.algorithm.rawValue)",
                "salt=\(parameters.salt.isEmpty ? "-" : Hex.encode(parameters.salt))",
            ]
        }
        if hashOffset > 0 { options.append("hash-offset=\(hashOffset)") }
        if let fec = errorCorrection {
            options += [
                "fec-device=\(fec.device)", "fec-offset=\(fec.firstBlock * UInt64(parameters.dataBlockSize))",
                "fec-roots=\(fec.roots)",
            ]
        }
        return options
    }
}
