public import AssayBytes

/// The features that systemd was built with, as `systemctl --version` prints them.
///
/// The text (`+PAM +AUDIT -GCRYPT …`) is a constant in libsystemd-shared, or in the program itself when that is linked
/// statically.
public struct SystemdFeatures: Hashable, Sendable {
    /// Whether each feature is in, by name in capitals.
    public let features: [String: Bool]
    /// Where the text begins, in bytes from the start of the source.
    public let offset: ByteOffset

    /// Whether the feature `name` is in; nil when the text does not name it.
    public subscript(name: String) -> Bool? { features[name] }

    /// The fewest features that make a text believable.
    private static let leastCount = 5
    /// The longest text, in bytes.
    private static let textLimit = 4096

    /// Looks for the text in `source`.
    ///
    /// - Parameters:
    ///   - source: the library's bytes.
    ///   - limit: how many bytes to look at, from the first on.
    /// - Returns: the first believable text, or nil when there is none in what was looked at.
    /// - Throws: the source's own error.
    public static func find(in source: some ByteSource, limit: ByteCount = .mebibytes(64)) throws -> SystemdFeatures? {
        let windowSize = 256 << 10
        let end = min(source.size.rawValue, limit.rawValue)
        var start: UInt64 = 0
        while start < end {
            let window = try source.prefix(
                at: ByteOffset(start), atMost: Int(clamping: min(UInt64(windowSize + textLimit), end - start)))
            guard !window.isEmpty else { return nil }
            if let found = find(in: window, startingBefore: windowSize) {
                return SystemdFeatures(features: found.features, offset: ByteOffset(start + UInt64(found.offset)))
            }
            start += UInt64(windowSize)
        }
        return nil
    }

    private static func find(
        in window: [UInt8], startingBefore limit: Int
    ) -> (features: [String: Bool], offset: Int)? {
        let name = Array("PAM ".utf8)
        var index = 1
        while index + name.count <= window.count, index <= limit {
            defer { index += 1 }
            guard window[index] == name[0], window[index + 1] == name[1], window[index + 2] == name[2],
                window[index + 3] == name[3], isSign(window[index - 1])
            else { continue }
            let (features, length) = parse(window[(index - 1)...].prefix(textLimit))
            if features.count >= leastCount { return (features, index - 1) }
            // What lies inside a text with too few features has no more of them.
            index += max(length - name.count - 1, 0)
        }
        return nil
    }

    /// Reads words of a sign and a name, one space apart, as far as they go.
    private static func parse(_ bytes: ArraySlice<UInt8>) -> (features: [String: Bool], length: Int) {
        var result: [String: Bool] = [:]
        var rest = bytes
        while let sign = rest.first, isSign(sign) {
            let name = rest.dropFirst().prefix(while: isNameByte)
            guard !name.isEmpty else { break }
            result[String(decoding: name, as: UTF8.self)] = sign == UInt8(ascii: "+")
            rest = rest.dropFirst(1 + name.count)
            guard rest.first == UInt8(ascii: " ") else { break }
            rest = rest.dropFirst()
        }
        return (result, bytes.count - rest.count)
    }

    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
