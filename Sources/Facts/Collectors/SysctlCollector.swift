import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySysctl

/// Collects what the sysctl.d files of a subject set, merged as systemd-sysctl merges them.
///
/// What services write is added by the collectors of those services.
struct SysctlCollector {
    let reader: SubjectReader
    let isLive: Bool

    /// The most files of one directory that are read.
    private static let mostFiles = 1024

    /// Collects it.
    func collect() -> SysctlFacts {
        var facts = SysctlFacts()
        let plan = SysctlPlan(directories: directories().compactMap { directory($0, &facts.gaps) })
        for file in plan.files {
            switch file.state {
            case .read: facts.files.append(file.path)
            case .unreadable(let reason):
                facts.files.append(file.path)
                facts.gaps.append(Gap(Place(file.path), reason: reason))
            case .masked, .dangling: continue
            }
        }
        for diagnostic in plan.diagnostics {
            // Other lines are ignored by systemd-sysctl too.
            let reason: String
            switch diagnostic.kind {
            case .lineTooLong: reason = "a line longer than 1 MiB, which ends the reading of the file"
            case .tooManyPatterns: reason = "more than \(SysctlPlan.maximumPatternCount) patterns"
            default: continue
            }
            facts.gaps.append(Gap(Place(diagnostic.location), reason: reason))
        }
        facts.resolved = resolved(plan)
        facts.isApplied = isApplied()
        return facts
    }

    // MARK: Files

    /// systemd-sysctl's directories, highest priority first.
    ///
    /// `/run` is empty at boot and belongs to a running system.
    /// A systemd that is built for a separate `/usr` reads `/lib/sysctl.d` last (`CONF_PATHS`); on a merged `/usr` both
    /// are one directory.
    private func directories() -> [TreePath] {
        var paths = SysctlDirectory.searchPath.map { TreePath($0) }
        if !isLive { paths.removeAll { $0.isInside("/run") } }
        let split: TreePath = "/lib/sysctl.d"
        if let own = reader.status(split).value {
            let merged = reader.status("/usr/lib/sysctl.d").value
            if merged?.device != own.device || merged?.inode != own.inode { paths.append(split) }
        }
        return paths
    }

    private func directory(_ path: TreePath, _ gaps: inout [Gap]) -> SysctlDirectory? {
        switch reader.entries(path) {
        case .absent: return nil
        case .unreadable(let reason):
            gaps.append(Gap(Place(path.description), reason: reason))
            return nil
        case .found(let names):
            let names = names.filter { SysctlEntry(name: $0.name, contents: .masked).isConfiguration }
            if names.count > SysctlCollector.mostFiles {
                gaps.append(Gap(Place(path.description), reason: "more than \(SysctlCollector.mostFiles) files"))
            }
            let entries = names.prefix(SysctlCollector.mostFiles).compactMap { name in
                contents(path.appending(name.name)).map { SysctlEntry(name: name.name, contents: $0) }
            }
            return SysctlDirectory(path: path.description, entries: entries)
        }
    }

    /// What opening `path` gives; nil for what systemd-sysctl passes over.
    private func contents(_ path: TreePath) -> SysctlEntry.Contents? {
        if leadsToNull(path) { return .masked }
        switch reader.status(path) {
        case .absent: return .dangling
        case .unreadable(let reason): return .unreadable(reason: reason)
        case .found(let status) where status.type != .regular: return nil
        case .found:
            switch reader.bytes(path) {
            case .found(let bytes): return .bytes(bytes)
            case .absent: return nil
            case .unreadable(let reason): return .unreadable(reason: reason)
            }
        }
    }

    /// Whether `path` is a link to `/dev/null`, which need not exist in the root of an image.
    private func leadsToNull(_ path: TreePath) -> Bool {
        var path = path
        for _ in 0..<8 {
            guard let target = try? reader.root.linkTarget(path) else { return false }
            path = path.following(target)
            if path == "/dev/null" { return true }
        }
        return false
    }

    // MARK: Keys

    /// The keys that files name, and those of `LiveKernelCollector.keys` that a pattern sets.
    ///
    /// One pass over the history: a file can name very many keys.
    private func resolved(_ plan: SysctlPlan) -> [String: SysctlFacts.Resolved] {
        var resolved: [String: SysctlFacts.Resolved] = [:]
        for assignment in plan.assignments where !assignment.key.isGlob && !assignment.key.hasParentReference {
            guard let effective = SysctlFacts.Assignment(assignment) else { continue }
            resolved[EscapedText(assignment.key.dotted).description] = SysctlFacts.Resolved(
                effective: effective, overridden: [])
        }
        for assignment in plan.history where !assignment.key.isGlob {
            let key = EscapedText(assignment.key.dotted).description
            guard let other = SysctlFacts.Assignment(assignment), let own = resolved[key]?.effective,
                other.place != own.place
            else { continue }
            resolved[key]?.overridden.append(other)
        }
        for key in LiveKernelCollector.keys {
            let resolution = plan.resolve(key)
            guard case .set(let winner, _) = resolution.outcome, let effective = SysctlFacts.Assignment(winner) else {
                continue
            }
            resolved[key] = SysctlFacts.Resolved(
                effective: effective, overridden: resolution.overridden.compactMap { SysctlFacts.Assignment($0) })
        }
        return resolved
    }

    // MARK: Who applies them

    /// Whether systemd-sysctl is there and not masked.
    ///
    /// Nil when it cannot be told: a tree of configuration files without any init, or an init that is not systemd and
    /// has procps' `sysctl`, which reads the files in an order of its own.
    private func isApplied() -> Bool? {
        func exists(_ paths: [TreePath]) -> Bool? {
            let answers = paths.map { reader.exists($0) }
            if answers.contains(true) { return true }
            return answers.contains { $0 == nil } ? nil : false
        }
        switch exists(["/usr/lib/systemd/systemd-sysctl", "/lib/systemd/systemd-sysctl"]) {
        case true?: return !leadsToNull("/etc/systemd/system/systemd-sysctl.service")
        case nil: return nil
        case false?: break
        }
        let tools: [TreePath] = ["/usr/sbin/sysctl", "/sbin/sysctl", "/usr/bin/sysctl", "/bin/sysctl"]
        let inits: [TreePath] = [
            "/usr/lib/systemd/systemd", "/lib/systemd/systemd", "/sbin/init", "/usr/sbin/init", "/usr/bin/init",
            "/bin/init", "/init",
        ]
        return exists(inits) == true && exists(tools) == false ? false : nil
    }
}

extension TreePath {
    /// Where a symbolic link at this path leads whose target is `target`.
    func following(_ target: [UInt8]) -> TreePath {
        guard target.first != UInt8(ascii: "/") else { return TreePath(target) }
        return TreePath(parent.relativeBytes + [UInt8(ascii: "/")] + target)
    }
}

extension Place {
    /// The place of a line of a sysctl.d file.
    fileprivate init(_ location: SysctlLocation) {
        self.init(location.path, line: location.line > 0 ? location.line : nil)
    }
}

extension SysctlFacts.Assignment {
    /// The facts of `assignment`; nil for an exclusion, which sets nothing.
    fileprivate init?(_ assignment: SysctlAssignment) {
        guard let value = assignment.value else { return nil }
        self.init(EscapedText(value).description, Place(assignment.location))
    }
}
