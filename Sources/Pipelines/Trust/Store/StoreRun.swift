import AssayFileSystem
import AssayParallel
import AssayTrustStore

/// One run that publishes a store, under the lock.
struct StoreRun {
    let place: StorePlace
    let content: StoreContent
    let changes: StoreChanges
    /// What is taken back when the run fails, the last first.
    private var undo: [Undo] = []
    /// The paths of the current generation's files that are as they are to be.
    private var intact: Set<String> = []
    /// Whether a public name that was a file of its own leads through `.assay/current` now.
    private var hasConverted = false

    private enum Undo {
        case removeFile(TreePath)
        case restoreCurrent(String?)
    }

    init(place: StorePlace, content: StoreContent, changes: StoreChanges) {
        self.place = place
        self.content = content
        self.changes = changes
    }

    private var reader: RootedDirectory { place.root.reader }

    /// Publishes the store.
    mutating func publish(linkDirectory: TreePath?) throws -> StorePublication {
        let current = try place.currentGeneration()
        let folder = try linkDirectory.map { try place.root.resolved($0) }
        try removeLeftovers(keeping: current, linkFolder: folder)
        let names = try PublicNames(of: content, in: place)
        let links = try folder.map { try LinkFolder($0, content: content, in: place) }
        intact = try current.map { try content.intactFiles(of: $0, in: place) } ?? []
        if let current, names.areComplete, links?.isComplete ?? true, intact.count == content.files.count,
            try content.hasNothingElse(current, in: place)
        {
            var result = StorePublication(isChanged: false, generation: current)
            result.foreignPairs = links?.foreignPairs ?? []
            return result
        }
        do {
            return try replace(current, names, links)
        } catch {
            changes.becomeUninterruptible()
            takeBack(linkFolder: folder)
            throw error
        }
    }

    private mutating func replace(
        _ current: String?, _ names: PublicNames, _ links: LinkFolder?
    ) throws -> StorePublication {
        let generation = try build(content.generation) { run in
            for folder in run.content.folders { try run.makeDirectory(folder) }
            try GenerationWriter(run.place, run.changes, current: current, intact: run.intact).write(run.content.files)
        }
        let copy = names.needsCopy(current: current) ? try copyOfSeen(names) : nil
        try changes.synchronizeFileSystem(of: place.own)
        if let copy {
            try flip(to: copy)
            undo.append(.restoreCurrent(current))
        }
        var result = StorePublication(isChanged: true, generation: generation)
        try convert(names, &result)
        if let links { try makeLinks(links, &result) }
        try flip(to: generation)
        undo = []
        changes.becomeUninterruptible()
        tidyUp(names, links, keeping: generation, &result)
        return result
    }

    // MARK: Generations

    /// Writes a generation under a name that counts for nothing, then gives it its own.
    private func build(
        _ wanted: String, _ write: (borrowing StoreRun) throws -> Void
    ) throws -> String {
        try changes.makeDirectory(place.building)
        try write(self)
        let name = try freeName(wanted)
        try changes.rename(place.building, to: place.generation(name))
        return name
    }

    /// `wanted`, or with a number when a generation of that name is the current one.
    private func freeName(_ wanted: String) throws -> String {
        var name = wanted
        var number = 0
        while try reader.existingLink(place.generation(name)) != nil {
            number += 1
            name = "\(wanted).\(number)"
        }
        return name
    }

    private func makeDirectory(_ path: String) throws { try changes.makeDirectory(building(path)) }

    private func building(_ path: String) -> TreePath {
        TreePath(names: place.building.names + TreePath(path).names)
    }

    /// A generation of what the public names show now, byte for byte.
    private func copyOfSeen(_ names: PublicNames) throws -> String {
        try build(StorePlace.generationPrefix + "before") { run in
            for folder in run.content.publicFolders { try run.makeDirectory(folder) }
            for (name, state) in names.states where state != .missing {
                try run.copy(run.place.path(name.path), to: run.building(name.path))
            }
        }
    }

    /// Copies what `path` leads to, if anything: a file, or a folder of files and links.
    private func copy(_ path: TreePath, to copy: TreePath) throws {
        switch try reader.existing(path)?.type {
        case nil: return
        case .directory:
            try changes.makeDirectory(copy)
            for entry in try reader.entries(path, limit: StoreContent.fileLimit) {
                let from = path.appending(entry.name)
                let to = copy.appending(entry.name)
                guard try reader.linkStatus(from).type == .symbolicLink else {
                    try copyFile(from, to: to)
                    continue
                }
                try changes.makeLink(to, to: reader.linkTarget(from))
            }
        default: try copyFile(path, to: copy)
        }
    }

