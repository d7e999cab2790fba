import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySecurityModules

/// Collects what a subject has of SELinux and AppArmor.
struct SecurityModuleCollector {
    let reader: SubjectReader
    let isLive: Bool

    /// Files that have a label of their own in every policy.
    private static let labelled: [TreePath] = [
        "/usr/lib/systemd/systemd", "/sbin/init", "/etc/shadow", "/usr/sbin/sshd", "/usr/bin/passwd",
    ]

    init(_ reader: SubjectReader, isLive: Bool) {
        self.reader = reader
        self.isLive = isLive
    }

    func collect() -> SecurityModuleFacts {
        let path: TreePath = "/etc/selinux/config"
        let configuration = reader.bytes(path, limit: 65_536).map { SELinuxConfiguration($0) }
        var facts = SecurityModuleFacts(
            selinuxMode: setting(configuration, path) { $0.mode.map { ($0.value.rawValue, $0.line) } },
            selinuxType: setting(configuration, path) { $0.type.map { (EscapedText($0.value).description, $0.line) } })
        let type = configuration.value?.type?.value ?? "targeted"
        if !type.isEmpty {
            facts.selinuxPolicies = policies(type, &facts.gaps)
            facts.permissiveDomains = permissiveDomains(type, &facts.gaps)
        }
        facts.autorelabel = reader.exists("/.autorelabel")
        collectLabels(&facts)
        if isLive { facts.liveEnforcing = liveEnforcing() }
        AppArmorReading(reader: reader, isLive: isLive).collect(&facts)
        return facts
    }

    private func setting(
        _ configuration: Reading<SELinuxConfiguration>, _ path: TreePath,
        _ value: (SELinuxConfiguration) -> (String, Int)?
    ) -> Observation<String> {
        switch configuration {
        case .absent: return .absent(Place(path.description))
        case .unreadable(let reason): return .unreadable(Place(path.description), reason: reason)
        case .found(let configuration):
            guard let (text, line) = value(configuration) else { return .absent(Place(path.description)) }
            return .found(text, Place(path.description, line: line))
        }
    }

    /// The compiled policies of `type`; the kernel loads the newest that it understands.
    private func policies(_ type: String, _ gaps: inout [Gap]) -> [Place] {
        let directory = TreePath("/etc/selinux").appending(type).appending("policy")
        switch reader.entries(directory) {
        case .absent: return []
        case .unreadable(let reason):
            gaps.append(Gap(Place(directory.description), reason: reason))
            return []
        case .found(let entries):
            return entries.compactMap { entry in
                guard FileContexts.policyVersion(fileName: entry.text) != nil,
                    let status = reader.status(directory.appending(entry.name)).value, status.size > 0
                else { return nil }
                return Place(directory.appending(entry.name).description)
            }
        }
    }

    /// Domains that `semanage permissive` made permissive: each is a policy module `permissive_DOMAIN`.
    private func permissiveDomains(_ type: String, _ gaps: inout [Gap]) -> [String] {
        let store = TreePath("/var/lib/selinux").appending(type).appending("active").appending("modules")
        var names: Set<String> = []
        switch reader.entries(store) {
        case .absent: break
        case .unreadable(let reason): gaps.append(Gap(Place(store.description), reason: reason))
        case .found(let priorities):
            // One directory for each priority (400 is semanage's), and one with the names of disabled modules.
            let disabled = Set((reader.entries(store.appending("disabled")).value ?? []).map(\.name))
            for priority in priorities where priority.text.allSatisfy(\.isNumber) {
                for module in reader.entries(store.appending(priority.name)).value ?? []
                where module.text.hasPrefix("permissive_") && !disabled.contains(module.name) {
                    names.insert(String(module.text.dropFirst("permissive_".count)))
                }
            }
        }
        return names.sorted()
    }

    private func collectLabels(_ facts: inout SecurityModuleFacts) {
        for path in SecurityModuleCollector.labelled where reader.exists(path) == true {
            switch reader.reading({ try reader.root.extendedAttribute("security.selinux", of: path) }) {
            case .absent: continue
            case .unreadable(let reason): facts.gaps.append(Gap(Place(path.description), reason: reason))
            case .found(let value):
                let label = value.map { EscapedText($0.prefix { $0 != 0 }).description }
                facts.labels.updateValue(label, forKey: path.description)
            }
        }
        facts.hasLabels = facts.labels.isEmpty ? nil : facts.labels.values.contains { $0 != nil }
    }

    private func liveEnforcing() -> Observation<Bool> {
        let path: TreePath = "/sys/fs/selinux/enforce"
        switch reader.line(path) {
        case .absent: return .absent(Place(path.description))
        case .unreadable(let reason): return .unreadable(Place(path.description), reason: reason)
        case .found("1"): return .found(true, Place(path.description))
        case .found("0"): return .found(false, Place(path.description))
        case .found: return .unreadable(Place(path.description), reason: "neither 0 nor 1")
        }
    }
}
