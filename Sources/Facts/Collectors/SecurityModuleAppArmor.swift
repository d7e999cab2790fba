import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySecurityModules

/// Reads AppArmor's profiles: the files, what the running kernel has loaded, and whether the service loads them at boot.
struct AppArmorReading {
    let reader: SubjectReader
    let isLive: Bool

    private static let directory: TreePath = "/etc/apparmor.d"
    private static let unit = "apparmor.service"

    func collect(_ facts: inout SecurityModuleFacts) {
        facts.appArmorProfiles = profiles(&facts.gaps)
        facts.appArmorStartsAtBoot = startsAtBoot()
        if isLive { facts.appArmorLoaded = loaded() }
    }

    private func profiles(_ gaps: inout [Gap]) -> [Sourced<String>] {
        let disabled = names("disable")
        let forcedComplain = names("force-complain")
        var result: [Sourced<String>] = []
        let files = reader.files(in: AppArmorReading.directory, gaps: &gaps, where: AppArmorReading.isRead)
        for (path, bytes) in files {
            let treatment = AppArmorOverrides.treatment(
                of: String(decoding: path.names.last ?? [], as: UTF8.self), disabled: disabled,
                forcedComplain: forcedComplain)
            for profile in AppArmorProfileFile(bytes).profiles where !profile.isChild {
                let mode =
                    switch treatment {
                    case .disabled: "disabled"
                    case .forcedComplain: "complain"
                    case .asWritten: profile.mode.rawValue
                    }
                result.append(Sourced(mode, Place(path.description, line: profile.line)))
            }
        }
        return result
    }

    /// The names of the links in `disable` or `force-complain`.
    private func names(_ directory: String) -> Set<String> {
        let entries = reader.entries(AppArmorReading.directory.appending(directory)).value ?? []
        return Set(entries.map { String(decoding: $0.name, as: UTF8.self) })
    }

    /// Whether apparmor_parser reads a file of this name (`is_blacklisted` of its library skips what editors and package
    /// managers leave behind).
    private static func isRead(_ name: String) -> Bool {
        guard !name.hasPrefix("."), name != "README", !name.hasSuffix("~") else { return false }
        let endings = [
            ".dpkg-new", ".dpkg-old", ".dpkg-dist", ".dpkg-bak", ".dpkg-remove", ".pacsave", ".pacnew", ".rpmnew",
            ".rpmsave", ".orig", ".rej",
        ]
        return !endings.contains { name.hasSuffix($0) }
    }

    private func loaded() -> Observation<[String: Int]> {
        let path: TreePath = "/sys/kernel/security/apparmor/profiles"
        return reader.bytes(path, limit: 16 << 20).map { bytes in
            LoadedAppArmorProfile.list(bytes).reduce(into: [:]) { counts, profile in
                counts[EscapedText(profile.mode).description, default: 0] += 1
            }
        }.observation(path)
    }

    /// Whether a target wants the service, and nothing masks it.
    private func startsAtBoot() -> Bool? {
        let directories: [TreePath] = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"]
        let listings = directories.map { reader.entries($0) }
        let mask = reader.reading {
            try reader.root.linkTarget(directories[0].appending(AppArmorReading.unit))
        }
        if mask.value == Array("/dev/null".utf8) { return false }
        for (directory, listing) in zip(directories, listings) {
            for entry in listing.value ?? [] where entry.text.hasSuffix(".wants") || entry.text.hasSuffix(".requires") {
                let wanted = reader.entries(directory.appending(entry.name)).value ?? []
                guard wanted.contains(where: { $0.text == AppArmorReading.unit }) else { continue }
                return directories.contains { reader.exists($0.appending(AppArmorReading.unit)) == true }
            }
        }
        for listing in listings { if case .unreadable = listing { return nil } }
        return listings.contains { $0.value != nil } ? false : nil
    }
}
