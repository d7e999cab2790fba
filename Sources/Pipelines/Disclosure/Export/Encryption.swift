import AssayBytes
import AssayFileSystem
import AssayOpenPGP
import AssayProcesses

/// The key that a mail is encrypted to: one certificate from a file, neither expired nor revoked.
public struct RecipientKey: Hashable, Sendable {
    private static let maximumSize = 1 << 20

    /// The certificate.
    let certificate: OpenPGPCertificate
    /// The file's bytes, which are what the program is given.
    let bytes: [UInt8]

    /// The fingerprint of the certificate.
    public var fingerprint: String { certificate.fingerprint.description }

    /// Reads the key at `path`.
    ///
    /// - Parameters:
    ///   - path: the file, binary or armored.
    ///   - fingerprint: the fingerprint that it must have, if the user knows it.
    ///   - time: seconds since 1970.
    /// - Throws: `DisclosureError` for more or less than one certificate, and one that must not be used.
    public init(path: String, fingerprint: String?, at time: Int64) throws {
        let name = EscapedText(path).description
        do {
            bytes = try RootedDirectory.openHostFile(path).readToEnd(limit: Self.maximumSize)
        } catch let error as FileSystemError {
            throw DisclosureError(error.description)
        }
        let keyring: OpenPGPKeyring
        do {
            keyring = try OpenPGPKeyring(bytes)
        } catch {
            throw DisclosureError("'\(name)' is no OpenPGP certificate: \(error)")
        }
        guard keyring.certificates.count == 1, keyring.refused.isEmpty, let only = keyring.certificates.first else {
            throw DisclosureError(
                "'\(name)' has \(keyring.certificates.count) certificates that can be used where one is needed",
                hint: "gpg --export --armor FINGERPRINT")
        }
        certificate = only
        let status = only.status(at: time).primaryKey
        guard status.isBound else { throw DisclosureError("'\(name)': the certificate is not signed by its own key") }
        guard !status.isExpired(at: time) else {
            throw DisclosureError("'\(name)': the certificate is expired", hint: "ask the vendor for the current one")
        }
        guard status.revocations.isEmpty else {
            throw DisclosureError("'\(name)': the certificate is revoked", hint: "ask the vendor for the current one")
        }
        if let fingerprint {
            guard let wanted = Fingerprint(fingerprint), wanted == only.fingerprint else {
                throw DisclosureError("'\(name)' has the fingerprint \(only.fingerprint), not the one that was given")
            }
        }
    }
}

/// A program that encrypts; no session key is ever made here.
public enum EncryptionProgram: String, CaseIterable, Hashable, Sendable {
    /// GnuPG.
    case gpg
    /// Sequoia's sq.
    case sq

    /// The most bytes of an encrypted message.
    private static let outputLimit = 192 << 20
    /// How long encrypting may take; nobody is asked anything.
    private static let timeLimit = Duration.seconds(120)

    /// The message, encrypted to `key`, in ASCII armor.
    ///
    /// The plain text is never on a disk; gpg works in an empty home of its own, so that no key, setting or trust of the
    /// user's has any part in it.
    ///
    /// - Throws: `DisclosureError` for what is no encrypted message, `ExternalProgram.Failure`, `FileSystemError`.
    func encrypt(_ plain: [UInt8], for key: RecipientKey) async throws -> [UInt8] {
        let message = try MemoryFile(plain)
        let certificate = try MemoryFile(key.bytes)
        let home = try TemporaryDirectory()
        let words: [String]
        switch self {
        case .gpg:
            words =
                ["gpg", "--no-options", "--homedir", home.path, "--batch", "--no-tty", "--quiet", "--no-autostart"]
                + ["--trust-model", "always", "--armor", "--no-encrypt-to", "--recipient-file", certificate.path]
                + ["--output", "-", "--encrypt", "--", message.path]
        case .sq:
            let isOld = try await version().hasPrefix("sq 0.")
            words =
                isOld
                ? ["sq", "encrypt", "--recipient-cert", certificate.path, "--", message.path]
                : [
                    "sq", "--home", home.path, "encrypt", "--for-file", certificate.path, "--without-signature", "--",
                    message.path,
                ]
        }
        let output = try await ExternalProgram(words: words).run(
            input: [], limit: Self.outputLimit, timeLimit: Self.timeLimit)
        return try withExtendedLifetime((message, certificate, home)) { try checked(output) }
    }

    private func version() async throws -> String {
        let output = try await ExternalProgram(words: ["sq", "--version"]).run(
            input: [], limit: 4096, timeLimit: .seconds(20))
        return String(decoding: output, as: UTF8.self)
    }

    /// The output, if it is one encrypted message: a session key for a public key stands first (RFC 9580, section 5.1).
    private func checked(_ output: [UInt8]) throws -> [UInt8] {
        let publicKeyEncryptedSessionKey: UInt8 = 1
        let blocks = (try? ArmorBlock.blocks(in: output)) ?? []
        guard blocks.count == 1, let block = blocks.first, block.label == "MESSAGE",
            ArmorBlock.textOutside(blocks, in: output).isEmpty, let first = block.bytes.first, first & 0x80 != 0,
            (first & 0x40 != 0 ? first & 0x3F : first >> 2 & 0x0F) == publicKeyEncryptedSessionKey
        else { throw DisclosureError("what \(rawValue) wrote is no encrypted message") }
        return output
    }
}
