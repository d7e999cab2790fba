public import AssayBytes

/// An ISO 9660 image: its descriptors, how it boots, its checksum for media.
///
/// ECMA-119 4th edition, <https://ecma-international.org/publications-and-standards/standards/ecma-119/>. Only windows
/// of the source are read. Nothing in an image is signed by the image itself.
public struct ISO9660Image: Hashable, Sendable {
    /// The descriptors.
    public let descriptors: VolumeDescriptorSet
    /// Bytes of the file.
    public let fileSize: ByteCount
    /// The catalog of boot images.
    public let bootCatalog: ISOReading<BootCatalog>
    /// Boot code and partition tables at the image's start.
    public let systemArea: SystemArea
    /// The checksum that `implantisomd5` left, with what it covers.
    public let mediaCheck: ISOReading<MediaCheck>
    /// Whether the primary tree has POSIX names.
    public let hasRockRidge: Bool

    /// The primary descriptor.
    public var primary: VolumeDescriptor { descriptors.primary }

    /// Bytes that the volume has by its own account and the file lacks; 0 for a whole one.
    public var missingBytes: ByteCount {
        let volume = primary.volumeSize.rawValue
        return ByteCount(volume > fileSize.rawValue ? volume - fileSize.rawValue : 0)
    }

    /// Bytes of the file behind the volume's end: padding, an appended partition, or something hidden.
    public var trailingBytes: ByteCount {
        let volume = primary.volumeSize.rawValue
        return ByteCount(fileSize.rawValue > volume ? fileSize.rawValue - volume : 0)
    }

    /// The view with the names that people gave: Rock Ridge before Joliet before the primary one.
    public var bestView: DirectoryTree.View {
        if hasRockRidge { return .rockRidge }
        return descriptors.joliet == nil ? .primary : .joliet
    }

    /// Reads all but the directories.
    ///
    /// - Throws: `ISO9660Error`, or the source's own error. A boot catalog or a media check that breaks its rules is a
    ///   value of its property.
    public init(_ source: any ByteSource) throws {
        let descriptors = try VolumeDescriptorSet(source)
        self.descriptors = descriptors
        fileSize = source.size
        systemArea = try SystemArea(source)
        bootCatalog = try ISOReading.reading {
            let blocks = descriptors.bootRecords.compactMap(\.bootCatalogBlock)
            guard let block = blocks.first else { return nil }
            guard blocks.allSatisfy({ $0 == block }) else {
                throw ISO9660Error.malformed(descriptors.bootRecords[0].offset.rawValue, "two different boot catalogs")
            }
            return try BootCatalog(source, block: block)
        }
        mediaCheck = try ISOReading.reading { try MediaCheck(descriptors.primary, size: source.size) }
        let primary = descriptors.primary
        // A root that cannot be read has no names of any kind; `tree` says why.
        hasRockRidge =
            try ISOReading.reading {
                try DirectoryWalk.rockRidgeSkip(source, root: primary.root, blockSize: primary.blockSize)
            }.value != nil
    }

    /// Reads all directories.
    ///
    /// - Parameters:
    ///   - source: the file that the image was read from.
    ///   - view: whose names; nil for `bestView`.
    ///   - limits: how far to go.
    /// - Returns: the tree.
    /// - Throws: `ISO9660Error` for what breaks the rules or the limits or is not there (`unsupported`), or the source's
    ///   own error.
    public func tree(
        in source: any ByteSource, view: DirectoryTree.View? = nil,
        limits: DirectoryTree.Limits = DirectoryTree.Limits()
    ) throws -> DirectoryTree {
        let view = view ?? bestView
        var descriptor = primary
        if view == .joliet {
            guard let joliet = descriptors.joliet else {
                throw ISO9660Error(
                    code: .unsupported, offset: descriptors.terminator, detail: "there are no Joliet names")
            }
            descriptor = joliet
        }
        return try DirectoryWalk.tree(
            source, root: descriptor.root, blockSize: descriptor.blockSize, view: view, limits: limits)
    }

    /// Reads the content of a file of the image, such as a version file.
    ///
    /// - Parameters:
    ///   - entry: a file of a tree of this image.
    ///   - source: the file that the image was read from.
    ///   - limit: the most bytes to read.
    /// - Returns: the bytes of all extents.
    /// - Throws: `ISO9660Error` of code `limit`, `truncated` or `unsupported`, or the source's own error.
    public static func content(of entry: ISOEntry, in source: any ByteSource, limit: ByteCount) throws -> [UInt8] {
        let start = entry.extents.first?.offset ?? .zero
        guard entry.kind == .file else {
            throw ISO9660Error(code: .unsupported, offset: start, detail: "'\(EscapedText(entry.name))' is no file")
        }
        guard entry.size <= limit, let size = entry.size.asInt else {
            throw ISO9660Error(
                code: .limit, offset: start,
                detail: "'\(EscapedText(entry.name))' has \(entry.size.rawValue) bytes; \(limit.rawValue) are allowed")
        }
        var result: [UInt8] = []
        result.reserveCapacity(entry.extents.allSatisfy { $0.isWithin(source.size) } ? size : 0)
        for extent in entry.extents where extent.count > .zero {
            result += try ISOBlock(
                source, at: extent.offset.rawValue, count: Int(clamping: extent.count.rawValue),
                "'\(EscapedText(entry.name))'"
            ).bytes
        }
        return result
    }
}
