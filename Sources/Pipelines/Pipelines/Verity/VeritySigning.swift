import AssayFileSystem
import AssayProcesses
import AssayRootHashSignature

/// How a root hash gets its signature.
public enum VeritySigner: Hashable, Sendable {
    /// With the private key of a PEM file.
    case key(String)
    /// By a command of the user's: it gets the bytes on standard input and writes the signature to standard output.
    case command(String)
    /// It was made elsewhere and is in this file.
    case attached(String)
}

extension Verity {
    /// The bytes that have to be signed for a root hash.
    ///
    /// - Throws: `RootHashSignatureFault` for what is no root hash.
    public static func toBeSigned(rootHash: String) throws -> [UInt8] {
        RootHashSignature.toBeSigned(try RootHash(rootHash))
    }

    /// Signs a root hash, or takes a signature that was made elsewhere, and writes the PKCS#7 signature once it verified.
    ///
    /// - Parameters:
    ///   - rootHash: the root hash as text.
    ///   - signer: who signs.
    ///   - certificate: the file with the certificate that the signature must verify with.
    ///   - output: where the signature goes.
    ///   - time: the time of judgement in seconds since 1970, for the certificate's dates.
    /// - Returns: the certificate that signed, for people.
    /// - Throws: `RootHashSignatureFault`, `ExternalProgram.Failure` or `FileSystemError`; nothing is written then.
    public static func sign(
        rootHash: String, by signer: VeritySigner, certificate: String, to output: String, at time: Int64
    ) async throws -> String {
        let rootHash = try RootHash(rootHash)
        let certificates = try certificates(certificate)
        let validity = CertificateValidity.required(at: time)
        let verified: VerifiedRootHashSignature
        switch signer {
        case .key(let path):
            let pem = try Audit.file(at: path, limit: 1 << 16)
            guard let own = certificates.first, certificates.count == 1 else {
                throw VerityRequestError("the certificate file holds \(certificates.count) certificates, not one")
            }
            verified = try RootHashSignature.sign(
                rootHash: rootHash, privateKeyPEM: pem, certificate: own, validity: validity)
        case .command(let line):
            let bytes = try await ExternalProgram(commandLine: line).run(
                input: RootHashSignature.toBeSigned(rootHash), limit: RootHashSignature.maximumSize)
            verified = try RootHashSignature.attach(
                bytes, to: rootHash, certificates: certificates, validity: validity)
        case .attached(let path):
            let bytes = try Audit.file(at: path, limit: RootHashSignature.maximumSize)
            verified = try RootHashSignature.attach(
                bytes, to: rootHash, certificates: certificates, validity: validity)
        }
        try AtomicFile.write(verified.signature.der, to: output)
        return verified.certificate.identifier.description
    }
}

/// What is wrong with a root hash or a signature, for a command to say.
public struct VeritySignatureFault: Hashable, Sendable {
    /// The sentence for people.
    public let message: String
    /// What to do about it, if that is known.
    public let hint: String?
    /// Whether the signature was judged and refused, and not merely unreadable.
    public let isAnswer: Bool
}

extension Verity {
    /// What is wrong with the text of a root hash, or nil when it is one.
    public static func fault(ofRootHash text: String) -> VeritySignatureFault? {
        do {
            _ = try RootHash(text)
            return nil
        } catch {
            return VeritySignatureFault(message: error.description, hint: error.hint, isAnswer: false)
        }
    }

    /// What an error of `sign` says about the signature, or nil when it is about something else.
    public static func signatureFault(_ error: any Error) -> VeritySignatureFault? {
        guard let fault = error as? RootHashSignatureFault else { return nil }
        let unanswered: [RootHashSignatureFault.Code] = [
            .noCertificate, .tooManyCertificates, .certificateMalformed, .unsupportedCertificate, .unsupportedKey,
            .privateKeyMalformed, .privateKeyEncrypted, .signingFailed,
        ]
        return VeritySignatureFault(
            message: fault.description, hint: fault.hint, isAnswer: !unanswered.contains(fault.code))
    }
}
