import AssayBytes
import AssayFacts
import AssayFileSystem

/// A file that is to be verified, found and not opened yet.
///
/// It is opened when its turn comes, so that a folder of packages needs few descriptors: the kernel makes a process with
/// several threads wait for milliseconds each time that its table of descriptors grows.
struct FoundFile: Sendable {
    /// Names in a folder that are looked at.
    private static let nameLimit = 1_000_000

    /// The path as it was given or found.
    let path: String
    /// What the walk of a folder saw; nil for a file that was named.
    private let walked: (root: RootedDirectory, path: TreePath, status: FileStatus)?

    /// A file that the user named.
    init(path: String) {
        self.path = path
        walked = nil
    }

    private init(path: String, _ found: WalkedFile, in root: RootedDirectory) {
        self.path = path
        walked = (root, found.path, found.status)
    }

    /// Whether the user named it, so that it is verified whatever it is.
    var isNamed: Bool { walked == nil }

    /// Opens it.
    ///
    /// - Throws: `FileSystemError`; `VerificationError` in a folder, where nothing is passed over.
    func open() throws -> SubjectFile {
        guard let walked else { return try SubjectFile(path: path) }
        do {
            return SubjectFile(path: path, source: try walked.root.open(walked.path, seenAs: walked.status))
        } catch {
            throw FoundFile.unreadable(EscapedText(path).description, error)
        }
    }

    /// The regular files in a folder and the folders in it, in the order of their paths.
    static func files(in folder: String, _ skipped: inout [Gap]) throws -> [FoundFile] {
        var limits = WalkLimits()
        limits.names = nameLimit
        limits.depth = 64
        let root = try RootedDirectory(path: folder)
        var walk = try root.walk(limits: limits)
        let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        var files: [FoundFile] = []
        while let event = walk.next() {
            switch event {
            case .file(let found):
                guard found.status.type == .regular else { continue }
                let path = base + "/" + String(decoding: found.path.relativeBytes, as: UTF8.self)
                files.append(FoundFile(path: path, found, in: root))
            case .unreadable(let path, let error):
                throw unreadable(EscapedText(base).description + path.description, error)
            case .skipped(let path, let reason):
                skipped.append(Gap(Place(EscapedText(base).description + path.description), reason: reason))
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    private static func unreadable(_ path: String, _ error: any Error) -> VerificationError {
        let reason = (error as? FileSystemError)?.reason ?? "\(error)"
        return VerificationError(
            "'\(path)' could not be read: \(reason)",
            hint: "name the files themselves, or make it readable: nothing is passed over")
    }
}

/// What the first look at a file says, with the file where it is to be read on.
enum FileLook: Sendable {
    /// An RPM package, examined.
    case examined(Examination)
    case debianPackage(SubjectFile)
    /// An ISO image, an RPM package that a list vouches for, or a file that was named or is named like a package.
    case other(SubjectFile)
    /// A file of a folder that is none of these; nil for one that vouches for others.
    case nothing(Gap?)

    /// Opens `found` and looks at it, and examines an RPM package when there is a `context` for it.
    init(_ found: FoundFile, _ context: VerificationContext?) throws {
        let file = try found.open()
        switch FileContent(file) {
        case .rpmPackage:
            self = try context.map { .examined(try RPMExamination.examine(file, $0)) } ?? .other(file)
        case .debianPackage: self = .debianPackage(file)
        case .isoImage: self = .other(file)
        case .other where found.isNamed || FileContent.isNamedLikePackage(file.baseName): self = .other(file)
        case .other where FileContent.isNamedLikeVoucher(file.baseName): self = .nothing(nil)
        case .other: self = .nothing(Gap(Place(file.name), reason: "neither a package nor an ISO image"))
        }
    }
}
