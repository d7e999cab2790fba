import AssayBytes

/// The name of a file of `/var/lib/apt/lists`: the URI it was fetched from, written as a file name.
///
/// apt leaves out the scheme and the user, writes `/` as `_`, and `_` and other marks as `%` with two hexadecimal digits
/// (`URItoFileName`, <https://salsa.debian.org/apt-team/apt>, apt-pkg/contrib/strutl.cc).
public struct AptListName: Hashable, Sendable {
    /// Host and path between slashes, such as `deb.debian.org/debian/dists/bookworm/InRelease`.
    public let location: [UInt8]

    /// The host; empty for a `file:` repository.
    public var host: [UInt8] { Array(location.prefix { $0 != 0x2F }) }

    /// The last component, such as `InRelease` or `Packages.lz4`.
    public var fileName: [UInt8] {
        Array(location[(location.lastIndex(of: 0x2F).map { $0 + 1 } ?? 0)...])
    }

    /// Host and path up to the last slash, without it.
    public var directory: [UInt8] {
        Array(location[..<(location.lastIndex(of: 0x2F) ?? location.startIndex)])
    }

    /// The repository's root and the suite's path below its `dists`, of a Release or InRelease file that is in one.
    ///
    /// Packages' `Filename` is relative to the root. Nil for a flat repository, whose root is `directory`.
    public var repository: (root: [UInt8], suite: [UInt8])? {
        let parts = location.split(separator: 0x2F, omittingEmptySubsequences: false).map { Array($0) }
        guard let dists = parts.lastIndex(of: Array("dists".utf8)), dists + 2 < parts.count else { return nil }
        return (
            Array(parts[..<dists].joined(separator: [0x2F])),
            Array(parts[(dists + 1)..<(parts.count - 1)].joined(separator: [0x2F]))
        )
    }

    /// Reads a file name.
    ///
    /// - Returns: nil for what apt does not write: a slash, a control character, a `%` without two digits.
    public init?(_ name: [UInt8]) {
        guard !name.isEmpty else { return nil }
        var location: [UInt8] = []
        var rest = name[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x5F: location.append(0x2F)
            case 0x25:
                guard rest.count >= 2, let value = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)) else {
                    return nil
                }
                location += value
                rest = rest.dropFirst(2)
            case 0x2F, 0...0x20, 0x7F...: return nil
            default: location.append(byte)
            }
        }
        self.location = location
    }

    /// The name that apt gives a file that was fetched from `location`.
    public static func encode(_ location: some Sequence<UInt8>) -> [UInt8] {
        let escaped = Array("\\|{}[]<>\"^~_=!@#$%&*".utf8)
        return location.flatMap { byte -> [UInt8] in
            if byte == 0x2F { return [0x5F] }
            guard byte <= 0x20 || byte >= 0x7F || escaped.contains(byte) else { return [byte] }
            return [0x25] + Hex.encode([byte]).utf8
        }
    }

    /// The name of the file for the index at `path`, of the repository whose Release file this is.
    ///
    /// apt may keep it compressed; then an extension such as `.lz4` follows.
    public func name(ofIndex path: String) -> [UInt8] { Self.encode(directory + [0x2F] + path.utf8) }
}
