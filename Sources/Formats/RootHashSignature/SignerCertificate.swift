import AssayBytes
internal import FoundationEssentials
internal import SwiftASN1
internal import X509

/// An X.509 certificate that may have signed a root hash.
///
/// Nothing about it is trusted: it is what the caller says the kernel's keyring holds.
public struct SignerCertificate: Hashable, Sendable {
    /// The most certificates that are looked at.
    public static let maximumCount = 64
    /// The most bytes of a certificate or a bundle of them.
    public static let maximumSize = 256 * 1024

    /// The certificate.
    public let der: [UInt8]
    /// The DER of the issuer's name.
    public let issuer: [UInt8]
    /// The content bytes of the serial number.
    public let serialNumber: [UInt8]
    /// The value of the subject key identifier extension, where there is one.
    public let subjectKeyIdentifier: [UInt8]?
    /// Why no signature by this certificate is accepted: a weak key, or one of a kind that is not supported.
    public let keyFault: RootHashSignatureFault?
    /// The first second at which the certificate is valid, counted from 1970; nil when `keyFault` is set.
    public let notBefore: Int64?
    /// The last second at which the certificate is valid, counted from 1970; nil when `keyFault` is set.
    public let notAfter: Int64?
    /// Whether the key usage allows digital signatures; nil where the certificate does not say.
    public let allowsDigitalSignature: Bool?

    let key: Certificate.PublicKey?

    /// How a signature by this certificate names its signer.
    public var identifier: SignerIdentifier {
        .issuerAndSerialNumber(issuer: issuer, serialNumber: serialNumber)
    }

    /// Whether `signer` names this certificate.
    public func isNamed(by signer: SignerIdentifier) -> Bool {
        switch signer {
        case .issuerAndSerialNumber: signer == identifier
        case .subjectKeyIdentifier(let value): value == subjectKeyIdentifier
        }
    }

    /// Reads a certificate from its DER.
    ///
    /// - Throws: what is wrong with it. A key that is weak or not supported is no error here, but `keyFault`.
    public init(der: [UInt8]) throws(RootHashSignatureFault) {
        guard der.count <= Self.maximumSize, let root = try? DER.parse(der) else {
            throw RootHashSignatureFault(.certificateMalformed, "the certificate is not DER")
        }
        let names = try CertificateNames(root)
        self.der = der
        issuer = names.issuer
        serialNumber = names.serialNumber
        var details: Details?
        // The library does not read a certificate with a weak or unsupported key.
        var fault = names.keyFault
        if fault == nil {
            do {
                details = try Details(Certificate(derEncoded: root))
            } catch let error as CertificateError where error.code == .unsupportedSignatureAlgorithm {
                fault = RootHashSignatureFault(
                    .unsupportedCertificate,
                    "the certificate itself is signed with an algorithm that is not supported")
            } catch {
                throw RootHashSignatureFault(
                    .certificateMalformed, "the certificate is malformed: \(Self.reason(error))")
            }
        }
        keyFault = fault
        subjectKeyIdentifier = details?.subjectKeyIdentifier
        notBefore = details?.notBefore
        notAfter = details?.notAfter
        allowsDigitalSignature = details?.allowsDigitalSignature
        key = details?.key
    }

    /// What the library reads.
    private struct Details {
        let subjectKeyIdentifier: [UInt8]?
        let notBefore: Int64
        let notAfter: Int64
        let allowsDigitalSignature: Bool?
        let key: Certificate.PublicKey

        init(_ certificate: Certificate) throws {
            guard let notBefore = Int64(exactly: certificate.notValidBefore.timeIntervalSince1970.rounded()),
                let notAfter = Int64(exactly: certificate.notValidAfter.timeIntervalSince1970.rounded())
            else {
                throw RootHashSignatureFault(.certificateMalformed, "its validity cannot be read")
            }
            self.notBefore = notBefore
            self.notAfter = notAfter
            subjectKeyIdentifier = try certificate.extensions.subjectKeyIdentifier.map { Array($0.keyIdentifier) }
            allowsDigitalSignature = try certificate.extensions.keyUsage.map { $0.digitalSignature }
            key = certificate.publicKey
        }
    }

    /// The library's reason, without the place in its source that it ends with.
    private static func reason(_ error: any Error) -> String {
        guard error is ASN1Error || error is CertificateError || error is RootHashSignatureFault else {
            return "its public key cannot be read"
        }
        let words = "\(error)".prefix(200).split(separator: " ").filter { !$0.contains(".swift:") }
        return EscapedText(words.joined(separator: " ")).description
    }

    /// Reads one certificate, or several from a PEM bundle, in the order of the file.
    ///
    /// - Parameter bytes: PEM text or the DER of one certificate.
    /// - Returns: at least one certificate.
    /// - Throws: what is wrong with the first that is not a certificate.
    public static func certificates(in bytes: [UInt8]) throws(RootHashSignatureFault) -> [SignerCertificate] {
        guard bytes.count <= maximumSize else {
            throw RootHashSignatureFault(
                .certificateMalformed,
                "the certificate file has \(bytes.count) bytes; more than \(maximumSize) are not looked at")
        }
        if bytes.first == 0x30 { return [try SignerCertificate(der: bytes)] }
        let blocks = try PEMBlock.all(in: bytes, .certificateMalformed, "the certificate")
        guard blocks.count <= maximumCount else {
            throw RootHashSignatureFault(
                .tooManyCertificates, "\(blocks.count) certificates were given; \(maximumCount) are looked at")
        }
        var result: [SignerCertificate] = []
        for block in blocks {
            guard block.discriminator == "CERTIFICATE" else {
                throw RootHashSignatureFault(
                    .certificateMalformed, "the certificate file holds '\(block.label)', not only certificates")
            }
            result.append(try SignerCertificate(der: block.derBytes))
        }
        guard !result.isEmpty else { throw RootHashSignatureFault(.noCertificate, "no certificate was given") }
        return result
    }
}
