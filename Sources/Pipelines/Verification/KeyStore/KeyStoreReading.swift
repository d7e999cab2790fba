import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayOpenPGP

/// A store while it is read.
struct KeyStoreReading {
    /// What one source has, over all directories.
    private struct Source {
        var keys: [PinnedKey] = []
        var disabled: Set<Fingerprint> = []
        var fileNames: [String] = []
        /// Where its patterns stand.
        var patternFile: Place?
    }

    private var sources: [String: Source] = [:]
    private var problems: [FileProblem] = []
    private var files = 0
    private var folders = 0

    /// Adds what the directory at `path` holds.
    mutating func read(_ path: String) {
        if KeyStoreDirectory.isMissing(path) { return }
        let name = EscapedText(path).description
        do {
            let root = try RootedDirectory(path: path)
            guard isPrivate(try root.status(.root), name) else { return }
            for entry in try root.entries(.root, limit: KeyStore.maximumFiles) {
                readSource(entry, of: root, name)
            }
        } catch {
            report(name, reason(error))
        }
    }

    /// Adds a key that is in no directory.
    mutating func add(_ key: PinnedKey) {
        sources[key.source, default: Source()].keys.append(key)
        addFileNames(key.fileNames, to: key.source)
    }

    /// What was read.
    var contents: KeyStore.Contents {
        var accepted: [PinnedKey] = []
        var disabled: [PinnedKey] = []
        var problems = problems
        for (_, source) in sources.sorted(by: { $0.key < $1.key }) {
            var order: [Fingerprint] = []
            var copies: [Fingerprint: [PinnedKey]] = [:]
            for key in source.keys {
                let fingerprint = key.certificate.fingerprint
                if copies[fingerprint] == nil { order.append(fingerprint) }
                copies[fingerprint, default: []].append(key)
            }
            for fingerprint in order {
                guard let same = copies[fingerprint], var key = same.first,
                    let merged = OpenPGPCertificate.merged(same.map(\.certificate))
                else { continue }
                key.certificate = merged
                key.fileNames = source.fileNames
                if source.disabled.contains(fingerprint) { disabled.append(key) } else { accepted.append(key) }
            }
            if order.isEmpty, let place = source.patternFile {
                problems.append(
                    FileProblem(isMalformed: false, reason: "the source has names of files and no key", place: place))
            }
        }
        return KeyStore.Contents(keys: PinnedKeys(accepted), disabled: PinnedKeys(disabled), problems: problems)
    }

    private mutating func readSource(_ entry: DirectoryEntry, of root: RootedDirectory, _ directory: String) {
        let path = TreePath(names: [entry.name])
        let shown = directory + path.description
        folders += 1
        guard folders <= KeyStore.maximumSources else {
            if folders == KeyStore.maximumSources + 1 {
                report(directory, "more than \(KeyStore.maximumSources) sources: the rest was not read")
            }
            return
        }
        do {
            let status = try root.linkStatus(path)
            guard status.type == .directory else {
                return report(shown, "not a folder; a key belongs into the folder of its source")
            }
            let name = String(decoding: entry.name, as: UTF8.self)
            guard KeyStore.isSourceName(name) else {
                return report(
                    shown, "no name of a source: a to z, 0 to 9, '.', '_', '-', at most 64, the first a letter or digit"
                )
            }
            guard isPrivate(status, shown) else { return }
            for file in try root.entries(path, limit: KeyStore.maximumFiles) {
                readFile(path.appending(file.name), of: root, source: name, directory)
            }
        } catch {
            report(shown, reason(error))
        }
    }

    private mutating func readFile(
        _ path: TreePath, of root: RootedDirectory, source: String, _ directory: String
    ) {
        let shown = directory + path.description
        files += 1
        guard files <= KeyStore.maximumFiles else {
            if files == KeyStore.maximumFiles + 1 {
                report(directory, "more than \(KeyStore.maximumFiles) files: the rest was not read")
            }
            return
        }
        guard let entry = path.names.last.flatMap({ KeyStoreEntry($0) }) else {
            return report(
                shown,
                "neither 'FINGERPRINT.pgp', 'FINGERPRINT.asc' nor 'FINGERPRINT.disabled' with 40 or 64 lower-case "
                    + "hexadecimal digits, nor '\(KeyStoreEntry.fileNamesName)'")
        }
        // Whoever could write to the file could only make less accepted.
        if case .disabled(let fingerprint) = entry {
            sources[source, default: Source()].disabled.insert(fingerprint)
            return
        }
        do {
            guard isPrivate(try root.status(path), shown) else { return }
            let bytes = try root.read(path, limit: KeyStore.maximumFileSize)
            if case .certificate(let fingerprint) = entry {
                let certificate = try KeyStoreFile.certificate(fingerprint, bytes)
                sources[source, default: Source()].keys.append(
                    PinnedKey(source: source, origin: shown, certificate: certificate, fileNames: []))
            } else {
                let read = KeyStoreFile.fileNames(bytes)
                for problem in read.problems {
                    report(shown, problem.reason, line: problem.line, isMalformed: true)
                }
                addFileNames(read.patterns, to: source)
                sources[source]?.patternFile = Place(shown)
            }
        } catch let error as FileSystemError {
            report(shown, error.reason)
        } catch {
            report(shown, "\(error)", isMalformed: true)
        }
    }

    private mutating func addFileNames(_ patterns: [String], to source: String) {
        let known = Set(sources[source]?.fileNames ?? [])
        sources[source, default: Source()].fileNames += patterns.filter { !known.contains($0) }
    }

    /// Whether nobody but the owner may write; else that is reported.
    private mutating func isPrivate(_ status: FileStatus, _ shown: String) -> Bool {
        guard let reason = KeyStoreFile.sharing(status) else { return true }
        report(shown, reason + ": not used")
        return false
    }

    private func reason(_ error: any Error) -> String { (error as? FileSystemError)?.reason ?? "\(error)" }

    private mutating func report(_ path: String, _ reason: String, line: Int? = nil, isMalformed: Bool = false) {
        problems.append(FileProblem(isMalformed: isMalformed, reason: reason, place: Place(path, line: line)))
    }
}
