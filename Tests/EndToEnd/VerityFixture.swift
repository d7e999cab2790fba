import AssayTestSupport
import Testing

/// Small data devices with hash trees, keys and signatures, in a folder of the test's own.
enum VerityFixture {
    /// The salt of every tree, so that the same data give the same root hash.
    static let salt = "e48da609055204e89ae53b655ca2216dd983cf3cb829f34f63a297d106d53e2d"

    /// A folder with what `write` makes.
    static func folder() throws -> ScratchDirectory {
        let scratch = ScratchDirectory()
        try write(to: scratch)
        return scratch
    }

    /// Writes `root.img` (300 blocks) with `root.hash`, `root.txt` and `root.fec`; `disk.img` with its tree at 1 MiB and
    /// `disk.txt`; `key.pem` with `vendor.pem`; the signature `root.p7s` and a raw one, `signed.bin`.
    static func write(to scratch: ScratchDirectory) throws {
        let original = try #require(original, "the files could not be made")
        try #require(shell("cp -a \"$1\"/. .", in: scratch.path, arguments: [original.path]).status == 0)
    }

    /// Made once: most of the time goes into the key and into bytes that look random.
    private static let original: ScratchDirectory? = {
        let scratch = ScratchDirectory()
        try? scratch.write("root.img", data(blocks: 300, seed: 1))
        try? scratch.write("disk.img", data(blocks: 256, seed: 2))
        let made = Assay.run(
            """
            set -e
            export PATH="$PATH:/usr/sbin"
            openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out vendor.pem -subj /CN=Vendor -days 3 2>openssl.log
            assay verity format root.img root.hash --salt \(salt) --root-hash-file root.txt --fec-device root.fec >/dev/null
            assay verity format disk.img disk.img --hash-offset 1048576 --salt \(salt) --root-hash-file disk.txt >/dev/null
            openssl dgst -sha256 -sign key.pem -out signed.bin root.txt
            assay verity sign --root-hash-file root.txt --key key.pem --certificate vendor.pem --signature root.p7s -q
            """, in: scratch.path)
        return made.status == 0 ? scratch : nil
    }()

    /// Bytes that look random and are the same in every run.
    static func data(blocks: Int, seed: UInt64) -> [UInt8] {
        var random = SeededNumbers(state: seed)
        return (0..<blocks * 4096).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}
