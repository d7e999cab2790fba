public import AssayBytes

/// The headers of a PE image (<https://learn.microsoft.com/windows/win32/debug/pe-format>); all numbers little-endian.
public struct PEImage: Hashable, Sendable {
    /// The processor that the image is for.
    public struct Machine: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The number in the COFF header.
        public let rawValue: UInt16

        /// A machine by its number.
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// 64-bit x86.
        public static let x86x64 = Machine(rawValue: 0x8664)
        /// 32-bit x86.
        public static let i386 = Machine(rawValue: 0x014C)
        /// 64-bit Arm.
        public static let arm64 = Machine(rawValue: 0xAA64)
        /// 32-bit Arm, Thumb-2.
        public static let arm = Machine(rawValue: 0x01C2)
        /// 64-bit RISC-V.
        public static let riscv64 = Machine(rawValue: 0x5064)

        /// The name that `uname -m` gives, or the number.
        public var description: String {
            switch self {
            case .x86x64: "x86_64"
            case .i386: "i686"
            case .arm64: "aarch64"
            case .arm: "arm"
            case .riscv64: "riscv64"
            default: "machine 0x" + Hex.encode([UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)])
            }
        }
    }

    /// A section's header.
    public struct Section: Hashable, Sendable {
        /// The name without its padding, escaped where it is not printable.
        public let name: String
        /// The size in memory: of a unified kernel image's section the true size of its content.
        public let virtualSize: UInt32
        /// The address in memory, relative to the image's base.
        public let virtualAddress: UInt32
        /// The size in the file, padded to the file alignment.
        public let rawSize: UInt32
        /// The position in the file.
        public let rawOffset: UInt32
        /// The flags.
        public let characteristics: UInt32

        /// The bytes of content that the file holds: what is beyond the virtual size is padding.
        ///
        /// A virtual size of 0, which old linkers wrote, means the raw size.
        public var contentSize: UInt32 { virtualSize == 0 ? rawSize : min(virtualSize, rawSize) }

        /// The zero bytes that memory holds behind the file's content.
        public var zeroFill: UInt32 { virtualSize > rawSize ? virtualSize - rawSize : 0 }
    }

    /// A place in the file.
    public struct Region: Hashable, Sendable {
        /// The first byte.
        public let offset: ByteOffset
        /// The number of bytes.
        public let count: ByteCount
    }

    /// The processor that the image is for.
    public let machine: Machine
    /// Seconds since 1970 by the header; reproducible builds write other numbers here.
    public let timestamp: UInt32
    /// Whether the optional header is the 64-bit one (PE32+).
    public let is64Bit: Bool
    /// The kind of program: 10 is an EFI application.
    public let subsystem: UInt16
    /// The address-space flags; 0x100 says that data can be without execution right (NX_COMPAT).
    public let dllCharacteristics: UInt16
    /// The sections, in the table's order.
    public let sections: [Section]
    /// Where the attribute certificate table is that the header announces, or nil without one.
    ///
    /// That a signature is there, not that it is good: nothing in it was verified.
    public let certificateTable: Region?
    /// What was odd: overlapping or outlying sections, a certificate table outside the file.
    public let diagnostics: [String]

    /// Whether the image is for UEFI: subsystems 10 to 13.
    public var isEFI: Bool { (10...13).contains(subsystem) }

    /// Whether `prefix`, the first bytes of a file, begins a DOS or PE program.
    public static func looksLikePE(_ prefix: some Collection<UInt8>) -> Bool { prefix.starts(with: [0x4D, 0x5A]) }

    /// Reads the headers.
    ///
    /// - Throws: `PEError`, or the source's own error. A section that lies outside the file is a diagnostic here and an
    ///   error where its content is read.
    public init(_ source: any ByteSource) throws {
        let headers = try PEHeaders(source)
        machine = Machine(rawValue: headers.machine)
        timestamp = headers.timestamp
        is64Bit = headers.is64Bit
        subsystem = headers.subsystem
        dllCharacteristics = headers.dllCharacteristics
        sections = headers.sections
        certificateTable = headers.certificateTable
        diagnostics = headers.diagnostics
    }

    /// The sections of this name, in the table's order.
    public func sections(named name: String) -> [Section] { sections.filter { $0.name == name } }

    /// Reads a section's content, without padding and without the zeros that only memory has.
    ///
    /// - Parameters:
    ///   - section: a section of this image.
    ///   - source: the file that the image was read from.
    ///   - limit: the most bytes to read.
    /// - Returns: the bytes.
    /// - Throws: `PEError` of code `tooLarge` or `truncated`, or the source's own error.
    public static func content(of section: Section, in source: any ByteSource, limit: ByteCount) throws -> [UInt8] {
        let offset = ByteOffset(UInt64(section.rawOffset))
        guard UInt64(section.contentSize) <= limit.rawValue, let count = Int(exactly: section.contentSize) else {
            throw PEError(
                code: .tooLarge, offset: offset,
                detail: "section '\(section.name)' has \(section.contentSize) bytes; \(limit.rawValue) are allowed")
        }
        do {
            return try source.bytes(at: offset, count: count)
        } catch is ByteError {
            throw PEError(code: .truncated, offset: offset, detail: "section '\(section.name)' lies outside the file")
        }
    }

    /// Where a section's content is, for readers that take windows of it (`.linux`, `.initrd`).
    public static func region(of section: Section) -> Region {
        Region(offset: ByteOffset(UInt64(section.rawOffset)), count: ByteCount(UInt64(section.contentSize)))
    }
}
