import AssayBytes
import AssayChecksumList
import AssayFacts
import AssayFileSystem
import AssayOpenPGP
import AssayRPM

#if canImport(Glibc)
    import Glibc
#endif

/// What was signed.
public struct SigningResult: Codable, Hashable, Sendable {
    /// The file that has the signature now.
    public var name: String
    /// The fingerprint of the key that made it.
    public var signingKey: String
    /// The fingerprint of its certificate.
    public var certificate: String
    /// What was replaced or should be known, as sentences.
    public var remarks: [String]
}

/// Signatures made by gpg or sq, and put where they belong after they were verified.
public enum Signing {
    /// The largest main header that is signed: what rpm itself reads.
    private static let headerLimit = 256 << 20

    /// Puts a signature over the main header into a package's signature header; main header and payload stay as they are.
    ///
    /// The package is replaced only when the new one verifies; until then it stays as it was.
    ///
    /// - Parameters:
    ///   - path: the package.
    ///   - signer: who signs.
    ///   - time: the time of judgement in seconds since 1970.
    /// - Returns: what was done.
    /// - Throws: `VerificationError`, `FileSystemError`, `ExternalProgram.Failure`.
    public static func rpm(_ path: String, by signer: OpenPGPSigner, at time: Int64) async throws -> SigningResult {
        let original = try ImageFile.open(path)
        let name = original.name
        let package = try read(original, name)
        let range = package.header.range
        guard range.count.rawValue <= UInt64(headerLimit) else {
            throw VerificationError("'\(name)' has a header of \(range.count.rawValue) bytes")
        }
        try requireIntegrity(original, name, time)
        let header = try original.bytes(at: range.offset, count: Int(range.count.rawValue))
        let packets = try await signer.signature(over: header)
        let time = max(time, now)
        let signature = try signer.verified(packets, over: header, at: time)
        let value: SignatureValue =
            (package.identity?.format ?? 4) >= 6
            ? .openPGP([packets])
            : .headerSignature(
                packets, isRSA: [.rsa, .rsaSignOnly].contains(signature.publicKeyAlgorithm))
        let rewritten: RewrittenSignatureHeader
        do {
            rewritten = try package.rewritingSignatureHeader(setting: [value], removing: RPMFile.signatureTags)
        } catch {
            throw VerificationError("'\(name)': \(error)")
        }
        let copy = try ImageFile.create(replacing: original)
        defer { copy.undo() }
        if !rewritten.keepsOffsets {
            try move(from: original, rewritten.bodyOffset, to: copy, UInt64(rewritten.bytes.count) + UInt64(Lead.size))
        }
        try copy.write(rewritten.bytes.span, at: ByteOffset(rewritten.leadSize.rawValue))
        let result = try check(copy, name, signer, header, package, time)
        try copy.commit()
        let old = package.claims.count { $0.isSignature }
        return SigningResult(
            name: name, signingKey: result, certificate: signer.certificate.fingerprint.description,
            remarks: old == 0 ? [] : ["\(old) older signature\(old == 1 ? " was" : "s were") replaced"])
    }

    /// Writes a detached, armored signature beside a list of checksums, or another file.
    ///
    /// - Parameters:
    ///   - path: the list.
    ///   - signaturePath: where the signature goes.
    ///   - signer: who signs.
    ///   - time: the time of judgement in seconds since 1970.
    /// - Returns: what was done.
    /// - Throws: `VerificationError`, `FileSystemError`, `ExternalProgram.Failure`.
    public static func checksums(
        _ path: String, to signaturePath: String, by signer: OpenPGPSigner, at time: Int64
    ) async throws -> SigningResult {
        guard !AtomicFile.isSameFile(path, signaturePath) else {
            throw VerificationError("the signature would replace the list itself")
        }
        let bytes = try RootedDirectory.openHostFile(path).readToEnd(limit: ChecksumList.maximumBytes)
        try requireList(bytes, path)
        // The bytes that were read are signed, not those that the file has by then.
        let armored = try await signer.signature(over: bytes, isArmored: true)
        let signature = try signer.verified(armored, over: bytes, at: max(time, now))
        try AtomicFile.write(armored, to: signaturePath)
        let key = signature.claimedFingerprints.first ?? signer.certificate.fingerprint
        return SigningResult(
            name: EscapedText(signaturePath).description, signingKey: key.description,
            certificate: signer.certificate.fingerprint.description, remarks: [])
    }

