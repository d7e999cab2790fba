import AssayBytes
public import AssayFacts
import AssayFileSystem
public import AssayFindings
import AssayPolicy
import AssayRootHashSignature
import AssayVerity

/// What `verity verify` and `verity repair` are asked for.
public struct VerityRequest: Hashable, Sendable {
    /// The data device.
    public var data: String
    /// The hash device, or the same file again.
    public var hash: String
    /// What the user says about the tree.
    public var options = Verity.Options()
    /// The root hash as text.
    public var rootHash: String
    /// The file with the signature of the root hash.
    public var signature: String?
    /// The file with the certificates that may have signed it.
    public var certificate: String?
    /// Where error correction data are.
    public var errorCorrection: Verity.ErrorCorrectionOptions?
    /// End at the first fault.
    public var failsFast = false
    /// How many threads may work.
    public var threads: Int

    /// Makes a request.
    public init(data: String, hash: String, rootHash: String, threads: Int) {
        self.data = data
        self.hash = hash
        self.rootHash = rootHash
        self.threads = threads
    }
}

extension Verity {
    /// Recomputes a device's tree, compares the error correction data and checks the root hash's signature.
    ///
    /// - Parameters:
    ///   - request: what to verify.
    ///   - time: the time of judgement in seconds since 1970, for the certificate's dates.
    ///   - progress: told how far the work has come.
    /// - Returns: what was observed.
    /// - Throws: what keeps the question from being answered: `VerityRequestError`, `VerityError`,
    ///   `RootHashSignatureFault` of the root hash itself, `ErrorCorrectionError` or `FileSystemError`.
    public static func facts(
        of request: VerityRequest, at time: Int64, progress: any VerityProgress
    ) async throws -> Facts {
        let rootHash = try RootHash(request.rootHash)
        let device = try VerityDevice(data: request.data, hash: request.hash, options: request.options)
        let geometry = device.geometry
        let digestSize = geometry.parameters.algorithm.digestSize
        guard rootHash.bytes.count == digestSize else {
            throw VerityRequestError(
                "the root hash has \(2 * rootHash.bytes.count) digits, but \(geometry.parameters.algorithm.rawValue) "
                    + "gives \(2 * digestSize)")
        }
        let signature = try request.signature.map { try signatureFacts($0, request, rootHash, time) }
        let correction = try request.errorCorrection.map { ($0, try device.errorCorrection($0)) }
        let tree = HashTree(geometry, threads: request.threads)
        progress.begin("verifying", total: tree.workload)
        let verdict = try await tree.verify(
            device.data, against: device.hash, rootHash: rootHash.bytes, stopsAtFirst: request.failsFast
        ) { progress.advance(by: $0) }
        var verity = VerityFacts(
            data: VerityFacts.Device(name: device.data.name, size: device.data.size.rawValue),
            hash: VerityFacts.Device(name: device.hash.name, size: device.hash.size.rawValue),
            hashOffset: request.options.hashOffset, hasSuperblock: device.superblock != nil,
            tree: facts(geometry, uuid: device.superblock?.uuid), expectedRootHash: rootHash.text,
            computedRootHash: Hex.encode(verdict.computedRootHash),
            damage: verdict.damage.map { VerityDamage($0, geometry) },
            diagnoses: verdict.diagnoses.map { sentence($0, geometry) }, isComplete: verdict.isComplete,
            uncoveredBytes: uncovered(device))
        verity.signature = signature
        if let (options, (fec, parity, message)) = correction {
            progress.begin("error correction", total: fec.messageSize.rawValue)
            let report = try await ErrorCorrection.check(
                message: message, parity: parity, at: ByteOffset(options.offset), geometry: fec,
                threads: request.threads
            ) { progress.advance(by: $0) }
            verity.errorCorrection = VerityErrorCorrectionFacts(report, parity, options)
        }
        var facts = Facts(
            subject: SubjectFacts(
                kind: .verityDevice,
                name: device.data.name == device.hash.name
                    ? device.data.name : "\(device.data.name) with \(device.hash.name)"))
        facts.verity = verity
        return facts
    }

    /// Judges the facts of a device.
    public static func judge(_ facts: Facts, evaluatedAt: String) throws -> AuditResult {
        guard let profile = ProfileCatalog.profile(named: "dm-verity") else {
            throw VerityRequestError("there is no profile 'dm-verity'")
        }
        let policy = PolicyFile().policy(today: String(evaluatedAt.prefix(10)), failOn: .low)
        return Audit.judge(facts, by: profile, under: policy, evaluatedAt: evaluatedAt)
    }

