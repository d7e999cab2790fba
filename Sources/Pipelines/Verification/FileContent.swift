import AssayBytes

/// What a file is, by its first bytes.
enum FileContent: Hashable {
    /// An RPM package: the magic of its lead.
    case rpmPackage
    /// A Debian package: an ar archive whose first member is `debian-binary` (deb(5)).
    case debianPackage
    /// An ISO 9660 image: `CD001` in the first volume descriptor.
    case isoImage
    /// Anything else.
    case other

    /// Looks at the file; what cannot be read is `other`, and fails where it is read for good.
    init(_ file: SubjectFile) {
        let start = (try? file.source.prefix(at: .zero, atMost: 24)) ?? []
        if start.starts(with: [0xED, 0xAB, 0xEE, 0xDB]) {
            self = .rpmPackage
        } else if start.starts(with: "!<arch>\ndebian-binary".utf8) {
            self = .debianPackage
        } else if let descriptor = try? file.source.prefix(at: ByteOffset(32_769), atMost: 5),
            descriptor == Array("CD001".utf8)
        {
            self = .isoImage
        } else {
            self = .other
        }
    }

    /// Whether a file in a folder claims by its name to be what is verified.
    static func isNamedLikePackage(_ name: [UInt8]) -> Bool {
        let name = String(decoding: name, as: UTF8.self).lowercased()
        return [".rpm", ".deb", ".iso"].contains { name.hasSuffix($0) }
    }

    /// Whether a file in a folder is one that vouches for others: a list, a signature, a key.
    static func isNamedLikeVoucher(_ name: [UInt8]) -> Bool {
        let name = String(decoding: name, as: UTF8.self).lowercased()
        return name.contains("checksum") || name.contains("sums")
            || [".asc", ".sig", ".sign", ".gpg", ".sha256", ".sha512", ".sha256sum"].contains { name.hasSuffix($0) }
    }
}
