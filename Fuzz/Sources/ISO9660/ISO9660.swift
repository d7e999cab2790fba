import AssayBytes
import AssayISO9660
import FuzzSupport

/// ISO 9660 images: descriptors, directories, boot catalogs, FAT file systems and media checks.
///
/// An input is the first 1,024 bytes of an image and those from sector 16 on; zeros stand between them,
/// and behind them when the first byte is odd.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let head = bytes.prefix(1024)
    var image = Array(head) + [UInt8](repeating: 0, count: 32_768 - head.count) + bytes.dropFirst(1024)
    if head.first.map({ $0 & 1 == 1 }) ?? false { image += [UInt8](repeating: 0, count: 1 << 17) }
    repairCatalog(&image)
    // A number stands in both byte orders; a changed one is made the same in both, so that it gets beyond that check.
    for _ in 0..<24 {
        guard let error = check(image), repair(&image, error) else { break }
    }
    return 0
}

/// Makes the sum of the boot catalog's first entry right, where the first boot record says that the catalog is.
private func repairCatalog(_ image: inout [UInt8]) {
    let field = 17 * 2048 + 0x47
    guard image.count >= field + 4 else { return }
    let block = image[field..<(field + 4)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    guard let start = Int(exactly: block * 2048), start >= 18 * 2048, start + 32 <= image.count else { return }
    image[start + 28] = 0
    image[start + 29] = 0
    var sum: UInt16 = 0
    for index in stride(from: start, to: start + 32, by: 2) {
        sum &+= UInt16(image[index]) | UInt16(image[index + 1]) << 8
    }
    image[start + 28] = UInt8(truncatingIfNeeded: 0 &- sum)
    image[start + 29] = UInt8(truncatingIfNeeded: (0 &- sum) >> 8)
}

/// Copies a number from one byte order to the other where `error` says that they disagree.
private func repair(_ image: inout [UInt8], _ error: ISO9660Error) -> Bool {
    guard error.detail.hasSuffix("in the other"), let start = Int(exactly: error.offset.rawValue) else { return false }
    let isShort = ["set size", "sequence number", "block size", "volume number"].contains { error.detail.contains($0) }
    let width = isShort ? 2 : 4
    guard start + 2 * width <= image.count else { return false }
    for index in 0..<width { image[start + 2 * width - 1 - index] = image[start + index] }
    return true
}

/// Reads all of the image; gives the first error there is.
private func check(_ bytes: [UInt8]) -> ISO9660Error? {
    let source = ByteArraySource(bytes)
    let size = source.size
    var limits = DirectoryTree.Limits()
    // Small images reach these, and a single input stays quick.
    limits.depth = 12
    limits.entries = 2048
    limits.directoryBytes = 1 << 18
    limits.nameBytes = 1 << 16
    limits.continuationBytes = 1 << 16
    do {
        let image = try ISO9660Image(source)
        precondition(
            image.primary.volumeSize.rawValue + image.trailingBytes.rawValue == size.rawValue
                + image.missingBytes.rawValue,
            "what is missing or behind the end makes up for the difference")
        if let media = image.mediaCheck.value { check(media, size: size) }
        for boot in image.bootCatalog.value?.images ?? [] {
            precondition(boot.extent.isWithin(size) || !boot.isWithinFile, "a boot image is where it says")
        }
        var first = image.bootCatalog.fault ?? image.mediaCheck.fault ?? image.systemArea.guidPartitionTable.fault
        for view: DirectoryTree.View in [.primary, .rockRidge, .joliet] {
            do {
                check(try image.tree(in: source, view: view, limits: limits), source)
            } catch let error as ISO9660Error {
                first = first ?? error
            }
        }
        for file in try image.efiBootFiles(inFATImagesOf: source) { check(file, size: size) }
        return first
    } catch {
        return error as? ISO9660Error
    }
}

private func check(_ file: EFIBootFile, size: ByteCount) {
    precondition(!file.path.isEmpty, "a boot file has a path")
    let total = file.extents.reduce(0) { $0 + $1.count.rawValue }
    precondition(total == file.size.rawValue, "the extents are the content")
}

private func check(_ media: MediaCheck, size: ByteCount) {
    var length: UInt64 = 0
    var end = ByteOffset.zero
    for piece in media.pieces {
        switch piece {
        case .bytes(let extent):
            precondition(extent.offset >= end && extent.isWithin(size), "what is hashed lies in the file, in order")
            end = extent.end ?? end
            length += extent.count.rawValue
        case .spaces(let count): length += UInt64(count)
        }
    }
    precondition(length == media.length.rawValue, "the pieces are what is hashed")
    precondition(
        media.fragments.allSatisfy { $0.length <= media.length && !$0.digits.isEmpty },
        "fragments lie in what is hashed")
    precondition(
        zip(media.fragments, media.fragments.dropFirst()).allSatisfy { $0.length <= $1.length }, "and are in order")
    precondition(
        MediaCheck.digits(of: [UInt8](repeating: 0x0F, count: 16), count: 3) == "fff", "digits are hexadecimal")
}

private func check(_ tree: DirectoryTree, _ source: ByteArraySource) {
    var next = 1
    for (index, entry) in tree.entries.enumerated() {
        let children = tree.children(of: index)
        precondition(children.lowerBound == next && children.upperBound <= tree.entries.count, "children are together")
        precondition(children.isEmpty || entry.kind == .directory, "only directories have children")
        precondition(children.allSatisfy { tree.entries[$0].parent == index }, "and are theirs")
        next = children.upperBound
        precondition(index == 0 || entry.parent < index, "parents come first")
        precondition(index == 0 || entry.depth == tree.entries[entry.parent].depth + 1, "depth is counted")
        precondition(entry.size.rawValue == entry.extents.reduce(0) { $0 + $1.count.rawValue }, "extents are content")
        precondition(!entry.name.contains(0x2F) && !entry.name.contains(0), "a name is one component")
        let isOutside = entry.size > .zero && !entry.extents.allSatisfy { $0.isWithin(source.size) }
        precondition(index == 0 || tree.outside.contains(index) == isOutside, "what lies outside is told")
    }
    precondition(next == tree.entries.count, "every entry but the root is a child")
    for index in tree.entries.indices.prefix(32) {
        let entry = tree.entries[index]
        if let text = String(validating: tree.path(of: index), as: UTF8.self) {
            let found = try? tree.lookup(text, ignoringCase: false)
            precondition(found.map { $0.name == entry.name && $0.depth == entry.depth } ?? true, "a path leads there")
            _ = try? tree.lookup(text, ignoringCase: true)
        }
        if let content = try? ISO9660Image.content(of: entry, in: source, limit: ByteCount(65_536)) {
            precondition(content.count == entry.size.asInt, "the content is whole")
        }
        if let start = entry.extents.first?.offset { _ = tree.file(at: start) }
    }
    for file in tree.efiBootFiles { check(file, size: source.size) }
}