    private func copyFile(_ path: TreePath, to copy: TreePath) throws {
        let file = try reader.open(path)
        let bytes = try file.readToEnd(limit: StoreContent.sizeLimit)
        try changes.createFile(copy, bytes, mode: file.status.mode & 0o777)
    }

    /// Makes `generation` the one that every public name leads into: the moment in which the store changes.
    private func flip(to generation: String) throws {
        try changes.makeLink(place.newCurrent, to: Array(generation.utf8))
        do {
            try changes.rename(place.newCurrent, to: place.current)
        } catch {
            try? changes.removeFile(place.newCurrent)
            throw error
        }
    }

    // MARK: Names

    /// Makes every public name a link, while what it shows stays as it is.
    private mutating func convert(_ names: PublicNames, _ result: inout StorePublication) throws {
        // Directories first: where one cannot be moved, nothing has changed yet.
        for (name, state) in names.states where state == .directory {
            let path = place.path(name.path)
            let aside = try moveAside(path, StorePlace.target(name.path))
            hasConverted = true
            result.converted.append(path)
            result.movedAside.append(aside)
        }
        for (name, state) in names.states {
            let path = place.path(name.path)
            switch state {
            case .link, .directory: continue
            case .file:
                try changes.replace(path, withLinkTo: StorePlace.target(name.path))
                hasConverted = true
                result.converted.append(path)
            case .missing:
                // It leads to nothing until the store is switched, which is as if it were not there.
                try changes.makeLink(path, to: StorePlace.target(name.path))
                undo.append(.removeFile(path))
            }
        }
    }

    private func moveAside(_ path: TreePath, _ target: [UInt8]) throws -> TreePath {
        var number = 0
        var aside = path.parent.appending((path.names.last ?? []) + Array(StorePlace.asideSuffix.utf8))
        while try reader.existingLink(aside) != nil {
            number += 1
            aside = path.parent.appending((path.names.last ?? []) + Array("\(StorePlace.asideSuffix).\(number)".utf8))
        }
        try changes.makeLink(aside, to: target)
        do {
            try changes.exchange(path, with: aside)
        } catch {
            try? changes.removeFile(aside)
            guard let error = error as? FileSystemError, error.code == .crossesLayers else { throw error }
            throw StoreSwitchError(
                .crossesLayers, [path.description],
                "\(error.reason): remove or move that directory, then run again")
        }
        return aside
    }

    private mutating func makeLinks(_ links: LinkFolder, _ result: inout StorePublication) throws {
        result.foreignPairs = links.foreignPairs
        if try !links.wanted.isEmpty && reader.existing(links.path) == nil {
            try changes.check(.makeDirectory, links.path)
            try place.root.makeDirectories(links.path)
        }
        for link in links.wanted {
            if link.replaces {
                try changes.replace(link.path, withLinkTo: link.target)
            } else {
                try changes.makeLink(link.path, to: link.target)
                undo.append(.removeFile(link.path))
            }
            result.linksMade.append(link.path)
        }
    }

    // MARK: Afterwards

    /// Removes what the new store does not need.
    ///
    /// The store is switched already, so no failure here is one of the run.
    private func tidyUp(
        _ names: PublicNames, _ links: LinkFolder?, keeping generation: String, _ result: inout StorePublication
    ) {
        func attempt(_ body: () throws -> Void) -> Bool {
            do {
                try body()
                return true
            } catch {
                result.warnings.append(
                    error as? FileSystemError
                        ?? FileSystemError(code: .inputOutput, path: place.folder.description, reason: "\(error)"))
                return false
            }
        }
        // Without this a power failure could bring the old link back, but not the old generation.
        guard attempt({ try changes.synchronizeDirectory(place.own) }) else { return }
        for path in links?.outdated ?? [] where attempt({ try changes.removeFile(path) }) {
            result.linksRemoved.append(path)
        }
        for path in names.outdated { _ = attempt { try changes.removeFile(path) } }
        _ = attempt { try removeGenerations(but: generation) }
    }

