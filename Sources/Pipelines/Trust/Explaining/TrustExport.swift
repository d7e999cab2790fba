import AssayTrustStore

/// What can be exported.
public enum TrustExportSubject: Hashable, Sendable {
    /// An output that is one file, by its path (`pem/tls-ca-bundle.pem`) or its short name (`tls`).
    case output(String)
    /// One certificate: a file or a fingerprint.
    case certificate(String, isDER: Bool)
}

extension Trust {
    /// The short names of the outputs that are one file.
    public static let exportNames = ["tls", "email", "objsign", "openssl", "java", "edk2"]
    private static let exportOutputs: [StoreOutput] = [
        .tlsBundle, .emailBundle, .objectSigningBundle, .opensslBundle, .javaKeyStore, .edk2,
    ]

    /// Whether `name` names an output.
    public static func isOutput(_ name: String) -> Bool {
        exportNames.contains(name) || StoreOutput(rawValue: name) != nil
    }

    /// The bytes of an output or a certificate, as the sources mean it now.
    ///
    /// - Throws: `TrustError`, `TrustSourcesError`, `FileSystemError`.
    public static func export(
        _ subject: TrustExportSubject, of system: TrustSystem, time: Int64?, toolVersion: String
    ) throws -> [UInt8] {
        switch subject {
        case .output(let name):
            let output =
                zip(exportNames, exportOutputs).first { $0.0 == name }?.1 ?? StoreOutput(rawValue: name)
            guard let output, !output.isFolder else {
                throw TrustError(
                    "'\(name)' is a folder of files", hint: "assay trust update --output DIR writes all outputs")
            }
            let reading = try system.reading()
            try system.check(reading)
            let build = StoreBuild(reading, rules: try system.rules(), time: time, toolVersion: toolVersion)
            guard case .bytes(let bytes)? = build.files.first(where: { $0.path == output.path })?.content else {
                throw TrustError("the output '\(name)' was not made")
            }
            return bytes
        case .certificate(let text, let isDER):
            let store = try system.store().store
            let (certificate, entry) = try CertificateReference(text).single(in: store)
            let label = CertificateSummary(certificate, label: entry?.label).label
            return isDER ? certificate.der : SourceText.pem(certificate.der, label: label)
        }
    }
}
