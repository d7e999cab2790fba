import AssayBytes

/// An absolute path inside a subject, as bytes.
///
/// Names are kept as the file system gives them: any bytes but `/` and NUL. There is no `.` or `..` and no empty name.
public struct TreePath: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The names from the root down; empty for the root itself.
    public let names: [[UInt8]]

    /// The root of the subject.
    public static let root = TreePath(names: [])

    /// Makes a path of `names`.
    public init(names: [[UInt8]]) { self.names = names }

    /// Parses `text`, dropping empty names and `.`, and resolving `..` without leaving the root.
    public init(_ text: some Sequence<UInt8>) {
        var names: [[UInt8]] = []
        for piece in Array(text).split(separator: UInt8(ascii: "/")) {
            switch piece {
            case [0x2E]: continue
            case [0x2E, 0x2E]: _ = names.popLast()
            default: names.append(piece.prefix { $0 != 0 } + [])
            }
        }
        self.names = names.filter { !$0.isEmpty }
    }

    /// Parses the UTF-8 bytes of `text`.
    public init(_ text: String) { self.init(text.utf8) }

    /// Parses a literal.
    public init(stringLiteral value: String) { self.init(value.utf8) }

    /// The last name, escaped; `/` for the root.
    public var lastName: String { names.last.map { EscapedText($0).description } ?? "/" }

    /// The directory that holds this path; the root for the root.
    public var parent: TreePath { TreePath(names: names.dropLast()) }

    /// The path of `name` in this directory.
    public func appending(_ name: [UInt8]) -> TreePath { TreePath(names: names + [name]) }

    /// The path of `name` in this directory.
    public func appending(_ name: String) -> TreePath { TreePath(names: names + TreePath(name.utf8).names) }

    /// Whether this path is `directory` or lies below it.
    public func isInside(_ directory: TreePath) -> Bool { names.starts(with: directory.names) }

    /// The bytes relative to the root, without a leading slash; `.` for the root.
    public var relativeBytes: [UInt8] { names.isEmpty ? [0x2E] : Array(names.joined(separator: [0x2F])) }

    /// The path with a leading slash, escaped for display.
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(names.reduce(1) { $0 + $1.count + 1 })
        for name in names {
            text.append(UInt8(ascii: "/"))
            text += name
        }
        return text.isEmpty ? "/" : EscapedText(text).description
    }

    /// Orders by name, byte by byte, a directory before what it holds.
    public static func < (left: TreePath, right: TreePath) -> Bool {
        for (mine, other) in zip(left.names, right.names) where mine != other {
            return mine.lexicographicallyPrecedes(other)
        }
        return left.names.count < right.names.count
    }
}
