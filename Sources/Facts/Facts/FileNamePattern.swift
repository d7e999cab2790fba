/// A pattern of file names: `*` is any text, `?` any one character, everything else itself; case does not count for the
/// letters A to Z.
public struct FileNamePattern: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes of a pattern: no file name is longer (`NAME_MAX`, limits.h).
    public static let maximumLength = 255

    /// The pattern as it was written.
    public let description: String
    private let scalars: [Unicode.Scalar]

    /// Reads a pattern; nil when it is empty or longer than `maximumLength`, or holds `/` or a control character.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.maximumLength else { return nil }
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control && $0 != "/" }) else {
            return nil
        }
        description = text
        // Several asterisks in a row say no more than one.
        var scalars: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars.map(Self.folded) where scalar != "*" || scalars.last != "*" {
            scalars.append(scalar)
        }
        self.scalars = scalars
    }

    /// Whether the whole of `name`, which is no path, is of the pattern.
    ///
    /// Only the last asterisk is ever tried again, so that the work is at most the product of the two lengths.
    public func matches(_ name: String) -> Bool {
        let name = name.unicodeScalars.map(Self.folded)
        var place = 0
        var position = 0
        var retry: (place: Int, position: Int)?
        while position < name.count {
            if place < scalars.count, scalars[place] == "*" {
                place += 1
                retry = (place, position)
            } else if place < scalars.count, scalars[place] == "?" || scalars[place] == name[position] {
                place += 1
                position += 1
            } else if let last = retry {
                position = last.position + 1
                place = last.place
                retry = (place, position)
            } else {
                return false
            }
        }
        return scalars[place...].allSatisfy { $0 == "*" }
    }

    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard ("A"..."Z").contains(scalar) else { return scalar }
        return Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value) | 0x20)
    }
}

extension PinnedKeyFacts {
    /// Whether the source of the key publishes files of the name at the end of `path`.
    public func publishes(fileNamed path: String) -> Bool {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        return fileNames.contains { FileNamePattern($0)?.matches(name) ?? false }
    }
}
