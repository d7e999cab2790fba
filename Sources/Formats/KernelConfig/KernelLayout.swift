import AssayBytes
import AssayCompression

/// Where in a file the kernel proper is.
struct KernelLayout {
    var container: KernelImage.Container
    var offset = ByteOffset.zero
    /// nil for all up to the end.
    var count: ByteCount?
    var compression: CompressionFormat?
    var headerVersion: String?
    var diagnostics: [String] = []

    private static let headerSize = 4096

    init(_ source: any ByteSource) throws {
        let head = try source.prefix(at: .zero, atMost: Self.headerSize)
        if Self.matches(head, 0x202, "HdrS"), Self.matches(head, 0x1FE, [0x55, 0xAA]) {
            self = try Self.bzImage(head, source)
        } else if Self.matches(head, 0, "MZ"), Self.matches(head, 4, "zimg") {
            self = try Self.zboot(head, source)
        } else if Self.matches(head, 0x38, [0x41, 0x52, 0x4D, 0x64]) || Self.matches(head, 0x38, "RSC\u{5}") {
            // The arm64 and RISC-V image headers have their magic number at the same place.
            self.init(container: .image)
        } else if Self.matches(head, 0, [0x7F, 0x45, 0x4C, 0x46]) {
            self.init(container: .elf)
        } else if let format = CompressionFormat.detect(head) {
            self.init(container: .compressed, compression: format)
        } else {
            throw KernelConfigError(
                code: .notAKernel, detail: "neither bzImage, Image, EFI zboot, ELF nor compressed by a known format")
        }
    }

    private init(container: KernelImage.Container, compression: CompressionFormat? = nil) {
        self.container = container
        self.compression = compression
    }

    /// <https://docs.kernel.org/arch/x86/boot.html>, "The Real-Mode Kernel Header"; all numbers little-endian.
    private static func bzImage(_ head: [UInt8], _ source: any ByteSource) throws -> KernelLayout {
        var cursor = ByteCursor(head.span)
        do {
            try cursor.seek(to: 0x1F1)
            // 0 means 4, for ancient boot loaders' sake.
            let setupSectors = UInt64(try cursor.u8())
            let setupSize = ((setupSectors == 0 ? 4 : setupSectors) + 1) * 512
            try cursor.seek(to: 0x206)
            let protocolVersion = try cursor.u16(.little)
            var layout = KernelLayout(
                container: .bzImage(
                    major: UInt8(truncatingIfNeeded: protocolVersion >> 8),
                    minor: UInt8(truncatingIfNeeded: protocolVersion)))
            try cursor.seek(to: 0x20E)
            let versionPointer = UInt64(try cursor.u16(.little))
            if versionPointer != 0, versionPointer + 0x200 < setupSize {
                let text = try source.prefix(at: ByteOffset(versionPointer + 0x200), atMost: 256)
                    .prefix { $0 >= 0x20 && $0 < 0x7F }
                if !text.isEmpty { layout.headerVersion = String(decoding: text, as: UTF8.self) }
            }
            guard protocolVersion >= 0x0208 else {
                throw KernelConfigError(
                    code: .unsupported, detail: "a boot protocol before 2.08 does not say where the payload is")
            }
            try cursor.seek(to: 0x248)
            let payloadOffset = UInt64(try cursor.u32(.little))
            let payloadLength = UInt64(try cursor.u32(.little))
            try layout.place(at: setupSize + payloadOffset, payloadLength, in: source)
            return layout
        } catch let error as ByteError {
            throw KernelConfigError(code: .malformed, detail: "the boot header is \(error)")
        }
    }

    /// The Linux kernel's drivers/firmware/efi/libstub/zboot-header.S.
    private static func zboot(_ head: [UInt8], _ source: any ByteSource) throws -> KernelLayout {
        var cursor = ByteCursor(head.span)
        do {
            try cursor.seek(to: 8)
            let offset = UInt64(try cursor.u32(.little))
            let length = UInt64(try cursor.u32(.little))
            try cursor.seek(to: 24)
            let name = String(decoding: try cursor.bytes(32).prefix { $0 != 0 }, as: UTF8.self)
            var layout = KernelLayout(container: .zboot)
            try layout.place(at: offset, length, in: source)
            // The kernel's names are gzip, lz4 (the legacy frame), lzma, xzkern and zstd22.
            let expected = layout.compression == .lz4Legacy ? "lz4" : layout.compression?.rawValue ?? ""
            if !name.hasPrefix(expected) {
                layout.diagnostics.append("the header says '\(EscapedText(name))', the payload is otherwise compressed")
            }
            return layout
        } catch let error as ByteError {
            throw KernelConfigError(code: .malformed, detail: "the zboot header is \(error)")
        }
    }

    private mutating func place(at start: UInt64, _ length: UInt64, in source: any ByteSource) throws {
        let (end, overflow) = start.addingReportingOverflow(length)
        guard length > 0, !overflow, end <= source.size.rawValue else {
            throw KernelConfigError(
                code: .malformed, detail: "the payload (\(length) bytes at \(start)) lies outside the file")
        }
        offset = ByteOffset(start)
        count = ByteCount(length)
        let magic = try source.prefix(at: offset, atMost: min(Int(clamping: length), CompressionFormat.magicLength))
        guard let format = CompressionFormat.detect(magic) else {
            throw KernelConfigError(code: .unsupported, detail: "the payload's compression is not known")
        }
        compression = format
    }

    private static func matches(_ bytes: [UInt8], _ offset: Int, _ text: String) -> Bool {
        matches(bytes, offset, Array(text.utf8))
    }

    private static func matches(_ bytes: [UInt8], _ offset: Int, _ pattern: [UInt8]) -> Bool {
        bytes.count >= offset + pattern.count && bytes[offset...].starts(with: pattern)
    }
}
