import AssayBytes

/// The header of a LUKS1 volume, 592 bytes, all numbers big-endian.
///
/// https://gitlab.com/cryptsetup/cryptsetup/-/wikis/Specification (LUKS On-Disk Format Specification 1.2.3, section 4)
public struct LUKS1Header: Hashable, Sendable {
    /// One of the eight places for a passphrase.
    public struct Keyslot: Hashable, Sendable {
        /// From 0 to 7.
        public let index: Int
        /// Whether a passphrase is stored in it.
        public let isActive: Bool
        /// PBKDF2 iterations.
        public let iterations: UInt32
        /// Anti-forensic stripes.
        public let stripes: UInt32
        /// First sector (of 512 bytes) of its key material.
        public let offsetSectors: UInt32
    }

    /// The cipher (`aes`).
    public let cipherName: String
    /// The mode with its initial vector (`xts-plain64`).
    public let cipherMode: String
    /// The hash of PBKDF2 and of the key digest.
    public let hash: String
    /// First sector (of 512 bytes) of the data; 0 for a detached header.
    public let payloadOffsetSectors: UInt32
    /// Bits of the volume key.
    ///
    /// In an XTS mode that is two keys.
    public let keyBits: UInt64
    /// PBKDF2 iterations of the volume key's digest.
    public let digestIterations: UInt32
    /// The UUID as text.
    public let uuid: String
    /// All eight places, used or not.
    public let keyslots: [Keyslot]

    /// Cipher and mode as dm-crypt takes them (`aes-xts-plain64`).
    public var encryption: String { cipherName + "-" + cipherMode }

    /// Whether the data is not encrypted at all in spite of the header.
    public var isNullCipher: Bool { LUKSCipher.isNull(encryption) }

    /// Reads the header from the volume's first bytes.
    init(_ bytes: [UInt8]) throws(LUKSError) {
        guard bytes.count >= 592 else { throw .truncated }
        do {
            var cursor = ByteCursor(bytes.span)
            try cursor.skip(8)
            cipherName = fieldText(try cursor.bytes(32))
            cipherMode = fieldText(try cursor.bytes(32))
            hash = fieldText(try cursor.bytes(32))
            payloadOffsetSectors = try cursor.u32(.big)
            keyBits = UInt64(try cursor.u32(.big)) * 8
            try cursor.skip(20 + 32)
            digestIterations = try cursor.u32(.big)
            uuid = fieldText(try cursor.bytes(40))
            var keyslots: [Keyslot] = []
            for index in 0..<8 {
                let state = try cursor.u32(.big)
                let iterations = try cursor.u32(.big)
                try cursor.skip(32)
                let offset = try cursor.u32(.big)
                let stripes = try cursor.u32(.big)
                guard state == 0x00AC_71F3 || state == 0x0000_DEAD else {
                    throw LUKSError.malformed("keyslot \(index) is neither active nor inactive")
                }
                keyslots.append(
                    Keyslot(
                        index: index, isActive: state == 0x00AC_71F3, iterations: iterations, stripes: stripes,
                        offsetSectors: offset))
            }
            self.keyslots = keyslots
        } catch let error as LUKSError {
            throw error
        } catch {
            throw .truncated
        }
    }
}

/// What a cipher specification says by itself.
public enum LUKSCipher {
    /// Whether `encryption` (`aes-xts-plain64`, `capi:…`) leaves the data as it is.
    ///
    /// `cipher_null` is the kernel's cipher that copies its input; cryptsetup-reencrypt uses it for "no encryption yet".
    public static func isNull(_ encryption: String) -> Bool {
        let lower = encryption.lowercased()
        return lower.utf8.split(whereSeparator: { !isNameByte($0) })
            .contains { $0.elementsEqual("cipher_null".utf8) || $0.elementsEqual("null".utf8) }
            || lower == "cipher_null" || lower.utf8.starts(with: "cipher_null-".utf8)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte == 0x5F || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
