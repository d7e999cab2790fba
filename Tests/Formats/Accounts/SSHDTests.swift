import AssayTestSupport
import Foundation
import Testing

@testable import AssayAccounts

struct SSHDTests {
    static let sshd = "/usr/sbin/sshd"

    @Test func `the first value counts and blocks are apart`() {
        let configuration = SSHDConfiguration(
            Array(
                "Include conf.d/*.conf\nPasswordAuthentication yes\nMatch User bob\nPermitRootLogin yes\nMatch all\nUsePAM yes\n"
                    .utf8)
        ) { pattern in
            #expect(pattern == "/etc/ssh/conf.d/*.conf")
            return [
                (
                    path: "/etc/ssh/conf.d/1.conf",
                    bytes: Array("passwordauthentication=\"no\" # x\nMatch Group g\nPubkeyAuthentication no\n".utf8)
                )
            ]
        }
        #expect(configuration.problems.isEmpty)
        #expect(
            configuration.answer(.passwordAuthentication)
                == .init(value: "no", location: AccountLocation(path: "/etc/ssh/conf.d/1.conf", line: 1)))
        #expect(configuration.answer(.permitRootLogin) == .init(value: "prohibit-password", location: nil))
        #expect(configuration.answer(.usePAM).value == "yes")
        #expect(configuration.overrides(of: .permitRootLogin).map(\.match) == ["User bob"])
        #expect(configuration.overrides(of: .publicKeyAuthentication).map(\.match) == ["Group g"])
    }

    @Test(arguments: [
        ("PermitRootLogin", SSHDConfiguration.Problem.Reason.missingArgument("permitrootlogin")),
        ("PermitRootLogin maybe", .badValue(keyword: "permitrootlogin", value: "maybe")),
        ("PermitRootLogin yes no", .extraArguments("permitrootlogin")), ("PermitRootLogin \"yes", .unbalancedQuote),
        ("UsePAM true", .badValue(keyword: "usepam", value: "true")),
        ("Match User x\nUsePAM yes", .notInMatch("usepam")),
    ])
    func `a line that sshd refuses is recorded`(text: String, reason: SSHDConfiguration.Problem.Reason) {
        #expect(SSHDConfiguration(Array(text.utf8)).problems.map(\.reason) == [reason])
    }

    @Test func `a file that includes itself ends`() {
        let bytes = Array("Include /a\nInclude /b\n".utf8)
        let configuration = SSHDConfiguration(bytes) { _ in [(path: "/a", bytes: bytes)] }
        #expect(configuration.problems.contains { $0.reason == .tooDeep || $0.reason == .tooLarge })
    }

    @Test(.enabled(if: ReferenceProgram.isExpected(sshd)), arguments: 0..<40)
    func `sshd gives a generated configuration the same answers`(seed: Int) throws {
        let folder = NSTemporaryDirectory() + "assay-sshd-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try ReferenceProgram.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", folder + "/key"])
        var numbers = SeededNumbers(state: UInt64(seed))
        var files: [String: String] = [:]
        for name in ["1.conf", "2.conf"] { files[folder + "/" + name] = lines(&numbers, count: 4, include: nil) }
        let main = lines(&numbers, count: 8, include: folder + "/*.conf")
        files[folder + "/main"] = main
        for (path, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
        let configuration = SSHDConfiguration(Array(main.utf8), path: folder + "/main") { pattern in
            pattern == folder + "/*.conf"
                ? [folder + "/1.conf", folder + "/2.conf"].map { (path: $0, bytes: Array((files[$0] ?? "").utf8)) } : []
        }
        let answer = try ReferenceProgram.run(Self.sshd, ["-T", "-f", folder + "/main", "-h", folder + "/key"])
        let context = Comment(rawValue: "\(seed): \(files)")
        #expect((answer.status == 0) == configuration.problems.isEmpty, context)
        guard answer.status == 0 else { return }
        for line in answer.output.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard let question = SSHDQuestion(rawValue: words[0]) else { continue }
            #expect(question.value(words[1]) == configuration.answer(question).value, context)
        }
    }

    private func lines(_ numbers: inout SeededNumbers, count: Int, include: String?) -> String {
        let keywords = [
            "PasswordAuthentication", "KbdInteractiveAuthentication", "challengeresponseauthentication",
            "PERMITROOTLOGIN",
            "PubkeyAuthentication", "UsePAM", "PermitEmptyPasswords", "SkeyAuthentication", "DSAAuthentication",
        ]
        var text = ""
        for _ in 0..<count {
            switch numbers.next() % 12 {
            case 0: text += numbers.pick(["Match all\n", "Match User bob\n", "match group a,b user c\n"])
            case 1: text += include.map { "Include \($0)\n" } ?? "# comment\n"
            case 2: text += numbers.pick(["\n", "  # UsePAM yes\n", "\t\n"])
            default:
                text += numbers.pick(["", "  ", "\t"]) + numbers.pick(keywords)
                text += numbers.pick([" ", "=", " = ", "\t"])
                text += numbers.pick(["yes", "no", "NO", "\"yes\"", "'no'", "yes # why", "no", "yes"])
                if numbers.next() % 60 == 0 { text += numbers.pick([" extra", "x", "\""]) }
                text += numbers.pick(["\n", " \n", "\r\n"])
            }
        }
        return text
    }
}
