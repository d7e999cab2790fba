import AssayBytes

/// What the extended attribute `security.capability` gives to the program of a file.
///
/// The attribute is `struct vfs_cap_data` or `vfs_ns_cap_data`: little-endian 32-bit words, a magic word first (revision
/// in its top byte, bit 0 = effective), then permitted and inheritable for the low and, from revision 2 on, the high 32
/// capabilities; revision 3 adds the user namespace's root.
/// https://man7.org/linux/man-pages/man7/capabilities.7.html ("File capability extended attribute versioning")
public struct FileCapabilities: Hashable, Sendable {
    /// The layout of the attribute.
    public enum Revision: UInt8, Hashable, Sendable {
        /// 32 capabilities; 12 bytes.
        case one = 1
        /// 64 capabilities; 20 bytes.
        case two = 2
        /// 64 capabilities and the namespace's root user; 24 bytes.
        case three = 3
    }

    /// The layout it was stored in.
    public let revision: Revision
    /// What the program gets, limited by the bounding set.
    public let permitted: CapabilitySet
    /// What the program may keep of its caller's inheritable set.
    public let inheritable: CapabilitySet
    /// Whether the new permitted capabilities are in effect at once, for programs that do not raise them.
    public let isEffective: Bool
    /// The user id of root in the namespace that the capabilities count in; nil before revision 3.
    public let rootID: UInt32?

    /// Decodes the value of the attribute.
    ///
    /// - Parameter value: the attribute's bytes as the kernel or a file system image stores them.
    /// - Throws: `FileCapabilitiesError` for a revision that is not 1, 2 or 3, a size that the revision does not have, or
    ///   flags that are not defined: the kernel refuses to run such a file.
    public init(_ value: [UInt8]) throws(FileCapabilitiesError) {
        do {
            var cursor = ByteCursor(value.span)
            let magic = try cursor.u32(.little)
            guard let revision = Revision(rawValue: UInt8(truncatingIfNeeded: magic >> 24)) else {
                throw FileCapabilitiesError.unknownRevision(UInt8(truncatingIfNeeded: magic >> 24))
            }
            guard magic & 0x00FF_FFFE == 0 else { throw FileCapabilitiesError.undefinedFlags(magic & 0x00FF_FFFF) }
            guard value.count == FileCapabilities.size(revision) else {
                throw FileCapabilitiesError.wrongSize(value.count, expected: FileCapabilities.size(revision))
            }
            var permitted = UInt64(try cursor.u32(.little))
            var inheritable = UInt64(try cursor.u32(.little))
            if revision != .one {
                permitted |= UInt64(try cursor.u32(.little)) << 32
                inheritable |= UInt64(try cursor.u32(.little)) << 32
            }
            self.revision = revision
            self.permitted = CapabilitySet(rawValue: permitted)
            self.inheritable = CapabilitySet(rawValue: inheritable)
            isEffective = magic & 1 == 1
            rootID = revision == .three ? try cursor.u32(.little) : nil
        } catch let error as FileCapabilitiesError {
            throw error
        } catch {
            throw .wrongSize(value.count, expected: 20)
        }
    }

    /// Bytes of the attribute in `revision`.
    private static func size(_ revision: Revision) -> Int {
        switch revision {
        case .one: 12
        case .two: 20
        case .three: 24
        }
    }

    /// The capabilities that a program started by an unprivileged user has at once, without asking for them.
    public var effective: CapabilitySet { isEffective ? permitted : [] }
}

/// Why a value is not a file's capabilities.
public enum FileCapabilitiesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The revision in the top byte of the first word is not one that Linux defines.
    case unknownRevision(UInt8)
    /// The size is not the revision's: `(actual, expected)`.
    case wrongSize(Int, expected: Int)
    /// Bits are set that no revision defines.
    case undefinedFlags(UInt32)

    /// The sentence for people.
    public var description: String {
        switch self {
        case .unknownRevision(let revision): "unknown capability revision \(revision)"
        case .wrongSize(let size, let expected): "capability attribute of \(size) bytes, \(expected) expected"
        case .undefinedFlags(let flags): "undefined capability flags 0x\(String(flags, radix: 16))"
        }
    }
}
