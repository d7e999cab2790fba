import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayPackageSources

/// Reads the repositories of dnf, yum and tdnf.
struct RPMSourceReading {
    let reader: SubjectReader
    let keys: UpdateKeys

    /// A package manager as the subject has it.
    private struct Installed {
        let manager: RPMPackageManager
        let configuration: TreePath
        /// Whether its program was seen, and not only its configuration.
        let hasProgram: Bool
    }

    func collect(_ facts: inout UpdateFacts) {
        var read: Set<TreePath> = []
        var merged: [Place: UpdateFacts.Repository] = [:]
        var order: [Place] = []
        for installed in self.installed() {
            for (place, repository) in repositories(installed, &read, &facts) {
                if let other = merged[place] {
                    merged[place] = RPMSourceReading.weaker(other, repository)
                } else {
                    merged[place] = repository
                    order.append(place)
                }
            }
        }
        facts.repositories += order.compactMap { merged[$0] }
    }

    /// The package managers whose programs are in the subject; without any, the one whose configuration is.
    ///
    /// A `yum` beside dnf or tdnf is another name for it.
    private func installed() -> [Installed] {
        let hasDNF = ["dnf", "dnf5", "dnf-3", "microdnf"].contains { reader.exists(TreePath("/usr/bin/\($0)")) == true }
        let hasTDNF = reader.exists("/usr/bin/tdnf") == true
        let dnf: TreePath = "/etc/dnf/dnf.conf"
        let yum: TreePath = "/etc/yum.conf"
        let tdnf: TreePath = "/etc/tdnf/tdnf.conf"
        var result: [Installed] = []
        if hasDNF { result.append(Installed(manager: .dnf, configuration: dnf, hasProgram: true)) }
        if hasTDNF { result.append(Installed(manager: .tdnf, configuration: tdnf, hasProgram: true)) }
        if result.isEmpty, reader.exists("/usr/bin/yum") == true {
            result.append(Installed(manager: .yum, configuration: yum, hasProgram: true))
        }
        guard result.isEmpty else { return result }
        if reader.exists(dnf) != true, reader.exists(tdnf) == true {
            return [Installed(manager: .tdnf, configuration: tdnf, hasProgram: false)]
        }
        let hasYumOnly = reader.exists(dnf) != true && reader.exists(yum) == true
        return [Installed(manager: .dnf, configuration: hasYumOnly ? yum : dnf, hasProgram: false)]
    }

    private func repositories(
        _ installed: Installed, _ read: inout Set<TreePath>, _ facts: inout UpdateFacts
    ) -> [(Place, UpdateFacts.Repository)] {
        // What is wrong with a file is said once, however many managers read it.
        func document(_ path: TreePath, _ bytes: [UInt8]) -> INIDocument {
            let document = INIDocument(bytes, path: path.description)
            if read.insert(path).inserted { facts.gaps += document.diagnostics.map { Gap($0) } }
            return document
        }
        var gaps: [Gap] = []
        let main = reader.file(installed.configuration, gaps: &gaps).map { document(installed.configuration, $0) }
        var documents: [INIDocument] = []
        for directory in RPMSourceReading.directories(main, installed.manager) {
            for (path, bytes) in reader.files(in: directory, gaps: &gaps, where: { $0.hasSuffix(".repo") }) {
                documents.append(document(path, bytes))
            }
        }
        facts.gaps += gaps.filter { !facts.gaps.contains($0) }
        let resolved = RPMRepositories(manager: installed.manager, main: main, files: documents)
        let missing = installed.manager == .tdnf ? withoutPlugin(resolved, installed) : nil
        return resolved.repositories.map { repository in
            (Place(repository.position), self.repository(repository, missing))
        }
    }

    /// Where repositories are looked for: `reposdir` of dnf and yum, `repodir` of tdnf.
    private static func directories(_ main: INIDocument?, _ manager: RPMPackageManager) -> [TreePath] {
        let section = main?["main"]
        if let named = section?.values[manager == .tdnf ? "repodir" : "reposdir"]?.text {
            let paths = named.split { $0 == " " || $0 == "," || $0 == "\n" || $0 == "\t" }
            return paths.filter { $0.hasPrefix("/") }.map { TreePath(String($0)) }
        }
        return manager == .tdnf
            ? ["/etc/yum.repos.d"] : ["/etc/yum.repos.d", "/etc/yum/repos.d", "/etc/distro.repos.d"]
    }

    /// Why tdnf checks no metadata signature although a repository asks for it; nil when it does, or it is not known.
    ///
    /// The check is that of a plug-in, which needs `plugins=1`, its library and its own configuration
    /// (https://github.com/vmware/tdnf/wiki/Plugins).
    private func withoutPlugin(_ repositories: RPMRepositories, _ installed: Installed) -> Sourced<String>? {
        guard installed.hasProgram else { return nil }
        let name = "tdnfrepogpgcheck"
        if let plugins = repositories.tdnfPluginsEnabled, !plugins.value {
            let place = plugins.position.map { Place($0) } ?? Place(installed.configuration.description)
            return Sourced("tdnf loads no plug-ins (plugins=0)", place)
        }
        let found = ["/usr/lib64", "/usr/lib"].map {
            reader.exists(TreePath("\($0)/tdnf-plugins/\(name)/lib\(name).so"))
        }
        guard found.allSatisfy({ $0 == false }) else { return nil }
        return Sourced("the plug-in \(name) of tdnf is not installed", Place("/usr/lib/tdnf-plugins/\(name)"))
    }

    private func repository(
        _ repository: RPMRepository, _ missing: Sourced<String>?
    ) -> UpdateFacts.Repository {
        let place = Place(repository.position)
        var weaknesses: [Sourced<String>] = []
        let asksForMetadata = repository.metadataSignatures.value
        if asksForMetadata, let missing {
            weaknesses.append(Sourced("repo_gpgcheck=1 has no effect: \(missing.value)", missing.place))
        }
        let open = repository.urls.filter { ["http", "ftp"].contains($0.scheme ?? "") }
        if !asksForMetadata, let first = open.first {
            weaknesses.append(
                Sourced(
                    "its metadata comes over \(first.scheme ?? "http") without a signature", Place(first.position)))
        }
        return UpdateFacts.Repository(
            name: EscapedText(repository.id).description, system: "dnf", isEnabled: repository.enabled.value,
            checksPackages: repository.packageSignatures.value, checksMetadata: asksForMetadata,
            keys: repository.keys.map { key in
                key.localPath.map { keys.file(pattern: $0) } ?? keys.address(key.text)
            },
            addresses: repository.urls.map { EscapedText($0.text).description },
            checksCertificates: repository.certificateChecks.value, weaknesses: weaknesses, place: place)
    }

    /// The same repository under two managers: what either of them leaves open is open.
    private static func weaker(
        _ left: UpdateFacts.Repository, _ right: UpdateFacts.Repository
    ) -> UpdateFacts.Repository {
        // A repository that one manager does not use says nothing about it there.
        guard left.isEnabled == right.isEnabled else { return left.isEnabled ? left : right }
        var result = left
        result.checksPackages = left.checksPackages && right.checksPackages
        result.checksMetadata = left.checksMetadata && right.checksMetadata
        result.checksCertificates = left.checksCertificates && right.checksCertificates
        result.weaknesses += right.weaknesses.filter { !left.weaknesses.contains($0) }
        return result
    }
}
