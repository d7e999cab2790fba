import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayLUKS

/// Collects the encrypted volumes of a subject: mappings of the running kernel, `/etc/crypttab`, and the tools for them.
///
/// Devices are never opened: of a volume in a regular file, or with a detached header in one, the header is read.
struct StorageCollector {
    let reader: SubjectReader
    let isLive: Bool

    init(_ reader: SubjectReader, isLive: Bool) {
        self.reader = reader
        self.isLive = isLive
    }

    func collect() -> StorageFacts {
        var facts = StorageFacts()
        var root: StorageRoot?
        if isLive {
            collectMappings(&facts)
            root = StorageRoot(live: reader)
        }
        collectCrypttab(&facts, root)
        facts.tools = tools()
        return facts
    }

    /// The programs that set encrypted volumes up; `veritysetup` and `integritysetup` encrypt nothing.
    private func tools() -> [Sourced<String>] {
        let places: [(name: String, paths: [TreePath])] = [
            ("cryptsetup", ["/usr/sbin/cryptsetup", "/sbin/cryptsetup", "/usr/bin/cryptsetup"]),
            (
                "systemd-cryptsetup",
                [
                    "/usr/bin/systemd-cryptsetup", "/usr/lib/systemd/systemd-cryptsetup",
                    "/lib/systemd/systemd-cryptsetup",
                ]
            ),
        ]
        return places.compactMap { name, paths in
            reader.first(of: paths).map { Sourced(name, Place($0.description)) }
        }
    }

    /// The kernel's device-mapper devices whose UUID is one of cryptsetup's (`CRYPT-LUKS2-…`).
    private func collectMappings(_ facts: inout StorageFacts) {
        let directory: TreePath = "/sys/block"
        switch reader.entries(directory) {
        case .absent: facts.gaps.append(Gap(Place(directory.description), reason: "not there on a running system"))
        case .unreadable(let reason): facts.gaps.append(Gap(Place(directory.description), reason: reason))
        case .found(let entries):
            for entry in entries where entry.text.hasPrefix("dm-") {
                let path = directory.appending(entry.name).appending("dm").appending("uuid")
                switch reader.line(path) {
                case .absent: continue
                case .unreadable(let reason): facts.gaps.append(Gap(Place(path.description), reason: reason))
                case .found(let uuid):
                    guard let kind = StorageCollector.kind(mapping: uuid) else { continue }
                    let name = reader.line(path.parent.appending("name")).value ?? entry.text
                    facts.volumes.append(
                        StorageFacts.Volume(
                            name: EscapedText(name).description, kind: kind, cipher: nil, keyBits: nil, isActive: true,
                            weaknesses: [], place: Place(path.description)))
                }
            }
        }
    }

    /// The kind of volume behind a mapping; nil for one that cryptsetup did not make or that encrypts nothing.
    static func kind(mapping uuid: String) -> String? {
        let parts = uuid.split(separator: "-", maxSplits: 2)
        guard parts.count > 1, parts[0] == "CRYPT" else { return nil }
        switch parts[1] {
        case "LUKS1", "LUKS2": return String(parts[1])
        case "PLAIN": return "plain"
        case "LOOPAES", "TCRYPT", "BITLK", "FVAULT2": return parts[1].lowercased()
        default: return nil
        }
    }

    private func collectCrypttab(_ facts: inout StorageFacts, _ root: StorageRoot?) {
        let path: TreePath = "/etc/crypttab"
        guard let bytes = reader.file(path, gaps: &facts.gaps) else { return }
        let table = MountTables.crypttab(bytes)
        let readable = Set(table.entries.map(\.line))
        facts.gaps += table.problems.filter { !readable.contains($0.line) }.map {
            Gap(Place(path.description, line: $0.line == 0 ? nil : $0.line), reason: $0.reason)
        }
        let root = root ?? StorageRoot(offline: reader, encrypted: Set(table.entries.map(\.name)), gaps: &facts.gaps)
        for entry in table.entries {
            let volume = StorageVolumeReading(reader: reader, entry: entry, root: root).volume(&facts.gaps)
            if let index = facts.volumes.firstIndex(where: { $0.isActive && $0.name == volume.name }) {
                // The mapping in use and its line are one volume.
                facts.volumes[index].cipher = volume.cipher
                facts.volumes[index].keyBits = volume.keyBits
                facts.volumes[index].weaknesses = volume.weaknesses
            } else {
                facts.volumes.append(volume)
            }
        }
    }
}
