/// Base64 (RFC 4648, section 4), strict: padding is needed, unused bits are zero, and there is no space.
struct Base64Decoder {
    private var bytes: [UInt8] = []
    private var group: UInt32 = 0
    private var count = 0
    private var padding = 0

    /// Decodes a line; false when it is none.
    mutating func append(_ line: ArraySlice<UInt8>) -> Bool {
        for character in line.dropFirst(appendGroups(line)) {
            if character == 0x3D {
                padding += 1
                guard padding <= 2, count % 4 >= 2 else { return false }
                group <<= 6
            } else {
                let value = Base64Decoder.values[Int(character)]
                guard padding == 0, value < 64 else { return false }
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

    /// Decodes the whole groups without padding that the line begins with: nearly all.
    ///
    /// - Returns: how many characters they have.
    private mutating func appendGroups(_ line: ArraySlice<UInt8>) -> Int {
        guard padding == 0, count % 4 == 0 else { return 0 }
        let values = Base64Decoder.values
        var index = line.startIndex
        while index + 4 <= line.endIndex {
            let first = values[Int(line[index])]
            let second = values[Int(line[index + 1])]
            let third = values[Int(line[index + 2])]
            let fourth = values[Int(line[index + 3])]
            guard first | second | third | fourth < 64 else { break }
            bytes.append(first << 2 | second >> 4)
            bytes.append(second << 4 | third >> 2)
            bytes.append(third << 6 | fourth)
            index += 4
        }
        count += index - line.startIndex
        return index - line.startIndex
    }

    /// The value of each character; 64 and more for what is none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
}
