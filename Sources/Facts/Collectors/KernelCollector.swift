import AssayBytes
import AssayFacts
import AssayFileSystem

/// Collects the kernels of a subject: the running one first on a live host, and all that are installed.
struct KernelCollector {
    let reader: SubjectReader
    let isLive: Bool

    /// Collects them.
    ///
    /// A subject in which nothing was found though a place could not be read has one kernel of unknown release, so that
    /// no question about the kernel counts as not applicable.
    ///
    /// - Parameters:
    ///   - commandLine: the command line that the user gives for a subject without one.
    ///   - gaps: gets the places that could not be read, so that kernels may be missing.
    /// - Returns: the kernels: the running one, then those that the boot loader starts by default, then the newest.
    func collect(commandLine: String?, gaps: inout [Gap]) -> [KernelFacts] {
        let cache = KernelImageCache(reader)
        let inventory = KernelInventory(reader, cache)
        gaps += inventory.gaps
        var installed = inventory.kernels
        let running = isLive ? runningRelease(&gaps) : nil
        if let running {
            let index = installed.firstIndex { $0.release == running }
            let kernel = index.map { installed.remove(at: $0) } ?? InstalledKernel(release: running)
            installed.insert(kernel, at: 0)
        }
        guard !installed.isEmpty else { return placeholder(inventory.gaps, commandLine) }

        let menu = BootCollector(reader: reader, isLive: isLive).menu(inventory, option: commandLine)
        let images = inventory.bootImages + inventory.packagedImages
        let finder = KernelFinder(reader: reader)
        var kernels: [KernelFacts] = []
        for kernel in installed {
            let isRunning = kernel.release == running
            var facts = configured(
                kernel, isRunning: isRunning, unified: images.filter { $0.release == kernel.release }, cache)
            menu.apply(to: &facts, kernel, among: installed, finder)
            kernels.append(facts)
        }
        func isFirst(_ kernel: KernelFacts) -> Bool {
            kernel.isRunning || running == nil && kernel.startsByDefault
        }
        return kernels.filter(isFirst) + kernels.filter { !isFirst($0) }
    }

    private func runningRelease(_ gaps: inout [Gap]) -> String? {
        let path: TreePath = "/proc/sys/kernel/osrelease"
        switch reader.line(path) {
        case .found(let release) where !release.isEmpty: return release
        case .found, .absent: gaps.append(Gap(Place(path.description), reason: "it holds no release"))
        case .unreadable(let reason): gaps.append(Gap(Place(path.description), reason: reason))
        }
        return nil
    }

    /// The kernel that may be where nothing could be read.
    private func placeholder(_ gaps: [Gap], _ commandLine: String?) -> [KernelFacts] {
        guard let gap = gaps.first else { return [] }
        var facts = KernelFacts(
            release: "unknown", architecture: nil, isRunning: false,
            configuration: .unreadable(gap.place, reason: gap.reason))
        facts.commandLineGaps = gaps
        facts.commandLines = commandLine.map { [BootLine(option: $0).facts] } ?? []
        return [facts]
    }

    /// The kernel with the first configuration that can be read.
    private func configured(
        _ kernel: InstalledKernel, isRunning: Bool, unified: [UnifiedKernel], _ cache: KernelImageCache
    ) -> KernelFacts {
        var unreadable: (place: Place, reason: String)?
        /// Takes the first that is found and remembers the first that could not be read.
        func found(_ reading: Reading<FoundConfiguration>, at path: TreePath) -> FoundConfiguration? {
            if case .unreadable(let reason) = reading, unreadable == nil {
                unreadable = (Place(path.description), reason)
            }
            return reading.value
        }
        func search() -> FoundConfiguration? {
            let file = TreePath("/boot").appending(Array("config-\(kernel.release)".utf8))
            let texts =
                (isRunning ? ["/proc/config.gz" as TreePath] : []) + [file]
                + kernel.directories.map { $0.appending("config") }
            for path in texts {
                if let result = found(reader.kernelConfiguration(path), at: path) { return result }
            }
            for image in unified {
                if let result = found(image.configuration, at: image.path) { return result }
            }
            for path in kernel.images {
                if let result = found(cache.configuration(path), at: path) { return result }
            }
            return nil
        }
        let place = Place("/boot/config-\(EscapedText(kernel.release))")
        guard let configuration = search() else {
            guard let unreadable else {
                return KernelFacts(release: kernel.release, isRunning: isRunning, .absent, absentAt: place)
            }
            return KernelFacts(
                release: kernel.release, isRunning: isRunning, .unreadable(unreadable.reason), absentAt: place,
                unreadableAt: unreadable.place)
        }
        return KernelFacts(release: kernel.release, isRunning: isRunning, .found(configuration), absentAt: place)
    }
}

extension KernelFacts {
    /// Whether a boot loader starts it when nobody chooses.
    fileprivate var startsByDefault: Bool {
        commandLines.contains { line in
            line.isDefault && [.unifiedKernelImage, .bootLoaderEntry, .grub].contains(line.source)
        }
    }
}
