import AssayBytes
import AssayFileSystem
public import AssayOpenPGP
import AssayProcesses

/// A program that holds the secret key and signs; no secret key is ever read here.
public struct OpenPGPSigner: Hashable, Sendable {
    /// The programs that are known.
    public enum Program: String, CaseIterable, Hashable, Sendable {
        /// GnuPG; the key is a fingerprint of its keyring, the agent asks for the passphrase.
        case gpg
        /// Sequoia's sq of version 0; the key is the path of a file with the secret key.
        case sq
    }

    /// The most bytes of a signature or certificate that the program may write.
    private static let outputLimit = 1 << 20

    /// The program.
    public let program: Program
    /// The fingerprint, or for sq the path of the secret key's file.
    public let key: String
    /// The certificate that must verify what the program made.
    public let certificate: OpenPGPCertificate

    /// Finds the certificate that belongs to the key.
    ///
    /// - Parameters:
    ///   - program: which program signs.
    ///   - key: the fingerprint in gpg's keyring, or the path of sq's secret key.
    ///   - certificateFile: the certificate's file; for gpg, its keyring has it too.
    /// - Throws: `VerificationError`, `FileSystemError` or `ExternalProgram.Failure`.
    public init(_ program: Program, key: String, certificateFile: String?) async throws {
        self.program = program
        self.key = key
        let bytes: [UInt8]
        var fingerprint: Fingerprint?
        if program == .gpg {
            fingerprint = Fingerprint(key)
            guard fingerprint != nil else {
                throw VerificationError(
                    "'\(EscapedText(key))' is no fingerprint",
                    hint: "--key takes all 40 digits; 'gpg --list-secret-keys' shows them")
            }
        }
        if let certificateFile {
            bytes = try RootedDirectory.openHostFile(certificateFile).readToEnd(limit: Self.outputLimit)
        } else if program == .gpg {
            bytes = try await ExternalProgram(
                words: ["gpg", "--batch", "--export-options", "export-minimal", "--export", key]
            ).run(input: [], limit: Self.outputLimit)
        } else {
            throw VerificationError(
                "sq does not say which certificate belongs to a secret key", hint: "--certificate FILE names it")
        }
        guard !bytes.isEmpty else {
            throw VerificationError(
                "gpg has no key \(EscapedText(key))", hint: "'gpg --list-secret-keys' shows those that it has")
        }
        let certificates: [OpenPGPCertificate]
        do {
            certificates = try OpenPGPKeyring(bytes).certificates
        } catch {
            throw VerificationError("the certificate of the key cannot be used: \(error)")
        }
        let fitting = certificates.filter { certificate in
            fingerprint.map { wanted in certificate.keys.contains { $0.fingerprint == wanted } } ?? true
        }
        guard fitting.count == 1, let certificate = fitting.first else {
            throw VerificationError(
                fitting.isEmpty
                    ? "the certificate is not that of the key \(EscapedText(key))"
                    : "the certificate file has \(fitting.count) certificates",
                hint: "--certificate names a file with the one certificate of the key")
        }
        self.certificate = certificate
    }

    /// A detached signature over `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: what is signed.
    ///   - isArmored: whether the signature is text.
    /// - Returns: the signature.
    /// - Throws: `FileSystemError` when memory has no room for the bytes, or `ExternalProgram.Failure`.
    func signature(over bytes: [UInt8], isArmored: Bool = false) async throws -> [UInt8] {
        let file = try MemoryFile(bytes)
        let path = file.path
        let words: [String] =
            switch program {
            case .gpg:
                ["gpg", "--batch", isArmored ? "--armor" : "--no-armor", "--local-user", key]
                    + ["--output", "-", "--detach-sign", "--", path]
            case .sq:
                ["sq", "sign", "--detached"] + (isArmored ? [] : ["--binary"]) + ["--signer-key", key, "--", path]
            }
        let output = try await ExternalProgram(words: words).run(input: [], limit: Self.outputLimit)
        return withExtendedLifetime(file) { output }
    }

    /// The signature, if it is one over `bytes` by the certificate, with nothing against it.
    ///
    /// - Throws: `VerificationError` that says what is against it.
    func verified(_ packets: [UInt8], over bytes: [UInt8], at time: Int64) throws -> OpenPGPSignature {
        let signatures: [OpenPGPSignature]
        do {
            signatures = try OpenPGPSignature.parse(packets)
        } catch {
            throw VerificationError("what \(program.rawValue) wrote is no signature: \(error)")
        }
        guard signatures.count == 1, let signature = signatures.first else {
            throw VerificationError("\(program.rawValue) made \(signatures.count) signatures where one is needed")
        }
        let verdict = signature.verify(
            SignatureHasher.hash(bytes, for: signatures), certificates: [certificate], at: time)
        guard verdict.isGood else {
            throw VerificationError(
                "the new signature was not taken: "
                    + (verdict.faults.first?.description ?? "it could not be checked"))
        }
        return signature
    }
}
