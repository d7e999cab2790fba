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
    /// Lines that grub-editenv would not write: a name with a line end in it (so that the line below is not a variable of
    /// its own), an empty name, a value without an end.
    public let malformedLines: [Int]

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
        var malformed: [Int] = []
        var position = GrubEnvironmentBlock.signature.utf8.count
        var line = 2
        let newline = UInt8(ascii: "\n")
        let backslash = UInt8(ascii: "\\")
        while position < bytes.count {
            let first = line
            if bytes[position] != UInt8(ascii: "#") {
                // The name goes to the next `=`, across line ends: GRUB does not look for them here.
                guard let equals = bytes[position...].firstIndex(of: UInt8(ascii: "=")) else {
                    if bytes[position...].contains(where: { $0 != newline }) { malformed.append(first) }
                    break
                }
                let name = bytes[position..<equals]
                var value: [UInt8] = []
                position = equals + 1
                while position < bytes.count, bytes[position] != newline {
                    if bytes[position] == backslash { position += 1 }
                    if position < bytes.count { value.append(bytes[position]) }
                    position += 1
                }
                guard position < bytes.count else {
                    malformed.append(first)
                    break
                }
                if name.isEmpty || name.contains(newline) || name.contains(backslash) { malformed.append(first) }
                line += name.count { $0 == newline } + value.count { $0 == newline }
                variables.append(
                    Variable(
                        name: String(decoding: name, as: UTF8.self), value: String(decoding: value, as: UTF8.self),
                        line: first))
            }
            while position < bytes.count, bytes[position] != newline {
                position += bytes[position] == backslash ? 2 : 1
            }
            position += 1
            line += 1
        }
        self.variables = variables
        malformedLines = malformed
        byteCount = bytes.count
    }

    /// The value of `name`: the last one, as GRUB sets them in order.
    public func value(of name: String) -> String? { variables.last { $0.name == name }?.value }
}
