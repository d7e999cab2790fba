import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayParallel
import AssayRepositoryMetadata

/// Repositories of RPM packages: the index, what it lists, the packages.
public enum RPMRepositoryExamination {
    /// Whether `path` is a folder with `repodata/repomd.xml`.
    public static func isRepository(_ path: String) -> Bool {
        (try? RootedDirectory(path: path).status(indexPath)) != nil
    }

    /// Examines a repository and all that lies in it.
    ///
    /// The index, every file that it lists, every package of its list, and packages that lie in the folder and are not
    /// listed, in this order.
    ///
    /// - Parameters:
    ///   - path: the folder that holds `repodata`.
    ///   - context: keys, time, threads and progress.
    /// - Returns: the files, with the index as a document.
    /// - Throws: `VerificationError` when there is no index, `FileSystemError` when the folder cannot be opened,
    ///   `CancellationError`.
    public static func examine(_ path: String, _ context: VerificationContext) async throws -> Examination {
        let folder = try RepositoryFolder(path: path)
        var result = Examination()
        let place = Place(folder.name(indexPath))
        var facts = VouchedFileFacts(name: place.path, kind: .repositoryMetadata, size: 0)
        let content: [UInt8]
        do {
            content = try folder.root.read(indexPath, limit: RepositoryIndex.maximumSize)
        } catch let error as FileSystemError where error.code == .notFound {
            throw VerificationError(
                "'\(EscapedText(path))' is no repository of RPM packages: it has no repodata/repomd.xml",
                hint: "name the folder that holds 'repodata', or the packages themselves")
        } catch {
            content = []
            facts.problem = FileProblem(isMalformed: false, reason: "\(error)", place: place)
        }
        facts.size = UInt64(content.count)
        let number = result.add(document(content, folder, context))
        facts.vouchers = [VoucherFacts(links: [], document: number)]
        let index = RepositoryMetadataFile.Index(folder: folder, place: place, document: number)
        var files: [MetadataFile] = []
        if facts.problem == nil {
            do {
                files = try RepositoryIndex(content).files
                if !files.contains(where: { $0.type == "primary" }) {
                    facts.problem = FileProblem(
                        isMalformed: true, reason: "it names no list of packages ('primary')", place: place)
                }
            } catch {
                facts.problem = FileProblem(
                    isMalformed: true, reason: "\(error)", place: Place(place.path, line: error.line))
            }
        }
        let problem = facts.problem?.reason
        result.add(facts)
        let metadata = try await files.parallelMap(width: context.threads) {
            try RepositoryMetadataFile($0, index, context)
        }
        for file in metadata { result.add(file.facts) }
        let list = zip(files, metadata).first { $0.0.type == "primary" }?.1
        let packages = RepositoryPackages(index: index, list: list, indexProblem: problem)
        result = try await packages.add(to: result, context)
        return result
    }

    private static let indexPath: TreePath = "/repodata/repomd.xml"
    private static let signaturePath: TreePath = "/repodata/repomd.xml.asc"

    private static func document(
        _ content: [UInt8], _ folder: RepositoryFolder, _ context: VerificationContext
    ) -> SignedDocumentFacts {
        let signature: Result<[UInt8]?, any Error>
        do {
            signature = .success(
                try folder.root.read(signaturePath, limit: SignatureExamination.maximumSize))
        } catch let error as FileSystemError where error.code == .notFound {
            signature = .success(nil)
        } catch {
            signature = .failure(error)
        }
        return SignatureExamination.document(
            .repositoryIndex, folder.name(indexPath), content,
            detached: [(Place(folder.name(signaturePath)), signature)], context)
    }
}
