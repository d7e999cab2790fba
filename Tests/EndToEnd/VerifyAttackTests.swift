import AssayTestSupport
import Foundation
import Testing

/// The table of docs/verify-attacks.md.
struct VerifyAttackTable {
    struct Row {
        let attack: String
        /// As in `VerifyAttackResult`.
        let statuses: [String]
        /// The check that must object, and a part of what it says; nil for what passes.
        let finding: (check: String, message: String)?
        let reason: String
    }

    /// The tools in the order of the columns; the name of a tool is its program.
    static let tools = ["gpg", "gpgv", "sqv", "sha256sum", "assay"]

    /// By attack, as `VerifyAttack.testDescription` names it.
    let rows: [String: [Row]]
    /// The versions that the columns are of, as `--version` tells them.
    let versions: [String: String]

    static let committed = VerifyAttackTable(
        String(
            decoding: FileManager.default.contents(atPath: Assay.package + "/docs/verify-attacks.md") ?? Data(),
            as: UTF8.self))

    private init(_ text: String) {
        var rows: [Row] = []
        var versions: [String: String] = [:]
        for line in text.split(separator: "\n") {
            if line.hasPrefix("Tools: ") {
                for tool in line.dropFirst(7).dropLast().split(separator: ", ") {
                    let words = tool.split(separator: " ")
                    versions[String(words[0])] = words.last.map(String.init)
                }
            }
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 11, Int(cells[1]) != nil else { continue }
            let finding = cells[8].split(separator: "`: ", maxSplits: 1).map(String.init)
            rows.append(
                Row(
                    attack: "\(cells[1]) \(cells[2])", statuses: Array(cells[3...7]),
                    finding: finding.count == 2 ? (String(finding[0].dropFirst()), finding[1]) : nil,
                    reason: cells[9]))
        }
        self.rows = Dictionary(grouping: rows, by: \.attack)
        self.versions = versions
    }

    /// The columns whose tool is here in the version of the table; all in CI.
    static let comparable: Set<String> = {
        guard ProcessInfo.processInfo.environment["CI"] == nil else { return Set(tools) }
        let present = tools.filter { tool in
            guard let committed = committed.versions[tool] else { return false }
            return installed(tool).map(major) == major(committed)
        }
        return Set(present + ["assay"])
    }()

    /// The version that a tool tells of itself.
    private static func installed(_ tool: String) -> String? {
        let answer = shell("exec \"$1\" --version 2>&1", arguments: [tool])
        guard answer.status == 0, let line = answer.text.split(separator: "\n").first else { return nil }
        return line.split(separator: " ").last.map(String.init)
    }

    private static func major(_ version: String) -> String {
        version.split(separator: ".").first.map(String.init) ?? version
    }
}

@Suite(.enabled(if: VerifyAttackFixture.isAvailable))
struct VerifyAttackTests {
    @Test(arguments: VerifyAttack.all.indices)
    func `each attack is refused with its reason, and every tool says what the table says`(_ index: Int) throws {
        let attack = VerifyAttack.all[index]
        let result = VerifyAttackFixture.results.rows[index]
        let all = VerifyAttackFixture.results.log
        let name = attack.testDescription
        try #require(result.statuses.count == VerifyAttackTable.tools.count, "\(name): \(result.log) \(all)")
        let row = try #require(VerifyAttackTable.committed.rows[name]?.first, "\(name) is not in the table")
        for (tool, (committed, found)) in zip(VerifyAttackTable.tools, zip(row.statuses, result.statuses))
        where VerifyAttackTable.comparable.contains(tool) {
            #expect(found == committed, "\(name), \(tool): \(result.log)")
        }
        let objections = result.findings.filter(\.isObjection)
        let messages = objections.map { "\($0.check): \($0.message)" }
        guard let finding = row.finding else {
            #expect(row.statuses.last == "0" && objections.isEmpty, "\(name): \(messages)")
            return
        }
        #expect(["1", "2"].contains(row.statuses.last), "\(name)")
        #expect(
            objections.contains { $0.check == finding.check && $0.message.contains(finding.message) },
            "\(name): \(messages)")
    }

    @Test func `the table has one row for each attack, and says why where the tools differ`() {
        let table = VerifyAttackTable.committed
        #expect(Set(table.rows.keys) == Set(VerifyAttack.all.map(\.testDescription)))
        #expect(Set(VerifyAttack.all.map(\.kind)).isSuperset(of: Set(0...15).subtracting([14])))
        for (name, rows) in table.rows {
            #expect(rows.count == 1, "\(name)")
            // sha256sum looks at no signature: that it differs needs no reason in every row.
            let verdicts = zip(VerifyAttackTable.tools, rows[0].statuses).filter { $0 != "sha256sum" && $1 != "-" }
            let accepted = verdicts.map { $0.1 == "0" }
            #expect(Set(accepted).count == 1 || !rows[0].reason.isEmpty, "\(name): why do the tools differ?")
        }
        for tool in VerifyAttackTable.tools.dropLast() { #expect(table.versions[tool] != nil, "\(tool)") }
    }
}
