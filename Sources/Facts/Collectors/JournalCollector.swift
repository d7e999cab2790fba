import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySystemd

/// Reads how the journal is kept and sealed.
struct JournalCollector {
    /// The most journal files whose headers are read.
    static let fileLimit = 200
    /// The most bytes of systemd's library that are searched for its features.
    static let libraryLimit = ByteCount.mebibytes(64)

    static let directory: TreePath = "/var/log/journal"

    let reader: SubjectReader
    let isLive: Bool

    init(_ reader: SubjectReader, isLive: Bool) {
        self.reader = reader
        self.isLive = isLive
    }

    /// The facts, or nil for a subject that has neither systemd nor a configuration of its journal.
    func collect() -> JournalFacts? {
        // What lies below /run in a tree is not there any more when it boots.
        let parents = SystemdConfiguration.directoryPaths.filter { isLive || !$0.hasPrefix("/run/") }
        let mains = parents.map { TreePath($0).appending("journald.conf") }.filter { reader.exists($0) != false }
        let programs = parents.map { TreePath($0).appending("systemd-journald") }
        let drops = parents.map { $0 + "/journald.conf.d" }
        let places = programs + drops.map { TreePath($0) } + ["/usr/lib/systemd/system", "/lib/systemd/system"]
        guard !mains.isEmpty || places.contains(where: { reader.exists($0) != false }) else { return nil }

        var gaps: [Gap] = []
        let configuration = JournaldConfiguration(
            SystemdConfiguration.merged(main: mainFile(mains, &gaps), dropIns: dropIns(drops, &gaps)))
        gaps += configuration.unreadable.sorted { $0.key < $1.key }.map {
            Gap(Place(EscapedText($0.key).description), reason: $0.value)
        }
        func place(_ location: SettingLocation?) -> Place { location.map { Place($0) } ?? Place("systemd default") }
        var facts = JournalFacts(
            storage: Sourced(configuration.storage.value.rawValue, place(configuration.storage.location)),
            seal: Sourced(configuration.seal.value, place(configuration.seal.location)),
            hasPersistentDirectory: reader.status(JournalCollector.directory).map { $0.type == .directory }
                .observation(JournalCollector.directory),
            sealingKeys: [], sealedFiles: 0, files: 0, hasGcrypt: gcrypt())
        facts.gaps = gaps
        collectMachines(&facts)
        return facts
    }

    private func mainFile(_ paths: [TreePath], _ gaps: inout [Gap]) -> ConfigurationFile? {
        guard let path = paths.first else { return nil }
        switch reader.bytes(path) {
        case .absent: return nil
        case .found(let bytes): return ConfigurationFile(bytes, path: path.description)
        case .unreadable(let reason):
            // A link to the null device hides the files of the other directories.
            if reader.status(path).value?.deviceNumber == nil || reader.status(path).value?.deviceNumber == 0 {
                gaps.append(Gap(Place(path.description), reason: reason))
            }
            return nil
        }
    }

    private func dropIns(_ paths: [String], _ gaps: inout [Gap]) -> [DropInDirectory] {
        var directories = ServiceDirectories(reader: reader)
        let result = directories.dropIns(paths, suffix: ".conf")
        gaps += directories.gaps
        return result
    }

    /// Reads the keys and headers in the directories of `/var/log/journal`, one for each machine that wrote there.
    private func collectMachines(_ facts: inout JournalFacts) {
        for entry in list(JournalCollector.directory, &facts.gaps) {
            let machine = JournalCollector.directory.appending(entry.name)
            guard entry.name.count >= 32, reader.status(machine).value?.type == .directory else { continue }
            collectKey(machine.appending("fss"), &facts)
            for file in list(machine, &facts.gaps) {
                guard facts.files < JournalCollector.fileLimit else { return }
                let path = machine.appending(file.name)
                guard path.lastName.hasSuffix(".journal") || path.lastName.hasSuffix(".journal~") else { continue }
                switch start(path, count: JournalFileHeader.byteCount) {
                case .absent: continue
                case .unreadable(let reason): facts.gaps.append(Gap(Place(path.description), reason: reason))
                case .found(let bytes):
                    do {
                        facts.sealedFiles += try JournalFileHeader(bytes).isSealed ? 1 : 0
                        facts.files += 1
                    } catch {
                        facts.gaps.append(Gap(Place(path.description), reason: "not a journal file"))
                    }
                }
            }
        }
    }

    private func collectKey(_ path: TreePath, _ facts: inout JournalFacts) {
        let place = Place(path.description)
        switch start(path, count: SealingKeyHeader.byteCount) {
        case .absent: return
        case .unreadable(let reason): facts.gaps.append(Gap(place, reason: reason))
        case .found(let bytes):
            if (try? SealingKeyHeader(bytes)) != nil {
                facts.sealingKeys.append(place)
            } else {
                facts.gaps.append(Gap(place, reason: "not a sealing key"))
            }
        }
    }

    private func list(_ path: TreePath, _ gaps: inout [Gap]) -> [DirectoryEntry] {
        switch reader.entries(path) {
        case .found(let entries): return entries
        case .absent: return []
        case .unreadable(let reason):
            gaps.append(Gap(Place(path.description), reason: reason))
            return []
        }
    }

    private func start(_ path: TreePath, count: Int) -> Reading<[UInt8]> {
        reader.reading { try reader.root.open(path).prefix(at: ByteOffset(0), atMost: count) }
    }

    /// Whether systemd's library, or a program that holds it, was built with gcrypt.
    private func gcrypt() -> Observation<Bool> {
        var directories: [TreePath] = []
        for parent: TreePath in ["/usr/lib", "/usr/lib64", "/lib", "/lib64"] {
            directories.append(parent.appending("systemd"))
            for entry in reader.entries(parent).value ?? [] where entry.text.contains("-linux-") {
                directories.append(parent.appending(entry.name).appending("systemd"))
            }
        }
        var candidates: [TreePath] = []
        for directory in directories {
            for entry in reader.entries(directory).value ?? [] {
                guard entry.text.hasPrefix("libsystemd-shared"), entry.text.contains(".so") else { continue }
                candidates.append(directory.appending(entry.name))
            }
        }
        candidates += ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"]
        var failure: Observation<Bool>?
        for path in candidates.prefix(20) {
            let place = Place(path.description)
            let features = reader.reading {
                try SystemdFeatures.find(in: try reader.root.open(path), limit: JournalCollector.libraryLimit)
            }
            switch features {
            case .absent: continue
            case .unreadable(let reason): failure = failure ?? .unreadable(place, reason: reason)
            case .found(let found):
                guard let found, let isIn = found["GCRYPT"] else {
                    failure = failure ?? .unreadable(place, reason: "no list of features was found in it")
                    continue
                }
                return .found(isIn, Place(path.description, offset: found.offset.rawValue))
            }
        }
        return failure ?? .absent(Place("/usr/lib/systemd/libsystemd-shared-*.so"))
    }
}
