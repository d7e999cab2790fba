/// A certificate of an output that was read back.
public struct StoredCertificate: Hashable, Sendable {
    /// The certificate, DER.
    public var der: [UInt8]
    /// The name that the output gives it: the Java key store's alias, the OpenSSL bundle's label.
    public var alias: [UInt8]?
    /// What the OpenSSL bundle trusts it for; nil for everything, and in the other outputs.
    public var trusted: [Purpose]?
    /// What the OpenSSL bundle rejects it for.
    public var rejected: [Purpose]

    /// Makes one.
    public init(der: [UInt8], alias: [UInt8]? = nil, trusted: [Purpose]? = nil, rejected: [Purpose] = []) {
        self.der = der
        self.alias = alias
        self.trusted = trusted
        self.rejected = rejected
    }
}

/// Why a file is not an output of a store, or not a manifest.
public struct StoreFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, counted from 1; nil when there are none.
    public var line: Int?
    /// What is wrong.
    public var reason: String

    /// Makes one.
    public init(line: Int? = nil, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    /// `line N: reason`.
    public var description: String { (line.map { "line \($0): " } ?? "") + reason }

    /// Refuses what is not one DER sequence from the first to the last byte; the certificate itself is not looked into.
    static func requireCertificate(_ der: [UInt8], line: Int? = nil, _ place: String) throws(StoreFault) {
        guard der.first == 0x30, DERText.extent(der[...]) == der.count else {
            throw StoreFault(line: line, "\(place) is no DER certificate")
        }
    }
}

extension TrustStore {
    /// Reads the certificates of an output's file, in their order; for the folders, of one of their files.
    ///
    /// Takes what `files` writes and what p11-kit writes; anything else, and anything cut short, is a fault. Certificates are
    /// delimited, not parsed. Linear in the size of `bytes`.
    public static func read(_ bytes: [UInt8], as output: StoreOutput) throws(StoreFault) -> [StoredCertificate] {
        switch output {
        case .tlsBundle, .emailBundle, .objectSigningBundle, .directoryHash, .legacy:
            var result: [StoredCertificate] = []
            for block in try PEMBundle.read(bytes, .certificate) {
                try StoreFault.requireCertificate(block.der, line: block.line, "the block")
                result.append(StoredCertificate(der: block.der))
            }
            return result
        case .opensslBundle:
            var result: [StoredCertificate] = []
            for block in try PEMBundle.read(bytes, .trustedCertificate) { result.append(try trusted(block)) }
            return result
        case .javaKeyStore: return try JavaKeyStore.read(bytes)
        case .edk2: return try EFISignatureList.read(bytes)
        }
    }

    private static func trusted(_ block: (line: Int, der: [UInt8])) throws(StoreFault) -> StoredCertificate {
        guard let extent = DERText.extent(block.der[...]), block.der.first == 0x30 else {
            throw StoreFault(line: block.line, "the block is no DER certificate")
        }
        let certificate = Array(block.der[..<extent])
        guard extent < block.der.count else { return StoredCertificate(der: certificate) }
        guard let auxiliary = CertificateAux(der: block.der[extent...]) else {
            throw StoreFault(line: block.line, "the block's trust data are malformed")
        }
        return StoredCertificate(
            der: certificate, alias: auxiliary.alias, trusted: auxiliary.trust, rejected: auxiliary.reject ?? [])
    }
}
