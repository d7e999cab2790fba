import AssayBootLoader
import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayKernelConfig

/// A command line that was found, and the kernel that it is for.
struct BootLine {
    /// How near a source is to what is started; the nearest first.
    enum Rank: Int, Comparable {
        case running
        case unifiedImage
        case loaderEntry
        case grub
        /// What no boot loader uses as it stands: an image to be installed, an entry that the boot loader does not read.
        case unused
        case kernelInstall
        case grubDefaults
        case option

        static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
    }

    /// The kernel that a command line is for.
    enum Target: Hashable {
        /// Every kernel of the subject.
        case every
        /// The kernel of this release.
        case release(String)
        /// The kernel in the file that the boot loader calls so.
        case path(String)
    }

    let rank: Rank
    let target: Target
    var facts: CommandLineFacts
}

/// Reads the command lines that kernels are, or would be, started with.
struct BootCollector {
    let reader: SubjectReader
    let isLive: Bool

    /// Reads every source; `inventory` brings the unified kernel images.
    func menu(_ inventory: KernelInventory, option: String?) -> BootMenu {
        var menu = BootMenu()
        let grub = GrubReading(reader)
        addUnified(inventory, to: &menu)
        addLoaderEntries(grub, to: &menu)
        menu.lines += grub.lines
        menu.add(grub.gaps, .grub)
        if let reason = grub.undecidedDefault { menu.undecidedDefault = reason }
        addKernelInstall(to: &menu)
        addGrubDefaults(to: &menu)
        if let option { menu.lines.append(BootLine(option: option)) }
        if isLive { addRunning(to: &menu) }
        return menu
    }

    private func addRunning(to menu: inout BootMenu) {
        let path: TreePath = "/proc/cmdline"
        switch reader.text(path, limit: 65_536) {
        case .found(let text):
            let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
            menu.running = CommandLineFacts(source: .running, line, place: Place(path.description))
        case .absent: menu.runningGap = Gap(Place(path.description), reason: "it does not exist")
        case .unreadable(let reason): menu.runningGap = Gap(Place(path.description), reason: reason)
        }
    }

    private func addUnified(_ inventory: KernelInventory, to menu: inout BootMenu) {
        menu.add(inventory.imageGaps, .unifiedImage)
        // The newest name is what systemd-boot takes; a pattern in loader.conf names loader entries as well as images.
        let newest = inventory.bootImages.first?.path
        for (images, rank) in [
            (inventory.bootImages, BootLine.Rank.unifiedImage), (inventory.packagedImages, .unused),
        ] {
            for image in images {
                menu.add(image.gaps, rank)
                for (index, line) in image.commandLines.enumerated() {
                    var entry = line.profile.map { "\(image.name), profile \($0)" } ?? image.name
                    if !image.addons.isEmpty { entry += " with \(image.addons.joined(separator: ", "))" }
                    menu.lines.append(
                        BootLine(
                            rank: rank, target: image.release.map { .release($0) } ?? .every,
                            facts: CommandLineFacts(
                                source: .unifiedKernelImage, line.text, place: Place(image.path.description),
                                entry: entry, isDefault: image.path == newest && index == 0)))
                }
            }
        }
    }

    /// Loader entries: as GRUB evaluated them where a script reads them, else as systemd-boot takes them.
    private func addLoaderEntries(_ grub: GrubReading, to menu: inout BootMenu) {
        let directories = KernelInventory.bootFileSystems.map { $0.appending("loader") }
        // Entries that neither systemd-boot nor the present script reads are not what is started.
        let hasOtherLoader = KernelInventory.bootFileSystems.contains { base in
            reader.exists(base.appending("EFI/systemd")) != false
        }
        let rank: BootLine.Rank = grub.decides && !hasOtherLoader ? .unused : .loaderEntry
        for directory in directories {
            let place = directory.appending("entries")
            switch reader.entries(place) {
            case .absent: continue
            case .unreadable(let reason): menu.add([Gap(Place(place.description), reason: reason)], .loaderEntry)
            case .found(let names):
                addLoaderEntries(
                    directory, names.filter { $0.name.suffix(5) == Array(".conf".utf8)[...] }, grub, rank, &menu)
            }
        }
    }

