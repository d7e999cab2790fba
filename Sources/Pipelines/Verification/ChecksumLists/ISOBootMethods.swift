import AssayBytes
import AssayFacts
import AssayISO9660

/// The ways in which an image boots.
struct ISOBootMethods {
    /// The ways, El Torito's first.
    private(set) var methods: [ISOImageFacts.BootMethod] = []
    /// What is odd, as sentences.
    private(set) var remarks: [String] = []

    /// The most ways that are listed.
    private static let maximumMethods = 64

    /// Reads them.
    ///
    /// - Throws: the source's own error.
    init(_ image: ISO9660Image, tree: DirectoryTree?, in source: any ByteSource) throws {
        var inFAT: [EFIBootFile] = []
        do {
            inFAT = try image.efiBootFiles(inFATImagesOf: source)
        } catch let error as ISO9660Error {
            remarks.append("the FAT file system of an EFI boot image could not be read: \(error)")
        }
        for (index, entry) in (image.bootCatalog.value?.images ?? []).enumerated() where entry.isBootable {
            try addCatalogEntry(entry, index, inFAT.filter { $0.place == .bootImage(index) }, tree, source)
        }
        for file in inFAT {
            guard case .partition(let number) = file.place else { continue }
            try add(file, "partition \(number): /", how: "EFI system partition", source)
        }
        for file in tree?.efiBootFiles ?? [] { try add(file, "/", how: "EFI/BOOT", source) }
        if image.systemArea.hasBootRecord, image.systemArea.hasBootCode {
            // Boot code alone does not make an image one for PCs: images for other machines have some, too.
            if methods.contains(where: { $0.platform == "BIOS" }) {
                add(
                    .init(
                        platform: "BIOS", architecture: nil, place: Place("boot record", offset: 0), how: "boot record")
                )
            } else {
                remarks.append("the boot record holds code, and no entry of a boot catalog is for a BIOS")
            }
        }
        for remark in image.bootCatalog.value?.remarks.prefix(4) ?? [] { remarks.append(remark) }
    }

    /// The architectures that the ways tell, each once.
    var architectures: [String] {
        var seen: Set<String> = []
        return methods.compactMap(\.architecture).filter { seen.insert($0).inserted }
    }

    private mutating func addCatalogEntry(
        _ entry: BootCatalog.Image, _ index: Int, _ files: [EFIBootFile], _ tree: DirectoryTree?,
        _ source: any ByteSource
    ) throws {
        let offset = entry.extent.offset
        let path = tree.flatMap { tree in tree.file(at: offset).map { "/" + EscapedText(tree.path(of: $0)).description }
        }
        let name = path ?? "boot image \(index + 1)"
        if !entry.isWithinFile { remarks.append("the boot image '\(name)' is not wholly in the file") }
        guard files.isEmpty else {
            for file in files { try add(file, name + ": /", how: "El Torito", source) }
            return
        }
        let platform =
            switch entry.platform {
            case .bios: "BIOS"
            case .efi: "UEFI"
            default: "\(entry.platform)"
            }
        add(
            .init(
                platform: platform, architecture: nil, place: Place(name, offset: offset.rawValue), how: "El Torito"))
    }

    private mutating func add(
        _ file: EFIBootFile, _ prefix: String, how: String, _ source: any ByteSource
    ) throws {
        let path = prefix + EscapedText(file.path).description
        var architecture: String? = file.architecture.rawValue
        switch try PEMachine(file, in: source) {
        case .none: remarks.append("'\(path)' is no PE file")
        case .other(let number):
            architecture = nil
            remarks.append(
                "'\(path)' is for the machine \(Hex.encode([UInt8(number >> 8), UInt8(number & 0xFF)])) (hex)")
        case .known(let machine) where machine != file.architecture:
            architecture = nil
            remarks.append("'\(path)' is named for \(file.architecture.rawValue) and made for \(machine.rawValue)")
        case .known: break
        }
        add(
            .init(
                platform: "UEFI", architecture: architecture,
                place: Place(path, offset: file.extents.first?.offset.rawValue), how: how))
    }

    private mutating func add(_ method: ISOImageFacts.BootMethod) {
        guard methods.count < Self.maximumMethods else {
            if methods.count == Self.maximumMethods, !remarks.contains(Self.tooMany) { remarks.append(Self.tooMany) }
            return
        }
        methods.append(method)
    }

    private static let tooMany = "more than \(maximumMethods) ways to boot; the others are not listed"
}

/// The machine that an EFI boot file is made for, by its header
/// (<https://learn.microsoft.com/windows/win32/debug/pe-format#machine-types>).
private enum PEMachine: Equatable {
    case none
    case other(UInt16)
    case known(BootArchitecture)

    /// - Throws: the source's own error.
    init(_ file: EFIBootFile, in source: any ByteSource) throws {
        self = .none
        // The headers are in the first part of a file that is in several.
        guard let extent = file.extents.first else { return }
        let count = Int(clamping: min(extent.count.rawValue, 4096))
        let bytes = try source.prefix(at: extent.offset, atMost: count)
        guard bytes.count >= 0x40, bytes.starts(with: [0x4D, 0x5A]) else { return }
        let header = (0..<4).reduce(0) { $0 | Int(bytes[0x3C + $1]) << (8 * $1) }
        guard header <= bytes.count - 6, bytes[header..<(header + 4)].elementsEqual([0x50, 0x45, 0, 0]) else { return }
        let number = UInt16(bytes[header + 4]) | UInt16(bytes[header + 5]) << 8
        switch number {
        case 0x8664: self = .known(.x86x64)
        case 0x014C: self = .known(.i686)
        case 0xAA64: self = .known(.aarch64)
        case 0x01C0, 0x01C2, 0x01C4: self = .known(.arm)
        case 0x5064: self = .known(.riscv64)
        case 0x6264: self = .known(.loongarch64)
        case 0x0200: self = .known(.ia64)
        default: self = .other(number)
        }
    }
}
