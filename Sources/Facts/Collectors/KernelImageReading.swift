import AssayBytes
import AssayCompression
import AssayFacts
import AssayFileSystem
import AssayKernelConfig

/// A part of a file as a source of its own, such as the kernel in a unified kernel image.
struct FileRegion: ByteSource {
    let file: any ByteSource
    let start: ByteOffset
    let size: ByteCount

    func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
        guard offset < ByteOffset(size.rawValue), let position = start.advanced(by: ByteCount(offset.rawValue)) else {
            return 0
        }
        let count = Int(clamping: min(UInt64(buffer.count), size.rawValue - offset.rawValue))
        let bytes = try file.prefix(at: position, atMost: count)
        for index in bytes.indices { buffer[index] = bytes[index] }
        return bytes.count
    }
}

/// The kernel images of a subject, each read once: decompressing one takes a while.
final class KernelImageCache {
    private let reader: SubjectReader
    private var images: [TreePath: Reading<KernelImage>] = [:]

    init(_ reader: SubjectReader) { self.reader = reader }

    /// The kernel in the file `path`.
    func image(_ path: TreePath) -> Reading<KernelImage> {
        if let known = images[path] { return known }
        let image = reader.reading { try KernelImage(reader.root.open(path)) }
        images[path] = image
        return image
    }

    /// The configuration that the kernel in the file `path` embeds.
    func configuration(_ path: TreePath) -> Reading<FoundConfiguration> {
        switch image(path) {
        case .absent: .absent
        case .unreadable(let reason): .unreadable(reason)
        case .found(let image): image.foundConfiguration(at: path.description).map { .found($0) } ?? .absent
        }
    }
}

extension KernelImage {
    /// The embedded configuration, with `path` as its place.
    func foundConfiguration(at path: String, in part: String = "") -> FoundConfiguration? {
        config.map { config in
            let packing = compression.map { ", \($0)" } ?? ""
            return FoundConfiguration(
                config: config, origin: "IKCONFIG in \(container.name)\(packing)\(part)", place: Place(path))
        }
    }
}

extension KernelImage.Container {
    /// The name of the format.
    fileprivate var name: String {
        switch self {
        case .bzImage: "bzImage"
        case .image: "Image"
        case .zboot: "EFI zboot image"
        case .elf: "ELF"
        case .compressed: "compressed image"
        }
    }
}

extension SubjectReader {
    /// A kernel configuration in a text file, or compressed by gzip as `/proc/config.gz` is.
    func kernelConfiguration(_ path: TreePath) -> Reading<FoundConfiguration> {
        let limit = 16 << 20
        switch bytes(path, limit: limit) {
        case .absent: return .absent
        case .unreadable(let reason): return .unreadable(reason)
        case .found(let bytes):
            return reading {
                let isCompressed = bytes.starts(with: [0x1F, 0x8B])
                let limits = DecompressionLimits(output: .mebibytes(16), memory: .mebibytes(1))
                let text = isCompressed ? try Decompressor(.gzip, limits: limits).bytes(of: bytes) : bytes
                return FoundConfiguration(
                    config: try KernelConfig(text), origin: isCompressed ? "config file, gzip" : "config file",
                    place: Place(path.description))
            }
        }
    }
}
