import AssayBytes

/// Walks the headers of a tar archive.
struct TarReader {
    let source: any ByteSource
    let limits: TarArchive.Limits
    var entries: [TarArchive.Entry] = []
    var hasEndMarker = false

    /// What extended headers and long-name entries say about the next entry.
    private struct Overrides {
        var path: [UInt8]?
        var link: [UInt8]?
        var size: UInt64?
        var owner: UInt64?
        var group: UInt64?
        var ownerName: [UInt8]?
        var groupName: [UInt8]?
        var modification: Int64?
    }

    private var position: UInt64 = 0
    private var nameBytes = 0
    /// From global extended headers.
    private var global = Overrides()
    /// For the next entry only.
    private var next = Overrides()
    private var isNextPending = false

    private static let block = 512

    init(source: any ByteSource, limits: TarArchive.Limits) {
        self.source = source
        self.limits = limits
    }

    mutating func run() throws {
        var headers = 0
        while true {
            let header = try source.prefix(at: ByteOffset(position), atMost: Self.block)
            if header.isEmpty { break }
            guard header.count == Self.block else {
                throw DebianArchiveError.truncated(position, "a tar header needs \(Self.block) bytes")
            }
            if header.allSatisfy({ $0 == 0 }) {
                let second = try source.prefix(at: ByteOffset(position + UInt64(Self.block)), atMost: Self.block)
                hasEndMarker = second.count == Self.block && second.allSatisfy { $0 == 0 }
                guard hasEndMarker || second.isEmpty else {
                    throw DebianArchiveError.malformed(position, "a single zero block inside a tar archive")
                }
                break
            }
            headers += 1
            // Three headers at most belong to an entry that is kept.
            guard headers <= limits.entries.multipliedReportingOverflow(by: 4).partialValue else {
                throw DebianArchiveError.limit(position, "too many tar headers")
            }
            try read(header)
        }
        if isNextPending { throw DebianArchiveError.malformed(position, "an extended header without its entry") }
    }

    private mutating func read(_ header: [UInt8]) throws {
        try Self.verifyChecksum(header, at: position)
        let type = header[156]
        switch type {
        case 0x78, 0x67, 0x4C, 0x4B:
            let bytes = try extendedHeader(header)
            switch type {
            case 0x78: try Self.read(pax: bytes, at: position, into: &next)
            case 0x67: try Self.read(pax: bytes, at: position, into: &global)
            case 0x4C: next.path = Self.text(bytes[...])
            default: next.link = Self.text(bytes[...])
            }
            isNextPending = isNextPending || type != 0x67
            try pass(UInt64(bytes.count))
        default:
            try append(header, type)
            next = Overrides()
            isNextPending = false
        }
    }

    private mutating func extendedHeader(_ header: [UInt8]) throws -> [UInt8] {
        let size = try Self.number(header, 124, 12, "size", position)
        guard size <= UInt64(limits.extendedHeaderBytes), Int(size) <= limits.nameBytes - nameBytes else {
            throw DebianArchiveError.limit(position, "an extended header of \(size) bytes")
        }
        nameBytes += Int(size)
        do {
            return try source.bytes(at: ByteOffset(position + UInt64(Self.block)), count: Int(size))
        } catch is ByteError {
            throw DebianArchiveError.truncated(position, "an extended header needs \(size) bytes")
        }
    }

