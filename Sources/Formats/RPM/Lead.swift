import AssayBytes

/// The first 96 bytes of a package file.
///
/// Nothing signs it and rpm uses only its first bytes; the rest is what `file` shows.
/// https://rpm.org/docs/6.0.x/manual/format_lead.html
public struct Lead: Hashable, Sendable {
    /// Number of bytes.
    public static let size = 96

    /// 3 for packages of the versions 3 and 4, 4 for version 6.
    public let major: UInt8
    /// 0 in all known files.
    public let minor: UInt8
    /// 0 for a binary, 1 for a source package.
    public let type: UInt16
    /// A number for the architecture, of a table that differs between versions.
    public let architecture: UInt16
    /// Name, version and release, cut off at 65 bytes.
    public let name: [UInt8]
    /// Whether the name's field has other bytes than zeros behind the name's end.
    public let hasBytesBehindName: Bool
    /// A number for the operating system; 1 is Linux.
    public let operatingSystem: UInt16
    /// Whether the last 16 bytes are zero.
    public let hasZeroReserve: Bool

    static let magic: [UInt8] = [0xED, 0xAB, 0xEE, 0xDB]
    private static let nameSize = 66
    /// The only way to store signatures since version 3: a header.
    private static let headerSignatures: UInt16 = 5

    init(_ bytes: [UInt8]) throws(RPMError) {
        guard bytes.starts(with: Lead.magic) else {
            throw RPMError(code: .notRPM, offset: .zero, detail: "it does not begin with ED AB EE DB")
        }
        do {
            var cursor = ByteCursor(bytes.span)
            try cursor.skip(4)
            major = try cursor.u8()
            minor = try cursor.u8()
            type = try cursor.u16(.big)
            architecture = try cursor.u16(.big)
            let field = try cursor.bytes(Lead.nameSize)
            name = Array(field.prefix { $0 != 0 })
            hasBytesBehindName = field.dropFirst(name.count).contains { $0 != 0 }
            operatingSystem = try cursor.u16(.big)
            let signatureType = try cursor.u16(.big)
            hasZeroReserve = try cursor.bytes(16).allSatisfy { $0 == 0 }
            guard major == 3 || major == 4 else {
                throw RPMError(code: .unsupportedVersion, offset: ByteOffset(4), detail: "version \(major).\(minor)")
            }
            guard signatureType == Lead.headerSignatures else {
                throw RPMError(
                    code: .unsupportedVersion, offset: ByteOffset(78), detail: "signature type \(signatureType)")
            }
        } catch let error as RPMError {
            throw error
        } catch {
            throw RPMError(code: .truncated, offset: ByteOffset(UInt64(bytes.count)), detail: "the lead has 96 bytes")
        }
    }
}
