import AssayPackageSources
import AssayTestSupport
import Foundation
import Testing

private func read(_ text: String) -> AptConfiguration {
    var configuration = AptConfiguration()
    configuration.read(Array(text.utf8), path: "apt.conf")
    return configuration
}

/// Texts whose trees apt-config must agree about, all below `Assay`.
private let texts = [
    "Assay::A \"1\";", "Assay { A \"1\"; B { C \"2\"; }; };", "Assay::List { \"a\"; \"b\"; };",
    "Assay::List:: \"a\"; Assay::List:: \"b\";", "Assay {A \"x\";}",
    "// c\nAssay::A \"1\"; # d\n/* e\n; */ Assay::B \"2\";",
    "Assay::A \"1\"; assay::a \"2\";", "Assay::A \"1\"; #clear Assay::A;",
    "Assay { B \"1\"; C \"2\"; };\n#clear Assay;\n",
    "Assay::A \"with // no comment # here\";", "Assay::A\n\"1\"\n;", "Assay::A \"1\"; Assay::A::B \"2\";",
    "Assay { A { \"x\"; }; A { \"y\"; }; };", "Assay::Empty \"\";", "Assay::A one;", "Assay { A \"1\" };",
    "Assay::S \"x;{}y\";", "Assay \"v\" { A \"1\"; };", "Assay::Z::Y::X \"1\"; Assay::Z::W \"2\";",
    "Assay { A { B { C { D \"1\"; }; }; }; E \"2\"; };", "Assay::A \"1\";Assay::B \"2\";Assay::C \"3\";",
    "#clear Assay::Nothing;\nAssay::A \"1\";",
]

struct AptConfigurationTests {
    @Test func `the settings that turn checks off are found with their lines`() {
        let security = AptSecurity(
            read(
                """
                APT { Get { AllowUnauthenticated "true"; }; };
                Acquire::AllowInsecureRepositories "1";
                acquire::allowweakrepositories yes;
                Acquire::Check-Valid-Until "false";
                Acquire::https::Verify-Peer "false";
                Acquire::https::mirror.example::Verify-Host "0";
                Acquire::Check-Date "maybe";
                """))
        #expect(
            security.unsafe.map { "\($0.name) \($0.position?.description ?? "-")" } == [
                "APT::Get::AllowUnauthenticated apt.conf:1", "Acquire::AllowInsecureRepositories apt.conf:2",
                "Acquire::AllowWeakRepositories apt.conf:3", "Acquire::Check-Valid-Until apt.conf:4",
                "Acquire::https::Verify-Peer apt.conf:5", "Acquire::https::mirror.example::Verify-Host apt.conf:6",
            ])
        #expect(security["Acquire::Check-Date"]?.position == nil)
        #expect(security["Acquire::https::Verify-Host"]?.isSafe == true)
    }

    @Test func `without any file everything is checked`() {
        #expect(AptSecurity(AptConfiguration()).unsafe.isEmpty)
        #expect(AptSecurity(AptConfiguration()).settings.count == 8)
    }

    @Test func `a later file wins`() {
        var configuration = read("A \"1\"; L { \"x\"; };")
        configuration.read(Array("\nA \"2\"; L { \"y\"; };".utf8), path: "later")
        #expect(configuration["a"]?.text == "2")
        #expect(configuration["A"]?.position.description == "later:2")
        #expect(configuration.list("L").map(\.text) == ["x", "y"])
    }

    @Test(arguments: [
        ("A \"1\"", "a statement without ';' at the end"), ("A {", "1 scopes are not closed"),
        ("}", "a '}' that closes nothing"), ("{ }", "a scope without a name"),
        ("A b c;", "text behind the value of 'A'"),
        ("#include \"/x\";", "'/x' is included and was not read"), ("A { #clear B; };", "'#clear' inside a scope"),
        ("b;", "a value without a name"),
    ])
    func `what is malformed is reported`(text: String, reason: String) {
        #expect(read(text).diagnostics.map(\.reason) == [reason])
    }

    @Test(arguments: [
        ("70debconf", true), ("a.conf", true), ("a.conf.bak", false), ("a~", false), (".a", false), ("a.b.conf", true),
        ("a.disabled", false), ("", false),
    ])
    func `parts are chosen by their names as apt does`(name: String, isRead: Bool) {
        #expect(AptConfiguration.isPartName(name) == isRead)
    }

    @Test(.enabled(if: hasTool("/usr/bin/apt-config")), arguments: texts)
    func `apt-config reads the same tree`(text: String) throws {
        try withDirectory { directory in
            try write(text, to: directory + "/apt.conf")
            let (output, status) = try run(
                ["apt-config", "dump"], environment: ["APT_CONFIG": directory + "/apt.conf"])
            #expect(status == 0)
            let theirs = output.split(separator: "\n").map(String.init).filter { $0.hasPrefix("Assay") }
            let ours = read(text)
            #expect(ours.diagnostics.isEmpty)
            #expect(ours.dump() == theirs)
        }
    }

    @Test(.enabled(if: hasTool("/usr/bin/apt-config")))
    func `apt-config reads the same trees of generated texts`() throws {
        var random = SeededNumbers(state: 11)
        try withDirectory { directory in
            for _ in 0..<60 {
                let text = generate(&random, depth: 0)
                try write("Assay {\n\(text)};\n", to: directory + "/apt.conf")
                let (output, status) = try run(
                    ["apt-config", "dump"], environment: ["APT_CONFIG": directory + "/apt.conf"])
                #expect(status == 0)
                let theirs = output.split(separator: "\n").map(String.init).filter { $0.hasPrefix("Assay") }
                let ours = read("Assay {\n\(text)};\n").dump()
                #expect(ours == theirs, "\(text)")
            }
        }
    }

    private func generate(_ random: inout SeededNumbers, depth: Int) -> String {
        var text = ""
        for _ in 0...(random.next() % 4) {
            let name = random.pick(["A", "b", "B", "C::D", "e-f", "G_h"])
            switch random.next() % (depth < 3 ? 6 : 4) {
            case 0: text += "\(name) \"\(random.next() % 100)\";\n"
            case 1: text += "\"item \(random.next() % 100)\";\n"
            case 2: text += "// comment { ; }\n"
            case 3: text += "\(name) { \"x\"; \"y\"; };\n"
            default: text += "\(name) {\n" + generate(&random, depth: depth + 1) + "};\n"
            }
        }
        return text
    }

    @Test func `truncated and mutated files never crash`() {
        let bytes = Array(texts.joined(separator: "\n").utf8)
        for count in 0..<bytes.count { _ = read(String(decoding: bytes[..<count], as: UTF8.self)) }
        var random = SeededNumbers(state: 5)
        for _ in 0..<1000 {
            var configuration = AptConfiguration()
            configuration.read(random.mutate(bytes), path: "f")
            _ = configuration.dump()
            _ = AptSecurity(configuration)
        }
    }

    @Test(arguments: ["a{", "a\n", "/*", "\"", ";", "#clear a;", "a::"])
    func `a file of one thing over and over ends soon`(piece: String) {
        let text = String(repeating: piece, count: 100_000 / piece.utf8.count)
        #expect(ContinuousClock().measure { _ = read(text) } < .seconds(5))
    }
}
