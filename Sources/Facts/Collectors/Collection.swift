import AssayBytes
import AssayELF
public import AssayFacts
public import AssayFileSystem
public import AssaySubjects

/// How facts are collected.
public struct CollectionOptions: Sendable {
    /// Tasks that run at a time.
    public var width: Int
    /// A kernel command line for a subject that has none of its own.
    public var commandLine: String?
    /// Called with the number of names seen since the last call, from any thread.
    public var progress: @Sendable (Int) -> Void

    /// Makes options.
    public init(
        width: Int = 2, commandLine: String? = nil, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.width = max(1, width)
        self.commandLine = commandLine
        self.progress = progress
    }
}

/// Observes a subject: the only place where subjects are walked.
public enum Collection {
    /// Collects the facts of `subject`.
    ///
    /// What cannot be read becomes a gap or an unreadable observation; only cancellation and a root that cannot be listed
    /// end the collection.
    ///
    /// - Parameters:
    ///   - subject: what is examined.
    ///   - options: how.
    /// - Returns: the facts.
    /// - Throws: `CancellationError`, or `FileSystemError` when the root cannot be listed.
    public static func facts(of subject: Subject, _ options: CollectionOptions) async throws -> Facts {
        switch subject {
        case .host(let root): return try await SystemCollector(root: root, path: "/", isLive: true).collect(options)
        case .rootDirectory(let root, let path):
            return try await SystemCollector(root: root, path: path, isLive: false).collect(options)
        case .elfFolder(let root, let path): return try await folder(root, path, options)
        case .elfFile(let file, let path): return elfFile(file, path)
        case .kernelConfiguration(let bytes, let path):
            return KernelSubject.facts(configuration: bytes, path: path, commandLine: options.commandLine)
        case .kernelImage(let file, let path):
            return KernelSubject.facts(image: file, path: path, commandLine: options.commandLine)
        }
    }

    /// Whether assay published a trust store below `root`.
    public static func hasTrustStore(_ root: RootedDirectory) -> Bool {
        StoreState.isPublished(root, store: TrustSourceFiles.extractedStore)
    }

    /// The facts of an operating system's trust store alone.
    public static func trustFacts(of root: RootedDirectory, path: String) -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: .rootDirectory, name: path))
        facts.operatingSystem = SubjectReader(root: root).operatingSystem(gaps: &facts.gaps)
        facts.trust = TrustCollector(root).collect()
        return facts
    }

    private static func folder(
        _ root: RootedDirectory, _ path: String, _ options: CollectionOptions
    ) async throws -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: .elfFiles, name: path))
        let libraries = CLibraries(SubjectReader(root: root))
        let tree = try await TreeCollector(
            root: root, libraries: libraries, excluded: [], width: options.width, progress: options.progress
        ).collect()
        facts.elf = ELFFacts(tree, libraries)
        facts.gaps = tree.gaps
        facts.skipped = tree.skipped
        return facts
    }

    private static func elfFile(_ file: FileSource, _ path: String) -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: .elfFiles, name: path))
        var elf = ELFFacts()
        do {
            // A file alone has no C library of its own; the host's says nothing about it.
            let report = try ELFReport(ELFFile(file), fortifiable: nil)
            elf.files = [ELFFileFacts(report, path: path, size: file.size.rawValue, mode: file.status.mode)]
        } catch let error as ELFError {
            elf.gaps = [Gap(Place(path, offset: error.offset.rawValue), reason: error.message)]
        } catch {
            elf.gaps = [Gap(Place(path), reason: "\(error)")]
        }
        facts.elf = elf
        return facts
    }
}

extension ELFFacts {
    /// The ELF files of a walk and the libraries found before it.
    init(_ tree: TreeFacts, _ libraries: CLibraries) {
        self.init()
        files = tree.elf
        cLibraries = libraries.facts
        newOverflowCheck = libraries.newOverflowCheck
        gaps = tree.elfGaps + libraries.gaps
    }
}
