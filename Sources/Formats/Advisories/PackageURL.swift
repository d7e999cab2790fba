import AssayBytes

/// A package URL (https://github.com/package-url/purl-spec): which package, wherever it is kept.
public struct PackageURL: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes of one.
    public static let maximumLength = 2048

    /// The kind of package (`rpm`, `deb`), lower case.
    public let type: String
    /// The name space (`azurelinux`), its parts divided by `/`.
    public let namespace: String?
    /// The name.
    public let name: String
    /// The version.
    public let version: String?
    /// Further properties (`arch`, `distro`).
    public let qualifiers: [String: String]

    /// Makes one.
    public init(
        type: String, namespace: String? = nil, name: String, version: String? = nil, qualifiers: [String: String] = [:]
    ) {
        self.type = type.lowercased()
        self.namespace = namespace
        self.name = name
        self.version = version
        self.qualifiers = qualifiers
    }

    /// Reads one; nil for anything else.
    public init?(_ text: String) {
        guard text.utf8.count <= PackageURL.maximumLength, text.hasPrefix("pkg:") else { return nil }
        var rest = text.dropFirst(4).drop { $0 == "/" }
        if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
        var qualifiers: [String: String] = [:]
        if let mark = rest.firstIndex(of: "?") {
            for pair in rest[rest.index(after: mark)...].split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, let value = PackageURL.decoded(parts[1]), !parts[0].isEmpty else { return nil }
                qualifiers[parts[0].lowercased()] = value
            }
            rest = rest[..<mark]
        }
        var version: String?
        // An '@' of a name space is written as %40.
        if let mark = rest.lastIndex(of: "@"), !rest[mark...].contains("/") {
            guard let value = PackageURL.decoded(rest[rest.index(after: mark)...]), !value.isEmpty else { return nil }
            version = value
            rest = rest[..<mark]
        }
        var parts: [String] = []
        for part in rest.split(separator: "/") {
            guard let part = PackageURL.decoded(part), !part.isEmpty, !part.contains("/") else { return nil }
            parts.append(part)
        }
        guard parts.count >= 2, let name = parts.last, let type = parts.first else { return nil }
        let namespace = parts.dropFirst().dropLast().joined(separator: "/")
        self.init(
            type: type, namespace: namespace.isEmpty ? nil : namespace, name: name, version: version,
            qualifiers: qualifiers)
        let words = [type.lowercased()] + qualifiers.keys
        let isPlain = words.allSatisfy { word in
            word.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || ".+-_".utf8.contains($0)
            }
        }
        // Escapes make the canonical form longer than what was read.
        guard isPlain, description.utf8.count <= PackageURL.maximumLength else { return nil }
    }

    /// The canonical form.
    public var description: String {
        var text = "pkg:\(type)/"
        if let namespace {
            text += namespace.split(separator: "/").map { PackageURL.encoded(String($0)) }.joined(separator: "/") + "/"
        }
        text += PackageURL.encoded(name)
        if let version { text += "@" + PackageURL.encoded(version) }
        let pairs = qualifiers.sorted { $0.key < $1.key }.map { "\($0.key)=\(PackageURL.encoded($0.value))" }
        return pairs.isEmpty ? text : text + "?" + pairs.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || ".-_~:".utf8.contains(byte)
            bytes += isPlain ? [byte] : Array("%\(Hex.encode([byte]).uppercased())".utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)) else {
                return nil
            }
            bytes += value
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
