import AssayAccounts
import AssayBytes
import AssayFacts
import AssayFileSystem

extension Place {
    /// The place of a line of an account's or login service's file.
    init(_ location: AccountLocation) {
        self.init(EscapedText(location.path).description, line: location.line)
    }
}

/// Reads the SSH server's effective configuration.
struct SSHCollector {
    static let programs: [TreePath] = [
        "/usr/sbin/sshd", "/usr/bin/sshd", "/sbin/sshd", "/usr/lib/ssh/sshd", "/usr/libexec/sshd",
        "/usr/local/sbin/sshd",
    ]
    /// The configuration; the second is where distributions with a `/usr` of the vendor's keep theirs.
    static let configurations: [TreePath] = ["/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config"]
    /// The place of a value that no line sets.
    static let standard = Place("sshd default")

    let reader: SubjectReader

    init(_ reader: SubjectReader) { self.reader = reader }

    func collect() -> SSHFacts {
        let isInstalled = reader.first(of: SSHCollector.programs) != nil
        var facts = SSHFacts(isInstalled: isInstalled, settings: [:], conditional: [])
        // A configuration whose existence cannot be told is not passed over.
        let paths = SSHCollector.configurations.filter { reader.exists($0) != false }
        guard let path = paths.first else {
            guard isInstalled else { return facts }
            facts.gaps.append(Gap(Place("/etc/ssh/sshd_config"), reason: "no such file, so sshd does not start"))
            return facts
        }
        switch reader.bytes(path) {
        case .absent: break
        case .unreadable(let reason): facts.gaps.append(Gap(Place(path.description), reason: reason))
        case .found(let bytes): read(bytes, path, &facts)
        }
        return facts
    }

    private func read(_ bytes: [UInt8], _ path: TreePath, _ facts: inout SSHFacts) {
        var gaps: [Gap] = []
        let configuration = SSHDConfiguration(bytes, path: path.description) { pattern in
            var files: [(path: String, bytes: [UInt8])] = []
            for path in SSHInclude(reader).paths(of: pattern, &gaps) {
                switch reader.bytes(path) {
                // sshd passes over a directory that its pattern matches, as over a file that is not there.
                case .absent: continue
                case .found(let bytes): files.append((path.description, bytes))
                case .unreadable(let reason): gaps.append(Gap(Place(path.description), reason: reason))
                }
            }
            return files
        }
        facts.gaps += gaps
        facts.gaps += configuration.problems.map { problem in
            Gap(Place(problem.location), reason: SSHCollector.words(problem.reason))
        }
        for question in SSHDQuestion.allCases {
            let answer = configuration.answer(question)
            facts.settings[question.rawValue] = Sourced(
                answer.value, answer.location.map { Place($0) } ?? SSHCollector.standard)
            for override in configuration.overrides(of: question) {
                let value = EscapedText((override.arguments.first ?? "").lowercased()).description
                guard value != answer.value else { continue }
                let criteria = EscapedText(override.match ?? "").description
                facts.conditional.append(
                    Sourced("\(question.rawValue) \(value) (Match \(criteria))", Place(override.location)))
            }
        }
        // The methods that sshd demands together are no question of the format: any text is a list of them.
        let methods = configuration.directives.filter { $0.keyword == "authenticationmethods" }
        if let given = methods.first(where: { $0.match == "all" }) ?? methods.first(where: { $0.match == nil }) {
            facts.settings["authenticationmethods"] = Sourced(
                EscapedText(given.arguments.joined(separator: " ").lowercased()).description, Place(given.location))
        }
        for override in methods where override.match != nil && override.match != "all" {
            let value = EscapedText(override.arguments.joined(separator: " ").lowercased()).description
            let criteria = EscapedText(override.match ?? "").description
            facts.conditional.append(
                Sourced("authenticationmethods \(value) (Match \(criteria))", Place(override.location)))
        }
    }

    private static func words(_ reason: SSHDConfiguration.Problem.Reason) -> String {
        switch reason {
        case .missingArgument(let keyword): "sshd refuses \(EscapedText(keyword).description) without a value"
        case .unbalancedQuote: "sshd refuses a quote that never closes"
        case .badValue(let keyword, let value):
            "sshd refuses \(EscapedText(keyword).description) \(EscapedText(value).description)"
        case .extraArguments(let keyword): "sshd refuses more than one value of \(EscapedText(keyword).description)"
        case .notInMatch(let keyword): "sshd refuses \(EscapedText(keyword).description) in a Match block"
        case .tooDeep: "includes are nested too deep"
        case .tooLarge: "the configuration is too large"
        }
    }
}
