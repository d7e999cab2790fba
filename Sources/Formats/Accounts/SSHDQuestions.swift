/// A setting of sshd that Assay asks for.
public enum SSHDQuestion: String, Hashable, Sendable, CaseIterable {
    /// Whether a password is accepted.
    case passwordAuthentication = "passwordauthentication"
    /// Whether a dialogue, in practice PAM's password prompt, is accepted.
    case keyboardInteractiveAuthentication = "kbdinteractiveauthentication"
    /// Whether root may log in, and how.
    case permitRootLogin = "permitrootlogin"
    /// Whether a key is accepted.
    case publicKeyAuthentication = "pubkeyauthentication"
    /// Whether PAM judges accounts and sessions.
    case usePAM = "usepam"
    /// Whether an account without a password may log in.
    case permitEmptyPasswords = "permitemptypasswords"

    /// The value when no line sets it, as upstream OpenSSH compiles it (8.7 and later).
    ///
    /// A distribution may have changed it: `UsePAM` is set in Debian's and Fedora's own files.
    public var standard: String {
        switch self {
        case .passwordAuthentication, .keyboardInteractiveAuthentication, .publicKeyAuthentication: "yes"
        case .permitRootLogin: "prohibit-password"
        case .usePAM, .permitEmptyPasswords: "no"
        }
    }

    /// The names that sshd accepts for the keyword, in lower case.
    var keywords: [String] {
        switch self {
        case .keyboardInteractiveAuthentication:
            [rawValue, "challengeresponseauthentication", "skeyauthentication"]
        case .publicKeyAuthentication: [rawValue, "dsaauthentication"]
        default: [rawValue]
        }
    }

    private var values: [String: String] {
        var values = ["yes": "yes", "no": "no"]
        if self == .permitRootLogin {
            values["prohibit-password"] = "prohibit-password"
            values["without-password"] = "prohibit-password"
            values["forced-commands-only"] = "forced-commands-only"
        }
        return values
    }

    /// The value in its usual spelling, or nil when sshd does not take it.
    func value(_ text: String) -> String? { values[text.lowercased()] }

    private static let byKeyword: [String: SSHDQuestion] = {
        var result: [String: SSHDQuestion] = [:]
        for question in allCases {
            for keyword in question.keywords { result[keyword] = question }
        }
        return result
    }()

    static func question(for keyword: String) -> SSHDQuestion? { byKeyword[keyword] }

    /// Why sshd refuses `directive`; nil when it does not, or when the keyword is none of these.
    static func problem(of directive: SSHDDirective) -> SSHDConfiguration.Problem.Reason? {
        guard let question = question(for: directive.keyword), let first = directive.arguments.first else { return nil }
        let isGlobal = question == .usePAM || directive.keyword == "dsaauthentication"
        if isGlobal, !directive.isActiveAtStart { return .notInMatch(directive.keyword) }
        guard question.value(first) != nil else { return .badValue(keyword: directive.keyword, value: first) }
        return directive.arguments.count > 1 ? .extraArguments(directive.keyword) : nil
    }
}

extension SSHDConfiguration {
    /// The answer to one question.
    public struct Answer: Hashable, Sendable {
        /// The value in its usual spelling: `yes`, `no`, `prohibit-password` or `forced-commands-only`.
        public let value: String
        /// The line that sets it; nil when it is the default.
        public let location: AccountLocation?
    }

    /// The value in force for connections that no `Match` block but `Match all` names.
    ///
    /// The first value in `Match all` wins over the first one outside of all blocks, since sshd reads blocks again for
    /// each connection; only `UsePAM` is settled when sshd starts.
    public func answer(_ question: SSHDQuestion) -> Answer {
        let given = directives.filter { question.keywords.contains($0.keyword) }
        let directive =
            question == .usePAM
            ? given.first { $0.isActiveAtStart && question.value($0.arguments.first ?? "") != nil }
            : first(question, given, in: "all") ?? first(question, given, in: nil)
        guard let directive, let value = directive.arguments.first.flatMap({ question.value($0) }) else {
            return Answer(value: question.standard, location: nil)
        }
        return Answer(value: value, location: directive.location)
    }

    private func first(_ question: SSHDQuestion, _ given: [SSHDDirective], in match: String?) -> SSHDDirective? {
        given.first { $0.match == match && question.value($0.arguments.first ?? "") != nil }
    }

    /// The values that `Match` blocks other than `Match all` give, in the order in which sshd reads them.
    ///
    /// For the connections that a block names its value wins over those outside of all blocks.
    public func overrides(of question: SSHDQuestion) -> [SSHDDirective] {
        directives.filter { $0.match != nil && $0.match != "all" && question.keywords.contains($0.keyword) }
    }
}
