import AssayBytes
import AssayPE

/// Makes small PE images.
struct PEFixture {
    var machine: UInt16 = 0x8664
    var sections: [(name: String, content: [UInt8], virtualSize: Int?)] = []
    var certificate: [UInt8] = []
    var is64Bit = true

    static let alignment = 512

    var bytes: [UInt8] {
        func le(_ value: Int, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        func padded(_ bytes: [UInt8]) -> [UInt8] {
            bytes + [UInt8](repeating: 0, count: (Self.alignment - bytes.count % Self.alignment) % Self.alignment)
        }
        var result: [UInt8] = Array("MZ".utf8) + [UInt8](repeating: 0, count: 0x3A) + le(0x80, 4)
        result += [UInt8](repeating: 0, count: 0x80 - result.count)
        let optionalSize = (is64Bit ? 112 : 96) + 16 * 8
        result += Array("PE\u{0}\u{0}".utf8) + le(Int(machine), 2) + le(sections.count, 2) + le(1_700_000_000, 4)
        result += le(0, 4) + le(0, 4) + le(optionalSize, 2) + le(0x22E, 2)

        var headers: [UInt8] = []
        var body: [UInt8] = []
        let headerSize = padded(result + [UInt8](repeating: 0, count: optionalSize + 40 * sections.count)).count
        for (index, section) in sections.enumerated() {
            let raw = padded(section.content)
            let name = Array(section.name.utf8)
            headers += name + [UInt8](repeating: 0, count: 8 - name.count)
            headers += le(section.virtualSize ?? section.content.count, 4) + le(0x1000 * (index + 1), 4)
            headers += le(raw.count, 4) + le(headerSize + body.count, 4) + le(0, 12) + le(0x4000_0040, 4)
            body += raw
        }
        var optional = le(is64Bit ? 0x20B : 0x10B, 2) + [UInt8](repeating: 0, count: optionalSize - 2)
        optional.replaceSubrange(68..<72, with: le(10, 2) + le(0x100, 2))
        let directories = is64Bit ? 108 : 92
        optional.replaceSubrange(directories..<(directories + 4), with: le(16, 4))
        if !certificate.isEmpty {
            let entry = directories + 4 + 4 * 8
            optional.replaceSubrange(
                entry..<(entry + 8), with: le(headerSize + body.count, 4) + le(certificate.count, 4))
        }
        result += optional + headers
        return padded(result) + body + certificate
    }

    var source: ByteArraySource { ByteArraySource(bytes) }

    /// A unified kernel image with everything that audits ask for.
    static let unified = PEFixture(sections: [
        (".text", [0xC3], nil), (".sbat", Array("sbat,1,SBAT Version,sbat,1,url\n".utf8), nil),
        (".osrel", Array("ID=azurelinux\nVERSION_ID=\"3.0\"\n".utf8), nil),
        (".cmdline", Array("console=ttyS0 lockdown=integrity\u{0}".utf8), nil),
        (".uname", Array("6.6.134.1-1.azl3".utf8), nil), (".linux", [UInt8](repeating: 7, count: 700), nil),
        (".initrd", [UInt8](repeating: 9, count: 1500), nil),
    ])
}
