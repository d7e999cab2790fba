import AssayBootLoader
import AssayTestSupport
import Foundation
import Testing

/// Evaluates `script` with files given as texts; a name that ends in a slash is a directory.
func evaluate(_ script: String, files: [String: String] = [:], variables: [String: String] = [:]) -> GrubConfiguration {
    GrubConfiguration(script: Array(script.utf8), path: "/boot/grub2/grub.cfg", variables: variables) { path in
        if let text = files[path] { return .bytes(Array(text.utf8)) }
        let names = files.keys.filter { $0.hasPrefix(path + "/") }.map { String($0.dropFirst(path.count + 1)) }
        return names.isEmpty ? .absent : .directory(names.sorted())
    }
}

/// A block with `variables`, as grub-editenv writes it.
func block(_ variables: [String]) -> String {
    let text = GrubEnvironmentBlock.signature + variables.map { $0 + "\n" }.joined()
    return text + String(repeating: "#", count: max(0, GrubEnvironmentBlock.usualByteCount - text.utf8.count))
}

/// The command line of the default entry, when all of it is known.
func certainCommandLine(_ configuration: GrubConfiguration) -> String? {
    guard case .linux(let kernel)? = configuration.defaultEntry.entry?.action, kernel.commandLine.isCertain else {
        return nil
    }
    return kernel.commandLine.text
}

