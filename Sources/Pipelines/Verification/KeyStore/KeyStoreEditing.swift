import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayOpenPGP

extension KeyStore {
    /// Pins a certificate for a source.
    ///
    /// A certificate that the source has already is kept beside the newer copy, so that what either of them says of
    /// revocation and expiry counts. A `.disabled` file of the directory is removed.
    ///
    /// - Parameters:
    ///   - bytes: a keyring, binary or armored; only the one certificate of it is stored.
    ///   - name: what errors call the keyring, escaped.
    ///   - fingerprint: the certificate, by the fingerprint of its primary key.
    ///   - source: the source that it is accepted for.
    ///   - fileNames: patterns of the names of the files that the source publishes, in addition to those that it has.
    ///   - directory: one of the store's directories, made when it is missing.
    ///   - time: the time at which the certificate is examined, in seconds since 1970.
    ///   - isForced: whether it is pinned although it is revoked or expired, or has no key that can verify a signature.
    /// - Returns: the key as the store has it now.
    /// - Throws: `VerificationError` for what is refused, `FileSystemError`.
    public func add(
        _ bytes: [UInt8], named name: String = "the given file", fingerprint: String, source: String,
        fileNames: [String], to directory: String, at time: Int64, isForced: Bool = false
    ) throws -> PinnedKey {
        try Self.check(source: source)
        if let pattern = fileNames.first(where: { !KeyStoreFile.isUsable($0) }) {
            throw VerificationError(KeyStoreFile.unusable(pattern))
        }
        let held = try Self.certificates(in: bytes, name: name)
        // The fingerprints of the file are not offered here: what is to be compared must come from elsewhere.
        let given = try Self.certificate(fingerprint, of: held, name: name, offersChoice: false)
        let folder = directory + "/" + source
        let path = folder + "/\(given.fingerprint).pgp"
        guard directories.contains(directory) else {
            throw VerificationError("'\(EscapedText(directory))' is no directory of the key store")
        }
        try refuseDisabledElsewhere(given.fingerprint, source, besides: directory)
        guard var packets = CertificateSplitter.packets(of: given, in: bytes) else {
            throw VerificationError(
                "the certificate \(given.fingerprint) cannot be told apart from the rest of the file",
                hint: "write it to a file of its own: gpg --export \(given.fingerprint)")
        }
        if !isForced { try Self.refuseUnfit(merged(given, source), at: time) }
        if let old = try Self.existing(path, given.fingerprint) {
            let both = OpenPGPCertificate.merged([old.certificate, given])
            packets = both == old.certificate ? old.packets : old.packets + packets
        }
        guard packets.count <= Self.maximumFileSize else {
            throw VerificationError("the copies of \(given.fingerprint) are larger than \(Self.maximumFileSize) bytes")
        }
        try KeyStoreDirectory.make(folder)
        try KeyStoreDirectory.refuseShared([directory, folder])
        // First the names: a key without them would vouch for less than was meant, and nobody would see it.
        if let patterns = try Self.patterns(adding: fileNames, in: folder) {
            try AtomicFile.write(patterns, to: folder + "/" + KeyStoreEntry.fileNamesName)
        }
        try AtomicFile.write(packets, to: path)
        try KeyStoreDirectory.removeFile(folder + "/\(given.fingerprint).disabled")
        // What counts is what is read.
        let contents = try contents()
        let key = contents.keys.keys.first { $0.source == source && $0.certificate.fingerprint == given.fingerprint }
        guard let key else {
            throw VerificationError("'\(EscapedText(path))' was written and cannot be read back")
        }
        return key
    }

    /// Removes pinned certificates from a directory of the store.
    ///
    /// - Parameters:
    ///   - fingerprint: the certificate; nil for all of the source.
    ///   - source: the source.
    ///   - directory: the directory of the store.
    /// - Returns: the paths that were removed, escaped.
    /// - Throws: `VerificationError` when the directory has no such key; where it is built in or in another directory, the
    ///   hint says how to stop accepting it. `FileSystemError`.
    public func remove(fingerprint: String?, source: String, from directory: String) throws -> [String] {
        try Self.check(source: source)
        let wanted = try fingerprint.map(Self.checked)
        let folder = directory + "/" + source
        var removed: [String] = []
        var keysLeft = 0
        for name in try KeyStoreDirectory.names(folder) {
            guard case .certificate(let found) = KeyStoreEntry(name) else { continue }
            guard wanted == nil || wanted == found else {
                keysLeft += 1
                continue
            }
            let path = folder + "/" + String(decoding: name, as: UTF8.self)
            try KeyStoreDirectory.removeFile(path)
            removed.append(EscapedText(path).description)
        }
        guard !removed.isEmpty else { throw try absence(of: wanted, source, in: directory) }
        if keysLeft == 0 {
            try KeyStoreDirectory.removeFile(folder + "/" + KeyStoreEntry.fileNamesName)
            KeyStoreDirectory.removeIfEmpty(folder)
        }
        return removed
    }

    /// Stops accepting a certificate for a source, wherever it is pinned.
    ///
    /// - Parameters:
    ///   - fingerprint: the certificate.
    ///   - source: the source.
    ///   - directory: the directory of the store that says so, made when it is missing.
    /// - Returns: the path of the file that says so, escaped. Without the file the certificate is accepted again.
    /// - Throws: `VerificationError`, `FileSystemError`.
    public func disable(fingerprint: String, source: String, in directory: String) throws -> String {
        try Self.check(source: source)
        let fingerprint = try Self.checked(fingerprint)
        let folder = directory + "/" + source
        try KeyStoreDirectory.make(folder)
        try KeyStoreDirectory.refuseShared([directory, folder])
        let path = folder + "/\(fingerprint).disabled"
        try AtomicFile.write(Array("not accepted\n".utf8), to: path)
        return EscapedText(path).description
    }

