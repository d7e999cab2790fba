import AssayBytes

/// What a package says about itself in its main header; true only as far as that header is signed.
///
/// Texts are escaped where they are not printable UTF-8, so that two different names never look the same.
public struct PackageIdentity: Hashable, Sendable, CustomStringConvertible {
    /// Name of the package.
    public let name: String
    /// Number that goes before the version; nil is 0 to all that compare.
    public let epoch: UInt32?
    /// Version of what is packaged.
    public let version: String
    /// Release of the package.
    public let release: String
    /// The architecture that the package is for; of a source package, the one it was built on.
    public let architecture: String?
    /// Whether it is a source package.
    public let isSource: Bool
    /// File name of the source package that it was built from.
    public let sourceRPM: String?
    /// Time of the build in seconds since 1970.
    public let buildTime: UInt32?
    /// Host of the build.
    public let buildHost: String?
    /// Who distributes the package.
    public let vendor: String?
    /// Licence of what is packaged.
    public let license: String?
    /// Format of the payload; `cpio` in all known packages.
    public let payloadFormat: String?
    /// Compression of the payload: gzip, bzip2, lzma, xz, zstd, or nil for none.
    public let payloadCompressor: String?
    /// Version of the package format, from version 6 on.
    public let format: UInt32?

    /// `name-epoch:version-release.architecture`, with the epoch only where there is one.
    public var description: String {
        let epoch = epoch.map { "\($0):" } ?? ""
        let architecture = isSource ? "src" : architecture
        return "\(name)-\(epoch)\(version)-\(release)" + (architecture.map { "." + $0 } ?? "")
    }

    /// The file name that rpm gives to the package.
    public var fileName: String {
        "\(name)-\(version)-\(release).\(isSource ? "src" : architecture ?? "noarch").rpm"
    }
}

extension RPMFile {
    /// Name, version, release, architecture and origin; nil when name, version or release is missing.
    public var identity: PackageIdentity? {
        guard let name = header.text(.name), let version = header.text(.version), let release = header.text(.release)
        else { return nil }
        let number = { (tag: HeaderTag) in header.number(tag).flatMap { UInt32(exactly: $0) } }
        return PackageIdentity(
            name: name, epoch: number(.epoch), version: version, release: release,
            architecture: header.text(.architecture), isSource: isSource, sourceRPM: header.text(.sourceRPM),
            buildTime: number(.buildTime), buildHost: header.text(.buildHost), vendor: header.text(.vendor),
            license: header.text(.license), payloadFormat: header.text(.payloadFormat),
            payloadCompressor: header.text(.payloadCompressor), format: number(.rpmFormat))
    }

    /// Whether it is a source package: it names no source package, as in rpm.
    public var isSource: Bool { header.contains(.sourcePackage) || !header.contains(.sourceRPM) }

    /// The number of bytes of main header and payload, or of the payload alone, as the package states it.
    var statedEnd: (tag: HeaderTag, end: UInt64)? {
        let start = header.range.offset.rawValue
        let candidates: [(HeaderTag, UInt64, UInt64?)] = [
            (.compressedPayloadSize, payload.offset.rawValue, header.number(.compressedPayloadSize)),
            (.longSize, start, signatureHeader.number(.longSize)), (.size, start, signatureHeader.number(.size)),
        ]
        for case let (tag, start, count?) in candidates {
            let (end, overflow) = start.addingReportingOverflow(count)
            return (tag, overflow ? .max : end)
        }
        return nil
    }
}
