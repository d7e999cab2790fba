import AssayBytes
import AssayFacts
import AssayFileSystem

/// Collects the facts of a whole operating system: the running machine or a root directory.
struct SystemCollector {
    let root: RootedDirectory
    let path: String
    let isLive: Bool

    /// Directories at the root of a live host that hold the operating system (hier(7)).
    ///
    /// The others hold its users' files, other file systems or the kernel's, and are reported as skipped.
    static let hostDirectories: Set<String> = [
        "bin", "boot", "efi", "etc", "lib", "lib32", "lib64", "libx32", "opt", "sbin", "usr", "var",
    ]

    /// Directories below those that hold guests, containers and caches.
    static let hostExclusions: Set<TreePath> = [
        "/var/cache", "/var/lib/containerd", "/var/lib/containers", "/var/lib/docker", "/var/lib/flatpak",
        "/var/lib/kubelet", "/var/lib/libvirt", "/var/lib/lxc", "/var/lib/machines", "/var/lib/snapd", "/var/tmp",
    ]

    /// What the walk of this subject leaves out.
    private func exclusions(_ reader: SubjectReader) -> Set<TreePath> {
        guard isLive else { return [] }
        let others = (reader.entries(.root).value ?? []).filter { !SystemCollector.hostDirectories.contains($0.text) }
        return SystemCollector.hostExclusions.union(others.map { TreePath.root.appending($0.name) })
    }

    func collect(_ options: CollectionOptions) async throws -> Facts {
        let reader = SubjectReader(root: root)
        let subject = SubjectFacts(
            kind: isLive ? .host : .rootDirectory, name: path,
            hostName: isLive ? reader.line("/proc/sys/kernel/hostname").value.map { EscapedText($0).description } : nil)
        var facts = Facts(subject: subject)
        facts.operatingSystem = reader.operatingSystem(gaps: &facts.gaps)
        let libraries = CLibraries(reader)
        let tree = try await TreeCollector(
            root: root, libraries: libraries, excluded: exclusions(reader),
            width: options.width, progress: options.progress
        ).collect()
        facts.elf = ELFFacts(tree, libraries)
        facts.privileges = tree.privileges
        facts.gaps += tree.gaps
        facts.skipped = tree.skipped
        if isLive { facts.live = LiveKernelCollector(reader: reader).collect() }
        facts.kernels = KernelCollector(reader: reader, isLive: isLive).collect(
            commandLine: options.commandLine, gaps: &facts.gaps)
        facts.sysctl = SysctlCollector(reader: reader, isLive: isLive).collect()
        let services = ServiceCollector(reader, isLive: isLive).collect()
        facts.services = services.facts
        let firewall = FirewallCollector(reader: reader, isLive: isLive, units: services.units).collect()
        facts.firewall = firewall.facts
        facts.sysctl?.serviceWrites = firewall.writes
        facts.journal = JournalCollector(reader, isLive: isLive).collect()
        facts.accounts = AccountCollector(reader).collect()
        facts.ssh = SSHCollector(reader).collect()
        facts.updates = UpdateCollector(reader).collect()
        facts.trust = TrustCollector(root).collect()
        facts.storage = StorageCollector(reader, isLive: isLive).collect()
        facts.securityModules = SecurityModuleCollector(reader, isLive: isLive).collect()
        facts.elf?.buildSettings = BuildSettingsCollector(reader).collect()
        facts.privileges?.supportsCapabilities = reader.supportsCapabilities(isLive: isLive)
        nameOwners(&facts, reader)
        return facts
    }

    /// Says of every file that carries something which package it came from.
    private func nameOwners(_ facts: inout Facts, _ reader: SubjectReader) {
        var gaps: [Gap] = []
        let owners = PackageOwners(reader, gaps: &gaps)
        // An owner is a help for people and decides nothing, so a database that cannot be read leaves no doubt.
        facts.skipped += gaps
        facts.elf?.files.forEachElement { $0.package = owners[$0.path] }
        facts.privileges?.capabilities.forEachElement { $0.package = owners[$0.place.path] }
        facts.privileges?.setID.forEachElement { $0.package = owners[$0.place.path] }
        facts.services?.services.forEachElement { $0.package = owners[$0.place.path] }
    }
}

extension MutableCollection {
    /// Changes every element in its place.
    fileprivate mutating func forEachElement(_ change: (inout Element) -> Void) {
        var index = startIndex
        while index != endIndex {
            change(&self[index])
            formIndex(after: &index)
        }
    }
}
