import AssayBootLoader
import AssayTestSupport
import Foundation
import Testing

/// The programs that the formats are compared with: `grub-common` and `systemd`.
enum Reference {
    static let isContinuousIntegration = ProcessInfo.processInfo.environment["CI"] == "true"

    /// A missing tool skips at home and fails in CI.
    static func isRequired(_ program: String) -> Bool {
        isContinuousIntegration || FileManager.default.isExecutableFile(atPath: program)
    }

    static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    static func withFile<Result>(_ bytes: [UInt8]?, _ body: (String) throws -> Result) throws -> Result {
        let path = "/tmp/assay-boot-" + UUID().uuidString
        if let bytes { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }
}

struct BootLoaderDifferentialTests {
    static let editor = "/usr/bin/grub-editenv"
    static let checker = "/usr/bin/grub-script-check"
    static let analyze = "/usr/bin/systemd-analyze"

    @Test(.enabled(if: Reference.isRequired(editor), "grub-editenv is not installed"))
    func `a block that grub-editenv writes is read as grub-editenv reads it`() throws {
        var random = SeededNumbers(state: 11)
        let alphabet = Array("ab \\=#$\"'{}\u{E4}\n".unicodeScalars)
        for _ in 0..<30 {
            var variables: [String: String] = [:]
            for index in 0..<Int.random(in: 1...6, using: &random) {
                var value = ""
                for _ in 0..<Int.random(in: 0...20, using: &random) {
                    value.unicodeScalars.append(alphabet.randomElement(using: &random) ?? "a")
                }
                variables["name_\(index)"] = value
            }
            let bytes = try Reference.withFile(nil) { path in
                _ = try Reference.run(Self.editor, [path, "create"])
                let arguments = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                #expect(try Reference.run(Self.editor, [path, "set"] + arguments).status == 0)
                return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
            }
            let block = try GrubEnvironmentBlock(bytes)
            #expect(block.byteCount == GrubEnvironmentBlock.usualByteCount)
            #expect(Dictionary(uniqueKeysWithValues: block.variables.map { ($0.name, $0.value) }) == variables)
            #expect(block.malformedLines.isEmpty)
        }
    }

    @Test(.enabled(if: Reference.isRequired(editor), "grub-editenv is not installed"))
    func `edited blocks list the same variables`() throws {
        var random = SeededNumbers(state: 12)
        let alphabet = Array("ab\\=#\n".utf8)
        for number in 0..<60 {
            var bytes = Array(GrubEnvironmentBlock.signature.utf8)
            for _ in 0..<Int.random(in: 0..<60, using: &random) {
                bytes.append(alphabet.randomElement(using: &random) ?? 0)
            }
            if number % 2 == 0 { bytes.append(0x0A) }
            bytes += [UInt8](repeating: UInt8(ascii: "#"), count: GrubEnvironmentBlock.usualByteCount - bytes.count)
            let (status, output) = try Reference.withFile(bytes) { try Reference.run(Self.editor, [$0, "list"]) }
            try #require(status == 0)
            let block = try GrubEnvironmentBlock(bytes)
            let listed = block.variables.map { "\($0.name)=\($0.value)\n" }.joined()
            #expect(listed == output, "block \(number): \(String(decoding: bytes.prefix(90), as: UTF8.self))")
        }
    }

    @Test func `a file without the signature is refused`() {
        #expect(throws: GrubEnvironmentBlock.Malformed.self) { try GrubEnvironmentBlock(Array("a=b\n".utf8)) }
        #expect(throws: GrubEnvironmentBlock.Malformed.self) { try GrubEnvironmentBlock([]) }
    }

    @Test(
        .enabled(if: Reference.isRequired(checker), "grub-script-check is not installed"),
        arguments: [
            "menuentry a { linux /a }", "menuentry a { linux /a", "if true; then echo; fi", "if true; then echo", "fi",
            "set a='x", "set a=\"x\ny\"", "true && false", "echo\nfunction f { echo; }", "echo a }",
            "for i in 1 2; do echo $i; done", "while true; do echo; done", "set a=${b", "echo ;", "}",
            "if [ a ]; then\nelse\nfi", "a=b c", "submenu x { menuentry y { echo } }", "until false; do true; done",
            "echo $\"x\"", "if true; then true; elif true; then true; fi", "echo a}b", "echo a{b", "echo {a}",
            "echo a\\{b", "menuentry x {echo a}", "menuentry x { echo a; }", "if true;then;echo;fi",
            "if true; then\nfi", "echo\nfunction f {echo}", "echo\nfunction f {\necho\n}",
            "echo\nfunction f\n{\necho\n}", "echo if then fi", "echo $", "echo \"${\"", "echo \"$\"", "echo $-a", ";",
            "echo a;;echo", "{ echo; }", "! true", "if ! true; then echo; fi", "echo \"$b{c\"", "menuentry {a} {echo}",
            "until false; do\ndone", "echo a & b", "menuentry x { echo a } b", "echo 1>2", "echo a|b", "menuentry x {}",
            "menuentry x {\n}", "menuentry x {;}", "if true; then echo; fi echo", "if true; then echo; fi; echo",
            "menuentry x\n{ echo; }", "for i in ; do echo; done", "for i\ndo echo\n done",
            "if true\n\n\nthen\n\necho\n\nfi", "if true ;\nthen echo; fi", "echo a #b;", "echo a; # x",
            "set x=$1$@$*$#$?", "echo ${1}", "echo ${1a}", "for x in a b\n do echo\n done",
            "while\n true; do echo; done", "\"if\" true", "if true; then if true; then echo; fi fi",
            "menuentry x { if true; then echo; fi }", "if true; then menuentry x { echo } fi",
            "if true; then menuentry x { echo }; fi", "echo\n\n;", "menuentry \"a b\" --class x { linux /a b=c }\n\n",
        ])
    func `a script that grub-script-check accepts has no diagnostics, one that it refuses has some`(
        script: String
    ) throws {
        let status = try Reference.withFile(Array((script + "\n").utf8)) {
            try Reference.run(Self.checker, [$0]).status
        }
        let configuration = evaluate(script + "\n")
        #expect(configuration.diagnostics.isEmpty == (status == 0), "\(configuration.diagnostics)")
    }

    @Test(.enabled(if: Reference.isRequired(analyze), "systemd-analyze is not installed"))
    func `versions are ordered as systemd-analyze compare-versions orders them`() throws {
        var pairs = [
            ("1~rc1", "1"), ("1", "1^a"), ("1.0", "1-1"), ("123", "124-1"), ("a", "1"), ("1.01", "1.1"),
            ("6.9.0", "6.11.0"),
            ("", "~"), ("1..2", "1.2"), ("a", "A"), ("1a", "1"), ("1_2", "12"),
        ]
        var random = SeededNumbers(state: 13)
        let alphabet = Array("0129abZ~-^.._+")
        for _ in 0..<120 {
            func text() -> String {
                String(
                    (0..<Int.random(in: 1...6, using: &random)).compactMap { _ in alphabet.randomElement(using: &random)
                    })
            }
            pairs.append((text(), text()))
        }
        for (left, right) in pairs
        where !left.hasPrefix("-") && !right.hasPrefix("-") && !left.isEmpty && !right.isEmpty {
            let (_, output) = try Reference.run(Self.analyze, ["compare-versions", left, right])
            let order = VersionOrder.compare(left, right)
            let expected = output.contains(" < ") ? -1 : output.contains(" > ") ? 1 : 0
            #expect(order == expected, "'\(left)' '\(right)' \(output)")
            #expect(VersionOrder.compare(right, left) == -order)
        }
    }
}
