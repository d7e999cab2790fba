import AssayBytes
import AssayVerity
import Testing

/// The lines compared here are literal: their syntax is a contract with systemd and the kernel.
struct ActivationTests {
    private static let rootHash = "954172dfee9aaab2d90a0ab162ee6bc5a6a77ede951fad19f0f94df0d7266a93"
    private static let data = "954172df-ee9a-aab2-d90a-0ab162ee6bc5"
    private static let hash = "a6a77ede-951f-ad19-f0f9-4df0d7266a93"

    private func activation(
        salt: [UInt8] = [0xAB, 0xCD], hashType: HashType = .normal, algorithm: HashAlgorithm = .sha256,
        hashOffset: UInt64 = 0, hasSuperblock: Bool = true, devices: (String, String)? = nil,
        errorCorrection: Activation.ErrorCorrection? = nil, name: String = "root"
    ) throws -> Activation {
        let parameters = try TreeParameters(
            hashType: hashType, algorithm: algorithm, dataBlockSize: 1024, dataBlocks: 10, salt: salt)
        return Activation(
            geometry: try TreeGeometry(parameters, hashOffset: hashOffset, hasSuperblock: hasSuperblock),
            hashOffset: hashOffset, hasSuperblock: hasSuperblock,
            rootHash: try #require(Hex.decode(ActivationTests.rootHash)), dataDevice: devices?.0,
            hashDevice: devices?.1, errorCorrection: errorCorrection, name: name)
    }

    @Test func `the root hash is split into the UUIDs of the two partitions`() throws {
        // The example of https://github.com/systemd/mkosi/issues/1612.
        let (data, hash) = try activation().partitionUUIDs
        #expect(data == ActivationTests.data)
        #expect(hash == ActivationTests.hash)
    }

    @Test func `a root hash that is shorter than two UUIDs does not trap`() throws {
        let geometry = try TreeGeometry(TreeParameters(dataBlocks: 1, salt: []), hashOffset: 0, hasSuperblock: true)
        for count in 0...20 {
            let activation = Activation(
                geometry: geometry, hashOffset: 0, hasSuperblock: true, rootHash: [UInt8](repeating: 7, count: count))
            #expect(activation.kernelCommandLine.contains("PARTUUID="))
        }
    }

    @Test func `with a superblock at the start systemd needs the root hash alone`() throws {
        let activation = try activation()
        #expect(activation.systemdCommandLine == "roothash=\(ActivationTests.rootHash) root=/dev/mapper/root ro")
        #expect(
            activation.veritytabLine
                == "root PARTUUID=\(ActivationTests.data) PARTUUID=\(ActivationTests.hash) \(ActivationTests.rootHash)")
    }

    @Test func `devices that are given are named`() throws {
        let activation = try activation(hashOffset: 10_240, devices: ("/dev/sda2", "/dev/sda3"), name: "usr")
        #expect(
            activation.systemdCommandLine
                == "roothash=\(ActivationTests.rootHash) systemd.verity_root_data=/dev/sda2 "
                + "systemd.verity_root_hash=/dev/sda3 systemd.verity_root_options=hash-offset=10240 "
                + "root=/dev/mapper/root ro")
        #expect(
            activation.veritytabLine
                == "usr /dev/sda2 /dev/sda3 \(ActivationTests.rootHash) hash-offset=10240")
    }

    @Test func `without a superblock systemd is told everything`() throws {
        let activation = try activation(
            hashType: .chromeOS, algorithm: .sha512, hashOffset: 12_288, hasSuperblock: false,
            devices: ("/dev/vda", "/dev/vda"))
        let options =
            "superblock=no,format=0,data-block-size=1024,hash-block-size=4096,data-blocks=10,hash=sha512,salt=abcd,"
            + "hash-offset=12288"
        #expect(activation.veritytabLine == "root /dev/vda /dev/vda \(ActivationTests.rootHash) \(options)")
        #expect(activation.systemdCommandLine.contains(" systemd.verity_root_options=\(options) "))
    }

    @Test func `the table counts sectors of 512 bytes and the first hash block`() throws {
        #expect(
            try activation(devices: ("/dev/sda2", "/dev/sda3")).deviceMapperTable
                == "0 20 verity 1 /dev/sda2 /dev/sda3 1024 4096 10 1 sha256 \(ActivationTests.rootHash) abcd")
        #expect(
            try activation(
                salt: [], hashType: .chromeOS, hashOffset: 12_288, hasSuperblock: false, devices: ("8:1", "8:1")
            ).deviceMapperTable == "0 20 verity 0 8:1 8:1 1024 4096 10 3 sha256 \(ActivationTests.rootHash) -")
    }

    @Test func `the kernel creates the device by itself`() throws {
        #expect(
            try activation().kernelCommandLine
                == "dm-mod.create=\"root,,,ro,0 20 verity 1 PARTUUID=\(ActivationTests.data) "
                + "PARTUUID=\(ActivationTests.hash) 1024 4096 10 1 sha256 \(ActivationTests.rootHash) abcd\" "
                + "root=/dev/dm-0 ro")
    }

    @Test func `error correction is eight words of the table and three options`() throws {
        let activation = try activation(
            devices: ("/dev/a", "/dev/b"),
            errorCorrection: Activation.ErrorCorrection(device: "/dev/c", firstBlock: 3, blocks: 14, roots: 2))
        #expect(
            activation.deviceMapperTable.hasSuffix(
                " abcd 8 use_fec_from_device /dev/c fec_start 3 fec_blocks 14 fec_roots 2"))
        #expect(activation.veritytabLine.hasSuffix(" fec-device=/dev/c,fec-offset=3072,fec-roots=2"))
    }
}
