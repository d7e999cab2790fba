import AssayBytes

/// Reads the directories of an image breadth first, within limits.
struct DirectoryWalk {
    private let source: any ByteSource
    private let blockSize: UInt16
    private let view: DirectoryTree.View
    private let limits: DirectoryTree.Limits

    private var entries: [ISOEntry] = []
    private var children: [Range<Int>] = []
    private var outside: [Int] = []
    private var visited: Set<ByteOffset> = []
    private var directoryBytes = 0
    private var nameBytes = 0
    private var continuationBudget: Int
    /// Bytes before the system use entries, as the root says; nil without Rock Ridge.
    private var skip: Int?

    /// Reads the tree below `root`.
    static func tree(
        _ source: any ByteSource, root: ISOExtent, blockSize: UInt16, view: DirectoryTree.View,
        limits: DirectoryTree.Limits
    ) throws -> DirectoryTree {
        var walk = DirectoryWalk(source: source, blockSize: blockSize, view: view, limits: limits)
        try walk.run(root)
        return DirectoryTree(view: view, entries: walk.entries, children: walk.children, outside: walk.outside)
    }

    /// What the root's own record says about Rock Ridge: the bytes to skip, or nil when it is not used.
    static func rockRidgeSkip(_ source: any ByteSource, root: ISOExtent, blockSize: UInt16) throws -> Int? {
        let length = try ISOBlock(source, at: root.offset.rawValue, count: 1, "the root directory").bytes[0]
        let field = try ISOBlock(source, at: root.offset.rawValue, count: Int(length), "the root directory's record")
        var budget = 1 << 20
        let record = try DirectoryRecord(field)
        return try SystemUse(record, skip: nil, blockSize: blockSize, source: source, budget: &budget).skip
    }

    private init(source: any ByteSource, blockSize: UInt16, view: DirectoryTree.View, limits: DirectoryTree.Limits) {
        self.source = source
        self.blockSize = blockSize
        self.view = view
        self.limits = limits
        continuationBudget = limits.continuationBytes
    }

    private mutating func run(_ root: ISOExtent) throws {
        if view == .rockRidge {
            skip = try Self.rockRidgeSkip(source, root: root, blockSize: blockSize)
            guard skip != nil else {
                throw ISO9660Error(code: .unsupported, offset: root.offset, detail: "there are no Rock Ridge names")
            }
        }
        entries.append(
            ISOEntry(
                name: [], kind: .directory, extents: [root], size: root.count, mode: nil, isHidden: false, parent: 0,
                depth: 0))
        var index = 0
        while index < entries.count {
            let first = entries.count
            if entries[index].kind == .directory { try readDirectory(index) }
            children.append(first..<entries.count)
            index += 1
        }
    }

    private mutating func readDirectory(_ index: Int) throws {
        guard let extent = entries[index].extents.first else { return }
        let start = extent.offset.rawValue
        guard visited.insert(extent.offset).inserted else {
            throw ISO9660Error.malformed(start, "two directories have the same content")
        }
        guard let count = extent.count.asInt, count <= limits.directoryBytes - directoryBytes else {
            throw ISO9660Error.limit(start, "directories of more than \(limits.directoryBytes) bytes")
        }
        directoryBytes += count
        let sector = VolumeDescriptorSet.sectorSize
        var position = 0
        var open: OpenFile?
        while position < count {
            // Records do not cross sectors, so a sector at a time is all that is held.
            // The block number has 32 bits, so the sum fits, and a remainder of 2,048 fits an `Int`.
            let here = start + UInt64(position)
            let left = sector - Int(here % UInt64(sector))
            let part = try ISOBlock(source, at: here, count: min(left, count - position), "a directory")
            try readRecords(part, into: index, &open)
            position += part.bytes.count
        }
        if open != nil { throw ISO9660Error.malformed(start, "a file of several extents without its last") }
    }

    /// A file whose further extents follow.
    private struct OpenFile {
        let identifier: [UInt8]
        var extents: [ISOExtent]
    }

