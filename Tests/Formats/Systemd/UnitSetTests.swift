import Testing

@testable import AssaySystemd

struct UnitSetTests {
    private let etc = "/etc/systemd/system"
    private let usr = "/usr/lib/systemd/system"

    private func file(_ text: String) -> UnitDirectoryEntry { .file(Array(text.utf8)) }

    @Test func `Azure Linux's firewall unit is enabled by a link and not by a copy of the link's text`() {
        let unit = file(
            "[Unit]\nConditionFileIsExecutable=/etc/systemd/scripts/iptables\n[Install]\nWantedBy=multi-user.target\n")
        func set(_ entry: UnitDirectoryEntry) -> UnitSet {
            UnitSet(directories: [
                UnitDirectory(path: etc, subdirectories: ["multi-user.target.wants": ["iptables.service": entry]]),
                UnitDirectory(
                    path: usr,
                    entries: [
                        "iptables.service": unit, "multi-user.target": file("[Unit]\n"),
                        "default.target": .symlink(target: "multi-user.target"),
                    ]),
            ])
        }
        let link = set(.symlink(target: "/usr/lib/systemd/system/iptables.service"))
        #expect(link.enablement(of: "iptables.service").state == .enabled)
        #expect(link.reachableFromDefaultTarget() == ["multi-user.target", "iptables.service"])
        let copy = set(file("/usr/lib/systemd/system/iptables.service\n"))
        let enablement = copy.enablement(of: "iptables.service")
        #expect(enablement.state == .disabled)
        #expect(enablement.ignoredFiles == ["/etc/systemd/system/multi-user.target.wants/iptables.service"])
        #expect(copy.reachableFromDefaultTarget() == ["multi-user.target"])
        #expect(
            copy.reachable(from: "default.target").ignoredFiles
                == ["iptables.service": "/etc/systemd/system/multi-user.target.wants/iptables.service"])
        #expect(
            copy.load("iptables.service").conditions.map { "\($0.test) \($0.argument) \($0.location.line)" }
                == ["FileIsExecutable /etc/systemd/scripts/iptables 2"])
    }

    @Test func `the closure follows links, settings, templates and implicit dependencies`() {
        let set = UnitSet(directories: [
            UnitDirectory(
                path: etc,
                entries: [
                    "default.target": .symlink(target: "/lib/systemd/system/graphical.target"), "off.service": .masked,
                ],
                subdirectories: [
                    "graphical.target.wants": [
                        "on@tty1.service": .symlink(target: "/usr/lib/systemd/system/on@.service"),
                        "gone.service": .symlink(target: "/usr/lib/systemd/system/gone.service"),
                        "off.service": .symlink(target: "/usr/lib/systemd/system/off.service"),
                    ],
                    "default.target.requires": ["early.service": .symlink(target: "../early.service")],
                ]),
            UnitDirectory(
                path: usr,
                entries: [
                    "graphical.target": file(
                        "[Unit]\nRequires=multi-user.target\nWants=display.service \"web.socket\"\n"),
                    "multi-user.target": file("[Unit]\nUpholds=held.service\n"),
                    "on@.service": file("[Unit]\nWants=helper@%i.service\n[Service]\nExecStart=/bin/on\n"),
                    "helper@.service": file("[Unit]\nWants=%v.service\n"),
                    "early.service": file("[Unit]\nDefaultDependencies=no\n"), "held.service": file("[Unit]\n"),
                    "web.socket": file("[Socket]\n"), "web.service": file("[Service]\n"),
                    "sysinit.target": file("[Unit]\nBindsTo=loop.target\n"),
                    "loop.target": file("[Unit]\nWants=sysinit.target default.target\n"),
                    "off.service": file("[Service]\n"),
                ]),
        ])
        let reach = set.reachable(from: "default.target")
        #expect(
            reach.units == [
                "graphical.target", "multi-user.target", "on@tty1.service", "helper@tty1.service", "early.service",
                "held.service", "web.socket", "sysinit.target", "loop.target",
            ])
        #expect(reach.undecided.keys.sorted() == ["%v.service"])
        #expect(set.triggered(by: "web.socket") == "web.service")
        #expect(set.load("default.target").name == "graphical.target")
        #expect(set.load("graphical.target").aliases == ["default.target"])
    }

    @Test func `settings come from the fragment and the drop-ins in the order of their names`() throws {
        let set = UnitSet(directories: [
            UnitDirectory(
                path: etc,
                subdirectories: [
                    "foo-bar.service.d": [
                        "20.conf": file("[Service]\nPrivateTmp=no\nExecStart=\nExecStart=+/bin/b c\n")
                    ],
                    "service.d": ["30.conf": file("[Service]\nNoNewPrivileges=yes\n")],
                ]),
            UnitDirectory(
                path: usr,
                entries: ["foo-bar.service": file("[Service]\nPrivateTmp=yes\nExecStart=-@/bin/a x\n")],
                subdirectories: [
                    "foo-.service.d": [
                        "20.conf": file("[Service]\nPrivateTmp=yes\n"), "10.conf": file("[Service]\nUser=u\n"),
                    ]
                ]),
        ])
        let sandbox = ServiceSandbox(set.load("foo-bar.service"))
        #expect(sandbox.privateTmp.value == .no)
        #expect(sandbox.privateTmp.location == SettingLocation(path: etc + "/foo-bar.service.d/20.conf", line: 2))
        #expect(sandbox.noNewPrivileges.location?.path == etc + "/service.d/30.conf")
        #expect(sandbox.user?.value == "u")
        let command = try #require(sandbox.startCommands.first)
        #expect(command.path == "/bin/b")
        #expect(command.isPrivileged)
        #expect(sandbox.startCommands.count == 1)
    }

    @Test func `a dynamic user forces the strict sandbox`() {
        let set = UnitSet(directories: [
            UnitDirectory(
                path: usr,
                entries: ["a.service": file("[Service]\nDynamicUser=yes\nPrivateTmp=no\nProtectSystem=full\n")])
        ])
        let sandbox = ServiceSandbox(set.load("a.service"))
        #expect(
            sandbox.privateTmp == EffectiveSetting(.yes, location: SettingLocation(path: usr + "/a.service", line: 2)))
        #expect(sandbox.protectSystem.value == .strict)
        #expect(sandbox.protectHome.value == .readOnly)
        #expect(sandbox.noNewPrivileges.value && sandbox.restrictSUIDSGID.value && sandbox.removeIPC.value)
    }

    @Test(arguments: [
        (["@swap"], SystemCallFilter.Mode.allowList, ["@swap"], [String]()),
        (["~@swap @clock"], .denyList, ["@swap", "@clock"], []),
        (["~a b:EPERM", "b"], .denyList, ["a"], []),
        (["@system-service", "~@clock"], .allowList, ["@system-service"], ["@clock"]),
        (["~a", "", "c"], .allowList, ["c"], []),
    ])
    func `a system call filter keeps what is in force`(
        values: [String], mode: SystemCallFilter.Mode, entries: [String], exceptions: [String]
    ) throws {
        let text = "[Service]\n" + values.map { "SystemCallFilter=" + $0 + "\n" }.joined()
        let filter = try #require(
            SystemCallFilter(ConfigurationFile(Array(text.utf8), path: "/u").assignments))
        #expect(filter.mode == mode)
        #expect(filter.entries.map(\.text) == entries)
        #expect(filter.exceptions.map(\.text) == exceptions)
    }

    @Test func `links in a circle end without an answer`() {
        let set = UnitSet(directories: [
            UnitDirectory(
                path: etc,
                entries: ["a.service": .symlink(target: "b.service"), "b.service": .symlink(target: "a.service")])
        ])
        #expect(set.load("a.service").state == .unknown(reason: "too many symbolic links"))
        #expect(set.enablement(of: "a.service").state == .bad)
    }

    @Test func `what could not be read is unknown`() {
        let set = UnitSet(directories: [
            UnitDirectory(
                path: etc,
                entries: ["a.service": .unreadable(reason: "permission denied"), "b.service": file("[Service]\n")],
                subdirectories: ["b.service.d": ["x.conf": .unreadable(reason: "permission denied")]]),
            UnitDirectory(path: usr, entries: ["a.service": file("[Service]\n")]),
        ])
        #expect(set.load("a.service").state == .unknown(reason: "permission denied"))
        #expect(set.enablement(of: "a.service").state == .unknown)
        #expect(
            set.load("b.service").unreadableDropIns == ["/etc/systemd/system/b.service.d/x.conf": "permission denied"])
    }

    @Test(arguments: [
        ("a.service", true), ("a@.service", true), ("a@b@c.service", true), ("@a.service", false), (".service", false),
        ("a.unit", false), ("a b.service", false), ("a", false), ("ä.service", false),
        (String(repeating: "a", count: 248) + ".service", false),
    ])
    func `a unit name is valid or not`(text: String, isValid: Bool) {
        #expect((UnitName(text) != nil) == isValid)
    }

    @Test func `a name leads to the directories of all its prefixes`() {
        #expect(
            UnitName("a-b-c.service")?.directoryNames == ["a-b-c.service", "a-b-.service", "a-.service"])
        #expect(UnitName("a-b@x.service")?.directoryNames.contains("a-b@.service") == true)
    }

    @Test(arguments: [
        ("*", "", true), ("a*c", "abbc", true), ("a*c", "ab", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false),
        ("[", "[", true), ("a\\*", "a\\b", true), ("?", "", false),
        ("*a*a*a*b", String(repeating: "a", count: 3000), false),
    ])
    func `a pattern matches as fnmatch does`(pattern: String, text: String, matches: Bool) {
        #expect(Glob.matches(pattern, text) == matches)
    }
}
