public import AssayBytes

/// An `ar` archive, read as far as Debian packages use it.
///
/// <https://manpages.debian.org/bookworm/dpkg-dev/deb.5.en.html>: plain names of up to 16 bytes, decimal numbers.
public struct ArArchive: Hashable, Sendable {
    /// A member.
    public struct Member: Hashable, Sendable {
        /// The name without its padding and without the slash that System V writes behind it.
        public let name: [UInt8]
        /// Where its header of 60 bytes is.
        public let header: ByteOffset
        /// Its content.
        public let content: ByteExtent
        /// Seconds since 1970.
        public let modification: UInt64
        /// The owner.
        public let owner: UInt64
        /// The group.
        public let group: UInt64
        /// The POSIX mode.
        public let mode: UInt64
    }

    /// The members in their order.
    public let members: [Member]
    /// What was odd, without making the archive unreadable.
    public let remarks: [String]

    /// The most members; a package has three and perhaps a signature.
    public static let maximumMembers = 64

    static let magic = Array("!<arch>\n".utf8)
    private static let headerSize = 60

    /// Reads the members' headers.
    ///
    /// - Throws: `DebianArchiveError`, or the source's own error.
    public init(_ source: any ByteSource) throws {
        guard try source.prefix(at: .zero, atMost: Self.magic.count) == Self.magic else {
            throw DebianArchiveError(code: .notAnArchive, offset: .zero, detail: "no ar archive begins so")
        }
        var members: [Member] = []
        var remarks: [String] = []
        var position = UInt64(Self.magic.count)
        let size = source.size.rawValue
        while position < size {
            guard members.count < Self.maximumMembers else {
                throw DebianArchiveError.limit(position, "more than \(Self.maximumMembers) members")
            }
            let header = try source.prefix(at: ByteOffset(position), atMost: Self.headerSize)
            guard header.count == Self.headerSize else {
                throw DebianArchiveError.truncated(position, "a member's header needs \(Self.headerSize) bytes")
            }
            let member = try Self.member(header, at: position)
            let start = member.content.offset.rawValue
            let count = member.content.count.rawValue
            guard count <= size - start else {
                throw DebianArchiveError.truncated(
                    start, "'\(EscapedText(member.name))' has \(count) bytes, of which \(size - start) are there")
            }
            members.append(member)
            // Ten decimal digits behind a position inside the file stay far below 64 bits.
            position = start + count
            guard count % 2 == 1 else { continue }
            // The padding may be missing at the end of the file.
            let padding = try source.prefix(at: ByteOffset(position), atMost: 1)
            if let byte = padding.first, byte != 0x0A { remarks.append("padding that is no line feed") }
            position += UInt64(padding.count)
        }
        self.members = members
        self.remarks = remarks
    }

    private static func member(_ header: [UInt8], at position: UInt64) throws(DebianArchiveError) -> Member {
        guard header[58] == 0x60, header[59] == 0x0A else {
            throw .malformed(position + 58, "a member's header does not end as it must")
        }
        var name = Array(header[..<16])
        while name.last == 0x20 { name.removeLast() }
        if name.count > 1, name.last == 0x2F { name.removeLast() }
        guard !name.isEmpty, name.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != 0x2F }),
            !name.starts(with: Array("#1".utf8))
        else { throw .malformed(position, "the member name '\(EscapedText(name))'") }
        func number(_ start: Int, _ count: Int, _ radix: UInt64, _ what: String) throws(DebianArchiveError) -> UInt64 {
            guard let value = NumberField.parse(header[start..<(start + count)], radix: radix) else {
                throw .malformed(position + UInt64(start), "a member's \(what) is not a number")
            }
            return value
        }
        let size = try number(48, 10, 10, "size")
        return Member(
            name: name, header: ByteOffset(position),
            content: ByteExtent(offset: ByteOffset(position + UInt64(headerSize)), count: ByteCount(size)),
            modification: try number(16, 12, 10, "time"), owner: try number(28, 6, 10, "owner"),
            group: try number(34, 6, 10, "group"), mode: try number(40, 8, 8, "mode"))
    }
}
