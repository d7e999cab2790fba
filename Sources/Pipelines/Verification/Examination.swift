public import AssayFacts

/// Files and the documents that vouch for them, as one examination found them.
public struct Examination: Sendable {
    /// The files; the indexes of their vouchers are those of `documents` here.
    public private(set) var files: [VouchedFileFacts] = []
    /// The documents.
    public private(set) var documents: [SignedDocumentFacts] = []

    /// Starts empty.
    public init() {}

    /// Adds a file whose vouchers refer to documents of this examination.
    public mutating func add(_ file: VouchedFileFacts) { files.append(file) }

    /// Adds a document.
    ///
    /// - Returns: its index, for vouchers.
    public mutating func add(_ document: SignedDocumentFacts) -> Int {
        documents.append(document)
        return documents.count - 1
    }

    /// Adds all files and documents of another examination behind these.
    public mutating func append(_ other: Examination) {
        let base = documents.count
        documents += other.documents
        files += other.files.map { file in
            var file = file
            for index in file.vouchers.indices {
                file.vouchers[index].document = file.vouchers[index].document.map { $0 + base }
            }
            return file
        }
    }

    /// The same of a repository, whose index is not understood when there is no package: nothing was verified then.
    func requiringPackages() -> Examination {
        guard let index = files.first, index.problem == nil,
            !files.contains(where: { $0.kind == .rpmPackage || $0.kind == .debianPackage })
        else { return self }
        var result = self
        result.files[0].problem = FileProblem(
            isMalformed: true, reason: "no package was found in the repository", place: Place(index.name))
        return result
    }
}

/// What all examinations of one run share.
public struct VerificationContext: Sendable {
    /// The certificates that signatures are compared with.
    public var keys: PinnedKeys
    /// The time of judgement in seconds since 1970.
    public var time: Int64
    /// How many threads may work.
    public var threads: Int
    /// Told how far the work has come.
    public var progress: any VerificationProgress

    /// Makes it.
    public init(keys: PinnedKeys, time: Int64, threads: Int, progress: any VerificationProgress) {
        self.keys = keys
        self.time = time
        self.threads = max(1, threads)
        self.progress = progress
    }
}

/// Long work tells how far it has come.
public protocol VerificationProgress: Sendable {
    /// `count` more bytes are to be read; from any thread.
    func expect(_ count: UInt64)
    /// `count` bytes were read since the last call; from any thread.
    func advance(by count: Int)
}

/// A question that cannot be asked like this.
public struct VerificationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people.
    public let description: String
    /// The corrected command or what to do.
    public let hint: String?

    /// Makes it.
    public init(_ description: String, hint: String? = nil) {
        self.description = description
        self.hint = hint
    }
}
