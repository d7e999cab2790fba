import AssayBytes
import AssayFileSystem
public import AssayOpenPGP

extension KeyStore {
    /// The certificates of a file, for a look at them before one is accepted.
    ///
    /// - Parameters:
    ///   - bytes: a keyring, binary or armored.
    ///   - name: what errors call it, escaped.
    /// - Returns: the certificates, and why others of the file could not be read.
    /// - Throws: `VerificationError` when it holds none, is no keyring, is larger than 1 MiB, or holds a secret key.
    public static func certificates(
        in bytes: [UInt8], name: String
    ) throws -> (certificates: [OpenPGPCertificate], refused: [String]) {
        guard bytes.count <= maximumFileSize else {
            throw VerificationError("'\(name)' is larger than \(maximumFileSize) bytes")
        }
        do {
            let keyring = try OpenPGPKeyring(bytes)
            return (keyring.certificates, keyring.refused.map(\.description))
        } catch let error as OpenPGPError {
            throw VerificationError(
                "'\(name)' holds no certificate that can be used: \(error)",
                hint: error.code == .secretKey
                    ? "give the public part only, as 'gpg --export --armor FINGERPRINT' writes it" : nil)
        }
    }

    /// The only pinned keys of a run: those of `--key FILE`, with `--fingerprint F` for each that is accepted.
    ///
    /// - Parameters:
    ///   - file: the path of a keyring, binary or armored.
    ///   - fingerprints: the accepted certificates. None is needed for a file of exactly one.
    /// - Returns: the keys; their source is `--key FILE`.
    /// - Throws: `VerificationError` with the certificates of the file in its hint, or `FileSystemError`.
    public static func given(file: String, fingerprints: [String]) throws -> PinnedKeys {
        let name = EscapedText(file).description
        let source = try RootedDirectory.openHostFile(file)
        guard source.status.size <= UInt64(maximumFileSize) else {
            throw VerificationError("'\(name)' is larger than \(maximumFileSize) bytes")
        }
        let bytes = try source.readToEnd(limit: maximumFileSize)
        let held = try certificates(in: bytes, name: name)
        let accepted: [OpenPGPCertificate]
        if fingerprints.isEmpty {
            guard held.certificates.count == 1, held.refused.isEmpty else {
                throw VerificationError(
                    "'\(name)' holds \(held.certificates.count + held.refused.count) certificates, and which of them "
                        + "are accepted was not said", hint: choice(held))
            }
            accepted = held.certificates
        } else {
            var seen: Set<Fingerprint> = []
            accepted = try fingerprints.map { try certificate($0, of: held, name: name) }
                .filter { seen.insert($0.fingerprint).inserted }
        }
        return PinnedKeys(
            accepted.map { PinnedKey(source: "--key " + name, origin: name, certificate: $0, fileNames: []) })
    }

    /// The certificate `fingerprint` of those that a file holds.
    static func certificate(
        _ fingerprint: String, of held: (certificates: [OpenPGPCertificate], refused: [String]), name: String,
        offersChoice: Bool = true
    ) throws -> OpenPGPCertificate {
        let fingerprint = try checked(fingerprint)
        if let certificate = held.certificates.first(where: { $0.fingerprint == fingerprint }) { return certificate }
        if let home = held.certificates.first(where: { $0.keys.contains { $0.fingerprint == fingerprint } }) {
            throw VerificationError(
                "\(fingerprint) is a subkey; the certificate has the fingerprint of its primary key",
                hint: "--fingerprint \(home.fingerprint)")
        }
        throw VerificationError(
            "'\(name)' holds no certificate \(fingerprint)",
            hint: offersChoice
                ? choice(held) : "compare with what the vendor publishes; assay keys show lists what a file holds")
    }

    /// The options that name each certificate.
    private static func choice(_ held: (certificates: [OpenPGPCertificate], refused: [String])) -> String {
        let maximumLines = 20
        var lines = held.certificates.map { certificate in
            let user = certificate.userIDs.first.map { EscapedText($0.bytes).description } ?? "no user ID"
            return "--fingerprint \(certificate.fingerprint)  (\(user), \(certificate.primaryKey.algorithmName))"
        }
        lines += held.refused.map { "not readable: \($0)" }
        let more = lines.count - maximumLines
        return (lines.prefix(maximumLines) + (more > 0 ? ["and \(more) more"] : [])).joined(separator: "; ")
    }
}
