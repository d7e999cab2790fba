import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayOpenPGP

/// What the files of a store may hold.
enum KeyStoreFile {
    /// The most patterns of one source's file.
    private static let maximumPatterns = 256

    /// The one certificate of `bytes`, which must be that of `fingerprint`.
    static func certificate(_ fingerprint: Fingerprint, _ bytes: [UInt8]) throws -> OpenPGPCertificate {
        let certificates = try OpenPGPCertificate.parse(bytes)
        guard let certificate = certificates.first, certificates.count == 1 else {
            throw VerificationError("holds \(certificates.count) certificates, and must hold one")
        }
        guard certificate.fingerprint == fingerprint else {
            throw VerificationError(
                "holds the certificate \(certificate.fingerprint), which is not the one of its name")
        }
        return certificate
    }

    /// The patterns of `bytes`, one a line; empty lines and lines that begin with '#' are passed over.
    ///
    /// - Returns: the patterns that can be used, and why the other lines cannot.
    static func fileNames(_ bytes: [UInt8]) -> (patterns: [String], problems: [(line: Int, reason: String)]) {
        var patterns: [String] = []
        var problems: [(line: Int, reason: String)] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard patterns.count + problems.count < maximumPatterns else {
                problems.append((index + 1, "more than \(maximumPatterns) patterns: the rest was not read"))
                break
            }
            guard let text = String(validating: line, as: UTF8.self).map(trimmed) else {
                problems.append((index + 1, "the line is not UTF-8"))
                continue
            }
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            if isUsable(text) { patterns.append(text) } else { problems.append((index + 1, unusable(text))) }
        }
        return (patterns, problems)
    }

    /// Whether `pattern` can stand in a line of the file.
    static func isUsable(_ pattern: String) -> Bool {
        FileNamePattern(pattern) != nil && trimmed(pattern) == pattern && !pattern.hasPrefix("#")
    }

    /// Why a pattern cannot be used.
    static func unusable(_ pattern: String) -> String {
        "'\(EscapedText(pattern))' is no pattern of file names: 1 to \(FileNamePattern.maximumLength) bytes, without '/' "
            + "and control characters, no '#' at the begin, no space at either end"
    }

    /// Why a file or folder can be changed by others than its owner, or nil when it cannot.
    static func sharing(_ status: FileStatus) -> String? {
        guard status.mode & 0o022 != 0 else { return nil }
        return "\(status.mode & 0o002 != 0 ? "everybody" : "the group") may write to it (mode "
            + "\(String(status.mode & 0o7777, radix: 8)))"
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
