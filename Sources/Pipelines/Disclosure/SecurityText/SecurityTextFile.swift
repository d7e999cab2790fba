import AssayBytes
import AssayFileSystem
import AssayOpenPGP
import AssayProcesses
import AssaySecurityText

/// A security.txt file, judged and signed.
public enum SecurityTextFile {
    /// What is said of the file at `path`, at a time and, if it is known, a place of publication.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - url: where it is published.
    ///   - certificate: the file of the certificate that must have signed it; nil to look at the form only.
    ///   - time: seconds since 1970.
    /// - Returns: what is wrong and what could be better.
    /// - Throws: `DisclosureError` when the file cannot be read.
    public static func check(
        path: String, url: String?, certificate: String?, at time: Int64
    ) throws -> SecurityTextCheck {
        SecurityTextCheck(
            file: EscapedText(path).description,
            try issues(path: path, url: url, certificate: certificate, at: time))
    }

    private static func issues(
        path: String, url: String?, certificate: String?, at time: Int64
    ) throws -> [SecurityTextIssue] {
        let bytes = try read(path, limit: SecurityText.maximumSize + 1)
        let text = SecurityText(bytes)
        var issues = text.judge(at: time, url: url)
        guard text.isSigned else {
            if certificate != nil {
                issues.append(SecurityTextIssue(.signature, line: nil, "it has no signature that the certificate made"))
            }
            return issues
        }
        let message: CleartextMessage
        do {
            message = try CleartextMessage.parse(bytes)
        } catch {
            return issues + [SecurityTextIssue(.signature, line: nil, "the signature cannot be read: \(error)")]
        }
        guard let certificate else { return issues }
        let keys = try RecipientKey(path: certificate, fingerprint: nil, at: time)
        let hashed = message.hashed()
        let isGood = message.signatures.contains { signature in
            signature.verify(hashed, certificates: [keys.certificate], at: time).isGood
        }
        if !isGood {
            issues.append(SecurityTextIssue(.signature, line: nil, "no signature by the certificate holds"))
        }
        return issues
    }

    /// The file with a cleartext signature that gpg makes with `key`.
    ///
    /// - Throws: `DisclosureError` for a file with errors, a signed one, and what gpg did not sign.
    public static func signed(path: String, key: String, at time: Int64) async throws -> [UInt8] {
        let bytes = try read(path, limit: SecurityText.maximumSize)
        let name = EscapedText(path).description
        let text = SecurityText(bytes)
        guard !text.isSigned else { throw DisclosureError("'\(name)' is signed already") }
        if let error = text.judge(at: time).first(where: { $0.code.level == .error }) {
            throw DisclosureError(
                "'\(name)\(error.line.map { ":\($0)" } ?? "")' is not signed: \(error.reason)",
                hint: "assay disclose security-txt check \(name)")
        }
        guard !text.values("canonical").isEmpty else {
            throw DisclosureError(
                "'\(name)' is not signed: without 'Canonical' the signature says nothing of where the file belongs")
        }
        let file = try MemoryFile(bytes)
        // The user may be asked for a passphrase, which takes its time.
        let output = try await ExternalProgram(
            words: ["gpg", "--batch", "--local-user", key, "--output", "-", "--clearsign", "--", file.path]
        ).run(input: [], limit: 1 << 20)
        return try withExtendedLifetime(file) {
            let message: CleartextMessage
            do {
                message = try CleartextMessage.parse(output)
            } catch {
                throw DisclosureError("what gpg wrote is no signed text: \(error)")
            }
            guard message.textOutside.isEmpty, message.signatures.count == 1, message.text == bytes else {
                throw DisclosureError("what gpg signed is not the file")
            }
            return output
        }
    }

    private static func read(_ path: String, limit: Int) throws -> [UInt8] {
        do {
            return try RootedDirectory.openHostFile(path).readToEnd(limit: limit)
        } catch let error as FileSystemError {
            throw DisclosureError(error.description)
        }
    }
}
