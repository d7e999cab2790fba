/// Runs the statements of scripts: control flow, expansion and bounds.
///
/// The commands are in `GrubCommands.swift`.
struct GrubEvaluator {
    static let deepest = 96
    /// What distributions generate takes a few thousand; a step may copy the whole state, so this bounds the time too.
    static let mostSteps = 50_000
    static let mostWords = 4096
    static let largestScript = 1 << 20
    static let mostEntries = 4096

    let files: (String) -> GrubFile
    var state = GrubState()
    var lookups: [GrubLookup] = []
    var unknownCommands: Set<String> = []
    var diagnostics: [GrubDiagnostic] = []
    var missing: [String] = []
    var submenuDefaults: [[Int]: GrubValue] = [:]
    var path = ""
    private var depth = 0
    private var steps = 0

    init(files: @escaping (String) -> GrubFile) { self.files = files }

    // MARK: Bounds

    /// Counts `count` steps of work; false when the bound is passed.
    mutating func step(_ count: Int = 1) -> Bool {
        guard steps < GrubEvaluator.mostSteps else {
            if !state.missing.contains("the script does too much") { state.missing.append("the script does too much") }
            state.hasEnded = true
            return false
        }
        steps += count
        return true
    }

    /// Notes what was not understood; only the first few are kept.
    mutating func note(_ message: String, line: Int) {
        guard diagnostics.count < 256 else { return }
        diagnostics.append(GrubDiagnostic(message: message, location: GrubLocation(path: path, line: line)))
    }

    // MARK: Files and blocks

    /// Parses and runs `bytes` with the current state.
    mutating func runFile(_ bytes: [UInt8], path newPath: String) {
        guard bytes.count <= GrubEvaluator.largestScript else {
            state.missing.append("script '\(newPath)' of \(bytes.count) bytes is too large")
            return
        }
        guard step(1 + bytes.count / 256) else { return }
        let outer = path
        path = newPath
        var parser = GrubParser(bytes)
        let script = parser.script()
        for (line, message) in parser.diagnostics { note(message, line: line) }
        if !parser.diagnostics.isEmpty, !state.missing.contains("script '\(newPath)' has syntax errors") {
            state.missing.append("script '\(newPath)' has syntax errors")
        }
        run(script)
        path = outer
    }

    mutating func run(_ statements: [GrubStatement]) {
        guard depth < GrubEvaluator.deepest else {
            state.missing.append("nested too deeply")
            state.hasEnded = true
            return
        }
        depth += 1
        for statement in statements {
            guard !state.hasReturned, !state.hasEnded, step() else { break }
            run(statement)
        }
        depth -= 1
    }

    private mutating func run(_ statement: GrubStatement) {
        switch statement {
        case .command(let words, let block, let line): command(words, block: block, line: line)
        case .function(let name, let body): if state.functions.count < 1024 { state.functions[name] = body }
        case .conditional(let branches, let otherwise, let line):
            conditional(branches, otherwise: otherwise, line: line)
        case .forEach(let variable, let words, let body, _):
            for value in words.flatMap({ expand($0) }).prefix(1024) {
                guard !state.hasReturned, !state.hasEnded else { break }
                state.set(variable, value)
                run(body)
            }
        case .loop(let condition, let isUntil, let body, let line):
            loop(condition, isUntil: isUntil, body: body, line: line)
        }
    }

    private mutating func conditional(_ branches: [GrubBranch], otherwise: [GrubStatement], line: Int) {
        let wasCertain = state.isCertain
        let common = state.entries.count
        var joined: GrubState?
        var agree = true
        let reason = "depends on the condition at \(path):\(line)"
        func join(_ end: GrubState) {
            guard var other = joined else {
                joined = end
                return
            }
            agree = agree && other.hasReturned == end.hasReturned && other.hasEnded == end.hasEnded
            other.merge(end, common: common, reason: reason)
            joined = other
        }
        var isDecided = false
        for branch in branches {
            run(branch.condition)
            guard state.status != false else { continue }
            if state.status == true {
                run(branch.body)
                isDecided = true
                break
            }
            let before = state
            state.isCertain = false
            guard step(8 + (state.variables.count + state.entries.count) / 8) else { return }
            run(branch.body)
            join(state)
            state = before
            state.isCertain = false
        }
        if !isDecided { run(otherwise) }
        guard joined != nil else { return }
        join(state)
        if let joined { state = joined }
        state.isCertain = wasCertain && agree
    }

