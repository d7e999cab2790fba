public import AssayBytes

/// A processor as the names of EFI boot files tell it.
public enum BootArchitecture: String, Hashable, Sendable, CaseIterable {
    /// 64-bit x86.
    case x86x64 = "x86_64"
    /// 32-bit x86.
    case i686
    /// 64-bit Arm.
    case aarch64
    /// 32-bit Arm.
    case arm
    /// 64-bit RISC-V.
    case riscv64
    /// 64-bit LoongArch.
    case loongarch64
    /// Itanium.
    case ia64

    /// The name of the file that firmware of the architecture starts from a removable medium, in upper case.
    ///
    /// UEFI Specification 2.10, section 3.5.1.1.
    public var fileName: String {
        switch self {
        case .x86x64: "BOOTX64.EFI"
        case .i686: "BOOTIA32.EFI"
        case .aarch64: "BOOTAA64.EFI"
        case .arm: "BOOTARM.EFI"
        case .riscv64: "BOOTRISCV64.EFI"
        case .loongarch64: "BOOTLOONGARCH64.EFI"
        case .ia64: "BOOTIA64.EFI"
        }
    }

    /// The architecture whose firmware starts a file of this name, in any case.
    init?(fileName: [UInt8]) {
        let name = fileName.map(lowered)
        guard let match = Self.allCases.first(where: { $0.fileName.utf8.map(lowered) == name }) else { return nil }
        self = match
    }
}

/// A file that EFI firmware starts from the medium: `EFI/BOOT/BOOT….EFI`.
public struct EFIBootFile: Hashable, Sendable {
    /// Where the file was found.
    public enum Place: Hashable, Sendable {
        /// In the image's directories.
        case tree
        /// In the FAT file system of this boot image, an index of `BootCatalog.images`.
        case bootImage(Int)
        /// In the FAT file system of the EFI system partition of this number.
        case partition(Int)
    }

    /// Where it was found.
    public let place: Place
    /// Its path there, in the case it has there.
    public let path: [UInt8]
    /// The architecture that its name stands for; the machine number of its PE header is the caller's to compare.
    public let architecture: BootArchitecture
    /// Its bytes in the image, in their order.
    public let extents: [ISOExtent]
    /// Bytes of content.
    public let size: ByteCount
}

extension DirectoryTree {
    /// The EFI boot files in the image's own directories, found in any case as firmware does.
    public var efiBootFiles: [EFIBootFile] {
        entries.indices.compactMap { index in
            let entry = entries[index]
            guard entry.depth == 3, entry.kind == .file,
                let architecture = BootArchitecture(fileName: entry.name),
                path(of: entry.parent).map(lowered) == Array("efi/boot".utf8)
            else { return nil }
            return EFIBootFile(
                place: .tree, path: path(of: index), architecture: architecture, extents: entry.extents,
                size: entry.size)
        }
    }
}

extension ISO9660Image {
    /// The EFI boot files in the FAT file systems of the boot catalog's EFI images and of EFI system partitions.
    ///
    /// A partition that begins where a boot image does is not read a second time.
    ///
    /// - Parameter source: the file that the image was read from.
    /// - Returns: none for images that are no FAT file systems.
    /// - Throws: `ISO9660Error` for a FAT file system that breaks its rules, or the source's own error.
    public func efiBootFiles(inFATImagesOf source: any ByteSource) throws -> [EFIBootFile] {
        var result: [EFIBootFile] = []
        var seen: Set<ByteOffset> = []
        var budget = Self.maximumFATClusters
        let images = (bootCatalog.value?.images ?? []).prefix(Self.maximumFATImages)
        for (index, image) in images.enumerated() where image.platform == .efi {
            guard seen.insert(image.extent.offset).inserted else { continue }
            result += try FATDirectory.efiBootFiles(
                source, in: wholeFAT(image), place: .bootImage(index), budget: &budget)
        }
        for partition in systemArea.efiSystemPartitions.prefix(Self.maximumFATImages) {
            guard seen.insert(partition.extent.offset).inserted else { continue }
            result += try FATDirectory.efiBootFiles(
                source, in: partition.extent, place: .partition(partition.number), budget: &budget)
        }
        return result
    }

    private static let maximumFATImages = 16
    private static let maximumFATClusters = 1 << 18

    /// All bytes behind the image's first: the sector count has 16 bits and is too small for large images.
    private func wholeFAT(_ image: BootCatalog.Image) -> ISOExtent {
        let start = image.extent.offset
        let end = max(start.rawValue, fileSize.rawValue)
        return ISOExtent(offset: start, count: ByteCount(end - start.rawValue))
    }
}