struct GrubConfigurationTests {
    static let azure = try? String(
        contentsOfFile: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/Vectors/BootLoader/azurelinux-grub.cfg", encoding: .utf8)

    @Test func `Azure Linux's template keeps its placeholders and says that they are not filled in`() throws {
        let configuration = evaluate(try #require(Self.azure))
        #expect(configuration.diagnostics.isEmpty)
        #expect(configuration.missing.isEmpty)
        let entry = try #require(configuration.defaultEntry.entry)
        #expect(entry.title.text == "Azure Linux")
        guard case .linux(let kernel) = entry.action else {
            Issue.record("no kernel: \(entry.action)")
            return
        }
        #expect(kernel.location.description == "/boot/grub2/grub.cfg:22")
        #expect(kernel.commandLine.text.contains(" lockdown=integrity sysctl.kernel.unprivileged_bpf_disabled=1 "))
        #expect(kernel.commandLine.text.hasSuffix("$kernelopts"))
        let tokens = kernel.commandLine.doubts.map(\.token)
        #expect(tokens.contains("{{.SELinux}}"))
        #expect(tokens.contains("$kernelopts"))
        #expect(tokens.contains("$mariner_cmdline"))
        #expect(kernel.commandLine.doubts.first { $0.token == "{{.SELinux}}" }?.kind == .placeholder)
        #expect(configuration.lookups.allSatisfy { if case .unresolved = $0.state { true } else { false } })
        #expect(configuration.lookups.contains { $0.command == "load_env" && $0.path == "{{.BootPrefix}}/mariner.cfg" })
    }

    /// The template as the image builder fills it in.
    static func rendered(_ extra: String = "") -> String? {
        azure?.replacingOccurrences(of: "{{.BootPrefix}}", with: "/boot")
            .replacingOccurrences(of: "{{.RootPartition}}", with: "PARTUUID=abc")
            .replacingOccurrences(of: "{{.ExtraCommandLine}}", with: extra)
            .replacingOccurrences(of: #"\{\{\.[A-Za-z]+\}\}"#, with: "", options: .regularExpression)
    }

    static let azureFiles = [
        "/boot/mariner.cfg": block([
            "mariner_linux=vmlinuz-6.6.134", "mariner_initrd=initrd.img-6.6.134", "mariner_cmdline=security=selinux ro",
        ]),
        "/boot/systemd.cfg": block(["systemd_cmdline=net.ifnames=0 plymouth.enable=0"]),
        "/boot/initrd.img-6.6.134": "x",
    ]

    @Test func `Azure Linux's script with its environment files gives the exact command line`() throws {
        var files = Self.azureFiles
        files["/boot/grub2/grubenv"] = block(["kernelopts=selinux=0 lockdown=none"])
        let configuration = evaluate(try #require(Self.rendered("quiet")), files: files)
        #expect(
            certainCommandLine(configuration)
                == "rd.auto=1 root=PARTUUID=abc security=selinux ro lockdown=integrity"
                + " sysctl.kernel.unprivileged_bpf_disabled=1 net.ifnames=0 plymouth.enable=0 quiet selinux=0 lockdown=none"
        )
        let entry = try #require(configuration.defaultEntry.entry)
        #expect(entry.initrds.map(\.text) == ["/boot/initrd.img-6.6.134"])
        #expect(configuration.lookups.map(\.state) == [.loaded, .loaded, .loaded])
    }

    @Test func `without grubenv kernelopts is empty, and the missing systemd_cfg gives the fallback`() throws {
        var files = Self.azureFiles
        files["/boot/systemd.cfg"] = nil
        let configuration = evaluate(try #require(Self.rendered()), files: files)
        #expect(
            certainCommandLine(configuration)
                == "rd.auto=1 root=PARTUUID=abc security=selinux ro lockdown=integrity"
                + " sysctl.kernel.unprivileged_bpf_disabled=1 net.ifnames=0")
    }

    @Test func `an unreadable environment file makes what it may set unknown, never empty`() throws {
        let script = try #require(Self.rendered())
        let configuration = GrubConfiguration(script: Array(script.utf8), path: "/boot/grub2/grub.cfg") { path in
            if path == "/boot/grub2/grubenv" { return .unreadable(reason: "permission denied") }
            return Self.azureFiles[path].map { .bytes(Array($0.utf8)) } ?? .absent
        }
        guard case .linux(let kernel)? = configuration.defaultEntry.entry?.action else {
            Issue.record("no kernel")
            return
        }
        let doubt = try #require(kernel.commandLine.doubts.first { $0.token == "$kernelopts" })
        #expect(doubt.reason.contains("'/boot/grub2/grubenv'"))
        #expect(doubt.reason.contains("permission denied"))
        #expect(kernel.commandLine.text.contains("lockdown=integrity"))
    }

    @Test func `words are quoted and escaped as the loader hands them over`() {
        let configuration = evaluate(
            #"menuentry x { linux /k a="b c" 'd "e"' $unset f\ g h\"i '$j' "$unset" }"#)
        #expect(certainCommandLine(configuration) == #""a=b c" "d \"e\"" "f g" h\"i $j "#)
    }

    @Test(
        arguments: [
            ("set a=1\nset b=$a$a", "11"), ("set a=\"x y\"\nset b=\"$a\"", "x y"), ("set a='x y'\nset b=$a", "x"),
            ("b='$a'", "$a"), ("set b=\"a\\\"b\\$c\\n\"", "a\"b$c\\n"), ("set b=a\\\nc", "ac"), ("set b=${no}z", "z"),
            ("set b=1; set b=2 # set b=3", "2"), ("function f { set b=$1; }\nf q r", "q"),
            ("for i in 1 2 3; do set b=\"$b$i\"; done", "123"), ("set b=1\nunset b", nil),
            ("if [ a = a ]; then set b=1; else set b=2; fi", "1"), ("if [ ! -n '' ]; then set b=1; fi", "1"),
            ("if [ a = b -o c = c ]; then set b=1; fi", "1"), ("if [ a = b -a c = c ]; then set b=1; fi", nil),
            ("if [ ( a = b -o c = c ) -a 1 -lt 2 ]; then set b=1; fi", "1"),
            ("if [ x$feature_menuentry_id = xy ]; then set b=1; fi", "1"),
            ("if false; then set b=1; elif true; then set b=2; else set b=3; fi", "2"),
            ("if ! true; then set b=1; else set b=2; fi", "2"), ("set b=#x", "#x"), ("set b=a#x", "a#x"),
            ("eval \"set b=7\"", "7"), ("increment b\nincrement b", "2"), ("set b=$config_directory", "/boot/grub2"),
            ("set i=1\nwhile [ $i -lt 5 ]; do increment i; set b=\"${b}x\"; done", "xxxx"),
            ("set b=$\"hi there\"", "hi there"),
        ] as [(String, String?)])
    func `the script language is evaluated`(script: String, expected: String?) {
        let configuration = evaluate(script)
        #expect(configuration.variables["b"]?.text == expected)
        #expect(configuration.variables["b"]?.isCertain ?? true)
        #expect(configuration.diagnostics.isEmpty)
    }

    @Test func `both branches of an unknown condition are followed and marked`() {
        let configuration = evaluate(
            """
            if [ "$grub_platform" = efi ]; then set c=linuxefi; set x=1; menuentry efi { linux /a ro }
            else set c=linux16; set x=1; menuentry pc { linux /b ro }
            fi
            menuentry both { $c /c ro }
            menuentry same { linux /d $x $c }
            """)
        #expect(configuration.entries.map(\.title.text) == ["efi", "pc", "both", "same"])
        #expect(configuration.entries.map(\.isCertain) == [false, false, true, true])
        #expect(configuration.variables["x"]?.isCertain == true)
        #expect(configuration.variables["c"]?.doubts.first?.reason.contains("/boot/grub2/grub.cfg:1") == true)
        guard case .undecided(let reason) = configuration.defaultEntry else {
            Issue.record("the first entry depends on the platform")
            return
        }
        #expect(reason.contains("condition"))
        #expect(!configuration.missing.isEmpty, "the command that a variable names is not known")
    }

    @Test func `a kernel line under an unknown condition leaves the entry undecided with both kernels`() {
        let configuration = evaluate(
            "menuentry x { if search --label y; then linux /a lockdown=none; else linux /b lockdown=integrity; fi }")
        guard case .undecided(let kernels, let reason)? = configuration.defaultEntry.entry?.action else {
            Issue.record("must be undecided")
            return
        }
        #expect(kernels.map(\.path.text) == ["/a", "/b"])
        #expect(reason.contains("condition"))
    }

    @Test func `the last kernel line of an entry counts`() {
        #expect(certainCommandLine(evaluate("menuentry x { linux /a one\nlinux /a two\n}")) == "two")
    }

    /// In the shape in which grub-mkconfig of Debian 12 writes it.
    static let debian = """
        if [ -s $prefix/grubenv ]; then
          set have_grubenv=true
          load_env
        fi
        if [ "${next_entry}" ] ; then
           set default="${next_entry}"
           set next_entry=
           save_env next_entry
           set boot_once=true
        else
           set default="${saved_entry}"
        fi

        if [ x"${feature_menuentry_id}" = xy ]; then
          menuentry_id_option="--id"
        else
          menuentry_id_option=""
        fi
        export menuentry_id_option

        function load_video {
          if [ x$feature_all_video_module = xy ]; then
            insmod all_video
          else
            insmod efi_gop
          fi
        }
        function gfxmode {
        	set gfxpayload="${1}"
        }
        set linux_gfx_mode=
        export linux_gfx_mode
        menuentry 'Debian GNU/Linux' --class debian --class os $menuentry_id_option 'gnulinux-simple-abc' {
        	load_video
        	insmod gzio
        	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
        	search --no-floppy --fs-uuid --set=root abc
        	echo	'Loading Linux 6.1.0-1-amd64 ...'
        	linux	/boot/vmlinuz-6.1.0-1-amd64 root=UUID=abc ro  quiet
        	initrd	/boot/initrd.img-6.1.0-1-amd64
        }
        submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-abc' {
        	menuentry 'Debian, with Linux 6.1.0-1' --class debian $menuentry_id_option 'gnulinux-6.1.0-1-advanced-abc' {
        		linux	/boot/vmlinuz-6.1.0-1-amd64 root=UUID=abc ro  quiet
        	}
        	menuentry 'Debian, with Linux 6.1.0-1 (recovery mode)' $menuentry_id_option 'gnulinux-6.1.0-1-recovery-abc' {
        		linux	/boot/vmlinuz-6.1.0-1-amd64 root=UUID=abc ro single
        	}
        }
        menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' { fwsetup }
        """

    @Test(
        arguments: [
            ([], "root=UUID=abc ro quiet"),
            (["saved_entry=0"], "root=UUID=abc ro quiet"),
            (["saved_entry=1>1"], "root=UUID=abc ro single"),
            (["saved_entry=1"], "root=UUID=abc ro quiet"),
            (["saved_entry=gnulinux-advanced-abc>gnulinux-6.1.0-1-recovery-abc"], "root=UUID=abc ro single"),
            (
                ["saved_entry=Advanced options for Debian GNU/Linux>Debian, with Linux 6.1.0-1"],
                "root=UUID=abc ro quiet"
            ),
            (["saved_entry=0", "next_entry=gnulinux-advanced-abc>1"], "root=UUID=abc ro single"),
            (["saved_entry=no such entry"], "root=UUID=abc ro quiet"),
            (["saved_entry=99"], "root=UUID=abc ro quiet"),
            (["saved_entry=2"], nil),
        ] as [([String], String?)])
    func `the default entry is found as the menu finds it`(variables: [String], expected: String?) {
        let configuration = evaluate(
            Self.debian, files: ["/boot/grub/grubenv": block(variables)], variables: ["prefix": "/boot/grub"])
        #expect(configuration.diagnostics.isEmpty)
        #expect(certainCommandLine(configuration) == expected)
        #expect(configuration.bootEntries.count == 4)
        #expect(
            configuration.entries.map(\.id?.text) == ["gnulinux-simple-abc", "gnulinux-advanced-abc", "uefi-firmware"])
    }

    @Test func `without the prefix it is not known whether grubenv names another default`() {
        guard case .undecided(let reason) = evaluate(Self.debian).defaultEntry else {
            Issue.record("grubenv was not read")
            return
        }
        #expect(reason.contains("default"))
    }

    @Test func `a stub that calls another file shows the menu of that file`() {
        let configuration = evaluate(
            "search.fs_uuid abc root hd0,gpt2\nset prefix=($root)'/boot/grub'\nconfigfile $prefix/grub.cfg\n",
            files: ["/boot/grub/grub.cfg": "set default=1\nmenuentry a { linux /a 1 }\nmenuentry b { linux /b 2 }"])
        #expect(certainCommandLine(configuration) == "2")
        #expect(configuration.defaultEntry.entry?.location.description == "/boot/grub/grub.cfg:3")
    }

    @Test func `a sourced file that cannot be read may hold anything`() {
        let configuration = GrubConfiguration(
            script: Array("source /custom.cfg\nmenuentry a { linux /a $x }".utf8), path: "/g/grub.cfg"
        ) { _ in .unreadable(reason: "permission denied") }
        #expect(configuration.missing.first?.contains("permission denied") == true)
        guard case .undecided = configuration.defaultEntry else {
            Issue.record("the file may add entries in front")
            return
        }
    }

    @Test func `a file that sources itself ends`() {
        let configuration = evaluate(
            "source /a.cfg", files: ["/a.cfg": "menuentry x { linux /a }\nsource /a.cfg\nsource /a.cfg"])
        #expect(configuration.missing.contains("nested too deeply"))
    }

    @Test(arguments: [
        "function f { f; f; }\nf", "while true; do set a=$a$a; done", "set a=xxxxxxxx\nwhile true; do set a=$a$a; done",
        "for i in 1 2 3 4 5 6 7 8 9; do for j in 1 2 3 4 5 6 7 8 9; do for k in 1 2 3 4 5 6; do f; done; done; done",
        "eval 'eval eval'", "set a='eval $a'\neval $a",
    ])
    func `endless scripts end`(script: String) {
        let configuration = evaluate(script)
        #expect(configuration.entries.isEmpty)
    }

    @Test func `loader entries are expanded from the environment, newest first`() {
        let files = [
            "/loader/entries/m-6.9.0.conf":
                "title Nine\nlinux /vmlinuz-6.9.0\ninitrd /i9 $tuned_initrd\noptions root=/dev/a $kernelopts",
            "/loader/entries/m-6.11.0.conf":
                "title Eleven\nlinux /vmlinuz-6.11.0\noptions root=/dev/a\noptions $kernelopts x",
            "/loader/entries/readme": "",
            "/boot/grub2/grubenv": block(["kernelopts=ro lockdown=integrity", "saved_entry=m-6.9.0"]),
        ]
        let script = "load_env -f /boot/grub2/grubenv\nset default=\"${saved_entry}\"\ninsmod blscfg\nblscfg\n"
        let configuration = evaluate(script, files: files)
        #expect(configuration.entries.map(\.title.text) == ["Eleven", "Nine"])
        #expect(certainCommandLine(configuration) == "root=/dev/a ro lockdown=integrity")
        #expect(
            configuration.entries.first?.action.kernels.first?.commandLine.text == "root=/dev/a ro lockdown=integrity x"
        )
        #expect(configuration.defaultEntry.entry?.location.path == "/loader/entries/m-6.9.0.conf")
    }

    @Test(arguments: [
        ("menuentry x { linux /a", "'}' is missing"), ("if true; then set a=1", "'fi' is missing"),
        ("set a='x", "a quoted string has no end"), ("true && set a=1", "'&' is reserved and not supported by GRUB"),
        ("fi", "a word that closes nothing"), (String(repeating: "if true\nthen\n", count: 100), "nested too deeply"),
    ])
    func `a syntax error is recorded and leaves the menu incomplete`(script: String, message: String) {
        let configuration = evaluate(script)
        #expect(configuration.diagnostics.map(\.message).contains(message))
        #expect(!configuration.missing.isEmpty)
    }

    @Test func `commands that are not known are listed`() {
        #expect(evaluate("frobnicate 1\ninsmod part_gpt").unknownCommands == ["frobnicate"])
    }

    @Test func `truncation, flipped bits and random edits never crash`() {
        var random = SeededNumbers(state: 7)
        let bytes = Array(((Self.rendered() ?? "") + Self.debian).utf8)
        func run(_ script: [UInt8]) {
            let configuration = GrubConfiguration(script: script, path: "/g.cfg") { path in
                path.hasSuffix("v") ? .bytes(Array(block(["default=1>1", "kernelopts=$a {{x}}"]).utf8)) : .absent
            }
            #expect(configuration.entries.count < 16)
        }
        let short = Array((Self.rendered() ?? "").utf8)
        for index in short.indices {
            run(Array(short[..<index]))
            var changed = short
            changed[index] ^= 1 << UInt8(index % 8)
            run(changed)
        }
        let alphabet = Array("{}$'\"\\\n ;#[]!=><>&ifelsthndomu".utf8)
        for _ in 0..<400 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: changed[place] = alphabet.randomElement(using: &random) ?? 0
                default: changed.removeSubrange(place..<min(place + 20, changed.count))
                }
            }
            run(changed)
        }
        for _ in 0..<1500 {
            run((0..<Int.random(in: 0..<80, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 })
        }
    }
}

