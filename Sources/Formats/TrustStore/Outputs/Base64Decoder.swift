/// Base64 (RFC 4648, section 4), strict: padding is needed, unused bits are zero, and there is no space.
struct Base64Decoder {
    private var bytes: [UInt8] = []
    private var group: UInt32 = 0
    private var count = 0
    private var padding = 0

    /// Decodes a line; false when it is none.
    mutating func append(_ line: ArraySlice<UInt8>) -> Bool {
        for character in line {
            if character == 0x3D {
                padding += 1
                guard padding <= 2, count % 4 >= 2 else { return false }
                group <<= 6
            } else {
                guard padding == 0, let value = Base64Decoder.value(character) else { return false }
                group = group << 6 | UInt32(value)
            }
            count += 1
            guard count % 4 == 0 else { continue }
            let unused: UInt32 = padding == 0 ? 0 : padding == 1 ? 0xFF : 0xFFFF
            guard group & unused == 0 else { return false }
            for index in 0..<(3 - padding) { bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index))) }
            group = 0
        }
        return true
    }

    /// The bytes, or nil when the last group is not whole.
    func finish() -> [UInt8]? { count % 4 == 0 ? bytes : nil }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x61...0x7A: character - 0x61 + 26
        case 0x30...0x39: character - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
