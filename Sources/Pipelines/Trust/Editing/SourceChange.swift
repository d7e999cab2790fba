import AssayBytes
import AssayFileSystem
import AssaySubjects
import AssayTrustStore

/// A change of one source file.
struct SourceChange {
    let path: TreePath
    /// The file's new bytes; nil removes it.
    let bytes: [UInt8]?
    let role: SourceRole

    /// The sources as they are after the changes.
    static func applied(_ changes: [SourceChange], to reading: TrustSourceReading) throws -> TrustSourceReading {
        var reading = reading
        for change in changes {
            let path = change.path.description
            reading.sources.removeAll { $0.path == path }
            reading.digests[path] = nil
            guard let bytes = change.bytes else { continue }
            do {
                let source = try TrustSource.read(bytes, path: path, token: 0, role: change.role)
                reading.sources.append(source)
                reading.digests[path] = StoreManifest.digest(bytes)
            } catch {
                throw TrustSourcesError([error])
            }
        }
        return reading
    }

    /// Writes the changes below `root`, runs `body`, and takes them back when that fails.
    static func writing<Result>(
        _ changes: [SourceChange], in root: WritableDirectory, _ body: () throws -> Result
    ) throws -> Result {
        try HeldSignals.during { _ in
            var done: [SourceChange] = []
            do {
                for change in changes {
                    let old = try change.existing(in: root)
                    try change.write(to: root)
                    done.append(SourceChange(path: change.path, bytes: old, role: change.role))
                }
                return try body()
            } catch {
                for change in done.reversed() { try? change.write(to: root) }
                throw error
            }
        }
    }

    private func existing(in root: WritableDirectory) throws -> [UInt8]? {
        guard try root.reader.existingLink(path) != nil else { return nil }
        return try root.reader.read(path, limit: TrustSourceFiles.fileSizeLimit)
    }

    /// Whole or not at all; a link at the path is replaced, never followed.
    private func write(to root: WritableDirectory) throws {
        guard let bytes else {
            if try root.reader.existingLink(path) != nil { try root.removeFile(path) }
            return
        }
        try root.makeDirectories(path.parent)
        // Hidden files are no sources, so nobody reads it half-written.
        let new = path.parent.appending(".assay-new-source")
        if try root.reader.existingLink(new) != nil { try root.removeFile(new) }
        try root.createFile(new, bytes, mode: 0o644)
        do {
            try root.rename(new, to: path)
        } catch {
            try? root.removeFile(new)
            throw error
        }
        try root.synchronizeDirectory(path.parent)
    }
}

/// Where the administrator's sources lie.
struct SourcePlaces {
    let layout: TrustLayout

    var anchors: TreePath {
        switch layout {
        case .caTrust: TrustSourceFiles.trustPaths[0].appending("anchors")
        case .debian: "/usr/local/share/ca-certificates"
        }
    }

    /// The folder for files that say themselves what they mean.
    func main() throws -> TreePath {
        guard layout == .caTrust else {
            throw TrustError(
                "Debian's layout cannot say what a certificate is trusted for",
                hint: "without --purpose it is trusted for everything")
        }
        return TrustSourceFiles.trustPaths[0]
    }

    func blocklist() throws -> TreePath {
        guard layout == .caTrust else {
            throw TrustError(
                "Debian's layout cannot distrust a certificate",
                hint: "deselect it: put '!' before its name in /etc/ca-certificates.conf, or 'assay trust remove'")
        }
        return TrustSourceFiles.trustPaths[0].appending("blocklist")
    }

    func anchor(_ certificate: TrustCertificate) -> TreePath {
        anchors.appending(SourcePlaces.name(certificate) + (layout == .debian ? ".crt" : ".pem"))
    }

    /// A name that says to people what it is, and is another one for each certificate.
    static func name(_ certificate: TrustCertificate) -> String {
        let subject = NameText.text(certificate.subject)
        let common = subject.ranges(of: "CN=").last.map { subject[$0.upperBound...] } ?? subject[...]
        var slug = ""
        for byte in common.lowercased().utf8.prefix(60) {
            switch byte {
            case 0x30...0x39, 0x61...0x7A: slug += String(decoding: [byte], as: UTF8.self)
            default: if !slug.isEmpty && !slug.hasSuffix("-") { slug += "-" }
            }
        }
        if !slug.isEmpty && !slug.hasSuffix("-") { slug += "-" }
        return slug + CertificateSummary.fingerprint(certificate.der).prefix(16)
    }
}
