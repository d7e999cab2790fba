public import AssayBytes
public import AssayCompression

/// A bootable Linux kernel: `vmlinuz`, `Image`, `vmlinux` or the `.linux` section of a unified kernel image.
///
/// The kernel is decompressed and searched in pieces: apart from the decompressor's window, about a megabyte is held.
public struct KernelImage: Hashable, Sendable {
    /// What the file is.
    public enum Container: Hashable, Sendable {
        /// x86's bzImage (<https://docs.kernel.org/arch/x86/boot.html>), with its boot protocol's version.
        case bzImage(major: UInt8, minor: UInt8)
        /// arm64's (or RISC-V's) flat Image (<https://docs.kernel.org/arch/arm64/booting.html>).
        case image
        /// The EFI image that decompresses itself, `CONFIG_EFI_ZBOOT`.
        case zboot
        /// The ELF file that the linker makes.
        case elf
        /// A compressed file, such as `Image.gz`.
        case compressed
    }

    /// How much may be used.
    public struct Limits: Hashable, Sendable {
        /// The most bytes of decompressed kernel that are searched.
        public var kernel: ByteCount
        /// The most memory for the decompressor's window.
        public var memory: ByteCount

        /// Allows 256 MiB of kernel and 160 MiB of window, unless told otherwise.
        public init(kernel: ByteCount = .mebibytes(256), memory: ByteCount = .mebibytes(160)) {
            self.kernel = kernel
            self.memory = memory
        }
    }

    /// What the file is.
    public let container: Container
    /// How the kernel in it is compressed, or nil when it is not.
    public let compression: CompressionFormat?
    /// The version text of a bzImage's header: version, builder, date.
    public let headerVersion: String?
    /// The banner that the kernel prints first, `Linux version …`.
    public let banner: String?
    /// The configuration that `CONFIG_IKCONFIG` embeds, or nil when none is there.
    public let config: KernelConfig?
    /// What was odd.
    public let diagnostics: [String]
    /// The bytes of decompressed kernel that were searched; the search stops when all is found.
    public let searched: ByteCount

    /// The kernel's release, as `uname -r` gives it, from the header or the banner.
    public var release: String? {
        if let word = headerVersion?.split(separator: " ").first { return String(word) }
        guard let words = banner?.split(separator: " "), words.count > 2 else { return nil }
        return String(words[2])
    }

    /// Reads a kernel.
    ///
    /// - Throws: `KernelConfigError` (`notAKernel`, `malformed`, `unsupported`), `CompressionError` for a payload that does
    ///   not decompress or passes a limit, or the source's own error.
    public init(_ source: any ByteSource, limits: Limits = Limits()) throws {
        let layout = try KernelLayout(source)
        var scanner = KernelImageScanner()
        container = layout.container
        compression = layout.compression
        headerVersion = layout.headerVersion
        if let format = layout.compression {
            searched = try Self.scan(source, layout, format, limits, &scanner)
        } else {
            searched = try Self.scan(source, layout, limits, &scanner)
        }
        scanner.finish()
        banner = scanner.banner
        var diagnostics = layout.diagnostics
        config = try scanner.config.flatMap { gzip in
            do {
                let output = DecompressionLimits(output: .mebibytes(16), memory: .mebibytes(1))
                let plan = Decompressor(.gzip, limits: output, extent: .firstMember)
                return try KernelConfig(plan.bytes(of: gzip))
            } catch let error as CompressionError {
                throw KernelConfigError(code: .malformed, detail: "the embedded configuration: \(error)")
            }
        }
        if scanner.sawUnterminatedConfig, config == nil {
            diagnostics.append("a mark for an embedded configuration without its end")
        }
        self.diagnostics = diagnostics
    }

    /// The configuration embedded in the kernel, or nil when it has none.
    ///
    /// - Throws: as `init(_:limits:)`.
    public static func config(from source: any ByteSource, limits: Limits = Limits()) throws -> KernelConfig? {
        try KernelImage(source, limits: limits).config
    }

    private static let pieceSize = 256 * 1024

    private static func scan(
        _ source: any ByteSource, _ layout: KernelLayout, _ format: CompressionFormat, _ limits: Limits,
        _ scanner: inout KernelImageScanner
    ) throws -> ByteCount {
        let plan = Decompressor(
            format, limits: DecompressionLimits(output: limits.kernel, memory: limits.memory), extent: .firstMember)
        var reader = try DecompressionReader(source, at: layout.offset, count: layout.count, with: plan)
        var piece = [UInt8](repeating: 0, count: pieceSize)
        while !scanner.isComplete {
            var span = piece.mutableSpan
            let count = try reader.read(into: &span)
            guard count > 0 else { break }
            scanner.feed(count == piece.count ? piece : Array(piece[..<count]))
        }
        return reader.decompressed
    }

    private static func scan(
        _ source: any ByteSource, _ layout: KernelLayout, _ limits: Limits, _ scanner: inout KernelImageScanner
    ) throws -> ByteCount {
        guard source.size <= limits.kernel else {
            throw KernelConfigError(
                code: .tooLarge, detail: "\(source.size.rawValue) bytes; at most \(limits.kernel.rawValue) are searched"
            )
        }
        var offset = UInt64(0)
        while !scanner.isComplete {
            let piece = try source.prefix(at: ByteOffset(offset), atMost: pieceSize)
            guard !piece.isEmpty else { break }
            offset += UInt64(piece.count)
            scanner.feed(piece)
        }
        return ByteCount(offset)
    }
}
