import AssaySystemd

extension UnitSet {
    /// This set with the links that systemd makes at the first boot.
    ///
    /// A machine whose `/etc/machine-id` is missing or says `uninitialized` boots for the first time (machine-id(5)), and
    /// systemd then enables, and does not disable, what the presets say. Aliases are left out: they start nothing.
    func afterFirstBoot(_ presets: UnitPresets) -> UnitSet {
        var wanted: [String: [String: UnitDirectoryEntry]] = [:]
        var pending = names.filter { isToEnable($0, presets) }
        for rule in presets.rules where rule.action == .enable {
            guard let template = UnitName(rule.pattern), template.isTemplate else { continue }
            let instances = rule.instances.compactMap { template.instantiated($0)?.text }
            pending += instances.filter { presets.decision(for: $0).action == .enable }
        }
        var visited: Set<String> = []
        while let name = pending.popLast(), visited.count < ServiceDirectories.nameLimit {
            guard visited.insert(name).inserted else { continue }
            let unit = load(name)
            guard unit.state == .loaded, var enabled = UnitName(unit.name) else { continue }
            if enabled.isTemplate {
                guard let instance = unit.last("Install", "DefaultInstance")?.value,
                    let filled = enabled.instantiated(instance)
                else { continue }
                enabled = filled
            }
            for (key, suffix) in [("WantedBy", ".wants"), ("RequiredBy", ".requires"), ("UpheldBy", ".upholds")] {
                for target in unit.words("Install", key) {
                    wanted[target.text + suffix, default: [:]][enabled.text] = .symlink(target: unit.fragmentPath ?? "")
                }
            }
            pending += unit.words("Install", "Also").map(\.text)
        }
        guard !wanted.isEmpty else { return self }
        var directories = directories
        let configuration = "/etc/systemd/system"
        if !directories.contains(where: { $0.path == configuration }) {
            directories.insert(UnitDirectory(path: configuration), at: 0)
        }
        for index in directories.indices where directories[index].path == configuration {
            for (name, links) in wanted {
                // systemd replaces nothing that is there already, be it a mask or a file that is no link.
                directories[index].subdirectories[name, default: [:]].merge(links) { old, _ in old }
            }
        }
        return UnitSet(scope: scope, directories: directories, linkedFiles: linkedFiles)
    }

    private func isToEnable(_ name: String, _ presets: UnitPresets) -> Bool {
        guard presets.decision(for: name).action == .enable else { return false }
        switch enablement(of: name).state {
        case .disabled, .indirect: return true
        default: return false
        }
    }
}
