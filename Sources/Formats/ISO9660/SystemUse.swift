import AssayBytes

/// What the system use area of a directory record says: SUSP 1.12 (IEEE P1281) and Rock Ridge 1.12 (IEEE P1282).
///
/// Both stayed drafts: <https://people.freebsd.org/~emaste/rrip112.pdf>.
struct SystemUse {
    /// The POSIX name, when there is one.
    var name: [UInt8]?
    /// The POSIX mode, when there is one.
    var mode: UInt32?
    /// Where a symbolic link points, when this is one.
    var linkTarget: [UInt8]?
    /// The block of a directory that was moved, in the record that stands at its right place.
    var childBlock: UInt32?
    /// Whether the record is that of a moved directory at its substitute place.
    var isRelocated = false
    /// Bytes to skip at the start of each area, when the area begins the whole image's.
    var skip: Int?

    private var isNameOpen = false
    private var isComponentOpen = false

    /// The longest name or link target that is put together, in bytes; Linux takes names of 255 and targets of 4,095.
    static let maximumText = 4096
    private static let maximumContinuations = 32

    /// Reads the area of `record`, with its continuations.
    ///
    /// - Parameters:
    ///   - record: the record.
    ///   - skip: what the root's `SP` says; nil looks for that `SP` itself.
    ///   - blockSize: bytes of a logical block.
    ///   - source: the image.
    ///   - budget: bytes of continuation areas that may still be read in the whole walk.
    /// - Throws: `ISO9660Error`, or the source's own error.
    init(
        _ record: DirectoryRecord, skip: Int?, blockSize: UInt16, source: any ByteSource, budget: inout Int
    ) throws {
        var area = ISOBlock(start: record.start, bytes: Array(record.systemUse.dropFirst(skip ?? 0)))
        for hop in 0...Self.maximumContinuations {
            guard let next = try read(area, isFirst: hop == 0 && skip == nil) else { break }
            guard hop < Self.maximumContinuations else {
                throw ISO9660Error.limit(record.start, "more than \(Self.maximumContinuations) continuation areas")
            }
            guard next.length <= 0x1_0000, Int(next.length) <= budget else {
                throw ISO9660Error.limit(record.start, "continuation areas of too many bytes")
            }
            budget -= Int(next.length)
            let start = UInt64(next.block) * UInt64(blockSize) + UInt64(next.offset)
            area = try ISOBlock(source, at: start, count: Int(next.length), "a continuation area")
        }
        if isNameOpen { throw ISO9660Error.malformed(record.start, "a Rock Ridge name without its end") }
    }

    private struct Continuation {
        let block: UInt32
        let offset: UInt32
        let length: UInt32
    }

    private mutating func read(_ area: ISOBlock, isFirst: Bool) throws(ISO9660Error) -> Continuation? {
        var position = 0
        var next: Continuation?
        // What is shorter than an entry's header is padding.
        while area.bytes.count - position >= 4, area.bytes[position] != 0 {
            let length = Int(area.bytes[position + 2])
            guard length >= 4, length <= area.bytes.count - position else {
                // Without `SP` the area is another system's, and not for us to judge.
                if isFirst, skip == nil { return nil }
                throw .malformed(area.start, "a system use entry of \(length) bytes")
            }
            let field = ISOBlock(
                start: area.start, bytes: Array(area.bytes[position..<(position + length)]))
            let signature = String(decoding: field.bytes.prefix(2), as: UTF8.self)
            if isFirst, position == 0, signature != "SP" { return nil }
            if signature == "ST" { return next }
            if signature == "CE" {
                next = Continuation(
                    block: try field.both32(4, "a continuation's block"),
                    offset: try field.both32(12, "a continuation's offset"),
                    length: try field.both32(20, "a continuation's length"))
            } else {
                try read(signature, field)
            }
            position += length
        }
        return next
    }

    private mutating func read(_ signature: String, _ field: ISOBlock) throws(ISO9660Error) {
        switch signature {
        case "SP":
            guard try field.u8(4) == 0xBE, try field.u8(5) == 0xEF else {
                throw .malformed(field.start, "a system use entry SP without its check bytes")
            }
            skip = Int(try field.u8(6))
        case "NM": try readName(field)
        case "PX": mode = try field.both32(4, "a POSIX mode")
        case "SL": try readLink(field)
        case "CL": childBlock = try field.both32(4, "a moved directory's block")
        case "RE": isRelocated = true
        default: break
        }
    }

    private mutating func readName(_ field: ISOBlock) throws(ISO9660Error) {
        let flags = try field.u8(4)
        // "." and ".." are said by flags.
        guard flags & 0x06 == 0 else { return }
        guard name == nil || isNameOpen else { throw .malformed(field.start, "two Rock Ridge names") }
        let more = field.bytes.dropFirst(5)
        guard (name?.count ?? 0) + more.count <= Self.maximumText else { throw tooLong(field) }
        // In place, so that a name in many parts is not copied for each of them.
        if name == nil { name = [] }
        name?.append(contentsOf: more)
        isNameOpen = flags & 0x01 != 0
    }

    private mutating func readLink(_ field: ISOBlock) throws(ISO9660Error) {
        var position = 5
        var target = linkTarget ?? []
        linkTarget = nil
        while position < field.bytes.count {
            let flags = try field.u8(position)
            let length = Int(try field.u8(position + 1))
            let text = try field.slice(position + 2, length)
            if !isComponentOpen, !target.isEmpty, target.last != 0x2F { target.append(0x2F) }
            switch flags & 0x0E {
            case 0x02: target.append(0x2E)
            case 0x04: target += [0x2E, 0x2E]
            case 0x08: target = [0x2F]
            default: target += text
            }
            guard target.count <= Self.maximumText else { throw tooLong(field) }
            isComponentOpen = flags & 0x01 != 0
            position += 2 + length
        }
        linkTarget = target
    }

    private func tooLong(_ field: ISOBlock) -> ISO9660Error {
        .limit(field.start, "a Rock Ridge text of more than \(Self.maximumText) bytes")
    }
}
