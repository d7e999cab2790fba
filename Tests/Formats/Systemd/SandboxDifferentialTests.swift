import AssayTestSupport
import Foundation
import Testing

@testable import AssaySystemd

struct SandboxDifferentialTests {
    static let analyze = "/usr/bin/systemd-analyze"

    private struct Row: Decodable {
        let set: Bool?
        let jsonField: String

        enum CodingKeys: String, CodingKey {
            case set
            case jsonField = "json_field"
        }
    }

    @Test(.enabled(if: ReferenceTool.isExpected(analyze)), arguments: 0..<40)
    func `systemd-analyze security gives a generated service the same sandbox`(seed: Int) throws {
        let root = try ScratchRoot()
        let name = try GeneratedServices.write(to: root, seed: UInt64(seed))
        let unit = try UnitTree.read(root.path).load(name)
        try #require(unit.state == .loaded)
        let sandbox = ServiceSandbox(unit)
        let output = try ReferenceTool.run(
            Self.analyze, ["security", "--offline=yes", "--root=" + root.path, name, "--json=short"])
        // systemd refuses a service without a command or with a value that it takes as fatal.
        guard sandbox.refused.isEmpty, !sandbox.startCommands.isEmpty else { return }
        let rows = try JSONDecoder().decode([Row].self, from: Data(output.utf8))
        let set = Dictionary(rows.map { ($0.jsonField, $0.set) }) { first, _ in first }
        let context = Comment(rawValue: "service \(seed)")
        let isSpecial = sandbox.isSpecialBootPhase
        #expect(set["PrivateTmp"] == .some(isSpecial ? nil : sandbox.privateTmp.value != .no), context)
        #expect(set["NoNewPrivileges"] == .some(sandbox.noNewPrivileges.value), context)
        #expect(set["PrivateDevices"] == .some(sandbox.privateDevices.value), context)
        #expect(set["RestrictSUIDSGID"] == .some(sandbox.restrictSUIDSGID.value), context)
        #expect(set["ProtectHome"] == .some(isSpecial ? nil : sandbox.protectHome.value == .yes), context)
        // The tool counts only the strongest values as set.
        let isStrong = sandbox.protectSystem.value == .strict
        #expect(set["ProtectSystem"] == .some(isSpecial ? nil : isStrong), context)
        #expect(set["SystemCallFilter_swap"] == .some(isBlocked("@swap", by: sandbox.systemCallFilter)), context)
        #expect(set["SystemCallFilter_clock"] == .some(isBlocked("@clock", by: sandbox.systemCallFilter)), context)
    }

    private func isBlocked(_ group: String, by filter: SystemCallFilter?) -> Bool {
        guard let filter else { return false }
        let isListed = filter.entries.contains { $0.text == group }
        return filter.mode == .denyList ? isListed : !isListed
    }
}

enum GeneratedServices {
    /// Writes a service with drop-ins in all kinds of places and gives its name.
    static func write(to root: borrowing ScratchRoot, seed: UInt64) throws -> String {
        var numbers = SeededNumbers(state: seed)
        let name = numbers.pick(["a.service", "foo-bar-baz.service", "t@1.service"])
        let file = name == "t@1.service" ? "t@.service" : name
        let home = numbers.pick(GeneratedUnits.directories)
        var text = "[Unit]\nDescription=x\n"
        if numbers.chance(20) { text += "DefaultDependencies=\(numbers.pick(["no", "0", "yes", "what"]))\n" }
        text += "[Service]\nExecStart=/bin/true\n" + settings(&numbers, count: 4)
        try root.write(text, to: home + "/" + file)
        if numbers.chance(30) { try root.write("[Service]\nPrivateTmp=yes\n", to: "/usr/lib/systemd/system/" + file) }
        let owners =
            name == "t@1.service"
            ? ["t@1.service", "t@.service", "service"]
            : [name, "service", "foo-.service", "foo-bar-.service", "fo-.service"]
        for _ in 0..<numbers.next() % 6 {
            let directory = numbers.pick(GeneratedUnits.directories)
            let dropIn = directory + "/" + numbers.pick(owners) + ".d/" + numbers.pick(["1.conf", "2.conf", "x.txt"])
            if numbers.chance(15) {
                try root.link(dropIn, to: "/dev/null")
            } else {
                try root.write("[Service]\n" + settings(&numbers, count: 2), to: dropIn)
            }
        }
        for directory in GeneratedUnits.directories { try root.write("", to: directory + "/.keep") }
        return name
    }

    private static func settings(_ numbers: inout SeededNumbers, count: Int) -> String {
        var text = ""
        for _ in 0..<count {
            switch numbers.next() % 8 {
            case 0: text += "PrivateTmp=" + boolean(&numbers)
            case 1: text += "NoNewPrivileges=" + boolean(&numbers)
            case 2: text += "PrivateDevices=" + boolean(&numbers)
            case 3: text += "RestrictSUIDSGID=" + boolean(&numbers)
            case 4: text += "ProtectSystem=" + numbers.pick(["full", "strict", "yes", "no", "bad", ""])
            case 5: text += "ProtectHome=" + numbers.pick(["read-only", "tmpfs", "yes", "no", "bad"])
            case 6: text += "DynamicUser=" + boolean(&numbers)
            default:
                text +=
                    "SystemCallFilter=" + numbers.pick(["@swap", "~@swap", "@clock", "~@clock", "", "~@swap @clock"])
            }
            text += numbers.pick(["\n", "\n", " \n", "\n# comment\n", "\n; comment\n\n"])
        }
        return text
    }

    private static func boolean(_ numbers: inout SeededNumbers) -> String {
        numbers.pick(["yes", "no", "1", "0", "true", "OFF", "maybe", "", "y\\\n# in between\n"])
    }
}
