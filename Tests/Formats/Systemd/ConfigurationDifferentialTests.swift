import AssayBytes
import AssayTestSupport
import Foundation
import Testing

@testable import AssaySystemd

struct ConfigurationDifferentialTests {
    @Test(.enabled(if: ReferenceTool.isExpected("/usr/bin/systemd-analyze")), arguments: 0..<30)
    func `systemd-analyze cat-config reads the files of journald in the same order`(seed: Int) throws {
        let root = try ScratchRoot()
        var numbers = SeededNumbers(state: UInt64(seed))
        let bases = ["/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd"]
        try root.write("[Journal]\n#Storage=auto\n", to: "/etc/systemd/journald.conf")
        for base in bases {
            for name in ["10-a.conf", "20-b.conf", "5-c.conf", "x.txt"] where numbers.chance(40) {
                let path = base + "/journald.conf.d/" + name
                if numbers.chance(20) {
                    try root.link(path, to: "/dev/null")
                } else {
                    let storage = numbers.pick(["volatile", "persistent", "auto", "none", "other"])
                    try root.write("[Journal]\nStorage=\(storage)\nSeal=\(numbers.pick(["no", "yes", ""]))\n", to: path)
                }
            }
        }
        let output = try ReferenceTool.run(
            "/usr/bin/systemd-analyze",
            ["--root=" + root.path, "cat-config", "--no-pager", "systemd/journald.conf"])
        let order = output.split(separator: "\n").filter { $0.hasPrefix("# /") }.map { String($0.dropFirst(2)) }
        let main = ConfigurationFile(
            Array("[Journal]\n#Storage=auto\n".utf8), path: "/etc/systemd/journald.conf")
        let configuration = SystemdConfiguration.merged(
            main: main, dropIns: try UnitTree.dropIns(root.path, bases.map { $0 + "/journald.conf.d" }))
        let names = order.map { $0.hasPrefix(root.path) ? String($0.dropFirst(root.path.count)) : $0 }
            // The tool prints masks too, as what they are.
            .filter { (try? FileManager.default.destinationOfSymbolicLink(atPath: root.path + $0)) == nil }
        #expect(configuration.files.map(\.path) == names, "tree \(seed)")
    }

    @Test(.enabled(if: ReferenceTool.isExpected("/usr/bin/systemctl")))
    func `the features in systemd's library are those that systemctl prints`() throws {
        let lines = try ReferenceTool.run("/usr/bin/systemctl", ["--version"]).split(separator: "\n")
        let printed = try #require(lines.dropFirst().first).split(separator: " ").filter { !$0.contains("=") }
        var expected: [String: Bool] = [:]
        for word in printed { expected[String(word.dropFirst())] = word.hasPrefix("+") }
        let places = ["/usr/lib/x86_64-linux-gnu/systemd", "/usr/lib/aarch64-linux-gnu/systemd", "/usr/lib/systemd"]
        let libraries = places.flatMap { place in
            ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [])
                .filter { $0.hasPrefix("libsystemd-shared") }.map { place + "/" + $0 }
        }
        let library = try #require(libraries.first)
        let source = ByteArraySource([UInt8](try Data(contentsOf: URL(fileURLWithPath: library))))
        #expect(try SystemdFeatures.find(in: source)?.features == expected)
    }
}
