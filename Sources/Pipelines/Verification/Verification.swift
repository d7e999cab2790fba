import AssayBytes
import AssayCollectors
public import AssayFacts
import AssayFileSystem

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
    /// Names in a folder that are looked at.
    private static let nameLimit = 1_000_000

    /// Examines everything that is asked for.
    ///
    /// - Throws: `VerificationError` or `FileSystemError` when the question cannot be asked; what is wrong with a file is
    ///   in the facts.
    public static func facts(of request: VerificationRequest, _ context: VerificationContext) async throws -> Facts {
        // Each file stays open from the first look at it to its verdict: a folder may have more than the usual 1,024.
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
        try await examine(subjects.flatMap(\.files), request, context, apt, into: &examination)
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
        _ apt: VerificationContext, into examination: inout Examination
    ) async throws {
        var rpms: [SubjectFile] = []
        var debs: [SubjectFile] = []
        var others: [SubjectFile] = []
        for found in files {
            switch found.content {
            case .rpmPackage: rpms.append(found.file)
            case .debianPackage: debs.append(found.file)
            case .isoImage, .other: others.append(found.file)
            }
        }
        // A list that was named vouches for packages too.
        if request.checksums.checksums != nil {
            others += rpms + debs
            (rpms, debs) = ([], [])
        }
        for part in try await rpms.parallelMap(
            width: context.threads,
            { [context] file in
                try RPMExamination.examine(file, context)
            })
        {
            examination.append(part)
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

    /// A file with what it is, looked at once.
    private struct FoundFile {
        let file: SubjectFile
        let content: FileContent

        init(_ file: SubjectFile) {
            self.file = file
            content = FileContent(file)
        }
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
            guard RootedDirectory.isHostDirectory(path) else {
                self = .files([FoundFile(try SubjectFile(path: path))])
                return
            }
            if DebianExamination.isAptLists(path) {
                self = .aptLists(path)
            } else if DebianExamination.isRepository(path) {
                self = .debianRepository(path)
            } else if RPMRepositoryExamination.isRepository(path) {
                self = .rpmRepository(path)
            } else {
                self = .files(try Verification.files(in: path, &skipped))
            }
        }
    }

    /// The packages and ISO images in a folder and the folders in it; a file that is named like one is one.
    private static func files(in folder: String, _ skipped: inout [Gap]) throws -> [FoundFile] {
        var limits = WalkLimits()
        limits.names = nameLimit
        limits.depth = 64
        var walk = try RootedDirectory(path: folder).walk(limits: limits)
        let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        var files: [FoundFile] = []
        while let event = walk.next() {
            switch event {
            case .file(let found):
                guard found.status.type == .regular else { continue }
                let path = base + "/" + String(decoding: found.path.relativeBytes, as: UTF8.self)
                let file: FoundFile
                do {
                    file = FoundFile(SubjectFile(path: path, source: try found.open()))
                } catch {
                    throw unreadable(EscapedText(path).description, error)
                }
                if file.content != .other || FileContent.isNamedLikePackage(file.file.baseName) {
                    files.append(file)
                } else if !FileContent.isNamedLikeVoucher(file.file.baseName) {
                    skipped.append(Gap(Place(file.file.name), reason: "neither a package nor an ISO image"))
                }
            case .unreadable(let path, let error):
                throw unreadable(EscapedText(base).description + path.description, error)
            case .skipped(let path, let reason):
                skipped.append(Gap(Place(EscapedText(base).description + path.description), reason: reason))
            }
        }
        return files.sorted { $0.file.path < $1.file.path }
    }

    private static func unreadable(_ path: String, _ error: any Error) -> VerificationError {
        let reason = (error as? FileSystemError)?.reason ?? "\(error)"
        return VerificationError(
            "'\(path)' could not be read: \(reason)",
            hint: "name the files themselves, or make it readable: nothing is passed over")
    }
}
