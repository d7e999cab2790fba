import AssayFacts
import AssayFileSystem
import AssayTestSupport
import Testing

@testable import AssayCollectors

struct StorageCollectorTests {
    private func collect(
        _ files: [String: String], isLive: Bool = false, _ script: String = ":"
    ) throws -> StorageFacts {
        let tree = try UpdateTree(files)
        shell(script, in: tree.scratch.path)
        return try tree.reading { StorageCollector($0, isLive: isLive).collect() }
    }

    @Test func `nothing is there`() throws {
        #expect(try collect([:]) == StorageFacts())
    }

    @Test func `tools are found where distributions have them`() throws {
        let facts = try collect(["usr/sbin/cryptsetup": "x", "usr/lib/systemd/systemd-cryptsetup": "x"])
        #expect(facts.tools.map(\.value) == ["cryptsetup", "systemd-cryptsetup"])
        #expect(facts.tools.map(\.place.path) == ["/usr/sbin/cryptsetup", "/usr/lib/systemd/systemd-cryptsetup"])
        #expect(try collect(["usr/sbin/veritysetup": "x"]).tools.isEmpty)
    }

    @Test func `volumes of crypttab have kind, cipher and place`() throws {
        let facts = try collect([
            "etc/crypttab": """
            # name device key options
            root UUID=1234 none luks,discard
            swap /dev/sda3 /dev/urandom swap,cipher=aes-xts-plain64,size=512
            win /dev/sdb none bitlk
            alone
            """
        ])
        #expect(facts.volumes.map(\.name) == ["root", "swap", "win"])
        #expect(facts.volumes.map(\.kind) == ["LUKS", "plain, random key", "bitlk"])
        #expect(facts.volumes.map(\.cipher) == [nil, "aes-xts-plain64", nil])
        #expect(facts.volumes.map(\.keyBits) == [nil, 512, nil])
        #expect(facts.volumes.map(\.place.line) == [2, 3, 4])
        #expect(facts.volumes.allSatisfy { $0.weaknesses.isEmpty && !$0.isActive })
        #expect(facts.gaps.map(\.place.line) == [5])
    }

    @Test func `a null cipher and a key in the image are weaknesses`() throws {
        let facts = try collect([
            "etc/crypttab": """
            a /dev/sda /dev/urandom plain,cipher=cipher_null-ecb
            b /dev/sdb /etc/keys/b luks
            c /dev/sdc /etc/keys/c:UUID=99 luks
            d /dev/sdd /etc/keys/missing luks
            e /dev/sde
            """, "etc/keys/b": "key", "etc/keys/c": "key", "etc/cryptsetup-keys.d/e.key": "key",
        ])
        #expect(facts.volumes.map { !$0.weaknesses.isEmpty } == [true, true, false, false, true])
        #expect(facts.volumes[0].weaknesses == ["the cipher 'cipher_null-ecb' encrypts nothing"])
        #expect(facts.volumes[1].weaknesses[0].contains("/etc/keys/b"))
        #expect(facts.volumes[4].weaknesses[0].contains("/etc/cryptsetup-keys.d/e.key"))
    }

    @Test func `a key file on an encrypted root is no weakness, but its own is`() throws {
        let files = [
            "etc/crypttab": "root /dev/sda KEY luks\ndata /dev/sdb /etc/keys/data luks\n",
            "etc/fstab": "/dev/mapper/root / ext4 defaults 0 1\n", "etc/keys/data": "key", "etc/keys/root": "key",
        ]
        let sound = try collect(files.mapValues { $0.replacing("KEY", with: "none") })
        #expect(sound.volumes.allSatisfy { $0.weaknesses.isEmpty })
        let circular = try collect(files.mapValues { $0.replacing("KEY", with: "/etc/keys/root") })
        #expect(circular.volumes.map { $0.weaknesses.isEmpty } == [false, true])
    }

    @Test func `live mappings are active and one with their line`() throws {
        let facts = try collect(
            [
                "sys/devices/virtual/block/dm-0/dm/uuid": "CRYPT-LUKS2-0123-root\n",
                "sys/devices/virtual/block/dm-0/dm/name": "root\n",
                "sys/devices/virtual/block/dm-1/dm/uuid": "LVM-abc\n",
                "sys/devices/virtual/block/dm-1/dm/name": "vg-root\n",
                "sys/devices/virtual/block/dm-2/dm/uuid": "CRYPT-VERITY-0123-usr\n",
                "sys/devices/virtual/block/dm-2/dm/name": "usr\n",
                "proc/self/mountinfo": "36 35 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw\n",
                "etc/crypttab": "root UUID=1 none luks\ndata UUID=2 /etc/data.key luks\n", "etc/data.key": "key",
            ], isLive: true,
            """
            mkdir -p sys/block sys/dev/block sys/devices/virtual/block/dm-1/slaves
            for n in 0 1 2; do ln -s ../devices/virtual/block/dm-$n sys/block/dm-$n; done
            ln -s ../../devices/virtual/block/dm-1 sys/dev/block/254:1
            ln -s ../../dm-0 sys/devices/virtual/block/dm-1/slaves/dm-0
            """)
        #expect(facts.gaps.isEmpty)
        #expect(facts.volumes.map(\.name) == ["root", "data"])
        #expect(facts.volumes.map(\.kind) == ["LUKS2", "LUKS"])
        #expect(facts.volumes.map(\.isActive) == [true, false])
        #expect(facts.volumes[0].place == Place("/sys/block/dm-0/dm/uuid"))
        // `/` is on LVM on LUKS: the key of the second volume lies on the first.
        #expect(facts.volumes.allSatisfy { $0.weaknesses.isEmpty })
    }

    @Test func `an unreadable crypttab is a gap`() throws {
        let facts = try collect([:], "mkdir -p etc && mkfifo etc/crypttab")
        #expect(facts.gaps.map(\.place.path) == ["/etc/crypttab"])
    }

    @Test(.enabled(if: isAvailable("cryptsetup")), arguments: ["luks1", "luks2"])
    func `the header of a volume in a file is read`(_ type: String) throws {
        let facts = try collect(
            ["etc/crypttab": "box /srv/box.img none luks\n"],
            """
            mkdir -p srv && truncate -s 20M srv/box.img && printf x | cryptsetup luksFormat -q --type \(type) \
                --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --cipher aes-xts-plain64 --key-size 512 srv/box.img -
            """)
        #expect(facts.gaps.isEmpty)
        #expect(facts.volumes.map(\.kind) == [type.uppercased()])
        #expect(facts.volumes.map(\.cipher) == ["aes-xts-plain64"])
        #expect(facts.volumes.map(\.keyBits) == [512])
    }
}