    /// Runs a loop while its condition is known; else its body once, as something that may happen.
    private mutating func loop(_ condition: [GrubStatement], isUntil: Bool, body: [GrubStatement], line: Int) {
        while !state.hasReturned, !state.hasEnded, step() {
            run(condition)
            guard let status = state.status else { break }
            if status == isUntil { return }
            run(body)
        }
        guard !state.hasReturned, !state.hasEnded else { return }
        note("the number of turns of a loop is not known", line: line)
        conditional([GrubBranch(condition: condition, body: body)], otherwise: [], line: line)
    }

    // MARK: Words

    /// The words that `word` expands to: an unquoted variable is split at white space and may vanish.
    mutating func expand(_ word: GrubWord) -> [GrubValue] {
        var result: [GrubValue] = []
        var current: GrubValue?
        for piece in word.pieces {
            switch piece {
            case .text(let text, _):
                current = current ?? GrubValue("")
                current?.append(text, doubts: [])
            case .placeholder(let text):
                current = current ?? GrubValue("")
                current?.append(
                    text,
                    doubts: [GrubDoubt(kind: .placeholder, token: text, reason: "a template that was not filled in")])
            case .variable(let name, let isQuoted):
                let value = self.value(of: name)
                guard step(1 + value.text.utf8.count / 256) else { return result }
                if isQuoted {
                    current = current ?? GrubValue("")
                    current?.append(value)
                    continue
                }
                let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }
                let bytes = value.text.utf8
                if let first = bytes.first, isBlank(first), let word = current {
                    result.append(word)
                    current = nil
                }
                let parts = bytes.split(whereSeparator: isBlank)
                for (index, part) in parts.enumerated() {
                    if index > 0, let word = current {
                        result.append(word)
                        current = nil
                    }
                    current = current ?? GrubValue("")
                    current?.append(String(Substring(part)), doubts: value.doubts)
                    guard result.count < GrubEvaluator.mostWords else { break }
                }
                if let last = bytes.last, isBlank(last), !parts.isEmpty, let word = current {
                    result.append(word)
                    current = nil
                }
            }
        }
        if let current { result.append(current) }
        return result
    }

    private func value(of name: String) -> GrubValue {
        guard name == "@" || name == "*" else { return state.value(of: name) }
        var joined = GrubValue("")
        for (index, argument) in state.arguments.enumerated() {
            if index > 0 { joined.append(" ", doubts: []) }
            joined.append(argument)
        }
        return joined
    }

    // MARK: Menus

    /// The entries of the menu that `menu` ends with: their bodies are run with the variables as they are at its end.
    mutating func menu(of menu: GrubState, position: [Int]) -> [GrubEntry] {
        let outer = (state: state, path: path)
        defer { (state, path) = outer }
        guard position.count < 16 else {
            missing.append("submenus nested too deeply")
            return []
        }
        var result: [GrubEntry] = []
        for (index, pending) in menu.entries.enumerated() {
            state = pending.isSubmenu ? menu.exportedContext : menu
            state.entries = []
            state.action = .none
            state.initrds = []
            state.hasEnded = false
            state.hasReturned = false
            state.missing = []
            state.isCertain = true
            state.arguments = pending.arguments
            path = pending.location.path
            run(pending.body)
            for reason in state.missing where !missing.contains(reason) { missing.append(reason) }
            let place = position + [index]
            var action = state.action
            if let reason = state.missing.first, !pending.isSubmenu {
                action = .undecided(action.kernels, reason: reason)
            }
            let initrds = state.initrds
            var children: [GrubEntry] = []
            if pending.isSubmenu {
                submenuDefaults[place] = state.value(of: "default")
                children = self.menu(of: state, position: place)
            }
            result.append(
                GrubEntry(
                    title: pending.title, id: pending.id, position: place, isSubmenu: pending.isSubmenu,
                    children: children, action: action, initrds: initrds, isCertain: pending.isCertain,
                    location: pending.location))
        }
        return result
    }
}