    /// The clock that dates the new signature: a passphrase that is asked for takes its time, and so do many packages.
    private static var now: Int64 { Int64(time(nil)) }

    /// What is no list of checksums is not signed as one.
    private static func requireList(_ bytes: [UInt8], _ path: String) throws {
        let name = EscapedText(path).description
        guard !CleartextMessage.isPresent(in: bytes) else {
            throw VerificationError("'\(name)' is signed in itself already")
        }
        let list: ChecksumList
        do {
            list = try ChecksumList(bytes, listName: path.split(separator: "/").last.map(String.init))
        } catch {
            throw VerificationError("'\(name)' is no list of checksums: \(error)")
        }
        if let line = list.malformedLines.first {
            throw VerificationError("'\(name)' is no list of checksums: line \(line.line): \(line.reason)")
        }
        guard !list.entries.isEmpty else { throw VerificationError("'\(name)' lists nothing") }
    }

    private static func read(_ file: ImageFile, _ name: String) throws -> RPMFile {
        do {
            return try RPMFile(file)
        } catch {
            throw VerificationError("'\(name)' is no package that can be signed: \(error)")
        }
    }

    /// A package whose own digests are wrong is damaged: a signature would only hide that.
    private static func requireIntegrity(_ file: ImageFile, _ name: String, _ time: Int64) throws {
        let context = VerificationContext(keys: PinnedKeys(), time: time, threads: 1, progress: NoProgress())
        let found = try RPMExamination.examine(file, named: name, context)
        if let problem = found.file.problem { throw VerificationError("'\(name)' is not signed: \(problem.reason)") }
        guard let link = found.file.vouchers.first?.links.first, let computed = link.computed else {
            throw VerificationError(
                "'\(name)' has no digest of its payload in the header, so that a signature would cover the header only",
                hint: "build it again with rpm 4.14 or later")
        }
        guard computed == link.expected else {
            throw VerificationError("'\(name)' is not signed: its payload is not what its header says")
        }
    }

    /// The new package must have the old header and payload, and the new signature.
    ///
    /// - Returns: the fingerprint of the key that signed.
    private static func check(
        _ copy: ImageFile, _ name: String, _ signer: OpenPGPSigner, _ header: [UInt8], _ package: RPMFile,
        _ time: Int64
    ) throws -> String {
        let key = PinnedKey(source: "signer", origin: "signer", certificate: signer.certificate, fileNames: [])
        let context = VerificationContext(keys: PinnedKeys([key]), time: time, threads: 1, progress: NoProgress())
        let written = try read(copy, name)
        let range = written.header.range
        let found = try RPMExamination.examine(copy, named: name, context)
        let signatures = found.document?.signatures ?? []
        let isWhole = found.file.coverage.filter { ["header", "payload"].contains($0.part) }.allSatisfy {
            $0.protection == .signed
        }
        guard try copy.bytes(at: range.offset, count: Int(range.count.rawValue)) == header,
            written.payload.count == package.payload.count, found.file.problem == nil, isWhole,
            signatures.count == 1, let signature = signatures.first, signature.check == .valid,
            signature.faults.isEmpty, let made = signature.signingKey
        else {
            throw VerificationError("'\(name)' was left as it was: the new package does not verify")
        }
        return made
    }

    private static func move(
        from original: ImageFile, _ start: ByteOffset, to copy: ImageFile, _ end: UInt64
    ) throws {
        var window = [UInt8](repeating: 0, count: 1 << 20)
        var (from, to) = (start.rawValue, end)
        let size = original.size.rawValue
        while from < size {
            try Task.checkCancellation()
            var span = window.mutableSpan
            let count = try original.read(into: &span, at: ByteOffset(from))
            guard count > 0 else { throw VerificationError("'\(original.name)' became shorter while it was read") }
            try copy.write(window.span.extracting(first: count), at: ByteOffset(to))
            from += UInt64(count)
            to += UInt64(count)
        }
        try copy.resize(to: ByteCount(to))
    }
}

/// Nobody looks.
struct NoProgress: VerificationProgress {
    func expect(_ count: UInt64) {}
    func advance(by count: Int) {}
}
