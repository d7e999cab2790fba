import AssayBytes
import AssayELF
import AssayFacts
import AssayFileCapabilities
import AssayFileSystem

/// What one walk over a subject's files shows.
struct TreeFacts: Sendable {
    var elf: [ELFFileFacts] = []
    var elfGaps: [Gap] = []
    var privileges = PrivilegeFacts()
    var gaps: [Gap] = []
    var skipped: [Gap] = []
    /// Everything that the walk saw.
    var names = 0

    /// Adds what was found in one batch of files.
    mutating func add(_ batch: TreeFacts) {
        elf += batch.elf
        elfGaps += batch.elfGaps
        privileges.capabilities += batch.privileges.capabilities
        gaps += batch.gaps
    }

    /// Orders everything by path, since batches end in any order.
    mutating func sort() {
        elf.sort { $0.path < $1.path }
        elfGaps.sort { $0.place.path < $1.place.path }
        privileges.capabilities.sort { $0.place.path < $1.place.path }
        gaps.sort { $0.place.path < $1.place.path }
    }
}

/// Walks a subject's files once and hands each regular file to all that want it, in a bounded number of tasks.
struct TreeCollector: Sendable {
    /// Files that one task looks at.
    ///
    /// A batch keeps the directories of its files open, so both are bounded.
    private static let filesPerBatch = 256
    private static let directoriesPerBatch = 32
    /// Gaps that are kept one by one; the rest is counted.
    private static let gapLimit = 1_000

    let root: RootedDirectory
    let libraries: CLibraries
    let excluded: Set<TreePath>
    /// Tasks that run at a time.
    let width: Int
    /// Called with the number of names seen since the last call.
    let progress: @Sendable (Int) -> Void

    func collect() async throws -> TreeFacts {
        var facts = TreeFacts()
        var walk = try root.walk(excluding: excluded)
        var seenLinks: Set<[UInt64]> = []
        var omittedGaps = 0
        try await withThrowingTaskGroup(of: TreeFacts.self) { group in
            var batch: [WalkedFile] = []
            var directories = 0
            var lastDirectory: TreePath?
            var running = 0
            while let event = walk.next() {
                try Task.checkCancellation()
                switch event {
                case .unreadable(let path, let error):
                    if facts.gaps.count < TreeCollector.gapLimit {
                        facts.gaps.append(Gap(Place(path.description), reason: error.reason))
                    } else {
                        omittedGaps += 1
                    }
                case .skipped(let path, let reason):
                    facts.skipped.append(Gap(Place(path.description), reason: reason))
                case .file(let file):
                    facts.names += 1
                    if facts.names % 1024 == 0 { progress(1024) }
                    notePrivileges(file, &facts.privileges)
                    guard file.status.type == .regular, file.status.size > 0 else { continue }
                    // A file with several names is looked at once, under the first.
                    if file.status.linkCount > 1,
                        !seenLinks.insert([file.status.device, file.status.inode]).inserted
                    {
                        continue
                    }
                    batch.append(file)
                    let directory = file.path.parent
                    if directory != lastDirectory {
                        directories += 1
                        lastDirectory = directory
                    }
                    guard
                        batch.count == TreeCollector.filesPerBatch || directories == TreeCollector.directoriesPerBatch
                    else { continue }
                    if running == width, let done = try await group.next() {
                        facts.add(done)
                        running -= 1
                    }
                    group.addTask { [batch] in look(at: batch) }
                    running += 1
                    batch = []
                    directories = 0
                    lastDirectory = nil
                }
            }
            group.addTask { [batch] in look(at: batch) }
            for try await done in group { facts.add(done) }
        }
        progress(facts.names % 1024)
        facts.sort()
        if omittedGaps > 0 {
            facts.gaps.append(Gap(Place("/"), reason: "\(omittedGaps) more names could not be read"))
        }
        return facts
    }

    /// What one batch of regular files shows.
    private func look(at files: [WalkedFile]) -> TreeFacts {
        var facts = TreeFacts()
        for file in files {
            do {
                try look(at: file, &facts)
            } catch {
                facts.gaps.append(
                    Gap(Place(file.path.description), reason: (error as? FileSystemError)?.reason ?? "\(error)"))
            }
        }
        return facts
    }

    private func look(at file: WalkedFile, _ facts: inout TreeFacts) throws {
        func note(_ value: [UInt8]?) {
            guard let value else { return }
            let text = TreeCollector.capabilityText(value)
            facts.privileges.capabilities.append(
                PrivilegeFacts.File(place: Place(file.path.description), privilege: text))
        }
        let attribute = "security.capability"
        // What begins as ELF and is shorter than a header is malformed, and so reported; what is shorter than the magic is not.
        guard file.status.size >= 4 else { return note(try file.extendedAttribute(attribute)) }
        let source: FileSource
        do {
            source = try file.open()
        } catch {
            // The attribute can be read of a file that cannot.
            note(try file.extendedAttribute(attribute))
            throw error
        }
        note(try source.extendedAttribute(attribute))
        guard try source.prefix(at: .zero, atMost: 4) == [0x7F, 0x45, 0x4C, 0x46] else { return }
        try look(at: file, source, &facts)
    }

    private func look(at file: WalkedFile, _ source: FileSource, _ facts: inout TreeFacts) throws {
        let path = file.path.description
        do {
            let elf = try ELFFile(source)
            let functions = libraries.fortifiable["\(elf.machine) \(elf.elfClass == .elf64 ? 64 : 32)"]
            let report = try ELFReport(elf, fortifiable: functions)
            facts.elf.append(ELFFileFacts(report, path: path, size: file.status.size, mode: file.status.mode))
        } catch let error as ELFError {
            facts.elfGaps.append(Gap(Place(path, offset: error.offset.rawValue), reason: error.message))
        }
    }

    private static func capabilityText(_ value: [UInt8]) -> String {
        do {
            return try FileCapabilities(value).description
        } catch {
            return "malformed: \(error)"
        }
    }

    private func notePrivileges(_ file: WalkedFile, _ privileges: inout PrivilegeFacts) {
        let status = file.status
        // The texts are made only for the few files that are noted.
        func privileged(_ text: String) -> PrivilegeFacts.File {
            PrivilegeFacts.File(place: Place(file.path.description), privilege: text)
        }
        func owned() -> PrivilegeFacts.File {
            privileged("\(String(status.mode, radix: 8)) \(status.userID):\(status.groupID)")
        }
        switch status.type {
        case .regular where status.mode & 0o6000 != 0:
            privileges.setID.append(owned())
        case .special where status.deviceNumber != 0 && !file.path.isInside("/dev"):
            privileges.deviceNodes.append(
                privileged("device \(status.deviceNumber >> 8):\(status.deviceNumber & 0xFF)"))
        default: break
        }
        let isWritable = status.type == .regular || (status.type == .directory && status.mode & 0o1000 == 0)
        if isWritable, status.mode & 0o002 != 0, privileges.worldWritable.count < TreeCollector.gapLimit {
            privileges.worldWritable.append(owned())
        }
    }
}
