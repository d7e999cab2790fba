import AssayBytes
import AssayFileSystem
import AssaySubjects
import AssayTrustStore

#if canImport(Glibc)
    import Glibc
#endif

/// What splitting a bundle did.
public struct BundleSplitReport: Hashable, Sendable {
    /// How many certificates the folder has now.
    public var certificates: Int
    /// Whether anything was changed.
    public var isChanged: Bool
    /// What was passed over.
    public var warnings: [String]
}

extension Trust {
    /// Where the files lie that the links of the folder lead to.
    private static let storeName = ".assay-bundle"

    /// Gives a folder one file and one hash link for each certificate of a bundle, as bundle2pem.sh does: `HASH.pem` and
    /// `HASH.0`, for the next one of the same name `HASH.1.pem` and `HASH.1`.
    ///
    /// All of them change in one moment, and nothing else in the folder is touched. Distrusted certificates of the bundle
    /// are left out.
    ///
    /// - Throws: `TrustError` for a bundle that is malformed or has no certificate, `StoreSwitchError`, `FileSystemError`.
    public static func split(bundle: String, into target: String, toolVersion: String) throws -> BundleSplitReport {
        let bytes = try RootedDirectory.openHostFile(bundle).readToEnd(limit: TrustSourceFiles.fileSizeLimit)
        let source = try CertificateReference.source(bytes, bundle)
        guard RootedDirectory.isHostDirectory(target) else {
            throw TrustError("'\(EscapedText(target))' is not a directory")
        }
        let objects = anchoring(source.objects)
        let everything = TrustSource(
            path: source.path, token: 0, role: .anchors, format: source.format, objects: objects)
        let store = TrustStore.resolve([everything], rules: .assay)
        let files = store.files(.legacy, options: OutputOptions(time: 0))
        let entries = store.entries(in: .legacy)
        let manifest = StoreManifest(
            toolVersion: toolVersion, rules: .assay, time: nil,
            sources: [
                StoreManifest.Source(
                    path: source.path, role: .anchors, token: 0, digest: StoreManifest.digest(bytes))
            ], outputs: files.map(StoreManifest.Output.init),
            counts: [StoreManifest.Count(output: .legacy, certificates: entries.count)])
        let folder = try absolute(target)
        let publication = try StoreSwitch(
            root: WritableDirectory(path: "/"), store: folder.appending(storeName), linkDirectory: folder
        ).publish(files, outputs: [.legacy], manifest: manifest.text)
        var warnings = source.warnings.map(\.description)
        warnings += store.entries.filter { $0.standing == .distrusted }.map {
            "'\(CertificateSummary($0).label)' is distrusted by '\(source.path)' and left out"
        }
        warnings += publication.foreignPairs.map {
            "'\($0)' was made by bundle2pem.sh and is left alone: what it trusts stays trusted until it is removed"
        }
        warnings += publication.warnings.map(\.description)
        return BundleSplitReport(
            certificates: entries.count, isChanged: publication.isChanged, warnings: warnings)
    }

    /// A bundle is a list of what is trusted: a certificate of it counts whatever it says of itself, but not for more than
    /// the bundle trusts it for.
    private static func anchoring(_ objects: [TrustObject]) -> [TrustObject] {
        let limited = Set(
            objects.compactMap { object -> [UInt8]? in
                guard case .attachedExtension(let attached) = object,
                    attached.identifier == AttachedExtension.extendedKeyUsage
                else { return nil }
                return attached.publicKeyInfo
            })
        return objects.flatMap { object -> [TrustObject] in
            guard case .certificate(var certificate) = object, certificate.standing != .distrusted else {
                return [object]
            }
            certificate.standing = .anchor
            let key = certificate.certificate.publicKeyInfo
            func attached(_ identifier: String, _ value: [UInt8]) -> TrustObject {
                .attachedExtension(
                    AttachedExtension(
                        publicKeyInfo: key, identifier: identifier, isCritical: true, value: value,
                        line: certificate.line))
            }
            // cA TRUE, and anyExtendedKeyUsage.
            let isAuthority = attached(AttachedExtension.basicConstraints, [0x30, 0x03, 0x01, 0x01, 0xFF])
            let forAll = attached(
                AttachedExtension.extendedKeyUsage, [0x30, 0x06, 0x06, 0x04, 0x55, 0x1D, 0x25, 0x00])
            return [.certificate(certificate), isAuthority] + (limited.contains(key) ? [] : [forAll])
        }
    }

    /// The path of a directory of the running system, without links and dots.
    private static func absolute(_ path: String) throws -> TreePath {
        guard let real = unsafe realpath(path, nil) else {
            throw TrustError("'\(EscapedText(path))' cannot be found")
        }
        // realpath(3) allocates what it returns with malloc.
        defer { unsafe free(real) }
        return TreePath(unsafe String(cString: real))
    }
}
