import AssayTestSupport
import Testing

@testable import AssaySystemd

struct ConfigurationFileTests {
    private func parse(_ text: String) -> ConfigurationFile { ConfigurationFile(Array(text.utf8), path: "/u") }

    private func lines(_ file: ConfigurationFile) -> [String] {
        file.assignments.map { "\($0.location.line) [\($0.section)] \($0.key)=\($0.value)" }
    }

    @Test func `the example of the manual is read with its continuation lines`() {
        let file = parse(
            """
            [Section A]
            KeyOne=value 1
            KeyTwo=value 2

            # a comment

            [Section B]
            Setting="something" "some thing" "..."
            KeyTwo=value 2 \\
                   value 2 continued

            [Section C]
            KeyThree=value 3\\
            # this line is ignored
            ; this line is ignored too
                   value 3 continued
            """)
        #expect(
            lines(file) == [
                "2 [Section A] KeyOne=value 1", "3 [Section A] KeyTwo=value 2",
                "8 [Section B] Setting=\"something\" \"some thing\" \"...\"",
                "9 [Section B] KeyTwo=value 2  value 2 continued", "13 [Section C] KeyThree=value 3 value 3 continued",
            ])
        #expect(file.isComplete)
        #expect(file.diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("a=b\n[S]\nc=d", ConfigurationDiagnostic.Reason.outsideSection, 1, true),
        ("[S]\nnonsense\nc=d", .missingEquals, 2, true), ("[S]\n=x\nc=d", .missingKey, 2, true),
        ("[S]\nc=d\n[T\nx=y", .invalidSectionHeader, 3, false),
    ])
    func `a line that systemd ignores or refuses is recorded`(
        text: String, reason: ConfigurationDiagnostic.Reason, line: Int, isComplete: Bool
    ) {
        let file = parse(text)
        #expect(file.diagnostics.map(\.reason) == [reason])
        #expect(file.diagnostics.map(\.location.line) == [line])
        #expect(file.isComplete == isComplete)
        #expect(file.assignments.map(\.key) == ["c"])
    }

    @Test func `bytes that are not text spoil only their line`() {
        let file = ConfigurationFile(Array("[S]\na=".utf8) + [0xFF, 0x0A] + Array("b=c\r\nd=e".utf8), path: "/u")
        #expect(lines(file) == ["3 [S] b=c", "4 [S] d=e"])
        #expect(file.diagnostics.map(\.reason) == [.notUTF8])
    }

    @Test func `a line of more than a mebibyte ends the parse`() {
        let file = parse("[S]\na=" + String(repeating: "x", count: 1 << 20) + "\nb=c")
        #expect(file.diagnostics.map(\.reason) == [.lineTooLong])
        #expect(!file.isComplete)
        #expect(file.assignments.isEmpty)
    }

    @Test(arguments: [
        ("yes", true), ("Y", true), ("on", true), ("1", true), ("t", true), ("TRUE", true), ("no", false),
        ("n", false), ("off", false), ("0", false), ("f", false), ("False", false), ("", nil), ("2", nil),
        ("enabled", nil), ("yess", nil),
    ])
    func `a boolean is read as systemd reads it`(text: String, value: Bool?) {
        #expect(SettingSyntax.boolean(text) == value)
    }

    @Test(arguments: [
        ("a b  c", ["a", "b", "c"]), ("\"a b\" 'c d'", ["a b", "c d"]), ("a\\x20b \\\\ \\t", ["a b", "\\", "\t"]),
        ("", []), ("a\"b c\"", ["a\"b", "c\""]), ("\"open end", ["open end"]), ("\\u00e9 \\101", ["é", "A"]),
    ])
    func `a list is split with quotes and escapes`(text: String, words: [String]) {
        #expect(SettingSyntax.words(text) == words)
    }

    @Test func `no bytes crash the parser and what it reads is bounded`() {
        var numbers = SeededNumbers(state: 1)
        let seed = Array(
            "[Unit]\nA=b \\\n# c\n d\n[Service]\nExecStart=-/bin/x \"y z\" \\x41\nSystemCallFilter=~@swap\n".utf8)
        for length in 0...seed.count { _ = exercise(Array(seed[..<length])) }
        for bit in 0..<(seed.count * 8) {
            var bytes = seed
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            _ = exercise(bytes)
        }
        for _ in 0..<2000 {
            var bytes = seed
            for _ in 0..<(1 + numbers.next() % 8) {
                let index = Int.random(in: 0..<bytes.count, using: &numbers)
                bytes[index] =
                    numbers.chance(50)
                    ? numbers.pick(Array("[]=\\\n\r\0\"' %@~;#".utf8)) : UInt8.random(in: 0...255, using: &numbers)
                if numbers.chance(20) { bytes.insert(contentsOf: seed[..<(index % seed.count)], at: index) }
            }
            #expect(exercise(bytes) <= bytes.count)
        }
    }

    private func exercise(_ bytes: [UInt8]) -> Int {
        let set = UnitSet(directories: [
            UnitDirectory(path: "/etc/systemd/system", entries: ["a.service": .file(bytes)])
        ])
        let unit = set.load("a.service")
        _ = ServiceSandbox(unit)
        _ = unit.conditions
        _ = set.enablement(of: "a.service")
        _ = UnitPresets(directories: [DropInDirectory(path: "/p", entries: ["a.preset": .file(bytes)])])
            .decision(for: "a.service")
        return ConfigurationFile(bytes, path: "/u").assignments.count
    }
    @Test func `more preset rules than are read leave a file unreadable`() {
        let text = String(repeating: "disable x\n", count: UnitPresets.ruleLimit + 1)
        let presets = UnitPresets(directories: [
            DropInDirectory(path: "/p", entries: ["a.preset": .file(Array(text.utf8))])
        ])
        #expect(presets.rules.count == UnitPresets.ruleLimit && presets.unreadable.keys.sorted() == ["/p/a.preset"])
    }
}
