import AssayBootLoader
import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayKernelConfig

/// All command lines of a subject, to be dealt out to its kernels.
struct BootMenu {
    /// The running kernel's, on a live host.
    var running: CommandLineFacts?
    /// Why the running kernel's could not be read.
    var runningGap: Gap?
    /// The configured ones.
    var lines: [BootLine] = []
    /// What could not be read or evaluated, with the rank of what may be there.
    private(set) var gaps: [(rank: BootLine.Rank, gap: Gap)] = []
    /// Why the boot loader's default entry is not known, if it is not.
    var undecidedDefault: String?

    /// The places that are named when no command line was found.
    private static let places = [
        "/boot/efi/EFI/Linux", "/boot/loader/entries", "/boot/grub2/grub.cfg", "/boot/grub/grub.cfg",
        "/etc/kernel/cmdline", "/etc/default/grub",
    ]

    mutating func add(_ more: [Gap], _ rank: BootLine.Rank) {
        gaps += more.map { (rank, $0) }
    }

    /// Sets the command lines of `facts`, the one that decides first.
    ///
    /// A line behind a source that could not be read is doubtful: that source may hold the one that decides.
    /// Without a `finder` every line is for the kernel.
    func apply(
        to facts: inout KernelFacts, _ kernel: InstalledKernel, among all: [InstalledKernel], _ finder: KernelFinder?
    ) {
        let chosen = BootMenu.ordered(
            lines.filter { line in finder.map { $0.matches(line.target, kernel, among: all) } ?? true })
        let configuration = facts.configuration.value
        let builtIn = configuration.flatMap { BuiltInCommandLine($0, architecture: facts.architecture) }
        let loaderLines = chosen.filter { $0.rank == .loaderEntry || $0.rank == .grub }
        let isAmbiguous = Set(loaderLines.map(\.facts.text)).count > 1

        facts.commandLineGaps = gaps.map(\.gap)
        if facts.isRunning {
            if let running { facts.commandLines.append(running) }
            if let runningGap { facts.commandLineGaps.insert(runningGap, at: 0) }
        }
        for line in chosen {
            var result = line.facts
            if isAmbiguous, let reason = undecidedDefault, line.rank == .loaderEntry || line.rank == .grub {
                result.unresolved.append("which entry is the default: \(reason)")
            }
            if line.rank != .option {
                for gap in gaps where gap.rank < line.rank {
                    result.unresolved.append("'\(gap.gap.place.path)', which would decide: \(gap.gap.reason)")
                }
                if facts.isRunning, let runningGap {
                    result.unresolved.append("'\(runningGap.place.path)', which would decide: \(runningGap.reason)")
                }
            }
            if let builtIn {
                result = builtIn.applied(to: result, at: facts.configuration.place)
            }
            result.noteBootConfiguration(configuration)
            facts.commandLines.append(result)
        }
        if facts.commandLines.isEmpty {
            // A kernel that is given alone has no places where a command line could be, and a root directory without any
            // boot configuration leaves it to whoever boots it. A kernel that others' menus leave out is another matter.
            let places = finder == nil || lines.isEmpty ? [] : BootMenu.places
            facts.commandLineGaps += places.map { Gap(Place($0), reason: "no command line for this kernel") }
            if let builtIn {
                facts.commandLineGaps.append(
                    Gap(
                        Place(facts.configuration.place.path, line: builtIn.line),
                        reason: "only CONFIG_CMDLINE, which the boot loader's command line is joined with"))
            }
        }
    }

    /// By rank, and within one rank the default first, else in the order in which they were found.
    private static func ordered(_ lines: [BootLine]) -> [BootLine] {
        lines.enumerated().sorted { left, right in
            let first = left.element
            let second = right.element
            if first.rank != second.rank { return first.rank < second.rank }
            if first.facts.isDefault != second.facts.isDefault { return first.facts.isDefault }
            return left.offset < right.offset
        }.map(\.element)
    }
}

extension BootLine {
    /// A command line that the user gives with `--cmdline`.
    init(option: String) {
        self.init(
            rank: .option, target: .every,
            facts: CommandLineFacts(source: .option, option, place: Place("--cmdline")))
    }
}

/// Tells which kernel a boot entry means.
struct KernelFinder {
    let reader: SubjectReader

    /// Whether `target` is `kernel`; a path that names no release and leads to no known kernel may be any.
    func matches(_ target: BootLine.Target, _ kernel: InstalledKernel, among all: [InstalledKernel]) -> Bool {
        switch target {
        case .every: true
        case .release(let release): release == kernel.release
        case .path(let path): releases(path, among: all)?.contains(kernel.release) ?? true
        }
    }

    /// The releases of the kernel that a boot loader calls `path`; nil when it may be any.
    private func releases(_ path: String, among all: [InstalledKernel]) -> Set<String>? {
        let names = TreePath(path).names
        if let named = KernelFinder.release(in: names, among: all) { return [named] }
        for candidate in GrubFiles.candidates(path) {
            var file = candidate
            for _ in 0..<4 {
                let owners = all.filter { $0.images.contains(file) }
                if !owners.isEmpty { return Set(owners.map(\.release)) }
                guard let target = try? reader.root.linkTarget(file) else { break }
                file = file.following(target)
                if let named = KernelFinder.release(in: file.names, among: all) { return [named] }
            }
        }
        let last = names.last.map { String(decoding: $0, as: UTF8.self) } ?? ""
        // A name with a version is another kernel, which is not in the subject.
        if let suffix = KernelInventory.release(ofImage: last), KernelVersion(suffix) != nil { return [] }
        return nil
    }

    /// The release that a path's file name or directories hold: the longest, where one begins with another.
    private static func release(in names: [[UInt8]], among all: [InstalledKernel]) -> String? {
        let texts = names.map { String(decoding: $0, as: UTF8.self) }
        let known = all.map(\.release).sorted { $0.utf8.count > $1.utf8.count }
        if let exact = known.first(where: { texts.contains($0) }) { return exact }
        guard let last = texts.last else { return nil }
        return known.first { release in
            KernelInventory.imageNames.contains { prefix in
                let name = "\(prefix)-\(release)"
                return last == name || last.hasPrefix(name + ".efi")
            }
        }
    }
}
