import AssayTestSupport
import Foundation
import Testing

/// What boots: a kernel and an initrd of Debian's programs, and a root image, made by `Boot/prepare` in a folder that is
/// removed with it.
private final class BootMachine: Sendable {
    @TaskLocal static var current: BootMachine?

    /// The programs that are looked for, all of them on the path of every user.
    private static let tools = [
        "qemu-system-x86_64", "dracut", "mksquashfs", "busybox", "kmod", "cpio", "apt-get", "dpkg-deb",
    ]

    /// Whether the tests run, which is on x86-64 only, since the initrd takes its programs from this machine.
    static let isExpected: Bool = {
        #if arch(x86_64)
            tools.allSatisfy(isAvailable)
        #else
            false
        #endif
    }()

    /// The command that writes a hash tree, with `veritysetup format`'s arguments.
    private static let formatCommand =
        ProcessInfo.processInfo.environment["ASSAY_VERITY_FORMAT"] ?? "assay verity format"

    private static let scripts = Assay.package + "/Tests/EndToEnd/Boot"

    private let scratch = ScratchDirectory()

    /// The folder of the machine.
    var folder: String { scratch.path }

    init() throws {
        let made = shell("timeout -k 5 600 \"$1/prepare\" .", in: scratch.path, arguments: [Self.scripts])
        try #require(made.status == 0, "\(made.status) \(made.text) \(made.errorText)")
    }

    /// Copies the root image and writes its hash tree, behind it in the same file where `isOneFile`.
    func image(_ name: String, isOneFile: Bool = false) throws -> VerityImage {
        let data = folder + "/" + name
        try FileManager.default.copyItem(atPath: folder + "/root.squashfs", toPath: data)
        let size = try FileHandle(forReadingFrom: URL(filePath: data)).seekToEnd()
        let image = VerityImage(data: data, hash: isOneFile ? data : data + ".verity", dataSize: size)
        let made = Assay.run(
            """
            PATH=$PATH:/usr/sbin
            \(Self.formatCommand) "$1" "$2" --salt=\(VerityImage.salt) --uuid=\(VerityImage.uuid) \
            --root-hash-file="$1.roothash" \(isOneFile ? "--data-blocks=\(image.dataBlocks) --hash-offset=\(size)" : "")
            """, in: folder, arguments: [image.data, image.hash])
        try #require(made.status == 0, "\(made.status) \(made.text) \(made.errorText)")
        return image
    }

    /// Boots with `disks`; the machine has turned itself off by itself.
    func boot(_ commandLine: String, _ disks: [String]) throws -> SerialLog {
        let result = shell(
            "exec \"$@\"", in: folder, arguments: [Self.scripts + "/boot", folder, "300", commandLine] + disks)
        try #require(result.status == 0, "\(result.status) \(result.text) \(result.errorText)")
        return SerialLog(lines: result.text.split(separator: "\n").map(String.init))
    }

    /// What `init` says of the image's files when each is read as it was written.
    func readings() -> [String] {
        let sums = shell("sha256sum files/*", in: folder).text
        return sums.replacing("  files/", with: "  /files/").split(separator: "\n").map(String.init)
            + ["all other files"]
    }
}

/// Makes the machine before the first test of the suite and removes it after the last.
private struct MadeOnce: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let machine = try BootMachine()
        try await BootMachine.$current.withValue(machine) { try await function() }
    }
}

/// A root image and its hash tree: format 1, sha256, 4096-byte blocks, and so 128 hashes in a block of the tree.
private struct VerityImage {
    static let salt = "e48da609055204e89ae53b655ca2216dd983cf3cb829f34f63a297d106d53e2d"
    static let uuid = "ba5eba11-c0de-4bad-8ead-a55a1ed0cafe"

    let data: String
    let hash: String
    let dataSize: UInt64

    var dataBlocks: UInt64 { dataSize / 4096 }

    func rootHash() throws -> String {
        try String(contentsOfFile: data + ".roothash", encoding: .utf8).trimmingCharacters(in: .newlines)
    }

    /// What tells systemd the root, which is on the first disk, its tree on the second.
    static func commandLine(rootHash: String) -> String {
        "roothash=\(rootHash) systemd.verity_root_data=/dev/vda systemd.verity_root_hash=/dev/vdb"
    }

    /// The device-mapper table, without its devices, that the kernel is to have when the tree begins at block `start`.
    func table(start: UInt64) throws -> (head: String, tail: String) {
        (
            "0 \(dataSize / 512) verity 1 ",
            " 4096 4096 \(dataBlocks) \(start) sha256 \(try rootHash()) \(Self.salt)"
        )
    }

    /// Where `text` begins in the data.
    func offset(of text: String) throws -> UInt64 {
        let bytes = try Data(contentsOf: URL(filePath: data))
        return UInt64(try #require(bytes.range(of: Data(text.utf8))).lowerBound)
    }
}

/// Flips the lowest bit of the byte at `offset`.
private func flipBit(of path: String, at offset: UInt64) throws {
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.seek(toOffset: offset)
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: offset)
    try file.write(contentsOf: [byte ^ 1])
    try file.close()
}

/// What a machine printed from the kernel's first message to its end.
private struct SerialLog: CustomStringConvertible {
    let lines: [String]

    var description: String { lines.joined(separator: "\n") }

    /// The rest of each line in which `init` or the initrd said `word`.
    func said(_ word: String) -> [String] {
        lines.compactMap { line in
            line.hasPrefix("assay-boot: " + word) ? String(line.dropFirst(13 + word.count)) : nil
        }
    }

