import Testing

@testable import AssayAccounts

struct PAMTests {
    private func lookup(_ files: [String: String]) -> PAMStack.Lookup {
        { name in files[name].map { PAMFile(Array($0.utf8), path: "/etc/pam.d/" + name) } }
    }

    @Test func `Debian's files give the method of new passwords`() throws {
        let stack = PAMStack(
            service: "passwd", type: .password,
            lookup: lookup([
                "passwd": "# c\n@include common-password\n",
                "common-password": """
                password\t[success=1 default=ignore]\tpam_unix.so obscure yescrypt rounds=11
                password\trequisite\t\t\tpam_deny.so
                session optional pam_other.so
                """,
            ]))
        #expect(stack.problems.isEmpty)
        #expect(stack.modules.map(\.name) == ["pam_unix", "pam_deny"])
        let hashing = try #require(stack.passwordHashing.first)
        #expect(hashing.scheme == .yescrypt)
        #expect(hashing.rounds == 11)
        #expect(hashing.location == AccountLocation(path: "/etc/pam.d/common-password", line: 1))
        #expect(stack.modules[0].control == .actions(["success": "1", "default": "ignore"]))
    }

    @Test(arguments: [
        ("", nil as PasswordHash.Scheme?), ("sha512 shadow", .sha512crypt), ("md5 sha256", .sha256crypt),
        ("blowfish", .bcrypt),
    ])
    func `the last method that pam_unix is given counts`(arguments: String, scheme: PasswordHash.Scheme?) {
        let stack = PAMStack(
            service: "p", type: .password,
            lookup: lookup(["p": "password required /lib/security/pam_unix.so " + arguments]))
        #expect(stack.passwordHashing.map(\.scheme) == [scheme])
    }

    @Test func `includes and substacks keep to their type`() {
        let stack = PAMStack(
            service: "login", type: .session,
            lookup: lookup([
                "login":
                    "session include a\nsession substack b\nauth include c\n-session optional pam_systemd.so # x\n",
                "a": "session required pam_namespace.so \\\n  unmnt_remnt\nauth required pam_unix.so\n",
                "b": "SESSION Required pam_limits.so conf=[a b\\]c]\n",
            ]))
        #expect(stack.modules.map(\.name) == ["pam_namespace", "pam_limits", "pam_systemd"])
        #expect(stack.modules.map(\.substackDepth) == [0, 1, 0])
        #expect(stack.modules[0].arguments == ["unmnt_remnt"])
        #expect(stack.modules[2].isOptionalModule)
        #expect(stack.polyinstantiates)
        #expect(stack.problems.isEmpty)
    }

    @Test func `a stack without rules falls back to other, and what is broken is said`() {
        let files = [
            "other": "auth required pam_deny.so\n",
            "s": "account include missing\nsession include s\npassword nonsense\n",
        ]
        let auth = PAMStack(service: "s", type: .auth, lookup: lookup(files))
        #expect(auth.problems == [.malformed(AccountLocation(path: "/etc/pam.d/s", line: 3))])
        let none = PAMStack(service: "none", type: .auth, lookup: lookup(files))
        #expect(none.isFallback)
        #expect(none.modules.map(\.name) == ["pam_deny"])
        let account = PAMStack(service: "s", type: .account, lookup: lookup(files))
        #expect(
            account.problems.contains(.missingFile("missing", from: AccountLocation(path: "/etc/pam.d/s", line: 1))))
        let session = PAMStack(service: "s", type: .session, lookup: lookup(files))
        #expect(session.problems.contains(.cycle("s", from: AccountLocation(path: "/etc/pam.d/s", line: 2))))
    }

    @Test func `files that include each other many times end soon`() {
        var files: [String: String] = [:]
        for index in 0..<30 {
            files["f\(index)"] =
                String(repeating: "auth include f\(index + 1)\n", count: 10) + "auth required pam_x.so\n"
        }
        let stack = PAMStack(service: "f0", type: .auth, lookup: lookup(files))
        #expect(stack.problems.contains(.tooLarge))
    }

    @Test func `a file that is included many times is asked for once`() {
        let many = String(repeating: "auth include a\n", count: 3_000)
        let files = lookup(["s": many, "a": "auth required pam_x.so\n"])
        var asked: [String] = []
        let stack = PAMStack(service: "s", type: .auth) { name in
            asked.append(name)
            return files(name)
        }
        #expect(asked == ["s", "a"])
        #expect(stack.modules.count == 3_000)
        #expect(stack.problems.isEmpty)
    }

    @Test func `pam_faillock and nullok are found with their lines`() {
        let stack = PAMStack(
            service: "a", type: .auth,
            lookup: lookup([
                "a":
                    "auth required pam_faillock.so preauth deny=5\nauth sufficient pam_unix.so nullok\nauth required pam_faillock.so\n"
            ]))
        #expect(stack.failureLimits.map(\.deny) == [5, nil])
        #expect(stack.nullPasswordLines.map(\.line) == [2])
    }

    @Test func `pam conf names the service on each line`() {
        let file = PAMFile(
            Array("Login auth required pam_unix.so\nlogin session\n".utf8), path: "/etc/pam.conf", form: .single)
        #expect(file.rules.map(\.service) == ["login"])
        #expect(file.malformed.map(\.line) == [2])
    }
}
