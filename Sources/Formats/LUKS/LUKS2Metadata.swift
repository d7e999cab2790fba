import FoundationEssentials

/// What the JSON area of a LUKS2 header says.
///
/// Keys of the objects are the decimal ids of the specification. Sizes and offsets are bytes. Of an object that occurs
/// twice in the JSON one occurrence counts; which is the JSON reader's choice.
/// https://gitlab.com/cryptsetup/LUKS2-docs (section 3)
public struct LUKS2Metadata: Hashable, Sendable, Decodable {
    /// The places for passphrases and other secrets, by id.
    public let keyslots: [String: LUKS2Keyslot]
    /// The regions of data, by id.
    public let segments: [String: LUKS2Segment]
    /// The digests that tie keyslots to segments, by id.
    public let digests: [String: LUKS2Digest]
    /// What can open a keyslot without a typed passphrase, by id.
    public let tokens: [String: LUKS2Token]
    /// Sizes, flags and requirements.
    public let config: LUKS2Config

    /// Reads the JSON that fills `jsonArea` up to its first zero byte.
    init(jsonArea: [UInt8]) throws(LUKSError) {
        let text = jsonArea.prefix { $0 != 0 }
        guard !text.isEmpty else { throw .malformedMetadata("the JSON area is empty") }
        guard LUKS2Metadata.depth(text) <= 32 else { throw .malformedMetadata("nested deeper than 32 levels") }
        do {
            self = try JSONDecoder().decode(LUKS2Metadata.self, from: Data(text))
        } catch let error as DecodingError {
            throw .malformedMetadata(LUKS2Metadata.sentence(error))
        } catch {
            throw .malformedMetadata("not JSON")
        }
    }

    /// Braces and brackets open at once, those inside strings not counted.
    private static func depth(_ text: ArraySlice<UInt8>) -> Int {
        var depth = 0
        var deepest = 0
        var isInString = false
        var isEscaped = false
        for byte in text {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isInString = false
                }
                continue
            }
            switch byte {
            case 0x22: isInString = true
            case 0x7B, 0x5B:
                depth += 1
                deepest = max(deepest, depth)
            case 0x7D, 0x5D: depth -= 1
            default: break
            }
        }
        return deepest
    }

    private static func sentence(_ error: DecodingError) -> String {
        let context: DecodingError.Context
        switch error {
        case .keyNotFound(let key, let found):
            return "'\((found.codingPath.map(\.stringValue) + [key.stringValue]).joined(separator: "."))' is missing"
        case .typeMismatch(_, let found): context = found
        case .valueNotFound(_, let found): context = found
        case .dataCorrupted(let found): context = found
        @unknown default: return "unreadable"
        }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? "not JSON" : "'\(path)' is not what it should be"
    }
}

/// A keyslot of LUKS2.
public struct LUKS2Keyslot: Hashable, Sendable, Decodable {
    /// `luks2`, or `reencrypt` for the work area of a re-encryption.
    public let type: String
    /// Bytes of the key that it holds.
    public let keySize: UInt64
    /// How the secret becomes the key that encrypts the slot; absent in a `reencrypt` slot.
    public let kdf: LUKS2KDF?
    /// Where and how the key is stored.
    public let area: LUKS2Area?
    /// 0 = only used when asked for, 1 = normal (also when absent), 2 = first.
    public let priority: Int?

    enum CodingKeys: String, CodingKey {
        case type
        case keySize = "key_size"
        case kdf
        case area
        case priority
    }
}

/// A key derivation function with its costs.
public struct LUKS2KDF: Hashable, Sendable, Decodable {
    /// `pbkdf2`, `argon2i` or `argon2id`.
    public let type: String
    /// The hash of `pbkdf2`.
    public let hash: String?
    /// Iterations of `pbkdf2`.
    public let iterations: UInt64?
    /// Passes of argon2.
    public let time: UInt64?
    /// KiB of memory of argon2.
    public let memory: UInt64?
    /// Threads of argon2.
    public let cpus: UInt64?
}

