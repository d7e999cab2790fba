/// A GRUB environment block, such as `grubenv` or Azure Linux's `mariner.cfg` and `systemd.cfg`.
///
/// A signature line, `name=value` lines in which a backslash protects a backslash or a line feed, then `#` up to the end;
/// 1024 bytes when grub-editenv made it. <https://www.gnu.org/software/grub/manual/grub/html_node/Environment-block.html>
public struct GrubEnvironmentBlock: Hashable, Sendable {
    /// Why bytes are not an environment block.
    public struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        /// The sentence for people.
        public let description: String
    }

    /// One variable.
    public struct Variable: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The value, without its escapes.
        public let value: String
        /// The line, counted from 1.
        public let line: Int
    }

    /// The first line, which GRUB insists on.
    public static let signature = "# GRUB Environment Block\n"
    /// The size that grub-editenv gives a block.
    public static let usualByteCount = 1024
    /// The largest block that is read here.
    public static let maximumByteCount = 1 << 20

    /// The variables in order; when a name occurs twice, GRUB sets the last.
    public let variables: [Variable]
    /// The number of bytes of the block.
    public let byteCount: Int
    /// Lines that are neither a comment nor a variable; GRUB skips them.
    public let ignoredLines: [Int]

    /// Reads a block.
    ///
    /// - Throws: `Malformed` when the signature is missing or the block is too large.
    public init(_ bytes: [UInt8]) throws(Malformed) {
        guard bytes.starts(with: Array(GrubEnvironmentBlock.signature.utf8)) else {
            throw Malformed(description: "not a GRUB environment block: the signature line is missing")
        }
        guard bytes.count <= GrubEnvironmentBlock.maximumByteCount else {
            throw Malformed(description: "GRUB environment block of \(bytes.count) bytes is too large")
        }
        var variables: [Variable] = []
        var ignored: [Int] = []
        var position = GrubEnvironmentBlock.signature.utf8.count
        var line = 2
        while position < bytes.count {
            let first = line
            let start = position
            var text: [UInt8] = []
            var equals: Int?
            let isComment = bytes[position] == UInt8(ascii: "#")
            while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
                if !isComment, bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count {
                    position += 1
                    if bytes[position] == UInt8(ascii: "\n") { line += 1 }
                } else if equals == nil, bytes[position] == UInt8(ascii: "=") {
                    equals = text.count
                }
                text.append(bytes[position])
                position += 1
            }
            let isTerminated = position < bytes.count
            position += 1
            line += 1
            guard !isComment, position - start > 1 else { continue }
            // GRUB only takes a value that a line feed ends.
            guard let equals, equals > 0, isTerminated else {
                ignored.append(first)
                continue
            }
            variables.append(
                Variable(
                    name: String(decoding: text[..<equals], as: UTF8.self),
                    value: String(decoding: text[(equals + 1)...], as: UTF8.self), line: first))
        }
        self.variables = variables
        ignoredLines = ignored
        byteCount = bytes.count
    }

    /// The value of `name`: the last one, as GRUB sets them in order.
    public func value(of name: String) -> String? { variables.last { $0.name == name }?.value }
}
