import AssayBytes

/// A location of a file inside a repository, relative to its root, that cannot lead out of it.
public struct RepositoryPath: Hashable, Sendable, CustomStringConvertible {
    /// The path as the metadata has it.
    public let description: String

    /// Checks `path`.
    ///
    /// Refused: an empty or absolute path, a URL, empty, `.` and `..` components, control characters, backslashes,
    /// queries and fragments, and all of these written with percent signs.
    public init?(_ path: String) {
        guard RepositoryPath.isRelative(path), let decoded = RepositoryPath.percentDecoded(path) else { return nil }
        // A client may decode the path or not: both readings must stay inside, with the same components.
        guard RepositoryPath.isRelative(decoded), decoded.utf8.count(of: "/") == path.utf8.count(of: "/") else {
            return nil
        }
        description = path
    }

    /// Looks at bytes: a character of Swift's can be a slash with an accent, and that is a slash to every client.
    private static func isRelative(_ path: String) -> Bool {
        let bytes = path.utf8
        guard !bytes.isEmpty, bytes.count <= 4096 else { return false }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && !"\\?#".utf8.contains($0) }) else { return false }
        let components = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        // A colon in the first component makes it a URL with a scheme (RFC 3986, section 4.2).
        guard components.first?.contains(UInt8(ascii: ":")) == false else { return false }
        return !components.contains {
            $0.isEmpty || $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8)
        }
    }

    private static func percentDecoded(_ path: String) -> String? {
        var result: [UInt8] = []
        var rest = Array(path.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard rest.count >= 2, let value = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)) else {
                return nil
            }
            result += value
            rest = rest.dropFirst(2)
        }
        return String(validating: result, as: UTF8.self)
    }
}

extension Sequence where Element == UInt8 {
    fileprivate func count(of character: Unicode.Scalar) -> Int {
        reduce(0) { $1 == UInt8(ascii: character) ? $0 + 1 : $0 }
    }
}
