/// Splits packets into certificates.
struct KeyringReader {
    /// The most signature verifications that one file may cost.
    private static let maximumVerifications = 8192

    private var certificates: [OpenPGPCertificate] = []
    private var refused: [OpenPGPError] = []
    private var current: CertificateParts?
    /// Whether the packets belong to a certificate that was refused.
    private var isPassingOver = false
    private var verifications = 0

    mutating func read(_ packet: Packet) throws {
        switch packet.tag {
        case Packet.Tag.publicKey:
            try close()
            do {
                current = CertificateParts(primaryKey: try Self.key(packet))
                isPassingOver = false
            } catch let error as OpenPGPError {
                refused.append(error)
                isPassingOver = true
            }
        case Packet.Tag.secretKey, Packet.Tag.secretSubkey:
            throw OpenPGPError(.secretKey, "the file holds a secret key, where a certificate is expected")
        case Packet.Tag.marker, Packet.Tag.padding, Packet.Tag.trust: return
        case _ where isPassingOver: return
        case Packet.Tag.signature:
            try parts(packet) { $0.add(signature: packet.body) }
        case Packet.Tag.userID:
            try parts(packet) { $0.components.append(.init(target: .userID(packet.body))) }
        case Packet.Tag.userAttribute:
            try parts(packet) { $0.components.append(.init(target: .ignored)) }
        case Packet.Tag.publicSubkey:
            let target: CertificateParts.Target
            var remark: String?
            do {
                target = .subkey(try Self.key(packet))
            } catch {
                target = .ignored
                remark = "a subkey was passed over: \(error)"
            }
            try parts(packet) { parts in
                if let remark { parts.remark(remark) }
                parts.components.append(.init(target: target))
            }
        // Unknown packets of these numbers may be passed over (RFC 9580, section 4.3).
        case 40...63: return
        default:
            throw OpenPGPError(.unexpectedPacket, "the file holds packet \(packet.tag), which no certificate has")
        }
    }

    mutating func finish() throws -> ([OpenPGPCertificate], [OpenPGPError]) {
        try close()
        guard !certificates.isEmpty || !refused.isEmpty else {
            throw OpenPGPError(.noCertificate, "the file holds no certificate")
        }
        return (OpenPGPCertificate.merging(certificates), refused)
    }

    private static func key(_ packet: Packet) throws -> OpenPGPKey {
        try OpenPGPError.naming("the key") { try OpenPGPKey(body: packet.body) }
    }

    private mutating func parts(_ packet: Packet, _ body: (inout CertificateParts) -> Void) throws {
        guard current != nil else {
            throw OpenPGPError(.unexpectedPacket, "packet \(packet.tag) stands in front of any key")
        }
        // Taken out while it changes, so that its arrays are not copied.
        guard var parts = current.take() else { return }
        body(&parts)
        current = parts
    }

    private mutating func close() throws {
        guard let parts = current.take() else { return }
        var verifier = SelfSignatureVerifier(primaryKey: parts.primaryKey)
        do {
            certificates.append(try verifier.certificate(parts))
        } catch let error as OpenPGPError {
            refused.append(error)
        }
        verifications += verifier.verifications
        guard verifications <= Self.maximumVerifications else {
            throw OpenPGPError(.tooMany, "the file holds more than \(Self.maximumVerifications) self-signatures")
        }
    }
}

/// The packets of one certificate, sorted but not verified.
struct CertificateParts {
    /// What signatures follow.
    enum Target {
        case userID([UInt8])
        case subkey(OpenPGPKey)
        /// A user attribute, or a subkey that could not be read.
        case ignored
    }

    /// A part and the signatures behind it.
    struct Component {
        let target: Target
        var signatures: [OpenPGPSignature] = []
    }

    /// The most remarks that are kept.
    static let maximumRemarks = 32

    let primaryKey: OpenPGPKey
    /// Signatures over the primary key itself, wherever they stand: a revocation is often appended to the file.
    var primarySignatures: [OpenPGPSignature] = []
    var components: [Component] = []
    private(set) var remarks: [CertificateRemark] = []

    init(primaryKey: OpenPGPKey) { self.primaryKey = primaryKey }

    mutating func remark(_ text: String) {
        if remarks.count < Self.maximumRemarks { remarks.append(CertificateRemark(description: text)) }
    }

    mutating func add(signature body: [UInt8]) {
        let signature: OpenPGPSignature
        do {
            signature = try OpenPGPSignature(body: body)
        } catch {
            remark("a signature was passed over: \(error)")
            return
        }
        // Without a hint it may be its own; one that names another key is a certification by others.
        guard signature.issuers.isEmpty || signature.issuers.names(primaryKey) || signature.type.isRevocation else {
            return
        }
        if signature.type == .directKey || signature.type == .keyRevocation || components.isEmpty {
            primarySignatures.append(signature)
        } else {
            components[components.count - 1].signatures.append(signature)
        }
    }
}
