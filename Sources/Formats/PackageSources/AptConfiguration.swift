/// The configuration of apt, from one file or several read in turn.
///
/// A tree of names, which are not case-sensitive; lists are nodes without a name. A later value replaces an earlier one,
/// lists grow, `#clear` empties. `#include` is not followed: the file it names is a diagnostic.
/// https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html
public struct AptConfiguration: Hashable, Sendable {
    /// A value and where it was set last.
    public struct Value: Hashable, Sendable {
        /// The text between the quotes.
        public let text: String
        /// The line that its statement ends on.
        public let position: SourcePosition
    }

    /// The deepest nesting of names.
    static let maximumDepth = 32

    /// What cannot be read, or is not followed.
    ///
    /// apt stops at the first that is not `#include`.
    public internal(set) var diagnostics: [SourceDiagnostic] = []
    private var root = Node(tag: "")

    /// Makes a configuration without any value.
    public init() {}

    /// Reads one more file, whose values count more than those read before.
    ///
    /// apt reads `/etc/apt/apt.conf.d`, names for which `isPartName` is true in the order of their bytes, and then
    /// `/etc/apt/apt.conf`.
    public mutating func read(_ bytes: [UInt8], path: String) {
        var parser = AptConfigurationParser(path: path)
        for statement in parser.statements(bytes) { apply(statement, path: path, &parser.log) }
        diagnostics += parser.log.entries
    }

    /// Whether apt reads a file of this name in `apt.conf.d`.
    ///
    /// Letters, digits, `_`, `-` and `.` only, and `conf` or nothing behind the last dot.
    public static func isPartName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first != 0x2E else { return false }
        let isAllowed: (UInt8) -> Bool = { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x2D || byte == 0x2E || byte == 0x5F
        }
        guard name.utf8.allSatisfy(isAllowed) else { return false }
        guard let dot = name.utf8.lastIndex(of: 0x2E) else { return true }
        return name.utf8[dot...].elementsEqual(".conf".utf8)
    }

    /// The value of `name` (`APT::Get::AllowUnauthenticated`), or nil when it was never set or was cleared.
    public subscript(name: String) -> Value? { node(name)?.value }

    /// The truth of `name`, or nil when it is not set or apt takes its value for neither.
    public func boolean(_ name: String) -> Bool? { self[name].flatMap { AptBoolean.parse($0.text) } }

    /// The values below `name` that have no name of their own, in order.
    public func list(_ name: String) -> [Value] {
        (node(name)?.children ?? []).filter { $0.tag.isEmpty }.compactMap(\.value)
    }

    /// The names directly below `name`, as first written.
    public func names(below name: String) -> [String] { (node(name)?.children ?? []).map(\.tag).filter { !$0.isEmpty } }

    /// Every name with its value, as `apt-config dump` lists them: `A::B "value";`.
    public func dump() -> [String] {
        var lines: [String] = []
        AptConfiguration.dump(root, prefix: "", into: &lines)
        return lines
    }

    private static func dump(_ node: Node, prefix: String, into lines: inout [String]) {
        // As deep as the tree, which `maximumDepth` bounds.
        for child in node.children {
            let name = prefix.isEmpty ? child.tag : prefix + "::" + child.tag
            lines.append("\(name) \"\(child.value?.text ?? "")\";")
            dump(child, prefix: name, into: &lines)
        }
    }

    private func node(_ name: String) -> Node? {
        var node = root
        for part in AptConfiguration.parts(name) {
            guard let index = node.index[part.lowercased()] else { return nil }
            node = node.children[index]
        }
        return node
    }

    private static func parts(_ name: String) -> [String] {
        var parts: [String] = []
        var rest = name.utf8[...]
        while let colon = rest.indices.first(where: { index in
            let next = rest.index(after: index)
            return rest[index] == 0x3A && next != rest.endIndex && rest[next] == 0x3A
        }) {
            parts.append(String(Substring(rest[..<colon])))
            rest = rest[rest.index(colon, offsetBy: 2)...]
        }
        parts.append(String(Substring(rest)))
        return parts
    }

    private mutating func apply(_ statement: AptStatement, path: String, _ log: inout DiagnosticLog) {
        let position = SourcePosition(path: path, line: statement.line)
        switch statement.action {
        case .set(let name, let text):
            let parts = AptConfiguration.parts(name)
            guard parts.count <= AptConfiguration.maximumDepth else {
                return log.report(statement.line, "nested deeper than \(AptConfiguration.maximumDepth) names")
            }
            root.set(parts[...], Value(text: text, position: position))
        case .clear(let name):
            let parts = AptConfiguration.parts(name)
            guard parts.count <= AptConfiguration.maximumDepth else { return }
            root.clear(parts[...])
        case .include(let file): log.report(statement.line, "'\(file)' is included and was not read")
        }
    }

    /// A name with its value and the names below it.
    private struct Node: Hashable, Sendable {
        let tag: String
        var value: Value?
        var children: [Node] = []
        /// Where a named child stands, by its name in lower case.
        var index: [String: Int] = [:]

        init(tag: String) { self.tag = tag }

        mutating func set(_ parts: ArraySlice<String>, _ value: Value) {
            guard let part = parts.first else {
                self.value = value
                return
            }
            children[child(part)].set(parts.dropFirst(), value)
        }

        mutating func clear(_ parts: ArraySlice<String>) {
            guard let part = parts.first else {
                value = nil
                children = []
                index = [:]
                return
            }
            guard let position = index[part.lowercased()] else { return }
            children[position].clear(parts.dropFirst())
        }

        /// The position of the child `part`; one without a name is always new.
        private mutating func child(_ part: String) -> Int {
            let key = part.lowercased()
            if !part.isEmpty, let position = index[key] { return position }
            children.append(Node(tag: part))
            if !part.isEmpty { index[key] = children.count - 1 }
            return children.count - 1
        }
    }
}
