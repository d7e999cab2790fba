import AssayFirewall
import AssayNetfilter
import Foundation
import Testing

// Glibc hides these two behind _GNU_SOURCE.
@_silgen_name("unshare") private func unshare(_ flags: Int32) -> Int32
@_silgen_name("setns") private func setns(_ descriptor: Int32, _ type: Int32) -> Int32

@_silgen_name("capset") private func capset(
    _ header: UnsafePointer<UInt32>, _ data: UnsafePointer<UInt32>
) -> Int32

/// A network namespace of its own, in which rules can be loaded without touching the machine.
enum Namespace {
    private static let flag: Int32 = 0x4000_0000

    static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        return (try? inside { true }) ?? false
    }()

    static func has(_ tool: String) -> Bool { FileManager.default.isExecutableFile(atPath: "/usr/sbin/\(tool)") }

    struct Refused: Error {}

    /// Runs `body` on this thread, and the programs that it starts, in a new network namespace.
    static func inside<Value>(_ body: () throws -> Value) throws -> Value {
        let home = unsafe open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        guard home >= 0 else { throw Refused() }
        defer { close(home) }
        guard unshare(flag) == 0 else { throw Refused() }
        defer { _ = setns(home, flag) }
        return try body()
    }

    /// The exit status and the output of a program that reads `input`.
    ///
    /// Spawned and waited for on this thread: Foundation's `Process` answers on another one, which is in no namespace.
    static func run(
        _ tool: String, _ arguments: [String], _ input: String = ""
    ) throws -> (status: Int32, output: String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "in")
        let output = folder.appending(path: "out")
        try input.write(to: source, atomically: true, encoding: .utf8)
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, source.path, O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output.path, O_WRONLY | O_CREAT, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let path = "/usr/sbin/\(tool)"
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer {
            for index in unsafe words.indices { unsafe free(words[index]) }
        }
        var child: pid_t = 0
        guard unsafe posix_spawn(&child, path, &actions, nil, words, nil) == 0 else { throw Refused() }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
        return (status, try String(contentsOf: output, encoding: .utf8))
    }

    /// Whether a differential test runs: at home it may be skipped, on CI a missing tool has to fail.
    static func wants(_ tools: String...) -> Bool {
        let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
        return isCI || (isPossible && tools.allSatisfy { has($0) })
    }
}

private func compare(_ live: InboundVerdict, _ text: InboundVerdict, _ name: String) {
    #expect(live.answer == text.answer, "\(name): kernel \(live.policy), text \(text.policy)")
    #expect(
        live.exceptions.count == text.exceptions.count, "\(name): kernel \(live.exceptions), text \(text.exceptions)")
    let kinds = { (verdict: InboundVerdict) in verdict.accepted.map(\.kind.rawValue).sorted() }
    #expect(kinds(live) == kinds(text), "\(name): \(live.exceptions), \(text.exceptions)")
}

@Suite(.enabled(if: Namespace.wants("nft", "iptables-legacy", "iptables-nft")), .serialized)
struct Live {
    @Test(arguments: NftablesCases.all)
    func `nft loads the same text and the kernel tells the same story`(_ test: Case) throws {
        try Namespace.inside {
            let loaded = try Namespace.run("nft", ["-f", "-"], test.text)
            #expect(loaded.status == 0, "\(loaded.output)")
            guard case .value(let buffers) = Netfilter.readRuleset() else {
                Issue.record("no answer of the kernel")
                return
            }
            let kernel = Ruleset.netlink(buffers)
            #expect(kernel.problems == [])
            let text = nft(test.text)
            let listed = nft(try Namespace.run("nft", ["-s", "list", "ruleset"]).output)
            for family in AddressFamily.allCases {
                compare(kernel.verdict(for: family), text.verdict(for: family), test.name)
                #expect(listed.verdict(for: family).answer == text.verdict(for: family).answer)
                #expect(listed.verdict(for: family).exceptions.count == text.verdict(for: family).exceptions.count)
            }
        }
    }

