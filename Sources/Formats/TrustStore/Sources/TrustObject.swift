import AssayBytes

/// One thing that a source file says.
public enum TrustObject: Hashable, Sendable {
    /// A certificate, and what is said about it.
    case certificate(CertificateObject)
    /// A distrusted certificate that is named without its bytes.
    case distrust(DistrustObject)
    /// An extension that is attached to every certificate with a public key.
    case attachedExtension(AttachedExtension)

    /// The line of its start, counted from 1.
    public var line: Int {
        switch self {
        case .certificate(let object): object.line
        case .distrust(let object): object.line
        case .attachedExtension(let object): object.line
        }
    }
}

/// What a source says about the trust of a certificate.
public enum Standing: String, Hashable, Sendable {
    /// A trust anchor.
    case anchor
    /// Known, neither trusted nor distrusted.
    case neutral
    /// Distrusted.
    case distrusted
}

/// A certificate in a source file.
public struct CertificateObject: Hashable, Sendable {
    /// The certificate.
    public var certificate: TrustCertificate
    /// What the object itself says, before the folder that it lies in has its say.
    public var standing: Standing
    /// The label that the source gives, as bytes; nil when it gives none.
    public var label: [UInt8]?
    /// From when on new server certificates below it are distrusted, in seconds since 1970.
    public var serverDistrustAfter: Int64?
    /// From when on new mail certificates below it are distrusted, in seconds since 1970.
    public var emailDistrustAfter: Int64?
    /// The line of the object's start, counted from 1; 1 for DER.
    public var line: Int

    /// Makes one.
    public init(
        certificate: TrustCertificate, standing: Standing, label: [UInt8]? = nil, serverDistrustAfter: Int64? = nil,
        emailDistrustAfter: Int64? = nil, line: Int
    ) {
        self.certificate = certificate
        self.standing = standing
        self.label = label
        self.serverDistrustAfter = serverDistrustAfter
        self.emailDistrustAfter = emailDistrustAfter
        self.line = line
    }
}

/// A distrusted certificate, by issuer and serial number, by public key, or both.
public struct DistrustObject: Hashable, Sendable {
    /// The issuer (DER Name) and the serial number (DER INTEGER, tag included).
    public struct Name: Hashable, Sendable {
        /// The DER Name.
        public var issuer: [UInt8]
        /// The DER INTEGER, tag included.
        public var serialNumber: [UInt8]

        /// Makes one.
        public init(issuer: [UInt8], serialNumber: [UInt8]) {
            self.issuer = issuer
            self.serialNumber = serialNumber
        }

        /// Hashes both.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(issuer.count)
            hasher.combine(all: issuer)
            hasher.combine(all: serialNumber)
        }
    }

    /// Which certificate.
    public var name: Name?
    /// Whose certificates: a DER SubjectPublicKeyInfo.
    public var publicKeyInfo: [UInt8]?
    /// The label.
    public var label: [UInt8]?
    /// The line of the object's start, counted from 1.
    public var line: Int

    /// Makes one.
    public init(name: Name?, publicKeyInfo: [UInt8]?, label: [UInt8]? = nil, line: Int) {
        self.name = name
        self.publicKeyInfo = publicKeyInfo
        self.label = label
        self.line = line
    }
}

/// An extension that a source attaches to a public key: it counts instead of the certificate's own.
public struct AttachedExtension: Hashable, Sendable {
    /// The DER SubjectPublicKeyInfo of the certificates that it is attached to.
    public var publicKeyInfo: [UInt8]
    /// The extension's dotted object identifier.
    public var identifier: String
    /// Whether it is critical.
    public var isCritical: Bool
    /// The DER inside the octet string.
    public var value: [UInt8]
    /// The line of the object's start, counted from 1.
    public var line: Int

    /// Extended key usage: what the key is trusted for.
    public static let extendedKeyUsage = "2.5.29.37"
    /// Basic constraints.
    public static let basicConstraints = "2.5.29.19"
    /// What OpenSSL's auxiliary data reject; the value is as that of extended key usage.
    public static let rejectedUsage = "1.3.6.1.4.1.3319.6.10.1"

    /// Makes one.
    public init(publicKeyInfo: [UInt8], identifier: String, isCritical: Bool, value: [UInt8], line: Int) {
        self.publicKeyInfo = publicKeyInfo
        self.identifier = identifier
        self.isCritical = isCritical
        self.value = value
        self.line = line
    }
}
