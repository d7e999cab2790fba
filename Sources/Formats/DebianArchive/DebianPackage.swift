public import AssayBytes

/// A Debian binary package: where its parts are.
///
/// <https://manpages.debian.org/bookworm/dpkg-dev/deb.5.en.html>. Nothing in a package signs it: `_gpg…` members of
/// debsigs and dpkg-sig are extra members here.
public struct DebianPackage: Hashable, Sendable {
    /// How an archive in a package is compressed, by its member's name.
    public enum Compression: String, Hashable, Sendable, CaseIterable {
        /// Not at all.
        case none = ""
        /// gzip.
        case gzip = ".gz"
        /// xz.
        case xz = ".xz"
        /// Zstandard.
        case zstandard = ".zst"
        /// bzip2, in old packages' data.
        case bzip2 = ".bz2"
        /// lzma, in old packages' data.
        case lzma = ".lzma"
    }

    /// A tar archive of the package.
    public struct Part: Hashable, Sendable {
        /// The member.
        public let member: ArArchive.Member
        /// How it is compressed.
        public let compression: Compression
    }

    /// The format's version, such as `2.0`.
    public let version: String
    /// The archive with the control file and the scripts that root runs at installation.
    public let control: Part
    /// The archive with the files.
    public let data: Part
    /// Members that dpkg ignores: with names in `_` before the data, with any name behind it.
    public let extraMembers: [ArArchive.Member]
    /// What was odd.
    public let remarks: [String]

    /// Reads the archive's headers and the version.
    ///
    /// - Throws: `DebianArchiveError`, or the source's own error.
    public init(_ source: any ByteSource) throws {
        let archive = try ArArchive(source)
        guard let first = archive.members.first, first.name == Array("debian-binary".utf8) else {
            throw DebianArchiveError.malformed(8, "the first member is not debian-binary")
        }
        version = try Self.version(first, source)
        var control: Part?
        var data: Part?
        var extra: [ArArchive.Member] = []
        for member in archive.members.dropFirst() {
            if data != nil || member.name.first == 0x5F {
                extra.append(member)
            } else if control == nil {
                control = Part(member: member, compression: try Self.compression(member, "control.tar"))
            } else {
                data = Part(member: member, compression: try Self.compression(member, "data.tar"))
            }
        }
        guard let control else { throw DebianArchiveError.malformed(8, "there is no control.tar") }
        guard let data else { throw DebianArchiveError.malformed(8, "there is no data.tar") }
        self.control = control
        self.data = data
        // A second archive of the same name could be what another program than dpkg takes.
        for member in extra where Self.isPart(member.name) {
            throw DebianArchiveError.malformed(
                member.header.rawValue, "a second member '\(EscapedText(member.name))'")
        }
        extraMembers = extra
        remarks = archive.remarks
    }

    private static func version(_ member: ArArchive.Member, _ source: any ByteSource) throws -> String {
        let text = try member.content.bytes(in: source, limit: ByteCount(64))
        let line = text.prefix { $0 != 0x0A }
        guard line.count < text.count, line.starts(with: Array("2.".utf8)), line.count > 2,
            line.dropFirst(2).allSatisfy({ (0x30...0x39).contains($0) })
        else {
            throw DebianArchiveError(
                code: .unsupported, offset: member.content.offset,
                detail: "the format's version '\(EscapedText(line))'")
        }
        return String(decoding: line, as: UTF8.self)
    }

    private static func compression(
        _ member: ArArchive.Member, _ name: String
    ) throws(DebianArchiveError) -> Compression {
        guard member.name.starts(with: name.utf8),
            let compression = Compression(
                rawValue: String(decoding: member.name.dropFirst(name.utf8.count), as: UTF8.self))
        else {
            throw .malformed(
                member.header.rawValue, "the member '\(EscapedText(member.name))' stands where \(name) must")
        }
        return compression
    }

    private static func isPart(_ name: [UInt8]) -> Bool {
        ["debian-binary", "control.tar", "data.tar"].contains { name.starts(with: $0.utf8) }
    }
}