    private func addLoaderEntries(
        _ directory: TreePath, _ names: [DirectoryEntry], _ grub: GrubReading, _ rank: BootLine.Rank,
        _ menu: inout BootMenu
    ) {
        let place = directory.appending("entries")
        if names.count > 256 { menu.add([Gap(Place(place.description), reason: "more than 256 entries")], rank) }
        var entries: [LoaderEntry] = []
        for name in names.prefix(256) {
            let path = place.appending(name.name)
            guard !grub.loaderEntries.contains(path) else { continue }
            switch reader.bytes(path, limit: 1 << 18) {
            case .absent: continue
            case .unreadable(let reason): menu.add([Gap(Place(path.description), reason: reason)], rank)
            case .found(let bytes):
                entries.append(LoaderEntry(bytes, fileName: String(decoding: name.name, as: UTF8.self)))
            }
        }
        guard !entries.isEmpty else { return }
        let loader = LoaderConfiguration(reader.bytes(directory.appending("loader.conf"), limit: 1 << 18).value ?? [])
        var defaultEntry: LoaderEntry?
        switch loader.defaultEntry(among: entries) {
        case .entry(let entry): defaultEntry = entry
        case .undecided(let reason): menu.undecidedDefault = menu.undecidedDefault ?? EscapedText(reason).description
        case .none: break
        }
        let sorted = LoaderEntry.sorted(entries)
        let ordered = sorted.filter { $0 == defaultEntry } + sorted.filter { $0 != defaultEntry }
        let environment = environmentBlock()
        for entry in ordered {
            guard let linux = entry.linux else { continue }
            let path = place.appending(Array(entry.fileName.utf8))
            let (text, unknown) = entry.options { environment.variables[$0] }
            menu.lines.append(
                BootLine(
                    rank: rank, target: .path(linux),
                    facts: CommandLineFacts(
                        source: .bootLoaderEntry, text, place: Place(path.description, line: entry.optionLines.first),
                        entry: entry.title ?? entry.id, isDefault: entry == defaultEntry,
                        unresolved: unknown.map { "'$\($0)': \(environment.problem)" })))
        }
    }

    /// The variables of grubenv, for entries that were written for GRUB, and why others are not known.
    private func environmentBlock() -> (variables: [String: String], problem: String) {
        for path: TreePath in ["/boot/grub2/grubenv", "/boot/grub/grubenv"] {
            switch reader.reading({ try GrubEnvironmentBlock(reader.root.read(path, limit: 1 << 20)) }) {
            case .absent: continue
            case .unreadable(let reason): return ([:], "'\(path)' could not be read: \(reason)")
            case .found(let block):
                let pairs = block.variables.map { ($0.name, $0.value) }
                return (Dictionary(pairs) { _, last in last }, "not a variable of '\(path)'")
            }
        }
        return ([:], "there is no environment block")
    }

    /// kernel-install(8): `/etc/kernel/cmdline`, else `/usr/lib/kernel/cmdline`.
    private func addKernelInstall(to menu: inout BootMenu) {
        for path: TreePath in ["/etc/kernel/cmdline", "/usr/lib/kernel/cmdline"] {
            switch reader.bytes(path, limit: 1 << 18) {
            case .absent: continue
            case .unreadable(let reason): menu.add([Gap(Place(path.description), reason: reason)], .kernelInstall)
            case .found(let bytes):
                let line = KernelInstallCommandLine(bytes)
                let doubts = line.commentLines.map {
                    "line \($0) of '\(path)' is a comment from systemd v256 on, and part of the command line before"
                }
                menu.lines.append(
                    BootLine(
                        rank: .kernelInstall, target: .every,
                        facts: CommandLineFacts(
                            source: .kernelInstall, line.text, place: Place(path.description), unresolved: doubts)))
            }
            return
        }
    }

    /// What grub-mkconfig would read: `/etc/default/grub`, then the `*.cfg` of `grub.d` by name.
    private func addGrubDefaults(to menu: inout BootMenu) {
        var paths: [TreePath] = ["/etc/default/grub"]
        let directory: TreePath = "/etc/default/grub.d"
        switch reader.entries(directory) {
        case .absent: break
        case .unreadable(let reason): menu.add([Gap(Place(directory.description), reason: reason)], .grubDefaults)
        case .found(let entries):
            paths += entries.filter { $0.name.suffix(4) == Array(".cfg".utf8)[...] }.prefix(256)
                .map { directory.appending($0.name) }
        }
        var files: [GrubDefaults.File] = []
        var doubts: [String] = []
        for path in paths {
            switch reader.bytes(path, limit: 1 << 18) {
            case .absent: continue
            case .unreadable(let reason):
                menu.add([Gap(Place(path.description), reason: reason)], .grubDefaults)
                doubts.append("'\(path)' could not be read: \(reason)")
            case .found(let bytes): files.append(GrubDefaults.File(path: path.description, bytes: bytes))
            }
        }
        let defaults = GrubDefaults(files)
        let assignments = ["GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"]
            .compactMap { defaults.variables[$0]?.assignments.last }
        guard let first = assignments.first else { return }
        let line = defaults.commandLine
        // What is protected from the shell is a variable of grub.cfg.
        doubts += line.text.split(separator: " ").filter { $0.contains("$") && !line.isDoubted($0) }
            .map { "'\($0)': a variable that GRUB sets at boot" }
        menu.lines.append(
            BootLine(
                rank: .grubDefaults, target: .every,
                facts: CommandLineFacts(
                    source: .grubDefaults, line.text, place: Place(first.path, line: first.line),
                    unresolved: line.doubts.map(\.description) + doubts)))
    }
}

extension GrubValue {
    /// Whether a doubt is about `word`.
    fileprivate func isDoubted(_ word: Substring) -> Bool {
        doubts.contains { !$0.token.isEmpty && word.contains($0.token) }
    }
}
