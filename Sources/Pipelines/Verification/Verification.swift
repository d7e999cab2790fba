import AssayBytes
import AssayCollectors
public import AssayFacts
import AssayFileSystem
import AssayParallel

/// What `assay verify` is asked for.
public struct VerificationRequest: Sendable {
    /// Files and folders.
    public var paths: [String]
    /// The list of checksums and its signature, where they are not beside the file.
    public var checksums = ChecksumRequest()
    /// The repository that vouches for .deb files: a folder of one, or of apt's lists.
    public var repository: String?
    /// The source that all must come from.
    public var source: String?
    /// What the user said that the files are.
    public var expectation = IdentityExpectation()
    /// Keys that are pinned and disabled: their sources still claim the names of their files.
    public var disabledKeys = PinnedKeys()
    /// Whether only the keys of this call count, and not those that a machine's own apt trusts.
    public var hasOwnKeys = false

    /// Makes a request.
    public init(paths: [String]) { self.paths = paths }
}

/// Authenticity and integrity of files: observed here, judged elsewhere.
public enum Verification {
    /// Examines everything that is asked for.
    ///
    /// - Throws: `VerificationError` or `FileSystemError` when the question cannot be asked; what is wrong with a file is
    ///   in the facts.
    public static func facts(of request: VerificationRequest, _ context: VerificationContext) async throws -> Facts {
        // Debian packages and ISO images stay open from the first look to the verdict: a folder may have more than the
        // usual 1,024.
        OpenFileLimit.raise()
        if let facts = try trustStore(request) { return facts }
        var skipped: [Gap] = []
        let subjects = try request.paths.map { try Subject(path: $0, &skipped) }
        var problems: [String] = []
        // What apt trusts vouches for apt's own lists and what they list, and for nothing else of the same call.
        var apt = context
        if !request.hasOwnKeys { try addAptKeys(subjects, request, &apt, &problems) }
        var examination = Examination()
        for subject in subjects {
            switch subject {
            case .aptLists(let path): examination.append(try await DebianExamination.aptLists(path, apt))
            case .debianRepository(let path):
                examination.append(try await DebianExamination.repository(path, context).requiringPackages())
            case .rpmRepository(let path):
                examination.append(try await RPMRepositoryExamination.examine(path, context).requiringPackages())
            case .files: break
            }
        }
        try await examine(subjects.flatMap(\.files), request, context, apt, into: &examination, &skipped)
        var authenticity = AuthenticityFacts(evaluatedAt: context.time)
        authenticity.files = examination.files
        authenticity.documents = examination.documents
        authenticity.keys = apt.keys.keys.map { $0.facts(at: context.time) }
        authenticity.disabledKeys = request.disabledKeys.keys.map { $0.facts(at: context.time) }
        authenticity.expectedSource = request.source
        authenticity.expectation = request.expectation
        var facts = Facts(
            subject: SubjectFacts(
                kind: .files, name: request.paths.map { EscapedText($0).description }.joined(separator: ", ")))
        facts.authenticity = authenticity
        facts.skipped = skipped
        facts.gaps = problems.map { Gap(Place("keys"), reason: $0) }
        return facts
    }

    /// The facts of the trust store that assay published in the root directory that is asked for; nil when none is.
    private static func trustStore(_ request: VerificationRequest) throws -> Facts? {
        for path in request.paths where RootedDirectory.isHostDirectory(path) {
            let root = try RootedDirectory(path: path)
            guard Collection.hasTrustStore(root) else { continue }
            guard request.paths.count == 1 else {
                throw VerificationError(
                    "'\(EscapedText(path))' is a system with a published trust store, which is verified by itself",
                    hint: "assay verify \(path)")
            }
            return Collection.trustFacts(of: root, path: EscapedText(path).description)
        }
        return nil
    }

    /// The files of their own, by what they are.
    private static func examine(
        _ files: [FoundFile], _ request: VerificationRequest, _ context: VerificationContext,
        _ apt: VerificationContext, into examination: inout Examination, _ skipped: inout [Gap]
    ) async throws {
        // A list that was named vouches for packages too.
        let hasList = request.checksums.checksums != nil
        var debs: [SubjectFile] = []
        var others: [SubjectFile] = []
        let looks = try await files.parallelMap(width: context.threads) { [context] found in
            try FileLook(found, hasList ? nil : context)
        }
        for look in looks {
            switch look {
            case .examined(let part): examination.append(part)
            case .debianPackage(let file) where !hasList: debs.append(file)
            case .debianPackage(let file), .other(let file): others.append(file)
            case .nothing(let gap): if let gap { skipped.append(gap) }
            }
        }
        if !debs.isEmpty {
            let isOfApt = request.repository.map(DebianExamination.isAptLists) ?? false
            examination.append(
                try await DebianExamination.packages(
                    debs, repository: request.repository, isOfApt ? apt : context))
        }
        if !others.isEmpty {
            examination.append(try await ChecksumExamination.examine(others, request.checksums, context))
        }
    }

    /// What the machine's own apt trusts, for its own lists.
    private static func addAptKeys(
        _ subjects: [Subject], _ request: VerificationRequest, _ context: inout VerificationContext,
        _ problems: inout [String]
    ) throws {
        var lists = subjects.compactMap { subject in
            if case .aptLists(let path) = subject { path } else { nil }
        }
        if let repository = request.repository, DebianExamination.isAptLists(repository) { lists.append(repository) }
        var roots: Set<String> = []
        for path in lists where roots.insert(root(ofLists: path)).inserted {
            let found = try DebianExamination.aptKeys(root: root(ofLists: path))
            context.keys = PinnedKeys(context.keys.keys + found.keys)
            problems += found.problems
        }
    }

    /// The root directory that apt's lists lie in: what comes before `/var/lib/apt/lists`, else the machine's own.
    private static func root(ofLists path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        let suffix = "/var/lib/apt/lists"
        guard path.hasSuffix(suffix) else { return "/" }
        let root = path.dropLast(suffix.count)
        return root.isEmpty ? "/" : String(root)
    }

    /// A path of the request.
    private enum Subject {
        case aptLists(String)
        case debianRepository(String)
        case rpmRepository(String)
        case files([FoundFile])

        var files: [FoundFile] {
            if case .files(let files) = self { files } else { [] }
        }

        init(path: String, _ skipped: inout [Gap]) throws {
            guard try RootedDirectory.hostStatus(path).type == .directory else {
                self = .files([FoundFile(path: path)])
                return
            }
            if DebianExamination.isAptLists(path) {
                self = .aptLists(path)
            } else if DebianExamination.isRepository(path) {
                self = .debianRepository(path)
            } else if RPMRepositoryExamination.isRepository(path) {
                self = .rpmRepository(path)
            } else {
                self = .files(try FoundFile.files(in: path, &skipped))
            }
        }
    }
}
