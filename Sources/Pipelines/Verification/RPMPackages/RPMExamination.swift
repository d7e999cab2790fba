import AssayBytes
import AssayFacts
import AssayRPM

/// RPM packages: what signs them, and which of their bytes.
public enum RPMExamination {
    /// Examines one package, in one pass over its bytes.
    ///
    /// What is wrong with the package stands in the facts.
    ///
    /// - Parameters:
    ///   - file: the opened package.
    ///   - context: keys, time and progress.
    /// - Returns: the file, with the document that its signatures are over.
    /// - Throws: `CancellationError` and nothing else.
    public static func examine(_ file: SubjectFile, _ context: VerificationContext) throws -> Examination {
        try examine(file.source, named: file.name, context).examination
    }

    /// Examines one package.
    ///
    /// - Parameters:
    ///   - source: the bytes.
    ///   - name: the file's name, escaped.
    ///   - algorithm: the algorithm of a digest of the whole file, where a list has one to compare.
    ///   - context: keys, time and progress.
    /// - Returns: what was found; it lacks the digest when the file could not be read to its end.
    /// - Throws: `CancellationError` and nothing else.
    static func examine(
        _ source: any ByteSource, named name: String, wholeFile algorithm: DigestAlgorithm? = nil,
        _ context: VerificationContext
    ) throws -> ExaminedPackage {
        var result = ExaminedPackage(
            file: VouchedFileFacts(name: name, kind: .rpmPackage, size: source.size.rawValue))
        try Task.checkCancellation()
        context.progress.expect(source.size.rawValue)
        do {
            let head = try HeadSource(source)
            var pass = PackagePass()
            let whole = algorithm.map { PackagePass.Digest(algorithm: $0, start: 0, end: source.size.rawValue) }
            if let whole { pass.add(whole) }
            switch try read(head) {
            case .failure(let error):
                result.file.problem = FileProblem(
                    isMalformed: error.code != .unsupportedVersion, reason: "\(error)",
                    place: Place(name, offset: error.offset.rawValue))
                guard whole != nil else {
                    context.progress.advance(by: Int(clamping: source.size.rawValue))
                    return result
                }
                try pass.run(head, progress: context.progress)
            case .success(let package):
                var claims = PackageClaims(package, name: name, adding: &pass)
                try pass.run(head, progress: context.progress)
                claims.compare(with: pass, context)
                result.describe(package, claims)
            }
            result.digest = whole.flatMap { pass.digest($0) }
        } catch let error as CancellationError {
            throw error
        } catch {
            result.file.problem = FileProblem(isMalformed: false, reason: "\(error)", place: Place(name))
        }
        return result
    }

    private static func read(_ source: HeadSource) throws -> Result<RPMFile, RPMError> {
        do {
            return .success(try RPMFile(source))
        } catch let error as RPMError {
            return .failure(error)
        }
    }
}

/// A package that was examined.
struct ExaminedPackage: Sendable {
    /// The facts; its voucher, if it has one, refers to no document yet.
    var file: VouchedFileFacts
    /// What the package's own signatures are over.
    var document: SignedDocumentFacts?
    /// The digest of the whole file, if one was wanted and the file was read to its end.
    var digest: [UInt8]?

    /// The facts alone.
    var examination: Examination {
        var result = Examination()
        add(to: &result, [])
        return result
    }

    /// Adds file and document to `examination`, the file with `vouchers` behind its own.
    func add(to examination: inout Examination, _ vouchers: [VoucherFacts]) {
        var file = file
        if let document, !file.vouchers.isEmpty { file.vouchers[0].document = examination.add(document) }
        file.vouchers += vouchers
        examination.add(file)
    }

    fileprivate mutating func describe(_ package: RPMFile, _ claims: PackageClaims) {
        document = claims.document
        file.vouchers = [VoucherFacts(links: claims.payloadLink.map { [$0] } ?? [], document: nil)]
        let identity = package.identity
        let observations = package.observations
        file.package = identity.map(PackageIdentityFacts.init)
        let coverage = package.coverage(verified: claims.verified)
        file.coverage = coverage.map { CoverageFacts($0, of: package) }
        file.unsignedContent = UnsignedContent.of(package, observations, coverage, name: file.name)
        var problems = claims.problems
        if identity == nil {
            problems.append(("the header has no name, version or release", package.header.range.offset))
        }
        let isPayloadSigned = coverage.last { $0.part == .payload }?.coverage == .signed
        for observation in observations where observation.code == .missingBytes && !isPayloadSigned {
            problems.append((observation.detail, package.payload.end))
        }
        guard let first = problems.first else { return }
        file.problem = FileProblem(
            isMalformed: true, reason: problems.map(\.reason).joined(separator: "; "),
            place: Place(file.name, offset: first.offset.rawValue))
    }
}

extension PackageIdentityFacts {
    /// What the header of a package says.
    init(_ identity: PackageIdentity) {
        self.init(
            name: identity.name,
            version: Self.version(
                epoch: UInt64(identity.epoch ?? 0), version: identity.version, release: identity.release),
            architecture: identity.isSource ? "src" : identity.architecture, vendor: identity.vendor,
            fileName: identity.fileName)
    }

    /// The version as rpm compares it: an epoch of zero is none.
    static func version(epoch: UInt64, version: String, release: String) -> String {
        (epoch == 0 ? "" : "\(epoch):") + "\(version)-\(release)"
    }
}
