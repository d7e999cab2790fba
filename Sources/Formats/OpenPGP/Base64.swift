/// The radix-64 of armor, decoded as strictly as it is written (RFC 9580, section 6).
enum Base64 {
    /// The value of each character; 0xFF for one that is not of the alphabet.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    /// Decodes characters without white space: whole quadruples, at most two `=`, only at the end, unused bits zero.
    ///
    /// - Returns: nil where the text breaks one of those rules.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var padding = 0
        while padding < 2, padding < text.count, text[text.count - 1 - padding] == 0x3D { padding += 1 }
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        for index in 0..<(text.count - padding) {
            let value = values[Int(text[index])]
            guard value != 0xFF else { return nil }
            group = group << 6 | UInt32(value)
            guard index % 4 == 3 else { continue }
            result.append(UInt8(group >> 16 & 0xFF))
            result.append(UInt8(group >> 8 & 0xFF))
            result.append(UInt8(group & 0xFF))
            group = 0
        }
        switch padding {
        case 1:
            guard group & 0x3 == 0 else { return nil }
            result += [UInt8(group >> 10 & 0xFF), UInt8(group >> 2 & 0xFF)]
        case 2:
            guard group & 0xF == 0 else { return nil }
            result.append(UInt8(group >> 4 & 0xFF))
        default: break
        }
        return result
    }
}

/// The 24-bit checksum of armor (RFC 9580, section 6.1): it finds slips of the pen, not attacks.
enum CRC24 {
    private static let table: [UInt32] = (0..<256).map { index in
        var remainder = UInt32(index) << 16
        for _ in 0..<8 {
            remainder <<= 1
            if remainder & 0x100_0000 != 0 { remainder ^= 0x186_4CFB }
        }
        return remainder & 0xFF_FFFF
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xB7_04CE
        for byte in bytes { value = (value << 8 ^ table[Int((value >> 16 ^ UInt32(byte)) & 0xFF)]) & 0xFF_FFFF }
        return value
    }
}
