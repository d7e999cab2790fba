import AssayBootLoader
import AssayTestSupport
import Testing

struct KernelCommandLineTests {
    @Test(
        arguments: [
            ("ro quiet", [("ro", nil), ("quiet", nil)]),
            ("root=UUID=a-b", [("root", "UUID=a-b")]),
            ("a=\"b c\" d", [("a", "b c"), ("d", nil)]),
            ("\"a=b c\" d", [("a", "b c"), ("d", nil)]),
            ("a=b\" c\"", [("a", "b\" c\"")]),
            ("\"quoted word\" x", [("quoted word", nil), ("x", nil)]),
            ("=a=b", [("=a", "b")]),
            ("=a", [("=a", nil)]),
            ("a=", [("a", "")]),
            ("a=\"", [("a", "")]),
            ("a=\"b", [("a", "b")]),
            ("\"", [("", nil)]),
            ("\t a=1\n b ", [("a", "1"), ("b", nil)]),
            ("a\u{0}b", [("a", nil)]),
        ] as [(String, [(String, String?)])])
    func `parameters are cut as the kernel cuts them`(text: String, expected: [(String, String?)]) {
        let parameters = KernelCommandLine(text).parameters
        #expect(parameters.map(\.name) == expected.map(\.0))
        #expect(parameters.map(\.value) == expected.map(\.1))
    }

    @Test func `hyphens and underscores are the same in names only`() {
        let line = KernelCommandLine("rd.auto=1 foo-bar=a-b foo_bar=c_d")
        #expect(line.all("foo-bar").map(\.value) == ["a-b", "c_d"])
        #expect(line.last("foo_bar")?.value == "c_d")
        #expect(line.contains("rd.auto"))
        #expect(!line.contains("auto"))
    }

    @Test func `the last of several decides and each has its place`() {
        let line = KernelCommandLine("lockdown=integrity quiet lockdown=none")
        #expect(line.last("lockdown")?.value == "none")
        #expect(line.all("lockdown").map(\.offset) == [0, 25])
        #expect(line.last("selinux") == nil)
    }

    @Test func `what follows two dashes is for init`() {
        let line = KernelCommandLine("ro -- lockdown=none single")
        #expect(line.parameters.map(\.name) == ["ro"])
        #expect(line.initArguments == ["lockdown=none", "single"])
        #expect(KernelCommandLine("a=\"x -- y\" b").parameters.count == 2)
        #expect(KernelCommandLine("--=x b").parameters.count == 2)
    }

    @Test func `no text crashes`() {
        var random = SeededNumbers(state: 1)
        let alphabet = Array("a=\"- \t_\u{A0}\u{301}".unicodeScalars)
        for _ in 0..<4000 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<14, using: &random) {
                text.unicodeScalars.append(alphabet.randomElement(using: &random) ?? "a")
            }
            let line = KernelCommandLine(text)
            #expect(line.parameters.allSatisfy { $0.offset < text.utf8.count })
        }
    }
}
