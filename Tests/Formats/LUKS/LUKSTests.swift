import AssayBytes
import AssayLUKS
import Foundation
import Testing

private let tool = "/usr/sbin/cryptsetup"

private func hasTool() -> Bool {
    FileManager.default.isExecutableFile(atPath: tool) || ProcessInfo.processInfo.environment["CI"] == "true"
}

@discardableResult
private func cryptsetup(_ arguments: [String], input: String = "") throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    let output = Pipe()
    let standardInput = Pipe()
    process.standardOutput = output
    process.standardInput = standardInput
    process.standardError = FileHandle.nullDevice
    try process.run()
    standardInput.fileHandleForWriting.write(Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(arguments)")
    return String(decoding: data, as: UTF8.self)
}

/// The first 16 MiB at most of a volume that cryptsetup makes, handed to `body` with its path.
private func withVolume<Result>(_ options: [String], _ body: (String, [UInt8]) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/assay-luks-\(UUID().uuidString)"
    try #require(FileManager.default.createFile(atPath: path, contents: nil))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 20 << 20)
    try handle.close()
    try cryptsetup(
        ["luksFormat", "--batch-mode", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"] + options
            + [path, "-"], input: "secret")
    return try body(path, Array(Data(contentsOf: URL(fileURLWithPath: path))))
}

/// A LUKS1 header as the specification lays it out.
private func one(state: UInt32 = 0x0000_DEAD, cipher: String = "aes") -> [UInt8] {
    func field(_ text: String, _ size: Int) -> [UInt8] {
        Array(text.utf8) + [UInt8](repeating: 0, count: size - text.utf8.count)
    }
    func number(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    var bytes = LUKSHeader.magic + [0, 1] + field(cipher, 32) + field("xts-plain64", 32) + field("sha256", 32)
    bytes += number(4096) + number(64) + [UInt8](repeating: 7, count: 52) + number(1000)
    bytes += field("11111111-2222-3333-4444-555555555555", 40)
    for index in 0..<8 {
        bytes += number(index == 0 ? 0x00AC_71F3 : state) + number(index == 0 ? 5000 : 0)
        bytes += [UInt8](repeating: 0, count: 32) + number(UInt32(8 + index * 500)) + number(4000)
    }
    return bytes
}

/// Both copies of a LUKS2 header with `json` in the smallest area.
private func two(_ json: String, sequence: (UInt64, UInt64) = (3, 3), secondJSON: String? = nil) -> [UInt8] {
    func copy(_ magic: [UInt8], _ offset: UInt64, _ sequence: UInt64, _ json: String) -> [UInt8] {
        func number(_ value: UInt64) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
        }
        func field(_ text: String, _ size: Int) -> [UInt8] {
            Array(text.utf8) + [UInt8](repeating: 0, count: size - text.utf8.count)
        }
        var bytes = magic + [0, 2] + number(0x4000) + number(sequence) + field("label", 48) + field("sha256", 32)
        bytes += [UInt8](repeating: 9, count: 64) + field("uuid-\(offset)".replacing("16384", with: "0"), 40)
        bytes += field("subsystem", 48) + number(offset)
        bytes += [UInt8](repeating: 0, count: 0x1C0 - bytes.count) + [UInt8](repeating: 5, count: 64)
        bytes += [UInt8](repeating: 0, count: 4096 - bytes.count)
        return bytes + field(json, 0x4000 - 4096)
    }
    return copy(LUKSHeader.magic, 0, sequence.0, json)
        + copy([0x53, 0x4B, 0x55, 0x4C, 0xBA, 0xBE], 0x4000, sequence.1, secondJSON ?? json)
}

private let minimal = """
    {"keyslots":{},"tokens":{"0":{"type":"systemd-tpm2","keyslots":["1"],"tpm2-pcrs":[7],"tpm2-pin":true}},"segments":{"0":{"type":"crypt",\
    "offset":"16777216","size":"dynamic","iv_tweak":"0","encryption":"cipher_null-ecb","sector_size":512}},"digests":{},\
    "config":{"json_size":"12288","keyslots_size":"16744448","requirements":{"mandatory":["online-reencrypt"]}}}
    """

struct LUKSTests {
    @Test func `a LUKS1 header is read`() throws {
        guard case .one(let header) = try LUKSHeader(one()) else {
            Issue.record("not LUKS1")
            return
        }
        #expect(header.encryption == "aes-xts-plain64" && header.keyBits == 512 && header.hash == "sha256")
        #expect(header.uuid == "11111111-2222-3333-4444-555555555555")
        #expect(header.keyslots.filter(\.isActive).map(\.index) == [0])
        #expect(header.keyslots[0].iterations == 5000 && header.keyslots[0].stripes == 4000)
        #expect(header.payloadOffsetSectors == 4096 && header.digestIterations == 1000)
        #expect(!header.isNullCipher)
    }

    @Test func `the cipher that does nothing is named`() throws {
        guard case .one(let header) = try LUKSHeader(one(cipher: "cipher_null")),
            case .two(let second) = try LUKSHeader(two(minimal))
        else {
            Issue.record("unexpected versions")
            return
        }
        #expect(header.isNullCipher)
        #expect(second.metadata.segments["0"]?.isUnencrypted == true)
        #expect(LUKSCipher.isNull("capi:ecb(cipher_null)-plain64"))
        #expect(!LUKSCipher.isNull("capi:xts(aes)-plain64"))
    }

    @Test func `tokens and requirements of LUKS2 are read`() throws {
        guard case .two(let header) = try LUKSHeader(two(minimal)) else {
            Issue.record("not LUKS2")
            return
        }
        #expect(header.metadata.tokens["0"]?.type == "systemd-tpm2")
        #expect(header.metadata.tokens["0"]?.tpm2PCRs == [7])
        #expect(header.metadata.tokens["0"]?.tpm2RequiresPIN == true)
        #expect(header.metadata.config.requirements?.mandatory == ["online-reencrypt"])
        #expect(header.primary.label == "label" && header.primary.subsystem == "subsystem")
        #expect(header.primary.checksum == [UInt8](repeating: 5, count: 64))
        #expect(header.remarks.isEmpty)
    }

    @Test func `the copy with the higher sequence number counts`() throws {
        let newer = minimal.replacing("cipher_null-ecb", with: "aes-xts-plain64")
        guard case .two(let header) = try LUKSHeader(two(minimal, sequence: (3, 4), secondJSON: newer)) else {
            Issue.record("not LUKS2")
            return
        }
        #expect(header.primary.offset == ByteOffset(0x4000))
        #expect(header.metadata.segments["0"]?.encryption == "aes-xts-plain64")
        #expect(header.remarks == ["the copies have different sequence numbers"])
    }

    @Test func `copies that disagree under one sequence number are remarked`() throws {
        let other = minimal.replacing("cipher_null-ecb", with: "aes-xts-plain64")
        guard case .two(let header) = try LUKSHeader(two(minimal, secondJSON: other)) else {
            Issue.record("not LUKS2")
            return
        }
        #expect(header.remarks == ["the copies have different metadata under the same sequence number"])
    }

    @Test func `a wiped first copy does not hide the volume`() throws {
        var bytes = two(minimal)
        for index in 0..<0x4000 { bytes[index] = 0 }
        guard case .two(let header) = try LUKSHeader(bytes) else {
            Issue.record("not LUKS2")
            return
        }
        #expect(header.remarks == ["first copy: not found"])
        bytes = two(minimal)
        bytes[0x1000] = 0
        guard case .two(let damaged) = try LUKSHeader(bytes) else {
            Issue.record("not LUKS2")
            return
        }
        #expect(damaged.primary.offset == ByteOffset(0x4000))
        #expect(damaged.remarks == ["first copy: malformed LUKS2 metadata: the JSON area is empty"])
    }

    /// Volumes that are refused, by a name that says why.
    private static let malformed: [String: ([UInt8], LUKSError)] = [
        "nothing": ([], .notLUKS), "the magic alone": (LUKSHeader.magic, .truncated),
        "a version to come": (LUKSHeader.magic + [0, 3], .unsupportedVersion(3)),
        "half a LUKS1 header": (Array(one()[..<591]), .truncated),
        "an odd keyslot": (one(state: 5), .malformed("keyslot 1 is neither active nor inactive")),
        "half a JSON area": (Array(two(minimal)[..<0x3FFF]), .truncated),
        "an array": (two("[]"), .malformedMetadata("not JSON")),
        "an empty object": (two("{}"), .malformedMetadata("'keyslots' is missing")),
        "no JSON": (two("x"), .malformedMetadata("not JSON")),
        "deep nesting": (two(String(repeating: "[", count: 33)), .malformedMetadata("nested deeper than 32 levels")),
        "a text for a number": (
            two(minimal.replacing("\"sector_size\":512", with: "\"sector_size\":\"x\"")),
            .malformedMetadata("'segments.0.sector_size' is not what it should be")
        ),
    ]

    @Test(arguments: LUKSTests.malformed.keys.sorted())
    func `what is malformed is refused with a reason`(name: String) throws {
        let (bytes, error) = try #require(LUKSTests.malformed[name])
        #expect(throws: error) { try LUKSHeader(bytes) }
    }

    @Test func `a header size that is not allowed is refused`() {
        var bytes = two(minimal)
        bytes[14] = 0x41
        for index in 0x4000..<0x4006 { bytes[index] = 0 }
        #expect(throws: LUKSError.malformed("header size 16640 is not one of those allowed")) { try LUKSHeader(bytes) }
    }

    @Test func `truncation, flipped bits and random bytes end in a value or an error`() {
        let first = one()
        for count in 0..<first.count { #expect(throws: LUKSError.self) { try LUKSHeader(Array(first[..<count])) } }
        for bit in 0..<(first.count * 8) {
            var copy = first
            copy[bit / 8] ^= 1 << UInt8(bit % 8)
            _ = try? LUKSHeader(copy)
        }
        let second = two(minimal)
        for count in stride(from: 0, to: second.count, by: 97) { _ = try? LUKSHeader(Array(second[..<count])) }
        var state: UInt64 = 1
        for _ in 0..<400 {
            var copy = second
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let region = state >> 63 == 0 ? 0x200 : 0x1200
                copy[Int(state >> 33) % region] = UInt8(truncatingIfNeeded: state >> 20)
            }
            _ = try? LUKSHeader(copy)
        }
    }

    @Test(
        .enabled(if: hasTool(), "cryptsetup is not installed"),
        arguments: [
            ["--type", "luks2"], ["--type", "luks2", "--cipher", "aes-cbc-essiv:sha256", "--key-size", "256"],
            ["--type", "luks2", "--label", "my label", "--subsystem", "sub", "--luks2-metadata-size", "64k"],
        ])
    func `cryptsetup dumps the same LUKS2 metadata`(options: [String]) throws {
        try withVolume(options) { path, bytes in
            guard case .two(let header) = try LUKSHeader(bytes) else {
                Issue.record("not LUKS2")
                return
            }
            #expect(header.remarks.isEmpty && header.other != nil)
            let json = try cryptsetup(["luksDump", "--dump-json-metadata", path])
            let theirs = try JSONDecoder().decode(LUKS2Metadata.self, from: Data(json.utf8))
            #expect(header.metadata == theirs)
            #expect(header.metadata.keyslots.count == 1)
            #expect(header.metadata.keyslots["0"]?.kdf?.iterations == 1000)
            let dump = try cryptsetup(["luksDump", path])
            #expect(dump.contains(header.primary.uuid) && header.primary.uuid.count == 36)
            if options.contains("--label") {
                #expect(header.primary.label == "my label" && header.primary.subsystem == "sub")
                #expect(header.primary.size == .kibibytes(64))
            }
        }
    }

    @Test(.enabled(if: hasTool(), "cryptsetup is not installed"))
    func `cryptsetup dumps the same LUKS1 header`() throws {
        try withVolume(["--type", "luks1", "--key-size", "512", "--hash", "sha512"]) { path, bytes in
            guard case .one(let header) = try LUKSHeader(bytes) else {
                Issue.record("not LUKS1")
                return
            }
            let dump = try cryptsetup(["luksDump", path])
            func field(_ name: String) -> String {
                dump.split(separator: "\n").first { $0.hasPrefix(name + ":") }
                    .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) } ?? ""
            }
            #expect(field("Cipher name") == header.cipherName && field("Cipher mode") == header.cipherMode)
            #expect(field("Hash spec") == header.hash && field("UUID") == header.uuid)
            #expect(field("MK bits") == String(header.keyBits))
            #expect(field("Payload offset") == String(header.payloadOffsetSectors))
            #expect(header.keyslots.filter(\.isActive).count == 1)
        }
    }
}