    private func removeGenerations(but kept: String?) throws {
        for entry in try reader.entries(place.own) {
            let name = String(decoding: entry.name, as: UTF8.self)
            guard name != kept, name.hasPrefix(StorePlace.generationPrefix) else { continue }
            try changes.removeTree(
                place.own.appending(entry.name),
                parts: StoreOutput.folders.map { place.generation(name, $0.path) })
        }
    }

    /// Removes what a run that was killed left behind.
    private func removeLeftovers(keeping current: String?, linkFolder: TreePath?) throws {
        try removeGenerations(but: current)
        if try reader.existingLink(place.building) != nil { try changes.removeTree(place.building) }
        if try reader.existingLink(place.newCurrent) != nil { try changes.removeFile(place.newCurrent) }
        let folders = content.publicFolders.map(place.path) + [place.folder] + (linkFolder.map { [$0] } ?? [])
        for folder in folders {
            let link = folder.appending(StorePlace.newLinkName)
            if try reader.existingLink(link)?.type == .symbolicLink { try changes.removeFile(link) }
        }
        for name in content.publicNames where name.isFolder {
            let path = place.path(name.path)
            let prefix = (path.names.last ?? []) + Array(StorePlace.asideSuffix.utf8)
            for entry in try reader.entries(path.parent) where entry.name.starts(with: prefix) {
                let aside = path.parent.appending(entry.name)
                guard try reader.linkStatus(aside).type == .symbolicLink,
                    try reader.linkTarget(aside) == StorePlace.target(name.path)
                else { continue }
                try changes.removeFile(aside)
            }
        }
    }

    /// Takes back what a failed run did, as far as that goes; what stays is removed by the next run.
    ///
    /// A public name that leads into the copy of what it held needs that copy from now on.
    private func takeBack(linkFolder: TreePath?) {
        for action in undo.reversed() {
            switch action {
            case .removeFile(let path): try? changes.removeFile(path)
            case .restoreCurrent(let name?) where !hasConverted: try? flip(to: name)
            case .restoreCurrent(nil) where !hasConverted: try? changes.removeFile(place.current)
            case .restoreCurrent: continue
            }
        }
        do {
            try removeLeftovers(keeping: place.currentGeneration(), linkFolder: linkFolder)
        } catch {
            // The error that ended the run is the one to tell.
        }
    }
}

extension StoreFile {
    /// Whether its folder in `folders` has it as it is to be.
    fileprivate func isIntact(in folders: [TreePath: RootedDirectory], owner: UInt32) throws -> Bool {
        let path = TreePath(path)
        guard let folder = folders[path.parent], let last = path.names.last else { return false }
        let name = TreePath(names: [last])
        do {
            switch content {
            case .bytes(let bytes):
                let status = try folder.linkStatus(name)
                guard status.type == .regular, status.mode == 0o444, status.userID == owner,
                    status.size == UInt64(bytes.count)
                else { return false }
                return try folder.open(name, seenAs: status).readToEnd(limit: bytes.count) == bytes
            case .link(let target): return try folder.linkTarget(name) == Array(target.utf8)
            }
        } catch let error as FileSystemError
            where [.notFound, .wrongType, .tooLarge, .unresolvable].contains(error.code)
        {
            return false
        }
    }
}

extension StoreContent {
    /// The paths of the files that the generation `name` holds as they are to be, permissions included.
    func intactFiles(of name: String, in place: StorePlace) throws -> Set<String> {
        let reader = place.root.reader
        let owner = try reader.linkStatus(place.own).userID
        var opened: [TreePath: RootedDirectory] = [:]
        for folder in [""] + folders {
            guard try reader.existing(place.generation(name, folder))?.type == .directory else { continue }
            opened[TreePath(folder)] = try reader.directory(place.generation(name, folder))
        }
        let answers = files.concurrentMap { [opened] file in
            Result { try file.isIntact(in: opened, owner: owner) }
        }
        return Set(try zip(files, answers).filter { try $1.get() }.map(\.0.path))
    }

    /// Whether a generation that has all files has nothing else.
    func hasNothingElse(_ name: String, in place: StorePlace) throws -> Bool {
        var found = 0
        for folder in [""] + folders {
            let path = place.generation(name, folder)
            guard try place.root.reader.existingLink(path)?.type == .directory else { return false }
            found += try place.root.reader.entries(path).count
        }
        return found == files.count + folders.count
    }
}