struct GrubBoundsTests {
    @Test(arguments: [
        ";", "{", "}", "$", "\"", "'", "{{", "if ", "a=$a ", "menuentry x { ", "menuentry x { echo }\n", "\\",
    ])
    func `128 kibibytes of one token is read in bounded time`(token: String) {
        let script = String(repeating: token, count: (1 << 17) / token.utf8.count)
        let configuration = evaluate(script)
        #expect(configuration.diagnostics.count <= 512)
        #expect(configuration.entries.count <= 4096)
    }

    @Test func `a script of more than a mebibyte is refused and leaves the menu incomplete`() {
        let configuration = evaluate(String(repeating: "#", count: (1 << 20) + 1))
        #expect(configuration.missing.first?.contains("too large") == true)
    }

    @Test func `a script that an entry sources and that cannot be read leaves its kernel undecided`() {
        let configuration = GrubConfiguration(
            script: Array("menuentry a { linux /a lockdown=integrity\nsource /x }".utf8), path: "/g.cfg"
        ) { _ in .unreadable(reason: "permission denied") }
        guard case .undecided(let kernels, let reason)? = configuration.defaultEntry.entry?.action else {
            Issue.record("the file may load another kernel")
            return
        }
        #expect(kernels.count == 1)
        #expect(reason.contains("permission denied"))
    }
}