    @Test(arguments: IPTablesCases.all, ["iptables-legacy", "iptables-nft"])
    func `iptables loads the same text and the kernel tells the same story`(_ test: Case, _ program: String) throws {
        try Namespace.inside {
            let loaded = try Namespace.run(program + "-restore", [], test.text)
            #expect(loaded.status == 0, "\(loaded.output)")
            let text = Ruleset.iptablesSave(file("x", test.text), family: .ipv4).verdict(for: .ipv4)
            let listed = Ruleset.iptablesSave(
                file("y", try Namespace.run(program + "-save", []).output), family: .ipv4
            ).verdict(for: .ipv4)
            compare(listed, text, test.name)
            if program == "iptables-nft" {
                guard case .value(let buffers) = Netfilter.readRuleset() else {
                    Issue.record("no answer of the kernel")
                    return
                }
                compare(Ruleset.netlink(buffers).verdict(for: .ipv4), text, test.name)
                return
            }
            var kernel: Ruleset?
            for table in ["filter", "raw"] {
                guard case .value(let content) = Netfilter.readLegacyTable(.ipv4, table: table) else { continue }
                let ruleset = Ruleset.legacyTable(info: content.info, entries: content.entries, family: .ipv4)
                #expect(ruleset.problems == [])
                kernel?.merge(ruleset)
                kernel = kernel ?? ruleset
            }
            if let kernel { compare(kernel.verdict(for: .ipv4), text, test.name) }
            #expect(kernel != nil)
        }
    }

    @Test func `the rules of Azure Linux for IPv6 are read from the kernel`() throws {
        let text = String(decoding: try Vectors.azure("ip6save"), as: UTF8.self)
        let expected = Ruleset.iptablesSave(file("ip6save", text), family: .ipv6).verdict(for: .ipv6)
        try Namespace.inside {
            let loaded = try Namespace.run("ip6tables-legacy-restore", [], text)
            #expect(loaded.status == 0, "\(loaded.output)")
            guard case .value(let content) = Netfilter.readLegacyTable(.ipv6) else {
                Issue.record("no legacy table")
                return
            }
            let legacy = Ruleset.legacyTable(info: content.info, entries: content.entries, family: .ipv6)
            compare(legacy.verdict(for: .ipv6), expected, "legacy")
            #expect(legacy.verdict(for: .ipv6).exceptions.contains("tcp dport 22"))
        }
        try Namespace.inside {
            let loaded = try Namespace.run("ip6tables-nft-restore", [], text)
            #expect(loaded.status == 0, "\(loaded.output)")
            guard case .value(let buffers) = Netfilter.readRuleset() else {
                Issue.record("no answer of the kernel")
                return
            }
            compare(Ruleset.netlink(buffers).verdict(for: .ipv6), expected, "nft")
        }
    }

    @Test(arguments: [
        "table inet f {", "table inet f {\n bogus x\n}",
        "table inet f { chain i { type filter hook nowhere priority 0; } }",
        "table inet f { chain i { type filter hook input priority 0; policy maybe; } }", "add rule inet f i accept",
        "table inet f { comment \"x\n }", "table inet f { chain i { accept } } }", "define x = \n",
    ])
    func `what nft refuses is undecided`(_ text: String) throws {
        try Namespace.inside {
            let checked = try Namespace.run("nft", ["-c", "-f", "-"], text)
            #expect(checked.status != 0)
            #expect(nft(text).verdict().ipv4.answer == .undecided, "\(text)")
        }
    }

    @Test func `an empty namespace has no rules`() throws {
        try Namespace.inside {
            guard case .value(let buffers) = Netfilter.readRuleset() else {
                Issue.record("no answer of the kernel")
                return
            }
            let verdict = Ruleset.netlink(buffers).verdict()
            #expect(verdict.ipv4.answer == .allow)
            #expect(verdict.ipv4.policy.evidence?.text == "no ipv4 chain at the input hook")
        }
    }

    @Test func `a caller without the capability is denied`() async {
        let answers = await withCheckedContinuation { continuation in
            // Capabilities belong to a thread; this one ends with the test.
            Thread.detachNewThread {
                let header: [UInt32] = [0x2008_0522, 0]
                let none = [UInt32](repeating: 0, count: 6)
                let dropped = unsafe capset(header, none)
                continuation.resume(
                    returning: (dropped, Netfilter.readRuleset(), Netfilter.readLegacyTable(.ipv4)))
            }
        }
        #expect(answers.0 == 0)
        #expect(answers.1 == .denied)
        #expect(answers.2 == .denied)
    }

    @Test func `a legacy table that does not exist is unsupported`() {
        guard case .unsupported(let words) = Netfilter.readLegacyTable(.ipv6, table: "nonsense") else {
            Issue.record("not unsupported")
            return
        }
        #expect(words.contains("nonsense"))
    }
}
