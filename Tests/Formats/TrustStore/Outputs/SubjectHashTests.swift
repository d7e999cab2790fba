import AssayTestSupport
import Testing

@testable import AssayTrustStore

struct SubjectHashTests {
    /// Types of string: UTF8, Numeric, Printable, T61, IA5, Universal, BMP.
    static let stringTags: [UInt8] = [12, 18, 19, 20, 22, 28, 30]

    @Test(arguments: [
        // Recorded from OpenSSL 3.0.19.
        ("no attribute", [0x30, 0x00] as [UInt8], 0xEEA3_39DA as UInt32?),
        ("a set without attributes", [0x30, 0x02, 0x31, 0x00], 0xEEA3_39DA),
        ("no sequence", [0x31, 0x00], nil),
        ("nothing", [], nil),
        ("trailing bytes", [0x30, 0x00, 0x00], nil),
        ("UTF-8 that is none", OutputFixture.name(OutputFixture.string(12, [0xFF])), nil),
        ("half a character of a BMPString", OutputFixture.name(OutputFixture.string(30, [0x00])), nil),
        ("a surrogate in a BMPString", OutputFixture.name(OutputFixture.string(30, [0xD8, 0x00])), nil),
        ("a number beyond Unicode", OutputFixture.name(OutputFixture.string(28, [0, 0x11, 0, 0])), nil),
    ])
    func `names at the edge`(name: String, der: [UInt8], hash: UInt32?) {
        #expect(SubjectHash.current(der) == hash)
    }

    @Test func `writing a name in another case, width or type does not change its hash`() {
        let plain = SubjectHash.current(OutputFixture.name(OutputFixture.string(12, "a ca".utf8)))
        for text in ["A CA", " a  ca ", "a\t\n ca"] {
            #expect(SubjectHash.current(OutputFixture.name(OutputFixture.string(19, text.utf8))) == plain)
        }
        let wide: [UInt8] = [0, 0x41, 0, 0x20, 0, 0x43, 0, 0x41]
        #expect(SubjectHash.current(OutputFixture.name(OutputFixture.string(30, wide))) == plain)
        #expect(SubjectHash.current(OutputFixture.name(OutputFixture.string(18, "a ca".utf8))) != plain)
    }

    @Test func `a hash is written with eight digits`() {
        #expect(SubjectHash.text(0xAB) == "000000ab")
        #expect(SubjectHash.text(0xFFFF_FFFF) == "ffffffff")
    }

    @Test(.enabled(if: isAvailable("openssl")))
    func `both hashes are those of OpenSSL, and a name that it refuses has none`() throws {
        var numbers = SeededNumbers(state: 7)
        let names = (0..<400).map { _ in SubjectHashTests.generatedName(&numbers) }
        let directory = ScratchDirectory()
        for (index, name) in names.enumerated() {
            var text: [UInt8] = []
            PEMText.append(SubjectHashTests.certificate(subject: name, serial: index), .certificate, to: &text)
            try directory.write("certificates/\(index).pem", text)
        }
        // Links by both hashes, which one process makes for all files; a file that it cannot read gets none.
        shell("openssl rehash -compat certificates 2>/dev/null", in: directory.path)
        let links = shell("find certificates -type l -printf '%l %f\\n'", in: directory.path).text
        var hashes: [String: Set<String>] = [:]
        for link in links.split(separator: "\n") {
            let parts = link.split(separator: " ")
            hashes[String(parts[0]), default: []].insert(String(parts[1].prefix(8)))
        }
        for (index, name) in names.enumerated() {
            guard let both = hashes["\(index).pem"] else {
                #expect(SubjectHash.current(name) == nil, "\(name)")
                continue
            }
            let current = try #require(SubjectHash.current(name), "\(name)")
            #expect([SubjectHash.text(current), SubjectHash.text(SubjectHash.old(name))] == both, "\(name)")
        }
        #expect((300..<400).contains(hashes.count), "\(hashes.count) of the generated names were read")
    }

    @Test func `broken names never crash`() {
        var numbers = SeededNumbers(state: 3)
        for _ in 0..<40 {
            let name = SubjectHashTests.generatedName(&numbers)
            for length in 0..<min(name.count, 60) { _ = SubjectHash.current(Array(name[..<length])) }
            for bit in 0..<min(name.count * 8, 200) {
                var flipped = name
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                _ = SubjectHash.current(flipped)
            }
        }
    }

    private static func generatedName(_ numbers: inout SeededNumbers) -> [UInt8] {
        let characters = Array("aAbZ09 \t .-_ÄßéІ漢🔒")
        var body: [UInt8] = []
        for _ in 0..<Int.random(in: 0...3, using: &numbers) {
            var attributes: [[UInt8]] = []
            for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                let text = String(
                    (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
                        characters[Int.random(in: 0..<characters.count, using: &numbers)]
                    })
                let tag = stringTags[Int.random(in: 0..<stringTags.count, using: &numbers)]
                let bytes: [UInt8] =
                    switch tag {
                    case 28:
                        text.unicodeScalars.flatMap {
                            [0, UInt8($0.value >> 16), UInt8($0.value >> 8 & 255), UInt8($0.value & 255)]
                        }
                    case 30: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
                    case 12 where Bool.random(using: &numbers): Array(text.utf8)
                    case 12: Array(text.utf8) + (Int.random(in: 0..<4, using: &numbers) == 0 ? [0xFF] : [])
                    default: Array(text.utf8)
                    }
                let last = UInt8.random(in: 3...11, using: &numbers)
                attributes.append(
                    OutputFixture.string(0x30, [0x06, 0x03, 0x55, 0x04, last] + OutputFixture.string(tag, bytes)))
            }
            attributes.sort { $0.lexicographicallyPrecedes($1) }
            body += OutputFixture.string(0x31, attributes.flatMap { $0 })
        }
        return OutputFixture.string(0x30, body)
    }

    /// A certificate for OpenSSL's reader; the signature is nobody's.
    private static func certificate(subject: [UInt8], serial: Int) -> [UInt8] {
        let algorithm: [UInt8] = [0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70]
        let validity = OutputFixture.string(
            0x30, OutputFixture.string(23, "200101000000Z".utf8) + OutputFixture.string(23, "400101000000Z".utf8))
        let key = OutputFixture.string(0x30, algorithm + OutputFixture.string(3, [UInt8](repeating: 0, count: 33)))
        let body = OutputFixture.string(
            0x30,
            [0x02, 0x02, 0x40 | UInt8(serial >> 8), UInt8(serial & 255)] + algorithm + [0x30, 0x00] + validity + subject
                + key)
        return OutputFixture.string(
            0x30, body + algorithm + OutputFixture.string(3, [UInt8](repeating: 0, count: 65)))
    }
}
