import AssayBytes

/// Why bytes are no journal file or sealing key.
public enum JournalFileError: Error, Hashable, Sendable {
    /// The signature at the start is another one.
    case wrongSignature
    /// The header says that it is shorter than its format allows, in bytes.
    case headerTooSmall(UInt64)
    /// The bytes end before the header does.
    case truncated
}

/// The header at the start of a journal file.
///
/// All numbers are little-endian. The format is https://systemd.io/JOURNAL_FILE_FORMAT/, section "Header".
public struct JournalFileHeader: Hashable, Sendable {
    /// Bytes that `init` needs: all fields since the first version and the number of tags.
    public static let byteCount = 240

    /// Features that a reader may not know.
    public struct CompatibleFlags: OptionSet, Hashable, Sendable {
        /// The bits as stored.
        public let rawValue: UInt32

        /// Makes a set of the bits in `rawValue`.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// The file holds tags that seal what stands before them.
        public static let sealed = CompatibleFlags(rawValue: 1)
        /// The boot id in the header is that of the last entry.
        public static let tailEntryBootID = CompatibleFlags(rawValue: 2)
        /// The seals follow each other without a gap.
        public static let sealedContinuous = CompatibleFlags(rawValue: 4)
    }

    /// Whether a writer has the file open.
    public enum State: Hashable, Sendable {
        /// Closed in order.
        case offline
        /// Open, or not closed in order.
        case online
        /// Closed and never to be written again.
        case archived
        /// A value that the format does not name.
        case other(UInt8)
    }

    /// Features that a reader may not know.
    public let compatibleFlags: CompatibleFlags
    /// Features that a reader must know, as bits.
    public let incompatibleFlags: UInt32
    /// Whether a writer has the file open.
    public let state: State
    /// The file's own id, 16 bytes.
    public let fileID: [UInt8]
    /// The machine that wrote it, 16 bytes.
    public let machineID: [UInt8]
    /// The length of the header, in bytes.
    public let headerSize: UInt64
    /// The number of entries.
    public let entryCount: UInt64
    /// The number of tags (seals); nil in files older than systemd 189.
    public let tagCount: UInt64?

    /// Whether the file claims to be sealed; only a verification with the key proves it.
    public var isSealed: Bool { compatibleFlags.contains(.sealed) }

    /// Reads the header from the first bytes of a file.
    ///
    /// - Parameter bytes: at least the first `byteCount` bytes; more are not looked at.
    /// - Throws: `JournalFileError`, when the bytes are not such a header.
    public init(_ bytes: [UInt8]) throws(JournalFileError) {
        do {
            var cursor = ByteCursor(bytes.span)
            guard try cursor.bytes(8) == Array("LPKSHHRH".utf8) else { throw JournalFileError.wrongSignature }
            compatibleFlags = CompatibleFlags(rawValue: try cursor.u32(.little))
            incompatibleFlags = try cursor.u32(.little)
            state =
                switch try cursor.u8() {
                case 0: .offline
                case 1: .online
                case 2: .archived
                case let value: .other(value)
                }
            try cursor.skip(7)
            fileID = try cursor.bytes(16)
            machineID = try cursor.bytes(16)
            try cursor.skip(32)
            headerSize = try cursor.u64(.little)
            // The first version of the header ends behind the time of the last entry.
            guard headerSize >= 208 else { throw JournalFileError.headerTooSmall(headerSize) }
            try cursor.seek(to: 152)
            entryCount = try cursor.u64(.little)
            if headerSize >= 232 {
                try cursor.seek(to: 224)
                tagCount = try cursor.u64(.little)
            } else {
                tagCount = nil
            }
        } catch let error as JournalFileError {
            throw error
        } catch {
            throw .truncated
        }
    }
}

/// The header of a sealing key file, `/var/log/journal/<machine id>/fss`.
///
/// All numbers are little-endian; the layout is `FSSHeader` of systemd's src/libsystemd/sd-journal/journal-authenticate
/// and journal-def.h.
public struct SealingKeyHeader: Hashable, Sendable {
    /// Bytes that `init` needs.
    public static let byteCount = 88

    /// The machine that the key was made on, 16 bytes: another one than the subject's means a copied key.
    public let machineID: [UInt8]
    /// The boot in which it was made, 16 bytes.
    public let bootID: [UInt8]
    /// The first moment that it seals, in microseconds since 1970-01-01 UTC.
    public let startMicroseconds: UInt64
    /// How long one key of the sequence is used, in microseconds.
    public let intervalMicroseconds: UInt64
    /// The security parameter of the generator, in bits.
    public let securityParameter: UInt16

    /// Reads the header from the first bytes of a file.
    public init(_ bytes: [UInt8]) throws(JournalFileError) {
        do {
            var cursor = ByteCursor(bytes.span)
            guard try cursor.bytes(8) == Array("KSHHRHLP".utf8) else { throw JournalFileError.wrongSignature }
            try cursor.skip(8)
            machineID = try cursor.bytes(16)
            bootID = try cursor.bytes(16)
            let headerSize = try cursor.u64(.little)
            guard headerSize >= UInt64(SealingKeyHeader.byteCount) else {
                throw JournalFileError.headerTooSmall(headerSize)
            }
            startMicroseconds = try cursor.u64(.little)
            intervalMicroseconds = try cursor.u64(.little)
            securityParameter = try cursor.u16(.little)
            try cursor.skip(14)
        } catch let error as JournalFileError {
            throw error
        } catch {
            throw .truncated
        }
    }
}
