import AssayFindings
import AssayPolicy
import Testing

let knownChecks: Set<String> = ["kernel.lockdown", "kernel.rodata", "aslr.brk"]

/// A small profile, with a text in place of another.
func profileText(_ old: String = "", _ new: String = "") -> String {
    let text = """
        schema-version: 1
        name: ours
        version: "1.10"
        title: What we ask
        reference: https://example.com/matrix
        operating-systems: [ourlinux]
        since-version: "4"
        parameters:
          minimum: 1
          assume-empty: "{{.A}}"
        sections:
          - title: Kernel
            rows:
              - check: kernel.lockdown
                title: Lockdown
                documented: by-default
                severity: critical
                parameters:
                  minimum: 2
              - check: kernel.rodata
                title: Read-only data
                expected: available
        """
    return old.isEmpty ? text : text.replacing(old, with: new)
}

/// The error of `parse`, or nil when there is none.
func policyError(_ parse: () throws -> some Any) -> PolicyError? {
    do {
        _ = try parse()
        return nil
    } catch {
        return error as? PolicyError
    }
}

struct ProfileFileTests {
    @Test func `a profile is read with all that it says`() throws {
        let profile = try ProfileFile.parse(profileText(), knownChecks: knownChecks)
        #expect(profile.name == "ours")
        #expect(profile.version == "1.10")
        #expect(profile.operatingSystems == ["ourlinux"])
        #expect(profile.sinceVersion == "4")
        let rows = profile.sections.flatMap(\.rows)
        #expect(rows.map(\.check) == ["kernel.lockdown", "kernel.rodata"])
        #expect(rows.map(\.documented) == [.byDefault, nil])
        #expect(rows.map(\.expectation) == [.byDefault, .available])
        #expect(rows.map(\.severity) == [.critical, nil])
        #expect(
            rows.map(\.parameters) == [
                ["minimum": "2", "assume-empty": "{{.A}}"], ["minimum": "1", "assume-empty": "{{.A}}"],
            ])
    }

    @Test func `a row without any expectation asks for by-default`() throws {
        let profile = try ProfileFile.parse(profileText("        expected: available\n", ""), knownChecks: knownChecks)
        #expect(profile.sections.first?.rows.first?.expectation == .byDefault)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let old: String
        let new: String
        let code: PolicyError.Code
        let says: String

        init(_ description: String, _ old: String, _ new: String, _ code: PolicyError.Code, _ says: String) {
            testDescription = description
            self.old = old
            self.new = new
            self.code = code
            self.says = says
        }
    }

    @Test(arguments: [
        Case(
            "a wrong key of a row", "severity:", "severty:", .unknownKey,
            "17:9: unknown key 'severty' in a row, did you mean 'severity'? (allowed: check, title,"),
        Case("a wrong key of the profile", "reference:", "referense:", .unknownKey, "5:1: unknown key 'referense'"),
        Case(
            "a wrong key of a section", "    rows:", "    lines:", .unknownKey,
            "13:5: unknown key 'lines' in a section (allowed: title, rows)"),
        Case(
            "a wrong severity", "critical", "critcal", .invalidValue,
            "17:19: 'critcal' is no value of 'severity', did you mean 'critical'? (allowed: info, low,"),
        Case("a wrong expectation", "by-default", "default", .invalidValue, "allowed: by-default, available"),
        Case(
            "a wrong check", "kernel.lockdown", "kernel.lokdown", .unknownCheck,
            "14:16: there is no check 'kernel.lokdown', did you mean 'kernel.lockdown'?"),
        Case(
            "a check that is like no other", "kernel.lockdown", "zzz.yyy", .unknownCheck,
            "14:16: there is no check 'zzz.yyy'"),
        Case(
            "a second row for a check", "kernel.rodata", "kernel.lockdown", .duplicate,
            "20:16: a second row for the check 'kernel.lockdown'"),
        Case("a key twice", "title: What we ask", "title: What we ask\ntitle: again", .duplicate, "stands twice"),
        Case("no name", "name: ours\n", "", .missingKey, "1:1: the profile has no key 'name'"),
        Case("no check", "check: kernel.rodata\n        title", "title", .missingKey, "a row has no key 'check'"),
        Case("an empty title", "title: Lockdown", "title:", .invalidValue, "'title' of a row is empty"),
        Case("a list for a title", "title: Lockdown", "title: [a]", .invalidValue, "'title' of a row must be a text"),
        Case(
            "a text for the rows", "    rows:\n", "    rows: none\n    title: none\n    rows2:\n", .duplicate, "twice"),
        Case("a text for the sections", "sections:", "sections: none\nsections2:", .unknownKey, "'sections2'"),
        Case("a name with a slash", "name: ours", "name: ../ours", .invalidValue, "2:7: the name '../ours'"),
        Case("a reference that is no https URL", "https://", "http://", .invalidValue, "must begin with 'https://'"),
        Case(
            "a release that is none", "since-version: \"4\"", "since-version: four", .invalidValue,
            "'four' is no version"),
        Case("another schema", "schema-version: 1", "schema-version: 2", .invalidValue, "1:17: '2' is no known schema"),
        Case("an anchor", "title: Kernel", "title: &t Kernel", .anchor, "anchors are not allowed"),
        Case("an alias", "title: Kernel", "title: Kernel\n    more: *t", .anchor, "13:11: the alias '*t'"),
        Case(
            "a merge key", "parameters:\n  minimum: 1", "parameters: &p\n  minimum: 1\n  <<: *p", .anchor,
            "8:13: anchors"),
        Case("a tab as indentation", "  minimum: 1", "\tminimum: 1", .malformed, "9:1: "),
        Case("a control character", "Read-only data", "\"Read\\e[31m\"", .invalidValue, "control character"),
        Case(
            "a second document", "name: ours", "name: ours\n---\nname: yours", .malformed,
            "3:1: a second document begins"),
    ])
    func `what is not allowed is refused with its place and what is allowed`(_ test: Case) {
        let error = policyError { try ProfileFile.parse(profileText(test.old, test.new), knownChecks: knownChecks) }
        #expect(error?.code == test.code)
        #expect(error?.description.contains(test.says) == true, "\(error?.description ?? "no error")")
    }

    @Test(arguments: ["", "# nothing\n", "null", "text", "[a, b]", "{}"])
    func `a file that holds no profile is refused`(_ text: String) {
        #expect(policyError { try ProfileFile.parse(text, knownChecks: knownChecks) } != nil)
    }

    @Test func `a file that is not UTF-8 is refused`() {
        let error = policyError { try ProfileFile.parse([0x6E, 0xFF, 0xFE], knownChecks: knownChecks) }
        #expect(error?.code == .malformed)
    }

    @Test func `a file over one mebibyte is refused`() {
        let text = profileText() + String(repeating: "# x\n", count: 1 << 18)
        #expect(policyError { try ProfileFile.parse(text, knownChecks: knownChecks) }?.code == .tooLarge)
    }

    @Test(arguments: ["brackets", "braces", "dashes", "question marks", "indented keys", "indented dashes"])
    func `deep nesting is refused`(_ kind: String) {
        let text =
            switch kind {
            case "brackets": String(repeating: "[", count: 100_000)
            case "braces": String(repeating: "{a: ", count: 50_000)
            case "dashes": String(repeating: "- ", count: 100_000)
            case "question marks": String(repeating: "? ", count: 100_000)
            case "indented keys": (0..<700).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
            default: (0..<40).map { String(repeating: " ", count: $0) + "- - - - - a:" }.joined(separator: "\n")
            }
        #expect(policyError { try ProfileFile.parse(text, knownChecks: knownChecks) }?.code == .malformed)
    }

    @Test func `aliases that multiply are refused before they are expanded`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<30 {
            let before = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: before, count: 9).joined(separator: ", "))]\n"
        }
        text += "? *a29\n: x\n? *a29\n: y\n"
        #expect(policyError { try ProfileFile.parse(text, knownChecks: knownChecks) }?.code == .anchor)
    }

    @Test func `stars and ampersands in texts are no aliases`() throws {
        let text = profileText("Read-only data", "R&D *must* have it & more")
        #expect(
            try ProfileFile.parse(text, knownChecks: knownChecks).sections.first?.rows.last?.title.hasPrefix("R&D")
                == true)
    }

    @Test func `no truncation and no changed byte crashes`() {
        let bytes = Array(profileText().utf8)
        for count in bytes.indices { _ = try? ProfileFile.parse(Array(bytes[..<count]), knownChecks: knownChecks) }
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let marks = Array("&*[]{}:,-?|>'\"#%@!\n\t \u{0}\\".utf8)
        for _ in 0..<3000 {
            var changed = bytes
            for _ in 0...next(4) {
                let place = next(changed.count)
                switch next(3) {
                case 0: changed[place] = UInt8(truncatingIfNeeded: next(256))
                case 1: changed[place] = marks[next(marks.count)]
                default: changed.insert(marks[next(marks.count)], at: place)
                }
            }
            _ = try? ProfileFile.parse(changed, knownChecks: knownChecks)
        }
    }
}
