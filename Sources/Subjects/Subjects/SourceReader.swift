import AssayBytes
import AssayFileSystem
import AssayTrustStore

/// Collects the sources of one subject.
struct SourceReader {
    private let root: RootedDirectory
    private(set) var reading: TrustSourceReading
    private var filesLeft = TrustSourceFiles.fileLimit
    private var bytesLeft = TrustSourceFiles.totalSizeLimit

    /// Directories below one another in Debian's local folder.
    private static let depthLimit = 64

    init(_ root: RootedDirectory, _ layout: TrustLayout) {
        self.root = root
        reading = TrustSourceReading(layout: layout)
    }

    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64

        init(_ status: FileStatus) {
            device = status.device
            inode = status.inode
        }
    }

    // MARK: ca-trust

    /// Reads the files of a trust path, then of `anchors`, then of the block lists.
    mutating func readTrustPath(_ path: TreePath, token: Int) {
        guard directory(path) != nil else { return }
        readFolder(path, token: token, role: .main)
        let anchors = path.appending("anchors")
        if directory(anchors) != nil { readFolder(anchors, token: token, role: .anchors) }
        // One is usually a link to the other.
        var seen: Set<Identity> = []
        for name in ["blocklist", "blacklist"] {
            let list = path.appending(name)
            guard let status = directory(list), seen.insert(Identity(status)).inserted else { continue }
            readFolder(list, token: token, role: .blocklist)
        }
    }

    /// What a directory is; nil when it is missing, or is none, which is a fault.
    private mutating func directory(_ path: TreePath) -> FileStatus? {
        do {
            let status = try root.status(path)
            guard status.type == .directory else {
                fault(path, "not a directory")
                return nil
            }
            return status
        } catch let error as FileSystemError where error.code == .notFound {
            // A link to nothing was meant to be a directory.
            if (try? root.linkStatus(path)) != nil { fault(path, "a link to nothing") }
            return nil
        } catch {
            fault(path, error)
            return nil
        }
    }

    private mutating func readFolder(_ folder: TreePath, token: Int, role: SourceRole) {
        let folders: [[UInt8]] = ["anchors", "blocklist", "blacklist"].map { Array($0.utf8) }
        for entry in entries(folder) where !(role == .main && folders.contains(entry.name)) {
            let path = folder.appending(entry.name)
            if let reason = TrustSourceFiles.reasonToIgnore(entry.name) {
                ignore(path, reason)
            } else if entry.type == .directory || (try? root.status(path))?.type == .directory {
                ignore(path, "a directory: its files are not read")
            } else {
                readFile(path, token: token, role: role)
            }
        }
    }

    // MARK: Debian

    /// Reads each `*.crt` below `folder`, links to files and directories included.
    mutating func readTree(_ folder: TreePath, token: Int) {
        guard let status = directory(folder) else { return }
        readTree(folder, token: token, above: [Identity(status)])
    }

    private mutating func readTree(_ folder: TreePath, token: Int, above: [Identity]) {
        for entry in entries(folder) {
            let path = folder.appending(entry.name)
            if let status = try? root.status(path), status.type == .directory {
                if above.contains(Identity(status)) {
                    fault(path, "a link to a directory above it")
                } else if above.count >= SourceReader.depthLimit {
                    fault(path, "more than \(SourceReader.depthLimit) directories deep")
                } else {
                    readTree(path, token: token, above: above + [Identity(status)])
                }
            } else if let reason = TrustSourceFiles.reasonToIgnore(entry.name) {
                ignore(path, reason)
            } else if entry.name.suffix(4) != Array(".crt".utf8)[...] {
                ignore(path, "not named *.crt")
            } else {
                readFile(path, token: token, role: .anchors)
            }
        }
    }

    /// Reads the files that a list names: `#` begins a comment, `!` a name that is not wanted.
    mutating func readList(_ list: TreePath, below folder: TreePath, token: Int) {
        let bytes: [UInt8]
        do {
            bytes = try root.read(list, limit: TrustSourceFiles.fileSizeLimit)
        } catch let error as FileSystemError where error.code == .notFound {
            // Without a list nothing of the folder is wanted.
            if (try? root.linkStatus(list)) != nil { fault(list, "a link to nothing") }
            return
        } catch {
            return fault(list, error)
        }
        var wanted: [(path: TreePath, line: Int)] = []
        var lines: [TreePath: (line: Int, isWanted: Bool)] = [:]
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            var name = SourceReader.trimmed(line)
            let isWanted = name.first != UInt8(ascii: "!")
            if !isWanted { name = SourceReader.trimmed(name.dropFirst()) }
            guard !name.isEmpty, name.first != UInt8(ascii: "#") else { continue }
            guard !name.split(separator: 0x2F).contains([0x2E, 0x2E]), !name.contains(0) else {
                fault(list, "a name that leads out of \(folder)", line: number + 1)
                continue
            }
            let path = TreePath(names: folder.names + TreePath(name).names)
            if let first = lines[path] {
                guard first.isWanted != isWanted else { continue }
                fault(
                    list, "'\(path.lastName)' is selected and deselected, also in line \(first.line)", line: number + 1)
                continue
            }
            lines[path] = (number + 1, isWanted)
            if isWanted {
                wanted.append((path, number + 1))
            } else {
                ignore(path, TrustSourceFiles.deselected + "\(list)")
            }
        }
        for file in wanted.sorted(by: { $0.path.relativeBytes.lexicographicallyPrecedes($1.path.relativeBytes) }) {
            do {
                _ = try root.linkStatus(file.path)
                readFile(file.path, token: token, role: .anchors)
            } catch {
                fault(list, error, "'\(file.path)': ", line: file.line)
            }
        }
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        let start = line.drop(while: isBlank)
        return start.prefix((start.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start.startIndex) - start.startIndex)
    }

    // MARK: Files

    private mutating func entries(_ folder: TreePath) -> [DirectoryEntry] {
        do {
            return try root.entries(folder, limit: TrustSourceFiles.fileLimit)
        } catch {
            fault(folder, error)
            return []
        }
    }

    private mutating func readFile(_ path: TreePath, token: Int, role: SourceRole) {
        guard filesLeft > 0 else {
            // Once is enough, and the store is not written anyway.
            if filesLeft == 0 {
                fault(path, "more than \(TrustSourceFiles.fileLimit) files: this and more were not read")
            }
            filesLeft = -1
            return
        }
        filesLeft -= 1
        do {
            let bytes = try root.read(path, limit: TrustSourceFiles.fileSizeLimit)
            guard bytes.count <= bytesLeft else {
                return fault(path, "the sources have more than \(TrustSourceFiles.totalSizeLimit >> 20) MiB in all")
            }
            bytesLeft -= bytes.count
            let source = try TrustSource.read(bytes, path: path.description, token: token, role: role)
            reading.sources.append(source)
            reading.digests[source.path] = StoreManifest.digest(bytes)
        } catch let error as SourceFault {
            reading.faults.append(error)
        } catch let error as FileSystemError where error.code == .notFound {
            fault(path, "a link to nothing")
        } catch {
            fault(path, error)
        }
    }

    private mutating func fault(_ path: TreePath, _ reason: String, line: Int? = nil) {
        reading.faults.append(SourceFault(path: path.description, line: line, reason: reason))
    }

    /// A fault that the file system reports.
    private mutating func fault(_ path: TreePath, _ error: any Error, _ what: String = "", line: Int? = nil) {
        let error = error as? FileSystemError
        fault(path, what + (error?.reason ?? "could not be read"), line: line)
        guard error?.code == .permissionDenied || error?.code == .inputOutput, let last = reading.faults.last else {
            return
        }
        reading.unreadable.insert(last)
    }

    private mutating func ignore(_ path: TreePath, _ reason: String) {
        reading.ignored.append(SourceFault(path: path.description, line: nil, reason: reason))
    }
}