    private mutating func append(_ header: [UInt8], _ type: UInt8) throws {
        let start = position
        guard entries.count < limits.entries else {
            throw DebianArchiveError.limit(start, "more than \(limits.entries) entries")
        }
        let isPOSIX = header[257..<263].elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72, 0])
        var path = Self.text(header[0..<100])
        let prefix = isPOSIX ? Self.text(header[345..<500]) : []
        if !prefix.isEmpty { path = prefix + [0x2F] + path }
        path = next.path ?? global.path ?? path
        let link = next.link ?? global.link ?? Self.text(header[157..<257])
        nameBytes += path.count + link.count
        guard nameBytes <= limits.nameBytes else {
            throw DebianArchiveError.limit(start, "names of more than \(limits.nameBytes) bytes")
        }
        guard !path.isEmpty, !path.contains(0) else {
            throw DebianArchiveError.malformed(start, "an entry without a name")
        }
        let kind = try Self.kind(type, path: path, link: link, at: start)
        let claimed = try next.size ?? global.size ?? Self.number(header, 124, 12, "size", start)
        // Only files have content; links and directories of old programs claim a size without it.
        let size = kind == .file ? claimed : 0
        let content = ByteExtent(offset: ByteOffset(start + UInt64(Self.block)), count: ByteCount(size))
        let time =
            try next.modification ?? global.modification
            ?? Int64(clamping: Self.number(header, 136, 12, "time", start))
        entries.append(
            TarArchive.Entry(
                path: path, kind: kind, mode: try Self.number(header, 100, 8, "mode", start) & 0o7777,
                owner: try next.owner ?? global.owner ?? Self.number(header, 108, 8, "owner", start),
                group: try next.group ?? global.group ?? Self.number(header, 116, 8, "group", start),
                ownerName: next.ownerName ?? global.ownerName ?? Self.text(header[265..<297]),
                groupName: next.groupName ?? global.groupName ?? Self.text(header[297..<329]), modification: time,
                content: content))
        try pass(size)
    }

    /// Goes behind a header at `position` and `count` bytes of content with their padding.
    private mutating func pass(_ count: UInt64) throws {
        let left = source.size.rawValue - min(source.size.rawValue, position + UInt64(Self.block))
        guard count <= left else {
            throw DebianArchiveError.truncated(position, "an entry has \(count) bytes, of which \(left) are there")
        }
        let end = position + UInt64(Self.block) + count
        // The last entry's padding may be missing where the end marker is, too.
        position = end + (UInt64(Self.block) - end % UInt64(Self.block)) % UInt64(Self.block)
    }

    private static func kind(
        _ type: UInt8, path: [UInt8], link: [UInt8], at start: UInt64
    ) throws(DebianArchiveError) -> TarArchive.Kind {
        switch type {
        case 0x30, 0, 0x37: path.last == 0x2F ? .directory : .file
        case 0x31: .hardLink(link)
        case 0x32: .symbolicLink(link)
        case 0x33: .characterDevice
        case 0x34: .blockDevice
        case 0x35: .directory
        case 0x36: .pipe
        default:
            throw DebianArchiveError(
                code: .unsupported, offset: ByteOffset(start),
                detail: "an entry of type '\(EscapedText([type]))'")
        }
    }

    /// The sum of the header's bytes, its own field taken as blanks; old programs summed signed bytes.
    private static func verifyChecksum(_ header: [UInt8], at position: UInt64) throws(DebianArchiveError) {
        var unsigned: Int64 = 0
        var signed: Int64 = 0
        for (index, byte) in header.enumerated() {
            let byte = (148..<156).contains(index) ? 0x20 : byte
            unsigned += Int64(byte)
            signed += Int64(Int8(bitPattern: byte))
        }
        guard let claimed = NumberField.parse(header[148..<156], radix: 8).map({ Int64(clamping: $0) }),
            claimed == unsigned || claimed == signed
        else { throw .malformed(position, "a tar header's checksum is wrong") }
    }

    /// An octal number, or GNU's binary one: the first bit set, the rest big-endian.
    private static func number(
        _ header: [UInt8], _ start: Int, _ count: Int, _ what: String, _ position: UInt64
    ) throws(DebianArchiveError) -> UInt64 {
        let field = header[start..<(start + count)]
        if header[start] == 0x80 {
            let digits = field.dropFirst().drop { $0 == 0 }
            guard digits.count <= 7 else { throw .malformed(position, "an entry's \(what) is out of range") }
            return digits.reduce(0) { $0 << 8 | UInt64($1) }
        }
        // Directories and links may leave fields empty.
        if field.allSatisfy({ $0 == 0 || $0 == 0x20 }) { return 0 }
        guard let value = NumberField.parse(field, radix: 8) else {
            throw .malformed(position, "an entry's \(what) is not a number")
        }
        return value
    }

    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

    /// Records of `length keyword=value\n`, the length counting itself.
    private static func read(
        pax bytes: [UInt8], at position: UInt64, into overrides: inout Overrides
    ) throws(DebianArchiveError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != 0x20 }
            guard digits.count <= 10, let length = NumberField.parse(digits, radix: 10).flatMap({ Int(exactly: $0) }),
                length > digits.count + 1, length <= rest.count
            else { throw .malformed(position, "a pax record without its length") }
            let record = rest.prefix(length)
            rest = rest.dropFirst(length)
            guard record.last == 0x0A, let equals = record.firstIndex(of: 0x3D) else {
                throw .malformed(position, "a pax record that is no keyword with a value")
            }
            let keyword = record[..<equals].dropFirst(digits.count + 1)
            try set(
                String(decoding: keyword, as: UTF8.self), record[(equals + 1)...].dropLast(), at: position,
                in: &overrides)
        }
    }

    private static func set(
        _ keyword: String, _ value: ArraySlice<UInt8>, at position: UInt64, in overrides: inout Overrides
    ) throws(DebianArchiveError) {
        func number() throws(DebianArchiveError) -> UInt64 {
            guard value.first != 0x20, let result = NumberField.parse(value, radix: 10) else {
                throw .malformed(position, "the pax record '\(EscapedText(keyword))' is not a number")
            }
            return result
        }
        switch keyword {
        case "path": overrides.path = Array(value)
        case "linkpath": overrides.link = Array(value)
        case "size": overrides.size = try number()
        case "uid": overrides.owner = try number()
        case "gid": overrides.group = try number()
        case "uname": overrides.ownerName = Array(value)
        case "gname": overrides.groupName = Array(value)
        case "mtime":
            let isNegative = value.first == 0x2D
            let whole = value.dropFirst(isNegative ? 1 : 0).prefix { $0 != 0x2E }
            guard let seconds = NumberField.parse(whole, radix: 10).flatMap({ Int64(exactly: $0) }) else {
                throw .malformed(position, "the pax record 'mtime' is not a number")
            }
            overrides.modification = isNegative ? -seconds : seconds
        case let other where other.utf8.starts(with: "GNU.sparse.".utf8):
            throw DebianArchiveError(
                code: .unsupported, offset: ByteOffset(position), detail: "a sparse file in a tar archive")
        default: break
        }
    }
}
