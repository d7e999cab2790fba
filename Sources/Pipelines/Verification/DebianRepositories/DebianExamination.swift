import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayParallel

/// Debian's packages, repositories and apt's lists: what is signed, and what leads from there to the files.
///
/// A Release file is signed; it states the digests of indexes, and the indexes of packages state those of the `.deb`
/// files, which nothing signs themselves (https://wiki.debian.org/DebianRepository/Format).
public enum DebianExamination {
    /// What apt fetched: a folder such as `/var/lib/apt/lists`.
    ///
    /// Each file is compared with the Release file of its address. What apt keeps compressed is compared decompressed.
    ///
    /// - Throws: `FileSystemError` when the folder cannot be listed, `VerificationError` when it holds no Release file.
    public static func aptLists(_ path: String, _ context: VerificationContext) async throws -> Examination {
        try await DebianTreeExamination(tree: DebianTree(aptLists: path), context: context).everything()
    }

    /// A repository folder: one with `InRelease` or `Release`, or a root with `dists`.
    ///
    /// The indexes that are there are compared with their Release file and the packages below the root with the indexes.
    /// Packages that no index lists are said so. Copies in `by-hash` folders, source packages, and files that are not
    /// listed and have no index's name are passed over.
    ///
    /// - Throws: `FileSystemError` when the folder cannot be listed, `VerificationError` when it holds no Release file.
    public static func repository(_ path: String, _ context: VerificationContext) async throws -> Examination {
        try await DebianTreeExamination(tree: DebianTree(repository: path), context: context).everything()
    }

    /// Packages that a repository, or apt's lists, may vouch for.
    ///
    /// - Parameters:
    ///   - files: the packages.
    ///   - repository: a folder that `aptLists` or `repository` takes; without it nothing vouches for a package.
    ///   - context: keys, time and threads.
    /// - Returns: the packages in their order, and the Release files that their vouchers end in.
    /// - Throws: `FileSystemError` when the folder cannot be listed, `VerificationError` when it holds no Release file.
    public static func packages(
        _ files: [SubjectFile], repository: String?, _ context: VerificationContext
    ) async throws -> Examination {
        let tree = try repository.map { path in
            try isAptLists(path) ? DebianTree(aptLists: path) : DebianTree(repository: path)
        }
        for file in files { context.progress.expect(file.source.size.rawValue) }
        let subjects = try await files.parallelMap(width: context.threads) { file in
            try DebianSubject(file, context.progress)
        }
        if let tree {
            let names = files.map { String(decoding: $0.baseName, as: UTF8.self) }
            return try await DebianTreeExamination(tree: tree, context: context).packages(subjects, fileNames: names)
        }
        var examination = Examination()
        for subject in subjects {
            var file = subject.file
            var link = LinkFacts(file: file.name, statedBy: Place(file.name))
            link.fault = .notListed
            link.detail =
                "nothing signs a .deb: its repository does; give it with --repository DIR, for example /var/lib/apt/lists"
            file.vouchers = [VoucherFacts(links: [link], document: nil)]
            examination.add(file)
        }
        return examination
    }

    /// Whether a folder looks like apt's lists.
    public static func isAptLists(_ path: String) -> Bool { DebianTree.looksLikeAptLists(path) }

    /// Whether a folder looks like a Debian repository.
    public static func isRepository(_ path: String) -> Bool { DebianTree.looksLikeRepository(path) }

    /// The certificates that a machine's own apt trusts.
    ///
    /// Those of `trusted.gpg`, `trusted.gpg.d`, and of the files and texts that `Signed-By` of an enabled source names;
    /// several copies of a certificate are merged. The source is `apt (FILE)`.
    ///
    /// - Parameter root: the machine's root directory.
    /// - Returns: the certificates, and sentences about files that could not be read.
    /// - Throws: `FileSystemError` when the root cannot be opened.
    public static func aptKeys(root: String) throws -> (keys: [PinnedKey], problems: [String]) {
        var collection = AptKeyCollection(try RootedDirectory(path: root))
        collection.collect()
        return (collection.merged, collection.problems)
    }
}
