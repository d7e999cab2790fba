import AssayBytes
internal import SwiftASN1

/// The PKCS#7 signature of a root hash, read and well formed, but not verified.
///
/// What the kernel's dm-verity target takes: DER of a ContentInfo that holds SignedData (RFC 2315, section 9; RFC 5652,
/// section 5), without the content, of one signer, without attributes. The signed content is the root hash in lower-case
/// hexadecimal, without a newline. Only `verify` says whether it is a signature of a root hash.
public struct RootHashSignature: Hashable, Sendable {
    /// The most bytes that are looked at: a signature without certificates has well under 2 KiB.
    public static let maximumSize = 64 * 1024

    /// The whole, as it is written to a file or into the partition of the signature.
    public let der: [UInt8]
    /// How the signer's certificate is named.
    public let signer: SignerIdentifier
    /// The digest of the signed text.
    public let digest: SignatureDigest
    /// The kind of signature.
    public let algorithm: SignatureAlgorithm
    /// The signature itself: of RSA the number, of ECDSA the DER of both numbers.
    public let signature: [UInt8]
    /// The DER of the certificates inside; normally none, and none of them is trusted for being there.
    public let embeddedCertificates: [[UInt8]]

    /// The bytes that are signed: the text of the root hash, without a newline.
    ///
    /// The kernel checks the digest as it stands in the table of the device-mapper target; see
    /// `root_hash_sig_key_desc` in https://docs.kernel.org/admin-guide/device-mapper/verity.html.
    public static func toBeSigned(_ rootHash: RootHash) -> [UInt8] { Array(rootHash.text.utf8) }

    /// Reads a signature.
    ///
    /// Stricter than the kernel, which also reads BER, several signers and signed attributes: there is one form that every
    /// reader of a root hash signature takes.
    ///
    /// - Throws: a fault that names the first breach.
    public init(der: [UInt8]) throws(RootHashSignatureFault) {
        guard der.count <= Self.maximumSize else {
            throw RootHashSignatureFault(
                .tooLarge, "the signature has \(der.count) bytes; more than \(Self.maximumSize) are not looked at")
        }
        try DERFraming.check(der)
        guard let root = try? DER.parse(der) else {
            throw RootHashSignatureFault(.malformed, "the signature is not DER")
        }
        let signedData = try SignedData(contentInfo: root)
        let signerInfo = try SignerInfo(signedData.signerInfo, signedData: signedData)
        self.der = der
        self.signer = signerInfo.signer
        self.digest = signerInfo.digest
        self.algorithm = signerInfo.algorithm
        self.signature = signerInfo.signature
        self.embeddedCertificates = signedData.certificates
    }
}
