import AssayBytes
import AssayTestSupport

/// An ar archive of these members.
func ar(_ members: [(name: String, content: [UInt8])]) -> [UInt8] {
    var bytes = Array("!<arch>\n".utf8)
    for member in members {
        func field(_ text: String, _ count: Int) -> [UInt8] {
            Array(text.utf8) + [UInt8](repeating: 0x20, count: count - text.utf8.count)
        }
        bytes += field(member.name, 16) + field("1700000000", 12) + field("0", 6) + field("0", 6) + field("100644", 8)
        bytes += field("\(member.content.count)", 10) + [0x60, 0x0A] + member.content
        if member.content.count % 2 == 1 { bytes.append(0x0A) }
    }
    return bytes
}

/// One tar entry with its content and padding.
func tarEntry(
    _ name: String, _ content: [UInt8] = [], type: Character = "0", size: [UInt8]? = nil, link: String = "",
    prefix: String = ""
) -> [UInt8] {
    func field(_ bytes: [UInt8], _ count: Int) -> [UInt8] { bytes + [UInt8](repeating: 0, count: count - bytes.count) }
    func octal(_ value: Int, _ count: Int) -> [UInt8] {
        let digits = String(value, radix: 8)
        return Array((String(repeating: "0", count: count - 1 - digits.count) + digits).utf8) + [0]
    }
    var header = field(Array(name.utf8), 100) + octal(0o644, 8) + octal(1, 8) + octal(2, 8)
    header += size ?? octal(content.count, 12)
    header += octal(1_700_000_000, 12) + [UInt8](repeating: 0x20, count: 8) + Array(String(type).utf8)
    header += field(Array(link.utf8), 100) + Array("ustar\u{0}00".utf8) + field(Array("user".utf8), 32)
    header += field(Array("group".utf8), 32) + octal(0, 8) + octal(0, 8) + field(Array(prefix.utf8), 155)
    header = field(header, 512)
    let sum = header.reduce(0) { $0 + Int($1) }
    header.replaceSubrange(148..<156, with: octal(sum, 7) + [0x20])
    return header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
}

/// A pax record with its length.
func paxRecord(_ keyword: String, _ value: String) -> [UInt8] {
    let rest = " \(keyword)=\(value)\n".utf8.count
    var length = rest + 1
    while "\(length)".utf8.count + rest != length { length = "\(length)".utf8.count + rest }
    return Array("\(length) \(keyword)=\(value)\n".utf8)
}

/// The end of a tar archive.
let tarEnd = [UInt8](repeating: 0, count: 1024)

/// Hands `body` the cut, flipped and mutated forms of `bytes`.
func forHostileForms(_ bytes: [UInt8], cutStep: Int, flipStep: Int, mutations: Int, _ body: ([UInt8]) -> Void) {
    for count in stride(from: 0, to: bytes.count, by: cutStep) { body(Array(bytes.prefix(count))) }
    for index in stride(from: 0, to: bytes.count, by: flipStep) {
        var altered = bytes
        altered[index] ^= 1 << UInt8(index % 8)
        body(altered)
    }
    var numbers = SeededNumbers(state: 3)
    for _ in 0..<mutations {
        var altered = bytes
        for _ in 0..<Int.random(in: 1...8, using: &numbers) {
            let index = Int.random(in: 0..<altered.count, using: &numbers)
            altered[index] =
                [UInt8.random(in: 0...255, using: &numbers), 0, 0xFF, 0x0A, 0x20, 0x39][
                    Int.random(in: 0..<6, using: &numbers)]
        }
        body(altered)
    }
}