    /// Bytes of the data device behind the last block; in one file, what comes before the hash area.
    private static func uncovered(_ device: VerityDevice) -> UInt64 {
        let isOneFile = (try? device.data.isSameFile(as: device.hash)) ?? false
        let end = isOneFile ? device.options.hashOffset : device.data.size.rawValue
        return end - min(end, device.geometry.parameters.dataSize)
    }

    private static func signatureFacts(
        _ path: String, _ request: VerityRequest, _ rootHash: RootHash, _ time: Int64
    ) throws -> VeritySignatureFacts {
        guard let certificatePath = request.certificate else {
            throw VerityRequestError(
                "a signature proves nothing without the certificate that must have made it", hint: "--certificate FILE")
        }
        let certificates = try Verity.certificates(certificatePath)
        let bytes = try Audit.file(at: path, limit: RootHashSignature.maximumSize + 1)
        var facts = VeritySignatureFacts(
            name: EscapedText(path).description,
            certificate: certificates.map { $0.identifier.description }.joined(separator: "; "), algorithm: nil,
            faults: [], codes: [])
        do {
            let signature = try RootHashSignature(der: bytes)
            facts.algorithm = "\(signature.algorithm.rawValue) with \(signature.digest.rawValue)"
            switch signature.verify(rootHash: rootHash, certificates: certificates, validity: .required(at: time)) {
            case .verified(let verified): facts.certificate = verified.certificate.identifier.description
            case .refused(let faults):
                facts.faults = faults.map(\.description)
                facts.codes = faults.map(\.code.name)
            }
        } catch {
            facts.faults = [error.description]
            facts.codes = [error.code.name]
        }
        return facts
    }

    static func certificates(_ path: String) throws -> [SignerCertificate] {
        try SignerCertificate.certificates(in: Audit.file(at: path, limit: SignerCertificate.maximumSize + 1))
    }

    private static func sentence(_ diagnosis: TreeVerdict.Diagnosis, _ geometry: TreeGeometry) -> String {
        switch diagnosis {
        case .anotherRootHash: "data and tree are intact, but of another root hash: they belong to another image"
        case .otherHashType(let type):
            "the top block gives the root hash when salt and block are joined as in hash type \(type.rawValue): the tree "
                + "was made with that type, not with \(geometry.parameters.hashType.rawValue)"
        case .topBlock(let block):
            "the top block is at hash block \(block), not \(geometry.levels.last?.firstBlock ?? 0): the levels are in "
                + "another order"
        case .swapped(.data, let first, let second): "data blocks \(first) and \(second) are swapped"
        case .swapped(.level(let level), let first, let second):
            "tree blocks \(first) and \(second) of level \(level) are swapped"
        }
    }
}

extension VerityDamage {
    fileprivate init(_ damage: TreeVerdict.Damage, _ geometry: TreeGeometry) {
        let base: UInt64
        let size: Int
        let level: Int?
        switch damage.area {
        case .data: (base, size, level) = (0, geometry.parameters.dataBlockSize, nil)
        case .level(let number):
            base = geometry.offset(ofBlock: geometry.levels[number].firstBlock).rawValue
            (size, level) = (geometry.parameters.hashBlockSize, number)
        }
        let fault: Fault =
            switch damage.fault {
            case .changed: .changed
            case .undecided: .undecided
            case .padding: .padding
            }
        self.init(
            level: level, fault: fault, blocks: damage.blocks.count,
            runs: damage.blocks.ranges.map {
                Run(first: $0.lowerBound, count: UInt64($0.count), offset: base + $0.lowerBound * UInt64(size))
            })
    }
}

extension VerityErrorCorrectionFacts {
    fileprivate init(
        _ report: ErrorCorrectionReport, _ parity: ImageFile, _ options: Verity.ErrorCorrectionOptions
    ) {
        func text(_ list: IndexList, _ what: String) -> String? {
            guard !list.isEmpty else { return nil }
            let shown = list.ranges.prefix(50).map { range in
                range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound - 1)"
            }
            return "\(list.count) \(what): \(shown.joined(separator: ", "))"
                + (list.isComplete && list.ranges.count <= 50 ? "" : ", …")
        }
        self.init(
            device: VerityFacts.Device(name: parity.name, size: parity.size.rawValue), offset: options.offset,
            roots: options.roots, codewords: report.codewords, damaged: report.damagedCodewords,
            correctable: report.correctableCodewords,
            places: [
                text(report.damagedBlocks, "correctable blocks of data and hash area"),
                text(report.damagedParityBlocks, "correctable blocks of parity"),
                text(report.uncorrectableCodewords, "codewords beyond the code's limit"),
            ].compactMap { $0 })
    }
}
