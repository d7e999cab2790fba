import AssayAccounts
import AssayBytes
import AssayFacts
import AssayFileSystem

/// Reads how passwords are stored and hashed, and which logins get directories of their own.
struct AccountCollector {
    static let shadow: TreePath = "/etc/shadow"
    static let passwd: TreePath = "/etc/passwd"
    static let loginDefinitions: TreePath = "/etc/login.defs"

    let reader: SubjectReader

    init(_ reader: SubjectReader) { self.reader = reader }

    func collect() -> AccountFacts {
        var gaps: [Gap] = []
        let passwords = passwords(&gaps)
        let pam = AccountPAM(reader)
        gaps += pam.gaps
        var facts = AccountFacts(
            passwords: passwords, loginDefsMethod: loginMethod(), pamMethod: pam.passwordMethod())
        facts.gaps = gaps
        collectNamespaces(&facts)
        pam.collectSessions(&facts)
        facts.namespaceModule = namespaceModule()
        return facts
    }

    /// The stored hashes, of which only the method is kept.
    ///
    /// A password field of passwd other than `x` counts instead of the user's line in shadow.
    private func passwords(_ gaps: inout [Gap]) -> Observation<[AccountFacts.Password]> {
        let place = Place(AccountCollector.shadow.description)
        var inline: [AccountFacts.Password] = []
        switch reader.bytes(AccountCollector.passwd, limit: 32 << 20) {
        case .absent: break
        case .unreadable(let reason):
            gaps.append(Gap(Place(AccountCollector.passwd.description), reason: reason))
        case .found(let bytes):
            let file = PasswdFile(bytes)
            gaps += AccountCollector.gaps(file.diagnostics)
            var seen: Set<String> = []
            for entry in file.entries where seen.insert(entry.name).inserted {
                guard let scheme = AccountCollector.scheme(entry.password) else { continue }
                inline.append(password(entry.name, scheme, entry.location))
            }
        }
        switch reader.bytes(AccountCollector.shadow, limit: 32 << 20) {
        case .absent:
            return inline.isEmpty ? .absent(place) : .found(inline, Place(AccountCollector.passwd.description))
        case .unreadable(let reason):
            // What passwd itself holds is known all the same.
            guard inline.contains(where: { $0.scheme != "locked" && $0.scheme != "disabled" }) else {
                return .unreadable(place, reason: reason)
            }
            gaps.append(Gap(place, reason: reason))
            return .found(inline, Place(AccountCollector.passwd.description))
        case .found(let bytes):
            let file = ShadowFile(bytes)
            gaps += AccountCollector.gaps(file.diagnostics)
            var seen = Set(inline.map(\.user))
            var all = inline
            for entry in file.entries where seen.insert(EscapedText(entry.name).description).inserted {
                guard let scheme = AccountCollector.scheme(entry.password) else { continue }
                all.append(password(entry.name, scheme, entry.location))
            }
            return .found(all, place)
        }
    }

    private func password(_ user: String, _ scheme: String, _ location: AccountLocation) -> AccountFacts.Password {
        AccountFacts.Password(user: EscapedText(user).description, scheme: scheme, place: Place(location))
    }

    /// The method's name; `disabled` for what no password fits, nil when another file has the hash.
    static func scheme(_ field: PasswordField) -> String? {
        switch field {
        case .empty: "empty"
        case .locked: "locked"
        case .hashed(let hash): hash.isWellFormed ? hash.scheme.rawValue : "disabled"
        case .shadowed: nil
        case .unrecognized: "disabled"
        }
    }

    /// Lines that are no entry, except those of NIS, which name users that are not the subject's own.
    private static func gaps(_ diagnostics: [AccountDiagnostic]) -> [Gap] {
        diagnostics.compactMap { diagnostic in
            let reason: String? =
                switch diagnostic.reason {
                case .wrongFieldCount(let count): "a line of \(count) fields"
                case .noName: "a user without a name"
                case .badNumber: "a user or group number that is no number"
                case .nisCompatibility: nil
                case .tooLarge: "too large"
                }
            return reason.map { Gap(Place(diagnostic.location), reason: $0) }
        }
    }

    /// `ENCRYPT_METHOD` as written; an empty value is none.
    private func loginMethod() -> Observation<String> {
        let path = AccountCollector.loginDefinitions
        switch reader.bytes(path) {
        case .absent: return .absent(Place(path.description))
        case .unreadable(let reason): return .unreadable(Place(path.description), reason: reason)
        case .found(let bytes):
            let definitions = LoginDefinitions(bytes)
            guard definitions.isComplete else { return .unreadable(Place(path.description), reason: "too large") }
            guard let setting = definitions.setting("ENCRYPT_METHOD"), !setting.value.isEmpty else {
                return .absent(Place(path.description))
            }
            return .found(EscapedText(setting.value).description, Place(setting.location))
        }
    }

    private func collectNamespaces(_ facts: inout AccountFacts) {
        var paths: [TreePath] = ["/etc/security/namespace.conf"]
        let directory: TreePath = "/etc/security/namespace.d"
        switch reader.entries(directory) {
        case .absent: break
        case .unreadable(let reason): facts.gaps.append(Gap(Place(directory.description), reason: reason))
        case .found(let entries):
            paths += entries.filter { $0.text.hasSuffix(".conf") }.map { directory.appending($0.name) }
        }
        for path in paths.prefix(1000) {
            switch reader.bytes(path) {
            case .absent: continue
            case .unreadable(let reason): facts.gaps.append(Gap(Place(path.description), reason: reason))
            case .found(let bytes):
                let configuration = NamespaceConfiguration(bytes, path: path.description)
                facts.gaps += configuration.malformed.map { Gap(Place($0), reason: "pam_namespace refuses the line") }
                for entry in configuration.entries {
                    facts.polyinstantiatedDirectories.append(
                        Sourced(EscapedText(entry.directory).description, Place(entry.location)))
                    if let gap = parentGap(entry) { facts.gaps.append(gap) }
                }
            }
        }
    }

    /// pam_namespace(8): the directory that holds the instances belongs to root and has mode 000, or no session opens.
    ///
    /// One that is not there is made.
    private func parentGap(_ entry: NamespaceConfiguration.Entry) -> Gap? {
        guard entry.method != .tmpfs, entry.instancePrefix.hasPrefix("/"), !entry.instancePrefix.contains("$") else {
            return nil
        }
        let prefix = TreePath(entry.instancePrefix)
        let parent = entry.instancePrefix.hasSuffix("/") ? prefix : prefix.parent
        guard let status = reader.status(parent).value, status.mode & 0o777 != 0 else { return nil }
        return Gap(
            Place(entry.location),
            reason:
                "\(parent.description) has mode \(String(status.mode & 0o7777, radix: 8)), not the 000 that it must have"
        )
    }

    private func namespaceModule() -> Place? {
        var directories: [TreePath] = []
        for parent: TreePath in ["/usr/lib", "/usr/lib64", "/lib", "/lib64"] {
            directories.append(parent.appending("security"))
            for entry in reader.entries(parent).value ?? [] where entry.text.contains("-linux-") {
                directories.append(parent.appending(entry.name).appending("security"))
            }
        }
        return reader.first(of: directories.map { $0.appending("pam_namespace.so") }).map { Place($0.description) }
    }
}