    /// The blocks that dm-verity named as corrupted: "data block N", or "metadata block N" from the hash device's start.
    var corruptedBlocks: Set<String> {
        Set(
            lines.filter { $0.hasPrefix("device-mapper: verity: ") && $0.hasSuffix(" is corrupted") }
                .map { $0.dropLast(" is corrupted".count) }
                .map { $0.split(separator: ": ").last.map(String.init) ?? "" })
    }
}

/// About 20 seconds each on an idle core, and as many at once as the test runner has threads.
@Suite(
    .enabled(if: BootMachine.isExpected, "qemu-system-x86, dracut-core, squashfs-tools or busybox-static is missing"),
    MadeOnce())
private struct `A machine whose root has a hash tree` {
    let machine: BootMachine

    init() throws {
        machine = try #require(BootMachine.current)
    }

    @Test func `boots, with every file of the root read through the tree`() throws {
        let image = try machine.image("whole")
        let log = try machine.boot(
            VerityImage.commandLine(rootHash: image.rootHash()), [image.data, image.hash])
        try expectWhole(log, image, treeStart: 1)
        #expect(log.said("uuid") == ["CRYPT-VERITY-\(VerityImage.uuid.replacing("-", with: ""))-root"], "\(log)")
    }

    @Test func `boots by a device-mapper table, with data and tree on one disk`() throws {
        let image = try machine.image("one-disk", isOneFile: true)
        let start = image.dataBlocks + 1
        let table = try image.table(start: start)
        let log = try machine.boot("assay.table=\"\(table.head)/dev/vda /dev/vda\(table.tail)\"", [image.data])
        try expectWhole(log, image, treeStart: start)
    }

    @Test func `cannot read a file with one bit flipped, nor one whose hashes have a bit flipped, but all others`()
        throws
    {
        let image = try machine.image("damaged")
        let place = try image.offset(of: "damaged 0000040000\n")
        // The block of the tree whose 128 data blocks begin with the first such range that is whole in the file.
        let leaf = (try image.offset(of: "orphaned 0000000001\n") / 4096 + 127) / 128
        #expect(try (leaf + 1) * 128 * 4096 <= image.offset(of: "orphaned 0000075000\n"))
        try flipBit(of: image.data, at: place)
        // Before the leaves: the superblock's block and the one block above them.
        try flipBit(of: image.hash, at: (2 + leaf) * 4096)

        let log = try machine.boot(
            VerityImage.commandLine(rootHash: image.rootHash()), [image.data, image.hash])
        let readings = machine.readings().map { line in
            let name = line.split(separator: "  ").last.map(String.init) ?? line
            return ["/files/damaged", "/files/orphaned"].contains(name)
                ? "sha256sum: can't read '\(name)': Input/output error" : line
        }
        #expect(log.said("read") == readings, "\(log)")
        #expect(log.corruptedBlocks == ["data block \(place / 4096)", "metadata block \(2 + leaf)"], "\(log)")
        #expect(log.said("before") == ["0 \(image.dataSize / 512) verity V"], "\(log)")
        #expect(log.said("after") == ["0 \(image.dataSize / 512) verity C"], "\(log)")
        #expect(log.said("done") == [""], "\(log)")
    }

    @Test func `refuses to boot when a bit is flipped in what is read to mount the root`() throws {
        let image = try machine.image("unmountable")
        // Where the superblock of squashfs says that the inodes are: https://dr-emann.github.io/squashfs/#_the_superblock
        let superblock = try Data(contentsOf: URL(filePath: image.data)).prefix(96)
        let place = superblock[64..<72].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        try flipBit(of: image.data, at: place)

        let log = try machine.boot(
            VerityImage.commandLine(rootHash: image.rootHash()), [image.data, image.hash])
        #expect(log.corruptedBlocks == ["data block \(place / 4096)"], "\(log)")
        #expect(log.said("refused") == [""], "\(log)")
        #expect(log.said("failed") == ["sysroot.mount"], "\(log)")
        #expect(log.said("mounted") == [], "\(log)")
    }

    @Test func `panics at another root hash when told to`() throws {
        let image = try machine.image("other")
        let hash = try image.rootHash()
        let other = hash.dropLast() + (hash.hasSuffix("0") ? "1" : "0")
        let log = try machine.boot(
            VerityImage.commandLine(rootHash: String(other)) + " systemd.verity_root_options=panic-on-corruption",
            [image.data, image.hash])
        // The topmost block of the tree.
        #expect(log.corruptedBlocks == ["metadata block 1"], "\(log)")
        #expect(log.lines.contains("Kernel panic - not syncing: dm-verity device corrupted"), "\(log)")
        #expect(log.said("mounted") == [], "\(log)")
    }

    /// Expects that the root was the verity device of `image` and that everything in it was read as it was written.
    private func expectWhole(_ log: SerialLog, _ image: VerityImage, treeStart: UInt64) throws {
        #expect(log.said("mounted").count == 1, "\(log)")
        #expect(log.said("mounted").allSatisfy { $0.hasPrefix("/dev/mapper/root / squashfs ro,") }, "\(log)")
        #expect(log.said("name") == ["root"], "\(log)")
        let table = try image.table(start: treeStart)
        #expect(log.said("table").count == 1, "\(log)")
        #expect(log.said("table").allSatisfy { $0.hasPrefix(table.head) && $0.hasSuffix(table.tail) }, "\(log)")
        #expect(log.said("read") == machine.readings(), "\(log)")
        #expect(log.said("after") == ["0 \(image.dataSize / 512) verity V"], "\(log)")
        #expect(log.corruptedBlocks == [], "\(log)")
        #expect(log.said("done") == [""], "\(log)")
    }
}