struct MountTablesTests {
    @Test func `crypttab is read`() {
        let table = MountTables.crypttab(
            Array(
                """
                # <name> <device> <key> <options>
                root UUID=1 none luks,discard,tpm2-device=auto

                \tswap\t/dev/sda2  /dev/urandom swap,cipher=aes-xts-plain64
                data /dev/sdb1 /etc/keys/data.key
                bad
                too many fields in this line
                """.utf8))
        #expect(table.entries.map(\.name) == ["root", "swap", "data", "too"])
        #expect(table.entries.map(\.line) == [2, 4, 5, 7])
        #expect(table.entries.map(\.keyFile) == [nil, "/dev/urandom", "/etc/keys/data.key", "fields"])
        #expect(table.entries[0].option("tpm2-device") == "auto" && table.entries[0].option("luks") == "")
        #expect(table.entries[0].option("x") == nil)
        #expect(table.entries[1].isPlain && table.entries[1].hasRandomKey && !table.entries[2].isPlain)
        #expect(
            table.problems.map { "\($0.line) \($0.reason)" } == [
                "6 a name and a device are needed", "7 text behind the fourth field is ignored",
            ])
    }

    @Test func `fstab is read`() {
        let table = MountTables.fstab(
            Array(
                """
                /dev/mapper/root / ext4 rw,nodev 0 1
                //host/a\\040b /mnt/c\\134d cifs noexec
                tmpfs /tmp tmpfs size=1G,nosuid,size=2G
                x /y
                """.utf8))
        #expect(table.entries.map(\.directory) == ["/", "/mnt/c\\d", "/tmp"])
        #expect(table.entries[1].device == "//host/a b")
        #expect(table.entries[2].option("size") == "2G" && table.entries[2].option("nosuid") == "")
        #expect(table.problems.map(\.reason) == ["a device, a directory and a type are needed"])
    }

    @Test func `arbitrary bytes never crash`() {
        var state: UInt64 = 3
        for _ in 0..<1000 {
            var bytes = Array("root UUID=1 none luks,\\040 a b\n".utf8)
            for _ in 0..<5 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            _ = MountTables.crypttab(bytes)
            _ = MountTables.fstab(bytes)
        }
    }
}