    private mutating func readRecords(_ part: ISOBlock, into parent: Int, _ open: inout OpenFile?) throws {
        var position = 0
        while position < part.bytes.count {
            let length = Int(part.bytes[position])
            // The rest of a sector that the next record does not fit in is zeros.
            guard length > 0 else { return }
            guard length <= part.bytes.count - position else {
                throw ISO9660Error.malformed(part.start + UInt64(position), "a directory record crosses a sector")
            }
            let record = try DirectoryRecord(
                ISOBlock(
                    start: part.start + UInt64(position), bytes: Array(part.bytes[position..<(position + length)])))
            position += length
            if record.isSelf || record.isParent { continue }
            try add(record, to: parent, &open)
        }
    }

    private mutating func add(_ record: DirectoryRecord, to parent: Int, _ open: inout OpenFile?) throws {
        let extent = try record.extent(blockSize: blockSize)
        var file = open ?? OpenFile(identifier: record.name, extents: [])
        guard file.identifier == record.name, open == nil || !record.isDirectory else {
            throw ISO9660Error.malformed(record.start, "a file of several extents is interrupted")
        }
        file.extents.append(extent)
        guard !record.isContinued else {
            guard file.extents.count < 4096 else { throw ISO9660Error.limit(record.start, "too many extents") }
            open = file
            return
        }
        open = nil
        guard entries.count < limits.entries else {
            throw ISO9660Error.limit(record.start, "more than \(limits.entries) entries")
        }
        guard entries[parent].depth < limits.depth else {
            throw ISO9660Error.limit(record.start, "directories deeper than \(limits.depth)")
        }
        try append(record, file.extents, to: parent)
    }

    private mutating func append(_ record: DirectoryRecord, _ extents: [ISOExtent], to parent: Int) throws {
        var extents = extents
        var kind: ISOEntry.Kind = record.isDirectory ? .directory : .file
        var name = Self.identifier(record.name, view)
        var mode: UInt32?
        if let skip {
            let use = try SystemUse(
                record, skip: skip, blockSize: blockSize, source: source, budget: &continuationBudget)
            // A moved directory is listed where `CL` says that it belongs.
            guard !use.isRelocated else { return }
            mode = use.mode
            if let posix = use.name { name = posix }
            if let block = use.childBlock {
                kind = .directory
                extents = [try movedDirectory(block)]
            } else if let target = use.linkTarget {
                kind = .symbolicLink(target)
            } else if kind == .file, let mode, mode & 0xF000 != 0x8000, mode & 0xF000 != 0 {
                kind = .special
            }
        }
        guard !name.isEmpty, !name.contains(0), !name.contains(0x2F), name != [0x2E], name != [0x2E, 0x2E] else {
            throw ISO9660Error.malformed(record.start, "the name '\(EscapedText(name))' is no file name")
        }
        nameBytes += name.count
        guard nameBytes <= limits.nameBytes else {
            throw ISO9660Error.limit(record.start, "names of more than \(limits.nameBytes) bytes")
        }
        // At most 4,096 numbers of 32 bits.
        let size = extents.reduce(0) { $0 + $1.count.rawValue }
        if size > 0, extents.contains(where: { !$0.isWithin(source.size) }) { outside.append(entries.count) }
        entries.append(
            ISOEntry(
                name: name, kind: kind, extents: extents, size: ByteCount(size), mode: mode,
                isHidden: record.isHidden, parent: parent, depth: entries[parent].depth + 1))
    }

    /// The extent of a directory that only its own record describes.
    private func movedDirectory(_ block: UInt32) throws -> ISOExtent {
        let start = UInt64(block) * UInt64(blockSize)
        let length = try ISOBlock(source, at: start, count: 1, "a moved directory").bytes[0]
        let record = try DirectoryRecord(ISOBlock(source, at: start, count: Int(length), "a moved directory's record"))
        guard record.isSelf, record.isDirectory, record.block == block else {
            throw ISO9660Error.malformed(start, "a moved directory is not where its record says")
        }
        return try record.extent(blockSize: blockSize)
    }

    /// The name without `;1`, and without the dot that ISO 9660 demands of names that have none.
    private static func identifier(_ name: [UInt8], _ view: DirectoryTree.View) -> [UInt8] {
        var result = view == .joliet ? UCS2.utf8(name[...]) : name
        if let mark = result.lastIndex(of: 0x3B), mark + 1 < result.count,
            result[(mark + 1)...].allSatisfy({ (0x30...0x39).contains($0) })
        {
            result.removeSubrange(mark...)
        }
        if view != .joliet, result.count > 1, result.last == 0x2E { result.removeLast() }
        return result
    }
}
