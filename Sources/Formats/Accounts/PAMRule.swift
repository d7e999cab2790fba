import AssayBytes

/// What a PAM stack is asked to do.
public enum PAMModuleType: String, Hashable, Sendable, CaseIterable {
    /// To prove who the user is.
    case auth
    /// To judge whether the account may be used now.
    case account
    /// To prepare and end the session.
    case session
    /// To change the password.
    case password
}

/// What a module's result does to the stack.
public enum PAMControl: Hashable, Sendable {
    /// A failure fails the stack in the end.
    case required
    /// A failure fails the stack at once.
    case requisite
    /// A success ends the stack at once, if nothing failed before.
    case sufficient
    /// The result counts only when nothing else decides.
    case optional
    /// `[value=action …]`, in lower case, as written.
    case actions([String: String])
}

/// One line of a PAM configuration, pam.d(5).
public struct PAMRule: Hashable, Sendable {
    /// What the line does.
    public enum Content: Hashable, Sendable {
        /// Calls a module.
        case module(PAMControl, path: String, arguments: [String])
        /// Takes over the lines of the same type of another file.
        case include(String)
        /// The same, as a stack of its own.
        case substack(String)
        /// Debian's `@include`: takes over all lines of another file.
        case includeAll(String)
    }

    /// The service that the line is for; only lines of `/etc/pam.conf` name it.
    public let service: String?
    /// The type; nil only for `@include`.
    public let type: PAMModuleType?
    /// Whether a missing module is no error (a `-` before the type).
    public let isOptionalModule: Bool
    /// What the line does.
    public let content: Content
    /// Where the line begins.
    public let location: AccountLocation
}

/// A file of PAM rules: one of `/etc/pam.d`, or `/etc/pam.conf`.
///
/// The syntax is pam.d(5), http://www.linux-pam.org/Linux-PAM-html/sag-configuration-file.html.
public struct PAMFile: Hashable, Sendable {
    /// Which of the two forms a file has.
    public enum Form: Hashable, Sendable {
        /// A file of a directory: its name is the service.
        case directory
        /// `/etc/pam.conf`: the first word of each line is the service.
        case single
    }

    /// The rules in file order.
    public let rules: [PAMRule]
    /// Lines that are no rule: PAM makes the service fail there.
    public let malformed: [AccountLocation]
    /// Whether the whole file was read; false only for a file over the limits.
    public let isComplete: Bool

    /// Reads `bytes`; any bytes are accepted.
    public init(_ bytes: [UInt8], path: String, form: Form = .directory) {
        var rules: [PAMRule] = []
        var malformed: [AccountLocation] = []
        var isComplete = bytes.count <= AccountLimit.bytes
        for line in PAMFile.logicalLines(isComplete ? bytes : []) {
            guard rules.count < 100_000 else {
                isComplete = false
                break
            }
            let location = AccountLocation(path: path, line: line.number)
            let words = PAMFile.words(line.text)
            guard !words.isEmpty else { continue }
            if let rule = PAMFile.rule(words[...], form: form, location: location) {
                rules.append(rule)
            } else if malformed.count < AccountLimit.diagnostics {
                malformed.append(location)
            }
        }
        self.rules = rules
        self.malformed = malformed
        self.isComplete = isComplete
    }

    /// Joins lines that end in a backslash, and cuts comments off.
    private static func logicalLines(_ bytes: [UInt8]) -> [(number: Int, text: String)] {
        var result: [(number: Int, text: String)] = []
        var pending = ""
        var pendingNumber: Int?
        for line in TextLines(bytes) {
            var text = line.text.prefix { $0 != "#" }
            let hasComment = text.endIndex != line.text.endIndex
            text = trimmed(text)
            let continues = !hasComment && text.last == "\\"
            if continues { text = text.dropLast() }
            if pending.utf8.count + text.utf8.count <= 65_536 { pending += (pendingNumber == nil ? "" : " ") + text }
            let number = pendingNumber ?? line.number
            if continues {
                pendingNumber = number
            } else {
                if !pending.isEmpty { result.append((number, pending)) }
                pending = ""
                pendingNumber = nil
            }
        }
        if let number = pendingNumber, !pending.isEmpty { result.append((number, pending)) }
        return result
    }

    /// Splits at white space; `[…]` is one word without its brackets, in which `\]` is a bracket.
    ///
    /// A word that was in brackets begins with `[`, so that it is told from others.
    private static func words(_ text: String) -> [String] {
        var result: [String] = []
        var rest = text[...]
        while true {
            rest = rest.drop(while: isBlank)
            guard let first = rest.first else { return result }
            guard first == "[" else {
                let word = rest.prefix { !isBlank($0) }
                result.append(String(word))
                rest = rest[word.endIndex...]
                continue
            }
            var word = "["
            rest = rest.dropFirst()
            while let character = rest.popFirst(), character != "]" {
                if character == "\\", rest.first == "]" {
                    rest = rest.dropFirst()
                    word.append("]")
                } else {
                    word.append(character)
                }
            }
            result.append(word)
        }
    }

    private static func rule(_ words: ArraySlice<String>, form: Form, location: AccountLocation) -> PAMRule? {
        var words = words
        func make(_ service: String?, _ type: PAMModuleType?, _ optional: Bool, _ content: PAMRule.Content) -> PAMRule {
            PAMRule(
                service: service, type: type, isOptionalModule: optional, content: content, location: location)
        }
        if form == .directory, words.first?.lowercased() == "@include" {
            guard words.count == 2, let name = words.last else { return nil }
            return make(nil, nil, false, .includeAll(name))
        }
        let service = form == .single ? words.popFirst()?.lowercased() : nil
        guard var typeText = words.popFirst()?.lowercased(), let control = words.popFirst(),
            let target = words.popFirst()
        else { return nil }
        let isOptionalModule = typeText.hasPrefix("-")
        if isOptionalModule { typeText.removeFirst() }
        guard let type = PAMModuleType(rawValue: typeText) else { return nil }
        let arguments = words.map { $0.hasPrefix("[") ? String($0.dropFirst()) : $0 }
        func module(_ control: PAMControl) -> PAMRule {
            make(service, type, isOptionalModule, .module(control, path: target, arguments: arguments))
        }
        switch control.lowercased() {
        case "required": return module(.required)
        case "requisite": return module(.requisite)
        case "sufficient": return module(.sufficient)
        case "optional": return module(.optional)
        case "include": return make(service, type, isOptionalModule, .include(target))
        case "substack": return make(service, type, isOptionalModule, .substack(target))
        case let text where text.hasPrefix("["):
            var actions: [String: String] = [:]
            for pair in text.dropFirst().split(whereSeparator: isBlank) {
                guard let equals = pair.firstIndex(of: "=") else { return nil }
                actions[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            return module(.actions(actions))
        default: return nil
        }
    }
}