/// Where a keyslot's material lies.
public struct LUKS2Area: Hashable, Sendable, Decodable {
    /// `raw`, or one of re-encryption's (`none`, `journal`, `checksum`, `datashift`).
    public let type: String
    /// How the material is encrypted.
    public let encryption: String?
    /// Bytes of the key that encrypts the material.
    public let keySize: UInt64?

    enum CodingKeys: String, CodingKey {
        case type
        case encryption
        case keySize = "key_size"
    }
}

/// A region of data.
public struct LUKS2Segment: Hashable, Sendable, Decodable {
    /// `crypt` (encrypted) or `linear` (not encrypted, while a volume is being encrypted or decrypted).
    public let type: String
    /// First byte, as a decimal number in text.
    public let offset: String
    /// Bytes as a decimal number in text, or `dynamic`.
    public let size: String
    /// The cipher as dm-crypt takes it (`aes-xts-plain64`); absent in a `linear` segment.
    public let encryption: String?
    /// Bytes of a sector of encryption: 512, 1024, 2048 or 4096.
    public let sectorSize: UInt64?
    /// Authentication of the data, when there is any.
    public let integrity: LUKS2Integrity?
    /// Words such as `backup-final`.
    public let flags: [String]?

    enum CodingKeys: String, CodingKey {
        case type
        case offset
        case size
        case encryption
        case sectorSize = "sector_size"
        case integrity
        case flags
    }

    /// Whether the segment is not encrypted at all.
    public var isUnencrypted: Bool { encryption.map(LUKSCipher.isNull) ?? true }
}

/// Authentication of a segment's data.
public struct LUKS2Integrity: Hashable, Sendable, Decodable {
    /// The algorithm (`hmac(sha256)`, `aead`).
    public let type: String
    /// Encryption of dm-integrity's journal.
    public let journalEncryption: String?
    /// Integrity of dm-integrity's journal.
    public let journalIntegrity: String?

    enum CodingKeys: String, CodingKey {
        case type
        case journalEncryption = "journal_encryption"
        case journalIntegrity = "journal_integrity"
    }
}

/// The tie between a volume key, the keyslots that hold it and the segments that it opens.
public struct LUKS2Digest: Hashable, Sendable, Decodable {
    /// `pbkdf2`.
    public let type: String
    /// Ids of the keyslots.
    public let keyslots: [String]
    /// Ids of the segments.
    public let segments: [String]
    /// The hash.
    public let hash: String?
    /// PBKDF2 iterations.
    public let iterations: UInt64?
}

/// What can open keyslots without a typed passphrase.
public struct LUKS2Token: Hashable, Sendable, Decodable {
    /// `luks2-keyring`, `systemd-tpm2`, `systemd-fido2`, `systemd-pkcs11`, `systemd-recovery`, `clevis` or another.
    public let type: String
    /// Ids of the keyslots that it opens.
    public let keyslots: [String]
    /// The platform registers that a `systemd-tpm2` token is bound to.
    public let tpm2PCRs: [Int]?
    /// Whether a `systemd-tpm2` token wants a PIN too.
    public let tpm2RequiresPIN: Bool?

    enum CodingKeys: String, CodingKey {
        case type
        case keyslots
        case tpm2PCRs = "tpm2-pcrs"
        case tpm2RequiresPIN = "tpm2-pin"
    }
}

/// What concerns the whole header.
public struct LUKS2Config: Hashable, Sendable, Decodable {
    /// Bytes of the JSON area, as a decimal number in text.
    public let jsonSize: String
    /// Bytes of all keyslot areas, as a decimal number in text.
    public let keyslotsSize: String?
    /// Flags that activation sets (`allow-discards`, `no-read-workqueue`, …).
    public let flags: [String]?
    /// Features without which the volume must not be opened (`online-reencrypt`).
    public let requirements: LUKS2Requirements?

    enum CodingKeys: String, CodingKey {
        case jsonSize = "json_size"
        case keyslotsSize = "keyslots_size"
        case flags
        case requirements
    }
}

/// The features that a reader must know.
public struct LUKS2Requirements: Hashable, Sendable, Decodable {
    /// Names of the features.
    public let mandatory: [String]?
}
