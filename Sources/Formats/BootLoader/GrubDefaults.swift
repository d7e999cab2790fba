/// `/etc/default/grub` and `/etc/default/grub.d/*.cfg`: shell assignments that the next grub-mkconfig reads.
///
/// They say nothing about the next boot: only `grub.cfg` does. Assignments, `export` and `+=` are understood; a command,
/// an `if` or a substitution makes the values that it may touch doubtful.
public struct GrubDefaults: Hashable, Sendable {
    /// A file, in the order in which grub-mkconfig sources them.
    public struct File: Hashable, Sendable {
        /// The path, for locations.
        public let path: String
        /// The bytes.
        public let bytes: [UInt8]

        /// Makes a file.
        public init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// A variable after all files.
    public struct Variable: Hashable, Sendable {
        /// The value, with what in it is not known.
        public let value: GrubValue
        /// Where it was assigned, first to last.
        public let assignments: [GrubLocation]
    }

    /// The variables by name.
    public let variables: [String: Variable]
    /// Lines that were not understood.
    public let diagnostics: [GrubDiagnostic]

    /// Reads `files` in order: `/etc/default/grub`, then the `*.cfg` of `grub.d` sorted by name.
    public init(_ files: [File]) {
        var variables: [String: Variable] = [:]
        var diagnostics: [GrubDiagnostic] = []
        for file in files {
            var words = ShellWords(file.bytes)
            while let command = words.command() {
                let location = GrubLocation(path: file.path, line: command.line)
                var assigned = false
                for word in command.words {
                    guard let (name, isAppending) = word.assignment else { continue }
                    assigned = true
                    var value = isAppending ? variables[name]?.value ?? GrubValue("") : GrubValue("")
                    for piece in word.pieces {
                        switch piece {
                        case .text(let text): value.append(text, doubts: GrubDefaults.placeholders(in: text))
                        case .variable(let other):
                            if let known = variables[other]?.value { value.append(known) }
                        case .unknown(let text):
                            value.append(
                                text,
                                doubts: [GrubDoubt(kind: .variable, token: text, reason: "a substitution of the shell")]
                            )
                        }
                    }
                    // A value that a condition guards may also be the one before.
                    if command.isGuarded {
                        value.append(
                            "", doubts: [GrubDoubt(kind: .replaceable, token: name, reason: "set under a condition")])
                    }
                    guard variables.count < 1024 || variables[name] != nil else { continue }
                    let before = variables[name]?.assignments.suffix(63) ?? []
                    variables[name] = Variable(value: value, assignments: before + [location])
                }
                if !assigned, !command.isKeyword, diagnostics.count < 256 {
                    diagnostics.append(GrubDiagnostic(message: "a command is not evaluated", location: location))
                }
            }
            for line in words.unterminated {
                diagnostics.append(
                    GrubDiagnostic(
                        message: "a quoted string has no end", location: GrubLocation(path: file.path, line: line)))
            }
        }
        self.variables = variables
        self.diagnostics = diagnostics
    }

    /// What grub-mkconfig would put on the command line of a normal entry: `GRUB_CMDLINE_LINUX`, then `…_DEFAULT`.
    public var commandLine: GrubValue {
        var result = variables["GRUB_CMDLINE_LINUX"]?.value ?? GrubValue("")
        if let more = variables["GRUB_CMDLINE_LINUX_DEFAULT"]?.value, !more.text.isEmpty {
            if !result.text.isEmpty { result.append(" ", doubts: []) }
            result.append(more)
        }
        return result
    }

    /// What it would put on the command line of a recovery entry: only `GRUB_CMDLINE_LINUX`, after `single`.
    public var recoveryCommandLine: GrubValue {
        var result = GrubValue("single")
        if let value = variables["GRUB_CMDLINE_LINUX_RECOVERY"]?.value { result = value }
        if let more = variables["GRUB_CMDLINE_LINUX"]?.value, !more.text.isEmpty {
            result.append(" ", doubts: [])
            result.append(more)
        }
        return result
    }

    /// The `{{…}}` of a template in `text`.
    private static func placeholders(in text: String) -> [GrubDoubt] {
        var doubts: [GrubDoubt] = []
        let bytes = Array(text.utf8)
        var start: Int?
        var index = 0
        while index + 1 < bytes.count {
            let pair = (bytes[index], bytes[index + 1])
            if start == nil, pair == (0x7B, 0x7B) {
                start = index
                index += 1
            } else if let first = start, pair == (0x7D, 0x7D) {
                let token = String(decoding: bytes[first...(index + 1)], as: UTF8.self)
                if doubts.count < 64 {
                    doubts.append(
                        GrubDoubt(kind: .placeholder, token: token, reason: "a template that was not filled in"))
                }
                start = nil
                index += 1
            }
            index += 1
        }
        return doubts
    }
}
