import AssayTestSupport
import Foundation
import Testing

@testable import AssaySystemd

struct EnablementDifferentialTests {
    static let systemctl = "/usr/bin/systemctl"

    @Test(.enabled(if: ReferenceTool.isExpected(systemctl)), arguments: 0..<40)
    func `systemctl gives every unit file of a generated tree the same state and preset`(seed: Int) throws {
        let root = try ScratchRoot()
        try GeneratedUnits.write(to: root, seed: UInt64(seed))
        let set = try UnitTree.read(root.path)
        let presets = try UnitTree.presets(root.path)
        let listing = try ReferenceTool.run(
            Self.systemctl, ["--root=" + root.path, "list-unit-files", "--all", "--plain", "--no-legend", "--no-pager"])
        var seen: Set<String> = []
        for line in listing.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 2 else { continue }
            let name = words[0]
            seen.insert(name)
            #expect(set.enablement(of: name).state.rawValue == words[1], "\(name) in tree \(seed)")
            if words.count > 2, words[2] != "-" {
                let action = presets.decision(for: name).action.rawValue
                #expect(action + "d" == words[2], "preset of \(name) in tree \(seed)")
            }
        }
        #expect(seen.count > 2, "tree \(seed)")
    }

    @Test(.enabled(if: ReferenceTool.isExpected(systemctl)), arguments: 0..<6)
    func `systemctl is-enabled agrees about every name of a generated tree`(seed: Int) throws {
        let root = try ScratchRoot()
        try GeneratedUnits.write(to: root, seed: UInt64(seed))
        let set = try UnitTree.read(root.path)
        for name in GeneratedUnits.queries {
            let answer =
                try ReferenceTool.run(Self.systemctl, ["--root=" + root.path, "is-enabled", name])
                .split(separator: "\n").first.map(String.init) ?? "not-found"
            #expect(set.enablement(of: name).state.rawValue == answer, "\(name) in tree \(seed)")
        }
    }
}

/// Unit trees drawn from a seed.
enum GeneratedUnits {
    static let names = ["a.service", "b.service", "c-d.service", "t@.service", "u@.service", "s.socket", "m.target"]
    static let queries = names + ["t@1.service", "u@x.service", "t@.service", "none.service", "z.service"]
    static let directories = [
        "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
    ]

    static func write(to root: borrowing ScratchRoot, seed: UInt64) throws {
        var numbers = SeededNumbers(state: seed)
        for directory in directories { try root.write("", to: directory + "/.keep") }
        for name in names {
            for directory in directories where numbers.chance(directory == directories[3] ? 80 : 10) {
                if numbers.chance(7) {
                    try numbers.chance(50)
                        ? root.link(directory + "/" + name, to: "/dev/null")
                        : root.write("", to: directory + "/" + name)
                } else {
                    try root.write(content(name, &numbers), to: directory + "/" + name)
                }
            }
        }
        try root.write(content("a.service", &numbers), to: "/opt/z.service")
        for _ in 0..<numbers.next() % 8 { try writeLink(to: root, &numbers) }
        for _ in 0..<numbers.next() % 5 {
            let directory = numbers.pick(directories)
            let file = numbers.pick(["10-x.conf", "20-y.conf"])
            let owner = numbers.pick(names + ["t@1.service", "service", "c-.service"])
            try root.write(
                numbers.pick(["[Install]\nWantedBy=m.target\n", "[Install]\nWantedBy=\n", ""]),
                to: directory + "/" + owner + ".d/" + file)
        }
        for file in ["50-a.preset", "90-b.preset"] {
            for directory in ["/etc/systemd/system-preset", "/usr/lib/systemd/system-preset"] where numbers.chance(50) {
                var text = "# rules\n\n"
                for _ in 0..<numbers.next() % 4 {
                    text += numbers.pick(["enable", "disable"]) + " "
                    text += numbers.pick(["a.service", "?.service", "c-*", "[s-z]*", "*.target", "t@.service", "*@*"])
                    text += "\n"
                }
                if numbers.chance(20) { text += "enable t@.service 1 2\n" }
                if numbers.chance(20) { text += "nonsense\n" }
                try root.write(text, to: directory + "/" + file)
            }
        }
    }

    private static func content(_ name: String, _ numbers: inout SeededNumbers) -> String {
        var text = "[Unit]\nDescription=\(name)\n"
        guard numbers.chance(70) else { return text }
        text += "[Install]\n"
        if numbers.chance(60) { text += "WantedBy=m.target\n" }
        if numbers.chance(15) { text += "RequiredBy=m.target\n" }
        if numbers.chance(15) { text += "Also=b.service\n" }
        if numbers.chance(15) { text += "WantedBy=\n" }
        if name == "a.service", numbers.chance(30) { text += "Alias=z1.service z2.service\n" }
        if name.hasPrefix("t@"), numbers.chance(50) { text += "DefaultInstance=1\n" }
        return text
    }

    private static func writeLink(to root: borrowing ScratchRoot, _ numbers: inout SeededNumbers) throws {
        let directory = numbers.pick(directories)
        let unit = numbers.pick(names)
        let target = numbers.pick(directories) + "/" + unit
        switch numbers.next() % 6 {
        case 0, 1:
            let hook = numbers.pick(["m.target.wants", "m.target.requires", "a.service.wants"])
            let name = unit == "t@.service" ? numbers.pick(["t@.service", "t@1.service", "t@2.service"]) : unit
            let path = directory + "/" + hook + "/" + name
            try numbers.chance(20) ? root.write("[Unit]\n", to: path) : root.link(path, to: target)
        case 2:
            let alias = unit.hasSuffix("@.service") ? numbers.pick(["v@.service", "t@9.service"]) : unit
            let name = alias == unit ? numbers.pick(["z1.", "q."]) + (unit.split(separator: ".").last ?? "") : alias
            try root.link(directory + "/" + name, to: numbers.chance(50) ? target : unit)
        case 3: try root.link("/etc/systemd/system/z.service", to: "/opt/z.service")
        case 4: try root.link("/run/systemd/system/z.service", to: "/opt/z.service")
        default:
            try root.link(directory + "/bad.service", to: numbers.pick(["s.socket", "../m.target", "none.service"]))
        }
    }
}
