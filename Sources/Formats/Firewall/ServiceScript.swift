/// A shell script that loads a packet filter at boot, such as Azure Linux's `/etc/systemd/scripts/iptables`.
///
/// It is read, never run. Commands that stand at the top of the script take effect in their order; a command that matters
/// and may or may not run makes the answer undecided.
public struct ServiceScript: Sendable {
    /// A write to `/proc/sys`.
    public struct SysctlWrite: Hashable, Sendable {
        /// The name as sysctl.d(5) writes it, such as `net.ipv4.tcp_syncookies` (a dot inside a part becomes a slash).
        public let key: String
        /// What is written.
        public let value: String
        /// The line of the script.
        public let line: Int
        /// Whether the command may not run.
        public let isConditional: Bool
    }

    /// Every write to `/proc/sys`, in the order of the script: by `echo … >`, `printf … >` or `sysctl -w`.
    public private(set) var sysctlWrites: [SysctlWrite] = []
    /// What iptables and ip6tables commands leave behind.
    public private(set) var ruleset: Ruleset
    /// Whether the script has commands that change the packet filter.
    public private(set) var touchesFirewall = false

    private var tables: [AddressFamily: IPTablesCommands] = [:]
    private var nft: Ruleset?
    private let path: String
    private var ended: String?
    private var budget = 64

    /// Reads a script.
    ///
    /// - Parameters:
    ///   - file: the script.
    ///   - lookup: the content of a file that the script reads, by its path; nil when it cannot be read.
    public init(_ file: SourceFile, lookup: (String) -> [UInt8]?) {
        path = file.path
        ruleset = Ruleset(source: file.path)
        for family in AddressFamily.allCases {
            tables[family] = IPTablesCommands(family: family, source: file.path)
        }
        withoutActuallyEscaping(lookup) { read(file, depth: 0, lookup: $0) }
        for family in AddressFamily.allCases {
            if let table = tables[family] { ruleset.merge(table.ruleset) }
        }
        if let nft { ruleset.merge(nft) }
    }

    /// The answers for both families.
    public var verdict: FirewallVerdict { ruleset.verdict() }

    private mutating func read(_ file: SourceFile, depth: Int, lookup: @escaping (String) -> [UInt8]?) {
        var shell = ShellCommands(file.bytes)
        let commands = shell.run()
        for command in commands where ended == nil {
            perform(command, TextPlace(source: file.path, line: command.line), depth, lookup)
        }
        if let problem = shell.problem {
            ruleset.fail(TextPlace(source: file.path, line: problem.line).reason(problem.text))
        }
    }

    private static let prefixes: Set<String> = ["sudo", "command", "exec", "nice", "env"]

