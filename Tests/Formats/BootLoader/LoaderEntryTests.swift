import AssayBootLoader
import AssayTestSupport
import Testing

func loaderEntry(_ name: String, _ text: String = "") -> LoaderEntry { LoaderEntry(Array(text.utf8), fileName: name) }

struct LoaderEntryTests {
    @Test func `an entry is read with its repeated keys joined`() {
        let entry = loaderEntry(
            "6a9857a393724b7a981ebb5b8495b9ea-3.8.0-2.fc19.x86_64.conf",
            """
            # comment
            title        Fedora 19 (Rawhide)
            sort-key     fedora
            machine-id   6a9857a393724b7a981ebb5b8495b9ea
            version      3.8.0-2.fc19.x86_64
            options      root=UUID=6d3376e4 quiet
            options\tlockdown=integrity
            architecture x64
            linux        /6a98/3.8.0-2.fc19.x86_64/linux
            initrd       /a
            initrd       /b
            empty
            """)
        #expect(entry.title == "Fedora 19 (Rawhide)")
        #expect(entry.options == "root=UUID=6d3376e4 quiet lockdown=integrity")
        #expect(entry.optionLines == [6, 7])
        #expect(entry.initrds == ["/a", "/b"])
        #expect(entry.ignoredLines == [12])
        #expect(entry.triesLeft == nil)
        #expect(entry.version == "3.8.0-2.fc19.x86_64")
    }

    @Test func `a combining mark behind the space does not hide the key`() {
        #expect(loaderEntry("a.conf", "options \u{301}x").options == "\u{301}x")
    }

    @Test(
        arguments: [
            ("a+3-1.conf", "a", 3, 1), ("a+3.conf", "a", 3, 0), ("a+0-3.conf", "a", 0, 3),
            ("a+b.conf", "a+b", nil, nil),
            ("a+.conf", "a+", nil, nil), ("a+1-2-3.conf", "a+1-2-3", nil, nil), ("a.conf", "a", nil, nil),
            ("a+99999999999999999999.conf", "a+99999999999999999999", nil, nil),
        ] as [(String, String, Int?, Int?)])
    func `boot counting is read from the file name`(name: String, id: String, left: Int?, done: Int?) {
        let entry = loaderEntry(name)
        #expect(entry.id == id)
        #expect(entry.triesLeft == left)
        #expect(entry.triesDone == done)
        #expect(entry.isBad == (left == 0))
    }

    @Test func `options are expanded from the environment and unknown names are told`() {
        let entry = loaderEntry("a.conf", "options ro $kernelopts $tuned_params$ x")
        let (text, unknown) = entry.options { $0 == "kernelopts" ? "lockdown=integrity" : nil }
        #expect(text == "ro lockdown=integrity $ x")
        #expect(unknown == ["tuned_params"])
    }

    @Test func `entries are sorted as systemd-boot sorts them`() {
        let entries = [
            loaderEntry("z-1.conf"), loaderEntry("z-10.conf"), loaderEntry("z-9.conf"),
            loaderEntry("b.conf", "sort-key b\nversion 1"),
            loaderEntry("a1.conf", "sort-key a\nversion 5\nmachine-id m"),
            loaderEntry("a2.conf", "sort-key a\nversion 10\nmachine-id m"),
            loaderEntry("a3.conf", "sort-key a\nversion 1\nmachine-id l"),
            loaderEntry("new+0-3.conf", "sort-key a\nversion 99"), loaderEntry("t+1-2.conf"), loaderEntry("t+2-1.conf"),
        ]
        #expect(
            LoaderEntry.sorted(entries).map(\.fileName) == [
                "a3.conf", "a2.conf", "a1.conf", "b.conf", "z-10.conf", "z-9.conf", "z-1.conf", "t+2-1.conf",
                "t+1-2.conf",
                "new+0-3.conf",
            ])
    }

    @Test(arguments: [
        ("default z-*\n", "z-10.conf"), ("default Z-9.conf", "z-9.conf"), ("default z-?.conf", "z-9.conf"),
        ("default nothing*", "b.conf"), ("timeout 3", "b.conf"), ("default z-[0-8].conf\ndefault z-1.conf", "z-1.conf"),
    ])
    func `the pattern of loader_conf chooses the first that matches`(text: String, expected: String) {
        let entries = [
            loaderEntry("z-10.conf"), loaderEntry("z-9.conf"), loaderEntry("z-1.conf"),
            loaderEntry("b.conf", "sort-key b"),
        ]
        let configuration = LoaderConfiguration(Array(text.utf8))
        guard case .entry(let entry) = configuration.defaultEntry(among: entries) else {
            Issue.record("no entry")
            return
        }
        #expect(entry.fileName == expected)
    }

    @Test func `a default in an EFI variable is undecided`() {
        let configuration = LoaderConfiguration(Array("default @saved\neditor no".utf8))
        #expect(!configuration.isEditorEnabled)
        guard case .undecided = configuration.defaultEntry(among: [loaderEntry("a.conf")]) else {
            Issue.record("must be undecided")
            return
        }
    }

    @Test func `the command line for kernel-install joins its lines`() {
        let line = KernelInstallCommandLine(Array("root=/dev/sda1 ro\n# note\n  lockdown=integrity\n".utf8))
        #expect(line.text == "root=/dev/sda1 ro lockdown=integrity")
        #expect(line.commentLines == [2])
    }

    @Test func `no bytes crash`() {
        var random = SeededNumbers(state: 3)
        let alphabet = Array("options linux+-.conf \t\n#$~^\u{E4}[]*?".utf8) + [0xFF]
        for _ in 0..<4000 {
            let bytes = (0..<Int.random(in: 0..<50, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            let name = String(decoding: bytes.prefix(12), as: UTF8.self)
            let entry = LoaderEntry(bytes, fileName: name)
            _ = entry.options { _ in nil }
            _ = LoaderConfiguration(bytes).defaultEntry(among: [entry])
            _ = KernelInstallCommandLine(bytes)
            _ = GrubDefaults([GrubDefaults.File(path: "f", bytes: bytes)]).commandLine
            _ = try? GrubEnvironmentBlock(Array(GrubEnvironmentBlock.signature.utf8) + bytes)
        }
    }
}
