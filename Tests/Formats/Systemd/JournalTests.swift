import AssayBytes
import Testing

@testable import AssaySystemd

struct JournalTests {
    private func header(flags: UInt8 = 1, size: UInt64 = 256) -> [UInt8] {
        var bytes = Array("LPKSHHRH".utf8) + [flags, 0, 0, 0, 12, 0, 0, 0, 2] + [UInt8](repeating: 0, count: 7)
        bytes += [UInt8](repeating: 0xAA, count: 16) + [UInt8](repeating: 0xBB, count: 16)
        bytes += [UInt8](repeating: 0, count: 32)
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
        bytes += [UInt8](repeating: 0, count: 240 - bytes.count)
        bytes[152] = 7
        bytes[224] = 3
        return bytes
    }

    @Test func `the header of a sealed journal is read`() throws {
        let header = try JournalFileHeader(header())
        #expect(header.isSealed)
        #expect(header.state == .archived)
        #expect(header.machineID == [UInt8](repeating: 0xBB, count: 16))
        #expect(header.entryCount == 7)
        #expect(header.tagCount == 3)
        #expect(header.incompatibleFlags == 12)
    }

    @Test func `a header that is short, foreign or cut is refused with the reason`() {
        #expect(throws: JournalFileError.headerTooSmall(100)) { try JournalFileHeader(header(size: 100)) }
        #expect(throws: JournalFileError.wrongSignature) { try JournalFileHeader([UInt8](repeating: 0, count: 240)) }
        for length in 0..<232 {
            #expect(throws: JournalFileError.truncated) { try JournalFileHeader(Array(header()[..<length])) }
        }
    }

    @Test func `a header with any bit flipped is read or refused`() {
        for bit in 0..<(240 * 8) {
            var bytes = header()
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            if bit < 64 {
                #expect(throws: JournalFileError.wrongSignature) { try JournalFileHeader(bytes) }
            } else {
                _ = try? JournalFileHeader(bytes)
            }
        }
    }

    @Test func `the header of a sealing key is read`() throws {
        var bytes = Array("KSHHRHLP".utf8) + [UInt8](repeating: 0, count: 8)
        bytes += [UInt8](repeating: 1, count: 16) + [UInt8](repeating: 2, count: 16)
        bytes += [88, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0]
        bytes += [1, 0, 0, 0, 0, 0, 0, 0]
        let key = try SealingKeyHeader(bytes)
        #expect(key.machineID == [UInt8](repeating: 1, count: 16))
        #expect(key.startMicroseconds == 9)
        #expect(key.intervalMicroseconds == 256)
        #expect(key.securityParameter == 1536)
        for length in 0..<88 {
            #expect(throws: JournalFileError.truncated) { try SealingKeyHeader(Array(bytes[..<length])) }
        }
    }

    @Test func `the last valid value of journald's settings is in force`() {
        func file(_ text: String) -> UnitDirectoryEntry { .file(Array(text.utf8)) }
        let main = ConfigurationFile(
            Array("[Journal]\nStorage=none\nSeal=no\n".utf8), path: "/etc/systemd/journald.conf")
        let configuration = JournaldConfiguration(
            .merged(
                main: main,
                dropIns: [
                    DropInDirectory(
                        path: "/etc/d", entries: ["20.conf": .masked, "z.conf": .unreadable(reason: "no")]),
                    DropInDirectory(
                        path: "/usr/d",
                        entries: [
                            "10.conf": file("[Journal]\nStorage=persistent\nSeal=perhaps\n"),
                            "20.conf": file("[Journal]\nSeal=yes\n"),
                        ]),
                ]))
        #expect(
            configuration.storage
                == EffectiveSetting(.persistent, location: SettingLocation(path: "/usr/d/10.conf", line: 2)))
        #expect(
            configuration.seal
                == EffectiveSetting(false, location: SettingLocation(path: "/etc/systemd/journald.conf", line: 3)))
        #expect(configuration.unreadable == ["/etc/d/z.conf": "no"])
        let standard = JournaldConfiguration(.merged(main: nil, dropIns: []))
        #expect(standard.storage == EffectiveSetting(.auto))
        #expect(standard.seal == EffectiveSetting(true))
    }

    @Test(arguments: [0, 1, 262_140, 262_144, 300_000])
    func `the feature text is found wherever it stands`(offset: Int) throws {
        let text = Array("+PAM +AUDIT -GCRYPT +OPENSSL -ACL default-hierarchy=unified".utf8)
        let filler = [UInt8](repeating: UInt8(ascii: "x"), count: offset)
        let found = try #require(try SystemdFeatures.find(in: ByteArraySource(filler + text + [0])))
        #expect(found["GCRYPT"] == false)
        #expect(found["OPENSSL"] == true)
        #expect(found["default"] == nil)
        #expect(found.features.count == 5)
        #expect(found.offset == ByteOffset(UInt64(offset)))
    }

    @Test func `a text with too few features is none, and one behind the limit is not looked for`() throws {
        #expect(try SystemdFeatures.find(in: ByteArraySource(Array("see +PAM +AUDIT only".utf8))) == nil)
        let far = [UInt8](repeating: 0, count: 2000) + Array("+PAM +A +B +C +D +E".utf8)
        #expect(try SystemdFeatures.find(in: ByteArraySource(far), limit: ByteCount(1000)) == nil)
    }
}
