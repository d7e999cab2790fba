import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayPackageSources

/// Reads the sources and security settings of apt.
struct AptSourceReading {
    let reader: SubjectReader
    let keys: UpdateKeys

    /// Settings that lead apt to other files than those that are read here (apt.conf(5), DIRECTORIES).
    private static let relocations = [
        "Dir::Etc", "Dir::Etc::sourcelist", "Dir::Etc::sourceparts", "Dir::Etc::trusted", "Dir::Etc::trustedparts",
        "Dir::Etc::main", "Dir::Etc::parts",
    ]

    func collect(_ facts: inout UpdateFacts) {
        guard reader.exists("/etc/apt") != false else { return }
        let configuration = self.configuration(&facts.gaps)
        let security = AptSecurity(configuration)
        for setting in security.unsafe where !setting.name.lowercased().hasPrefix("acquire::https") {
            let place = setting.position.map { Place($0) } ?? Place("/etc/apt/apt.conf")
            facts.weaknesses.append(
                Sourced("\(EscapedText(setting.name)) is \(setting.value ? "true" : "false")", place))
        }
        for name in AptSourceReading.relocations {
            guard let value = configuration[name], !value.text.isEmpty else { continue }
            facts.gaps.append(
                Gap(Place(value.position), reason: "\(name) leads apt to other files, which are not looked for"))
        }
        var seen: Set<UpdateFacts.Repository> = []
        for document in documents(&facts.gaps) {
            facts.gaps += document.diagnostics.map { Gap($0) }
            for source in document.sources {
                let repository = repository(source, configuration, security)
                // deb and deb-src of one stanza are authenticated by the same index.
                if seen.insert(repository).inserted { facts.repositories.append(repository) }
            }
        }
    }

    private func configuration(_ gaps: inout [Gap]) -> AptConfiguration {
        var configuration = AptConfiguration()
        let parts = reader.files(
            in: "/etc/apt/apt.conf.d", gaps: &gaps, where: AptConfiguration.isPartName)
        for (path, bytes) in parts { configuration.read(bytes, path: path.description) }
        if let bytes = reader.file("/etc/apt/apt.conf", gaps: &gaps) {
            configuration.read(bytes, path: "/etc/apt/apt.conf")
        }
        gaps += configuration.diagnostics.map { Gap($0) }
        return configuration
    }

    private func documents(_ gaps: inout [Gap]) -> [AptSources] {
        var documents: [AptSources] = []
        if let bytes = reader.file("/etc/apt/sources.list", gaps: &gaps) {
            documents.append(AptSources(bytes, path: "/etc/apt/sources.list"))
        }
        let parts = reader.files(in: "/etc/apt/sources.list.d", gaps: &gaps, where: AptSourceReading.isSourcePart)
        return documents + parts.map { AptSources($0.bytes, path: $0.path.description) }
    }

    /// Whether apt reads a file of this name: letters, digits, `_`, `-`, `.`, and an ending that it knows.
    private static func isSourcePart(_ name: String) -> Bool {
        guard name.hasSuffix(".list") || name.hasSuffix(".sources") else { return false }
        return name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x5F || byte == 0x2D || byte == 0x2E
        }
    }

    private func repository(
        _ source: AptSource, _ configuration: AptConfiguration, _ security: AptSecurity
    ) -> UpdateFacts.Repository {
        let place = Place(source.position)
        var weaknesses: [Sourced<String>] = []
        func note(_ text: String, when isWeak: Bool) { if isWeak { weaknesses.append(Sourced(text, place)) } }
        note("trusted=yes", when: source.trusted == true)
        note("allow-insecure=yes accepts it unsigned", when: source.allowsInsecure == true)
        note("allow-weak=yes accepts weak hashes", when: source.allowsWeak == true)
        note(
            "allow-downgrade-to-insecure=yes lets it become unsigned", when: source.allowsDowngradeToInsecure == true)
        note("check-valid-until=no accepts old indexes", when: source.checksValidUntil == false)
        note("check-date=no accepts indexes of any date", when: source.checksDate == false)
        let isUnsignedAccepted =
            source.allowsInsecure ?? security["Acquire::AllowInsecureRepositories"]?.value ?? false
        let isChecked = source.trusted != true && !isUnsignedAccepted
        return UpdateFacts.Repository(
            name: EscapedText("\(source.uri) \(source.suite)").description, system: "apt",
            isEnabled: source.isEnabled, checksPackages: isChecked, checksMetadata: isChecked, keys: keys(of: source),
            addresses: [EscapedText(source.uri).description],
            checksCertificates: checksCertificates(source, security), weaknesses: weaknesses, place: place)
    }

    private func keys(of source: AptSource) -> [UpdateFacts.Key] {
        switch source.signedBy {
        case .anyTrustedKey: keys.aptDefaults()
        case .embedded: [UpdateFacts.Key(name: source.position.path, exists: true)]
        // Fingerprints without a file choose among the default keyrings.
        case .keys(let files, _): files.isEmpty ? keys.aptDefaults() : files.map { keys.file($0) }
        }
    }

    /// Certificates matter for https alone; what is said of the host counts before what is said of all.
    private func checksCertificates(_ source: AptSource, _ security: AptSecurity) -> Bool {
        guard source.scheme == "https" else { return true }
        let host = source.uri.dropFirst("https://".count).prefix { $0 != "/" && $0 != ":" }
        return ["Verify-Peer", "Verify-Host"].allSatisfy { name in
            let specific = security.settings.first {
                $0.name.lowercased() == "acquire::https::\(host)::\(name)".lowercased()
            }
            return specific?.isSafe ?? security["Acquire::https::\(name)"]?.isSafe ?? true
        }
    }
}