    /// The error for a key that a directory does not have.
    private func absence(of wanted: Fingerprint?, _ source: String, in directory: String) throws -> VerificationError {
        let shown = EscapedText(directory)
        let elsewhere = try contents().keys.keys.filter {
            $0.source == source && (wanted == nil || $0.certificate.fingerprint == wanted)
        }
        let subject = wanted.map { "key \($0)" } ?? "key"
        guard let key = elsewhere.first else {
            return VerificationError("'\(shown)' has no \(subject) of the source '\(source)'")
        }
        let fingerprint = key.certificate.fingerprint
        let place = key.origin == AzureLinuxKeys.origin ? "is built in" : "is in '\(key.origin)'"
        return VerificationError(
            "'\(shown)' has no \(subject) of the source '\(source)': the key \(fingerprint) \(place)",
            hint: "assay keys remove --source \(source) --disable --fingerprint \(fingerprint) stops accepting it")
    }

    private func refuseDisabledElsewhere(
        _ fingerprint: Fingerprint, _ source: String, besides directory: String
    ) throws {
        for other in directories where other != directory {
            let folder = other + "/" + source
            guard try KeyStoreDirectory.names(folder).contains(Array("\(fingerprint).disabled".utf8)) else { continue }
            let path = EscapedText(folder + "/\(fingerprint).disabled")
            throw VerificationError(
                "the key \(fingerprint) is disabled for the source '\(source)' by '\(path)'",
                hint: "remove that file if the key is to be accepted again")
        }
    }

    private static func check(source: String) throws {
        guard isSourceName(source) else {
            throw VerificationError(
                "'\(EscapedText(source))' cannot be the name of a source",
                hint: "a to z, 0 to 9, '.', '_', '-', at most 64, the first a letter or digit")
        }
    }

    /// Refuses a certificate that could not verify a signature of today.
    private static func refuseUnfit(_ certificate: OpenPGPCertificate, at time: Int64) throws {
        func refuse(_ reason: String) -> VerificationError {
            VerificationError(
                "the certificate \(certificate.fingerprint) \(reason)",
                hint: "a newer copy may be prolonged; force it only to verify what is older")
        }
        let status = certificate.status(at: time)
        if let revocation = status.primaryKey.revocations.first {
            throw refuse("was revoked at \(UTCTime.text(revocation.creationTime)) (\(revocation.reason))")
        }
        guard status.primaryKey.undecidedRevocations == 0 else {
            throw refuse("has a revocation that cannot be checked")
        }
        if let expiry = status.primaryKey.expirationTime, time >= expiry {
            throw refuse("expired at \(UTCTime.text(expiry))")
        }
        guard status.primaryKey.isBound else { throw refuse("has no valid self-signature") }
        let canSign = ([status.primaryKey] + status.subkeys).contains {
            $0.canSign && $0.key.isSupported && !$0.isExpired(at: time) && $0.revocations.isEmpty
        }
        guard canSign else { throw refuse("has no valid key whose signatures can be verified") }
    }

    /// The certificate with what the copies of it say that the source has already.
    private func merged(_ given: OpenPGPCertificate, _ source: String) throws -> OpenPGPCertificate {
        let contents = try contents()
        let copies = (contents.keys.keys + contents.disabled.keys).filter {
            $0.source == source && $0.certificate.fingerprint == given.fingerprint
        }
        return OpenPGPCertificate.merged(copies.map(\.certificate) + [given]) ?? given
    }

    /// The certificate that the file at `path` has, with its packets; nil when there is none.
    private static func existing(
        _ path: String, _ fingerprint: Fingerprint
    ) throws -> (packets: [UInt8], certificate: OpenPGPCertificate)? {
        if KeyStoreDirectory.isMissing(path) { return nil }
        let bytes = try RootedDirectory.openHostFile(path).readToEnd(limit: maximumFileSize)
        do {
            let certificate = try KeyStoreFile.certificate(fingerprint, bytes)
            guard let packets = CertificateSplitter.packets(of: certificate, in: bytes) else {
                throw VerificationError("its packets cannot be told apart")
            }
            return (packets, certificate)
        } catch {
            throw VerificationError(
                "'\(EscapedText(path))' cannot be added to: \(error)", hint: "remove the key first")
        }
    }

    /// The file with the patterns of a source's folder as it must be with the new ones; nil when it has them.
    private static func patterns(adding new: [String], in folder: String) throws -> [UInt8]? {
        let path = folder + "/" + KeyStoreEntry.fileNamesName
        var bytes: [UInt8] = []
        if !KeyStoreDirectory.isMissing(path) {
            bytes = try RootedDirectory.openHostFile(path).readToEnd(limit: maximumFileSize)
        }
        let old = KeyStoreFile.fileNames(bytes)
        if let problem = old.problems.first {
            throw VerificationError("'\(EscapedText(path))', line \(problem.line): \(problem.reason)")
        }
        var seen = Set(old.patterns)
        let added = new.filter { seen.insert($0).inserted }
        guard !added.isEmpty else { return nil }
        // Comments of the file stay.
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
        bytes += added.flatMap { Array($0.utf8) + [0x0A] }
        if let problem = KeyStoreFile.fileNames(bytes).problems.first {
            throw VerificationError("'\(EscapedText(path))' would have \(problem.reason)")
        }
        return bytes
    }
}
