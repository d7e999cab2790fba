public import AssayBytes

/// Why a file could not be judged as an ELF object.
public struct ELFError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's stable name.
        public let description: String

        /// The bytes do not begin with the ELF magic: another kind of file, not a broken one.
        public static let notELF = Code(description: "notELF")
        /// The file ends before what its headers promise.
        public static let truncated = Code(description: "truncated")
        /// The identification or the header holds a value that no ELF file may hold.
        public static let badHeader = Code(description: "badHeader")
        /// The program header table or an entry of it contradicts itself or the file.
        public static let badProgramHeaders = Code(description: "badProgramHeaders")
        /// The section header table or an entry of it contradicts itself or the file.
        public static let badSectionHeaders = Code(description: "badSectionHeaders")
        /// The dynamic section, or a table that it points to, contradicts itself or the file.
        public static let badDynamic = Code(description: "badDynamic")
        /// A symbol or string table cannot be read as one.
        public static let badSymbols = Code(description: "badSymbols")
        /// A note cannot be read as one.
        public static let badNote = Code(description: "badNote")
        /// A count or length is larger than `ELFLimits` allows.
        public static let limitExceeded = Code(description: "limitExceeded")
    }

    /// What went wrong.
    public let code: Code
    /// Where, in bytes from the start of the file.
    public let offset: ByteOffset
    /// The sentence for people.
    public let message: String

    /// The sentence with its position.
    public var description: String { "\(message), at offset \(offset.rawValue)" }

    init(_ code: Code, at offset: UInt64, _ message: String) {
        self.code = code
        self.offset = ByteOffset(offset)
        self.message = message
    }
}

/// The bounds that keep the work on one file small, whatever its headers say.
public enum ELFLimits {
    /// Program headers: what `e_phnum` can count without the extension for more (`PN_XNUM`); Linux refuses far fewer.
    public static let programHeaders: UInt64 = 65_535
    /// Section headers: a relocatable file with one section a function may hold tens of thousands.
    public static let sectionHeaders: UInt64 = 262_144
    /// Bytes of the section name table.
    public static let sectionNames: UInt64 = 32 << 20
    /// Entries of the dynamic section.
    public static let dynamicEntries: UInt64 = 65_536
    /// Needed libraries, and search path entries.
    public static let dynamicStrings = 4_096
    /// Symbols of one table.
    public static let symbols: UInt64 = 2_097_152
    /// Bytes of one symbol name table.
    public static let symbolNames: UInt64 = 256 << 20
    /// Bytes of a path or library name: Linux' `PATH_MAX`.
    public static let pathLength = 4_096
    /// Bytes of all notes of one segment or section.
    public static let notes: UInt64 = 1 << 20
    /// Buckets of a hash table.
    public static let hashBuckets: UInt64 = 4_194_304
    /// Bytes of executable code that one scan looks at.
    public static let scannedCode: UInt64 = 512 << 20
    /// Bytes of read-only data that one scan for a compiler's traces looks at.
    public static let scannedData: UInt64 = 16 << 20
    /// Bytes of `.comment`, `.GCC.command.line` and `.debug_str` that are looked at for compiler command lines.
    public static let producerText: UInt64 = 4 << 20
}
