import AssayBytes

/// The repositories of a system, resolved for one package manager.
///
/// What is inherited, by the managers' documentation and sources:
/// - dnf: a repository takes from `[main]` what it does not say; `gpgcheck`, `repo_gpgcheck`, `localpkg_gpgcheck` and
///   `skip_if_unavailable` are false, `sslverify` and `enabled` true when neither says.
///   https://dnf.readthedocs.io/en/latest/conf_ref.html
/// - yum 3: as dnf. https://man7.org/linux/man-pages/man5/yum.conf.5.html
/// - tdnf: `gpgcheck` is true and `enabled` and `skip_if_unavailable` false unless the repository says otherwise;
///   `[main]` gives `sslverify` only; only `1` and `true` are true, so that `gpgcheck=yes` turns the check *off*.
///   https://github.com/vmware/tdnf (client/repolist.c, client/defines.h)
public struct RPMRepositories: Hashable, Sendable {
    /// Who reads them.
    public let manager: RPMPackageManager
    /// The repositories in the order of the files; ids that occur again are listed again, with a diagnostic.
    public let repositories: [RPMRepository]
    /// Whether a package from a local file is checked (`localpkg_gpgcheck`); tdnf has no such setting.
    public let localPackageSignatures: RepositorySetting<Bool>?
    /// Whether tdnf loads plug-ins, without which it never checks metadata signatures; nil for the others.
    public let tdnfPluginsEnabled: RepositorySetting<Bool>?
    /// What cannot be read or does not mean what it seems to.
    public let diagnostics: [SourceDiagnostic]

    /// Resolves `files` and the section `[main]` of `main`.
    ///
    /// - Parameters:
    ///   - manager: whose rules count.
    ///   - main: `/etc/dnf/dnf.conf`, `/etc/yum.conf` or `/etc/tdnf/tdnf.conf`; nil when there is none. Repositories in
    ///     it count too.
    ///   - files: the `.repo` files, in the order of their names.
    public init(manager: RPMPackageManager, main: INIDocument?, files: [INIDocument]) {
        var resolver = RepositoryResolver(manager: manager, main: main?["main"])
        var repositories: [RPMRepository] = []
        var seen: [String: SourcePosition] = [:]
        for document in (main.map { [$0] } ?? []) + files {
            resolver.diagnostics += document.diagnostics
            for section in document.sections where section.name != "main" {
                let repository = resolver.repository(section)
                if let first = seen[section.name] {
                    resolver.report(
                        section.position, "'\(EscapedText(section.name))' is defined at \(first) already")
                } else {
                    seen[section.name] = section.position
                }
                repositories.append(repository)
            }
        }
        self.manager = manager
        self.repositories = repositories
        localPackageSignatures = manager == .tdnf ? nil : resolver.mainSetting("localpkg_gpgcheck", builtIn: false)
        tdnfPluginsEnabled = manager == .tdnf ? resolver.mainSetting("plugins", builtIn: false) : nil
        diagnostics = resolver.diagnostics
    }
}

/// The rules of one package manager.
private struct RepositoryResolver {
    let manager: RPMPackageManager
    let main: INIDocument.Section?
    var diagnostics: [SourceDiagnostic] = []

    mutating func report(_ position: SourcePosition, _ reason: String) {
        guard diagnostics.count < SourceLimits.diagnostics * 4 else { return }
        diagnostics.append(SourceDiagnostic(position: position, reason: reason))
    }

    mutating func repository(_ section: INIDocument.Section) -> RPMRepository {
        let isTDNF = manager == .tdnf
        let urls = [RepositoryURL.Role.baseURL, .metalink, .mirrorList].flatMap { self.urls(section, $0) }
        // dnf 5 has a second name for gpgcheck, which wins where both are given.
        let checkKey = !isTDNF && section.values["pkg_gpgcheck"] != nil ? "pkg_gpgcheck" : "gpgcheck"
        return RPMRepository(
            id: section.name, position: section.position, name: section.values["name"]?.text,
            enabled: setting(section, "enabled", inherits: !isTDNF, builtIn: !isTDNF),
            packageSignatures: setting(section, checkKey, inherits: !isTDNF, builtIn: isTDNF),
            metadataSignatures: setting(section, "repo_gpgcheck", inherits: !isTDNF, builtIn: false),
            certificateChecks: setting(section, "sslverify", inherits: true, builtIn: true),
            skipIfUnavailable: setting(section, "skip_if_unavailable", inherits: !isTDNF, builtIn: false),
            keys: self.urls(section, .key), urls: urls)
    }

    mutating func mainSetting(_ key: String, builtIn: Bool) -> RepositorySetting<Bool> {
        if let value = main?.values[key], let isTrue = boolean(value, key) {
            return RepositorySetting(value: isTrue, origin: .main(value.position))
        }
        return RepositorySetting(value: builtIn, origin: .builtIn(manager))
    }

    private mutating func setting(
        _ section: INIDocument.Section, _ key: String, inherits: Bool, builtIn: Bool
    ) -> RepositorySetting<Bool> {
        if let value = section.values[key], let isTrue = boolean(value, key) {
            return RepositorySetting(value: isTrue, origin: .repository(value.position))
        }
        guard inherits else { return RepositorySetting(value: builtIn, origin: .builtIn(manager)) }
        // In [main] too the second name of dnf 5 counts.
        if manager != .tdnf, key == "gpgcheck" || key == "pkg_gpgcheck", main?.values["pkg_gpgcheck"] != nil {
            return mainSetting("pkg_gpgcheck", builtIn: builtIn)
        }
        return mainSetting(key, builtIn: builtIn)
    }

    /// The truth of a value in the manager's own words, or nil for one that the manager ignores.
    private mutating func boolean(_ value: INIDocument.Value, _ key: String) -> Bool? {
        let word = value.text.lowercased()
        if manager == .tdnf {
            if !["1", "true", "0", "false"].contains(word) {
                report(value.position, "tdnf reads '\(key)=\(EscapedText(value.text))' as false")
            }
            return word == "1" || word == "true"
        }
        if ["1", "yes", "true", "on"].contains(word) { return true }
        if ["0", "no", "false", "off"].contains(word) { return false }
        report(value.position, "'\(key)=\(EscapedText(value.text))' is neither true nor false and is ignored")
        return nil
    }

    private func urls(_ section: INIDocument.Section, _ role: RepositoryURL.Role) -> [RepositoryURL] {
        guard let value = section.values[role.rawValue] else { return [] }
        let texts =
            role == .metalink || role == .mirrorList
            ? [String(value.text[...].trimmed)] : value.text[...].words(commas: true)
        return texts.filter { !$0.isEmpty }.map {
            RepositoryURL(role: role, text: $0, scheme: urlScheme($0), position: value.position)
        }
    }
}
