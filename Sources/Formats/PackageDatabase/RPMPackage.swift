/// A package as rpm's database lists it.
public struct RPMPackage: Hashable, Sendable {
    /// The name; `gpg-pubkey` for a key that was imported.
    public let name: String
    /// The epoch, nil when it is not given (0 then).
    public let epoch: UInt64?
    /// The version.
    public let version: String
    /// The release.
    public let release: String
    /// The architecture, empty for an imported key.
    public let architecture: String
    /// The file name of the source package, nil for an imported key.
    public let sourceRPM: String?
    /// The vendor.
    public let vendor: String?
    /// The signatures, none for a package that was not signed.
    public let signatures: [Signature]

    /// A signature, not parsed and not verified.
    public struct Signature: Hashable, Sendable {
        /// Which of the tags of a signature it is under.
        public let tag: RPMTag
        /// The OpenPGP packet; the text in base 64 for `RPMTag.openPGP`.
        public let bytes: [UInt8]

        /// Whether it covers the header alone, and by the header's digests the payload; otherwise it covers both.
        public var coversHeaderOnly: Bool { tag == .headerRSA || tag == .headerDSA || tag == .openPGP }
    }

    /// Whether this is a key that was imported, not a package.
    public var isImportedKey: Bool { name == "gpg-pubkey" }

    /// Name, epoch when there is one, version, release and architecture (`bash-5.2.15-3.azl3.x86_64`).
    public var nevra: String {
        let prefix = epoch.map { "\($0):" } ?? ""
        return "\(name)-\(prefix)\(version)-\(release)" + (architecture.isEmpty ? "" : "." + architecture)
    }

    /// Takes from `header` what a list of packages needs.
    ///
    /// - Throws: `RPMHeaderError` when name, version or release is missing.
    public init(_ header: RPMHeader) throws(RPMHeaderError) {
        guard let name = header.text(.name), let version = header.text(.version), let release = header.text(.release)
        else { throw .malformed("no name, version or release") }
        self.name = name
        self.version = version
        self.release = release
        epoch = header.numbers(.epoch)?.first
        architecture = header.text(.architecture) ?? ""
        sourceRPM = header.text(.sourceRPM)
        vendor = header.text(.vendor)
        var signatures: [Signature] = []
        for tag in [RPMTag.headerRSA, .headerDSA, .signaturePGP, .signatureGPG] {
            if let bytes = header.bytes(tag) { signatures.append(Signature(tag: tag, bytes: bytes)) }
        }
        for text in (header.strings(.openPGP) ?? []).prefix(64) {
            signatures.append(Signature(tag: .openPGP, bytes: Array(text)))
        }
        self.signatures = signatures
    }
}

/// A file that a package owns.
public struct RPMFile: Hashable, Sendable {
    /// The absolute path, as bytes.
    public let path: [UInt8]
    /// Type and permissions as in `stat`.
    public let mode: UInt16?
    /// Whether the file was installed (state 0); others were replaced, left out or never part of this system.
    public let isInstalled: Bool
    /// Whether the package only names the file, and it need not be there.
    public let isGhost: Bool
    /// Capabilities as text (`cap_net_raw=p`); nil for none.
    public let capabilities: String?
}

extension RPMHeader {
    /// The most bytes of paths that are made for one package: directories repeat, so paths are larger than the header.
    public static let maximumPathBytes = 64 << 20

    /// The files that the package owns, directories included.
    ///
    /// - Throws: `RPMHeaderError` when the lists do not fit together, or the files are too many.
    public func files() throws(RPMHeaderError) -> [RPMFile] {
        guard let names = strings(.baseNames) else {
            guard !contains(.baseNames) else { throw .malformed("unreadable file names") }
            return try makeFiles((strings(.oldFileNames) ?? []).map { Array($0) })
        }
        guard let directories = strings(.directoryNames), let indexes = numbers(.directoryIndexes),
            indexes.count == names.count
        else { throw .malformed("file names without their directories") }
        var total = 0
        var paths: [[UInt8]] = []
        for (name, index) in zip(names, indexes) {
            guard let index = Int(exactly: index), index < directories.count else {
                throw .malformed("a file in a directory that is not listed")
            }
            total += directories[index].count + name.count
            guard total <= RPMHeader.maximumPathBytes else { throw .malformed("more than 64 MiB of paths") }
            paths.append(Array(directories[index]) + name)
        }
        return try makeFiles(paths)
    }

    private func makeFiles(_ paths: [[UInt8]]) throws(RPMHeaderError) -> [RPMFile] {
        guard paths.count <= RPMHeader.maximumCount else { throw .malformed("too many files") }
        let modes = numbers(.fileModes) ?? []
        let states = numbers(.fileStates) ?? []
        let flags = numbers(.fileFlags) ?? []
        let capabilities = strings(.fileCapabilities) ?? []
        return paths.indices.map { index in
            let text = index < capabilities.count ? String(decoding: capabilities[index], as: UTF8.self) : ""
            return RPMFile(
                path: paths[index], mode: index < modes.count ? UInt16(truncatingIfNeeded: modes[index]) : nil,
                isInstalled: index < states.count ? states[index] == 0 : true,
                isGhost: index < flags.count ? flags[index] & 0x40 != 0 : false,
                capabilities: text.isEmpty ? nil : text)
        }
    }
}
