import AssayBytes
import AssayFileSystem
import AssayTrustStore

/// A certificate as people name it: a file, or a SHA-256 fingerprint.
enum CertificateReference: Hashable, Sendable {
    /// SHA-256 of the DER, 32 bytes.
    case fingerprint([UInt8])
    /// Certificates of a file, in its order.
    case certificates([TrustCertificate])

    /// The most bytes of a file, and the most certificates.
    static let sizeLimit = 16 << 20
    static let countLimit = 10_000

    /// Reads what `text` names: a file if there is one, else a fingerprint, with or without colons.
    ///
    /// - Throws: `TrustError` when it is neither; `FileSystemError` for a file that cannot be read.
    init(_ text: String) throws {
        let digits = text.lowercased().filter { $0 != ":" && $0 != " " }
        do {
            let bytes = try RootedDirectory.openHostFile(text).readToEnd(limit: CertificateReference.sizeLimit)
            self = .certificates(try CertificateReference.source(bytes, text).certificates)
        } catch let error as FileSystemError where error.code == .notFound {
            guard digits.count == 64, let digest = Hex.decode(digits) else {
                throw TrustError(
                    "'\(EscapedText(text))' is neither a file nor a fingerprint (SHA-256, 64 hexadecimal digits)",
                    hint: "'assay trust list' shows fingerprints")
            }
            self = .fingerprint(digest)
        }
    }

    /// What a file of the user's says.
    ///
    /// - Throws: `TrustError` with the line when it is malformed, or has no certificate.
    static func source(_ bytes: [UInt8], _ path: String) throws -> TrustSource {
        let display = EscapedText(path).description
        do {
            let source = try TrustSource.read(bytes, path: display, token: 0, role: .main)
            let count = source.certificates.count
            guard count > 0 else { throw TrustError("'\(display)' has no certificate") }
            guard count <= countLimit else { throw TrustError("'\(display)' has more than \(countLimit) certificates") }
            return source
        } catch let fault as SourceFault {
            throw TrustError(fault.description)
        }
    }

    /// The one certificate that is meant, with the store's entry when it has one.
    ///
    /// - Throws: `TrustError` when the store does not have the fingerprint, or the file has several certificates.
    func single(in store: TrustStore) throws -> (certificate: TrustCertificate, entry: TrustEntry?) {
        switch self {
        case .fingerprint(let digest):
            guard let entry = store.entry(forFingerprint: digest) else {
                throw TrustError(
                    "no source has a certificate with the fingerprint \(Hex.encode(digest))",
                    hint: "name a file that has it")
            }
            return (entry.certificate, entry)
        case .certificates(let certificates):
            guard let first = certificates.first, certificates.allSatisfy({ $0 == first }) else {
                throw TrustError(
                    "the file has \(certificates.count) certificates; which one is meant is not clear",
                    hint: "name it by its fingerprint")
            }
            return (first, store.entry(for: first))
        }
    }
}

extension TrustSource {
    /// The certificates, in order.
    var certificates: [TrustCertificate] {
        objects.compactMap { object in
            guard case .certificate(let certificate) = object else { return nil }
            return certificate.certificate
        }
    }
}