    private mutating func perform(
        _ command: ShellCommand, _ place: TextPlace, _ depth: Int, _ lookup: @escaping (String) -> [UInt8]?
    ) {
        writes(of: command)
        var words = command.words
        var isExec = false
        while let first = words.first, let name = first, ServiceScript.prefixes.contains(name) {
            if name == "exec" { isExec = words.count > 1 }
            words.removeFirst()
        }
        guard let first = words.first else { return }
        guard let path = first else {
            // A program whose name is not known could be iptables: its options tell.
            let suspects: Set<String> = ["-A", "-P", "-F", "-I", "-X", "-D", "--append", "--policy", "--flush"]
            if words.contains(where: { $0.map { suspects.contains($0) } ?? false }) {
                fail(place, "a command that may be iptables is not understood")
            }
            return
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let rest = Array(words.dropFirst())
        switch name {
        case "iptables", "iptables-legacy", "iptables-nft":
            change(.ipv4, command, rest, place)
        case "ip6tables", "ip6tables-legacy", "ip6tables-nft":
            change(.ipv6, command, rest, place)
        case "iptables-restore", "iptables-legacy-restore", "iptables-nft-restore":
            restore(.ipv4, command, rest, place, lookup)
        case "ip6tables-restore", "ip6tables-legacy-restore", "ip6tables-nft-restore":
            restore(.ipv6, command, rest, place, lookup)
        case "nft": loadNft(command, rest, place, lookup)
        case "iptables-apply", "ip6tables-apply", "ufw", "firewall-cmd", "firewall-offline-cmd", "shorewall", "ferm",
            "netfilter-persistent", "eval", "xargs", "ebtables-nft-restore":
            guard name != "eval" || rest.contains(where: { $0 == nil || $0?.contains("tables") == true }) else {
                return
            }
            fail(place, "'\(name)' is not followed")
        case ".", "source":
            source(command, rest, place, depth, lookup)
        case "exit", "return":
            leave(command, place)
        default: break
        }
        if isExec { leave(command, place) }
    }

    private mutating func fail(_ place: TextPlace, _ why: String) {
        touchesFirewall = true
        ruleset.fail(place.reason(why))
    }

    /// The script ends here, or may end here.
    private mutating func leave(_ command: ShellCommand, _ place: TextPlace) {
        guard command.isConditional else {
            ended = place.reason("the end")
            return
        }
        // After the last command that matters this is of no importance; `certain` looks at it before the next one.
        mayHaveEnded = mayHaveEnded ?? place
    }

    private var mayHaveEnded: TextPlace?

    /// The words of a command that matters, when it is certain that it runs as written.
    private mutating func certain(_ command: ShellCommand, _ words: [String?], _ place: TextPlace) -> [String]? {
        touchesFirewall = true
        if let mayHaveEnded {
            fail(mayHaveEnded, "the script may end before its firewall commands")
            return nil
        }
        guard !command.isConditional else {
            fail(place, "a firewall command under a condition")
            return nil
        }
        let known = words.compactMap { $0 }
        guard known.count == words.count else {
            fail(place, "a firewall command with a value that is not known")
            return nil
        }
        return known
    }

    private mutating func change(
        _ family: AddressFamily, _ command: ShellCommand, _ words: [String?], _ place: TextPlace
    ) {
        let harmless: Set<String> = ["-L", "--list", "-S", "--list-rules", "-C", "--check", "-V", "--version", "-h"]
        if words.contains(where: { $0.map { harmless.contains($0) } ?? false }) { return }
        guard let arguments = certain(command, words, place) else { return }
        tables[family]?.run(arguments, place: place)
    }

    private mutating func restore(
        _ family: AddressFamily, _ command: ShellCommand, _ words: [String?], _ place: TextPlace,
        _ lookup: (String) -> [UInt8]?
    ) {
        guard let arguments = certain(command, words, place) else { return }
        guard !command.isPiped else { return fail(place, "rules come from another command") }
        var keeping = false
        var only: String?
        var file: String?
        var iterator = arguments.makeIterator()
        while let word = iterator.next() {
            switch word {
            case "-n", "--noflush": keeping = true
            case "-T", "--table": only = iterator.next()
            case "-t", "--test": return
            case "-c", "--counters", "-v", "--verbose", "-w", "--wait": break
            case "-W", "--wait-interval", "-M", "--modprobe": _ = iterator.next()
            default:
                if word.hasPrefix("-") { return fail(place, "unknown option '\(word)'") }
                if Int(word) == nil { file = word }
            }
        }
        if let document = command.document {
            let text = SourceFile(path: path, bytes: Array(document.text.utf8))
            tables[family]?.restore(text, keeping: keeping, only: only, firstLine: document.line)
            return
        }
        if let input = command.redirections.last(where: { $0.mark == "<" || $0.mark == "0<" }) { file = input.target }
        guard let file else { return fail(place, "the rules to load are not known") }
        guard let bytes = lookup(file) else { return fail(place, "cannot read '\(file)'") }
        tables[family]?.restore(SourceFile(path: file, bytes: bytes), keeping: keeping, only: only)
    }

    private mutating func loadNft(
        _ command: ShellCommand, _ words: [String?], _ place: TextPlace, _ lookup: (String) -> [UInt8]?
    ) {
        if words.first.map({ $0 == "list" || $0 == "-v" || $0 == "-j" }) ?? false { return }
        guard let arguments = certain(command, words, place) else { return }
        if arguments == ["flush", "ruleset"] {
            // nftables' own tables and, where iptables is its front end, those of iptables.
            nft = nil
            for family in AddressFamily.allCases { tables[family] = IPTablesCommands(family: family, source: path) }
            return
        }
        guard arguments.count == 2, arguments[0] == "-f", let bytes = lookup(arguments[1]), nft == nil else {
            return fail(place, "an nft command is not followed")
        }
        nft = Ruleset.nftables(SourceFile(path: arguments[1], bytes: bytes)) { name in
            lookup(name).map { [SourceFile(path: name, bytes: $0)] }
        }
    }

    private mutating func source(
        _ command: ShellCommand, _ words: [String?], _ place: TextPlace, _ depth: Int,
        _ lookup: @escaping (String) -> [UInt8]?
    ) {
        guard let first = words.first, let file = first, let bytes = lookup(file), depth < 4, budget > 0 else {
            return fail(place, "a script that is read in cannot be read")
        }
        budget -= 1
        read(SourceFile(path: file, bytes: bytes), depth: depth + 1, lookup: lookup)
    }

    // MARK: sysctl

    private mutating func writes(of command: ShellCommand) {
        guard let first = command.words.first, let path = first, sysctlWrites.count < 10_000 else { return }
        let words = Array(command.words.dropFirst())
        switch path.split(separator: "/").last.map(String.init) ?? path {
        case "echo", "printf":
            guard let target = command.redirections.last(where: { $0.mark.hasSuffix(">") })?.target,
                target.hasPrefix("/proc/sys/")
            else { return }
            let known = words.compactMap { $0 }
            guard known.count == words.count else { return }
            let values = known.filter { !["-n", "-e", "--"].contains($0) }
            var value = values.joined(separator: " ")
            if value.hasSuffix("\\n") { value.removeLast(2) }
            add(String(target.dropFirst("/proc/sys/".count)), value, command)
        case "sysctl":
            for word in words {
                guard let text = word, !text.hasPrefix("-"), let equals = text.firstIndex(of: "=") else { continue }
                let name = text[..<equals].trimmed
                // The first separator decides what the others mean: sysctl(8), sysctl.d(5).
                let isDotted = name.first { $0 == "." || $0 == "/" } == "."
                let path = isDotted ? ServiceScript.swapped(String(name)) : String(name)
                add(path, String(text[text.index(after: equals)...].trimmed), command)
            }
        default: break
        }
    }

    private static func swapped(_ name: String) -> String {
        String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
    }

    private mutating func add(_ path: String, _ value: String, _ command: ShellCommand) {
        sysctlWrites.append(
            SysctlWrite(
                key: ServiceScript.swapped(path), value: value, line: command.line, isConditional: command.isConditional
            ))
    }
}
