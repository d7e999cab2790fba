import AssayBytes
import AssayFacts
import AssayTestSupport
import Foundation
import Testing

@testable import AssayCollectors

struct KernelCollectorTests {
    @Test
    func `every installed kernel is found once, the newest first, with its own configuration`() throws {
        let tree = ScratchDirectory()
        try tree.link("lib", to: "usr/lib")
        try tree.write("usr/lib/modules/6.6.9-1.azl3/modules.dep", "")
        try tree.write("usr/lib/modules/6.6.134.1-1.azl3/modules.dep", "")
        try tree.write("usr/lib/modules/6.6.9-1.azl3/config", KernelFixture.configuration("6.6.9"))
        try tree.write("boot/config-6.6.134.1-1.azl3", KernelFixture.configuration("6.6.134.1"))
        try tree.write("boot/config-5.15.0-only-boot", KernelFixture.configuration("5.15.0"))
        try tree.write("boot/config-6.6.9-1.azl3.rpmsave", "")
        let found = try KernelTree(tree)
        #expect(found.kernels.map(\.release) == ["6.6.134.1-1.azl3", "6.6.9-1.azl3", "5.15.0-only-boot"])
        #expect(
            found.kernels.map(\.configuration.place.path) == [
                "/boot/config-6.6.134.1-1.azl3", "/usr/lib/modules/6.6.9-1.azl3/config",
                "/boot/config-5.15.0-only-boot",
            ])
        #expect(found.kernels.allSatisfy { $0.configuration.value?.origin == "config file" && !$0.isRunning })
        #expect(found.gaps.isEmpty)
    }

    @Test
    func `a root without a kernel has none, and neither has one with leftover module directories`() throws {
        let tree = ScratchDirectory()
        try tree.write("etc/os-release", "ID=debian\n")
        #expect(try KernelTree(tree).kernels.isEmpty)
        try tree.folder("usr/lib/modules/6.1.0-9-amd64/updates")
        try tree.folder("boot")
        let found = try KernelTree(tree)
        #expect(found.kernels.isEmpty)
        #expect(found.gaps.isEmpty)
    }

    @Test
    func `an offline root is never mixed with the host`() throws {
        let tree = ScratchDirectory()
        try tree.write("proc/sys/kernel/osrelease", "6.6.1-host\n")
        try tree.write("proc/cmdline", "quiet\n")
        try tree.write("proc/config.gz", KernelFixture.gzip(Array(KernelFixture.configuration("6.6.1").utf8)))
        #expect(try KernelTree(tree).kernels.isEmpty)
    }

    @Test
    func `the running kernel comes first with the configuration that it tells itself`() throws {
        let tree = ScratchDirectory()
        try tree.write("proc/sys/kernel/osrelease", "6.6.1-host\n")
        try tree.write("proc/cmdline", "quiet lockdown=integrity -- single\n")
        try tree.write(
            "proc/config.gz",
            KernelFixture.gzip(Array(KernelFixture.configuration("6.6.1", ["CONFIG_RUNNING=y"]).utf8)))
        try tree.write("boot/config-6.6.1-host", KernelFixture.configuration("6.6.1"))
        try tree.write("boot/config-6.9.0-next", KernelFixture.configuration("6.9.0"))
        try tree.write("etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\n")
        let found = try KernelTree(tree, isLive: true)
        #expect(found.kernels.map(\.release) == ["6.6.1-host", "6.9.0-next"])
        #expect(found.kernels.map(\.isRunning) == [true, false])
        let first = try #require(found.kernels.first)
        #expect(first.configuration.place.path == "/proc/config.gz")
        #expect(first.configuration.value?.symbols["RUNNING"]?.value == "y")
        #expect(first.commandLines.map(\.source) == [.running, .grubDefaults])
        #expect(first.commandLines.first?.parameters.map(\.name) == ["quiet", "lockdown"])
        #expect(found.kernels.last?.commandLines.map(\.source) == [.grubDefaults])
    }

    @Test
    func `a running kernel of which nothing is installed has an absent configuration`() throws {
        let tree = ScratchDirectory()
        try tree.write("proc/sys/kernel/osrelease", "6.6.1-host\n")
        let found = try KernelTree(tree, isLive: true)
        #expect(found.kernels.first?.configuration == .absent(Place("/boot/config-6.6.1-host")))
        #expect(found.kernels.first?.commandLineGaps.first?.place.path == "/proc/cmdline")
    }

    @Test
    func `a kernel without a configuration file is asked for the one that it embeds`() throws {
        let tree = ScratchDirectory()
        let text = KernelFixture.configuration("6.9.1", ["CONFIG_ARM64=y", "# CONFIG_DEVMEM is not set"])
        try tree.write("usr/lib/modules/6.9.1-a/modules.dep", "")
        try tree.write("boot/vmlinuz-6.9.1-a", KernelFixture.image(release: "6.9.1-a", configuration: text))
        let kernel = try #require(try KernelTree(tree).kernels.first)
        #expect(kernel.configuration.place.path == "/boot/vmlinuz-6.9.1-a")
        #expect(kernel.configuration.value?.origin == "IKCONFIG in Image")
        #expect(kernel.configuration.value?.symbols["DEVMEM"]?.value == "n")
        #expect(kernel.architecture == "arm64")
    }

    @Test
    func `an image whose name holds no release is asked for it`() throws {
        let tree = ScratchDirectory()
        try tree.write("usr/lib/modules/6.9.1-arch1/modules.dep", "")
        try tree.write(
            "boot/vmlinuz-linux",
            KernelFixture.image(release: "6.9.1-arch1", configuration: KernelFixture.configuration("6.9.1")))
        try tree.write(
            "boot/loader/entries/arch.conf",
            "title Arch\nlinux /vmlinuz-linux\noptions root=/dev/sda1 lockdown=integrity\n")
        let found = try KernelTree(tree)
        #expect(found.kernels.map(\.release) == ["6.9.1-arch1"])
        #expect(found.kernels.first?.configuration.place.path == "/boot/vmlinuz-linux")
        #expect(found.lines("6.9.1-arch1") == ["bootLoaderEntry: root=/dev/sda1 lockdown=integrity"])
    }

    @Test
    func `an image that cannot be read as a kernel leaves a reason, not silence`() throws {
        let tree = ScratchDirectory()
        try tree.write("boot/vmlinuz-6.1.0-bad", "no kernel")
        try tree.write("boot/vmlinuz-rescue", "no kernel either")
        let found = try KernelTree(tree)
        #expect(found.kernels.map(\.release) == ["6.1.0-bad"])
        let reason = try #require(found.kernels.first?.configuration.unreadableReason)
        #expect(reason.hasPrefix("not a kernel image"))
        #expect(found.gaps.map(\.place.path) == ["/boot/vmlinuz-rescue"])
    }

    @Test
    func `a configuration that is none is unreadable`() throws {
        let tree = ScratchDirectory()
        try tree.write("boot/config-6.1.0-x", "hello\n")
        let kernel = try #require(try KernelTree(tree).kernels.first)
        #expect(kernel.configuration.unreadableReason?.hasPrefix("not a kernel configuration") == true)
        #expect(kernel.defaults.isEmpty)
    }

    @Test(.enabled(if: !isRoot))
    func `files that the user may not read are unreadable with a reason`() throws {
        let tree = ScratchDirectory()
        try tree.write("usr/lib/modules/6.6.1-x/modules.dep", "")
        try tree.write("boot/config-6.6.1-x", KernelFixture.configuration("6.6.1"))
        shell("chmod 0 boot/config-6.6.1-x", in: tree.path)
        let kernel = try #require(try KernelTree(tree).kernels.first)
        #expect(kernel.configuration == .unreadable(Place("/boot/config-6.6.1-x"), reason: "permission denied"))
    }

    @Test(.enabled(if: !isRoot))
    func `a boot directory that cannot be listed gives a kernel of which nothing is known`() throws {
        let tree = ScratchDirectory()
        try tree.folder("boot")
        shell("chmod 0 boot", in: tree.path)
        let found = try KernelTree(tree)
        shell("chmod 700 boot", in: tree.path)
        #expect(found.gaps.contains(Gap(Place("/boot"), reason: "permission denied")))
        #expect(found.kernels.first?.configuration == .unreadable(Place("/boot"), reason: "permission denied"))
    }

    @Test
    func `links that never end are a gap, and keep rows about the kernel from being not applicable`() throws {
        let tree = ScratchDirectory()
        try tree.link("boot", to: "boot")
        let found = try KernelTree(tree)
        #expect(found.gaps.first?.place.path == "/boot")
        #expect(found.kernels.map(\.release) == ["unknown"])
        #expect(found.kernels.first?.configuration.unreadableReason != nil)
    }

    @Test
    func `links of the tree stay inside it`() throws {
        let tree = ScratchDirectory()
        try tree.write("usr/lib/modules/6.1.0-x/modules.dep", "")
        try tree.write("usr/share/config", KernelFixture.configuration("6.1.0"))
        try tree.link("boot/config-6.1.0-x", to: "/usr/share/config")
        #expect(try KernelTree(tree).kernels.first?.configuration.value?.version == "6.1.0")
    }

    @Test
    func `old names, symbols that are gone and kernel defaults come with the configuration`() throws {
        let tree = ScratchDirectory()
        let lines = [
            "CONFIG_X86_64=y", "CONFIG_CC_STACKPROTECTOR_STRONG=y", "# CONFIG_COMPAT_BRK is not set",
            "CONFIG_LSM=\"yama,lockdown\"", "CONFIG_DEFAULT_MMAP_MIN_ADDR=65536", "CONFIG_MMU=y", "CONFIG_BROKEN=\"x",
        ]
        try tree.write("boot/config-4.14.1-old", KernelFixture.configuration("4.14.1", lines))
        try tree.write("boot/config-6.6.1-new", KernelFixture.configuration("6.6.1", ["CONFIG_X86_64=y"]))
        let found = try KernelTree(tree)
        let old = try #require(found.kernel("4.14.1-old"))
        let configuration = try #require(old.configuration.value)
        #expect(configuration.renamed["STACKPROTECTOR_STRONG"] == "CC_STACKPROTECTOR_STRONG")
        #expect(configuration.inapplicable["LOCK_DOWN_KERNEL_FORCE_NONE"] == "exists since Linux 5.4")
        #expect(configuration.symbols["LSM"]?.value == "yama,lockdown")
        #expect(configuration.symbols["COMPAT_BRK"] == KernelConfiguration.Symbol("n", line: 7))
        #expect(configuration.malformedLines == [11])
        #expect(configuration.symbols["BROKEN"] == nil)
        #expect(old.defaults["kernel.randomize_va_space"]?.value == "2")
        #expect(old.defaults["vm.mmap_min_addr"]?.value == "65536")
        #expect(old.defaults["kernel.yama.ptrace_scope"] == nil)
        #expect(old.defaults["net.ipv4.conf.all.rp_filter"]?.value == "0")
        let new = try #require(found.kernel("6.6.1-new")?.configuration.value)
        #expect(new.inapplicable["DEVKMEM"] == "removed in Linux 5.13")
    }
}

struct KernelSubjectTests {
    private let source = KernelFixture.configuration("6.6.1", ["CONFIG_ARM64=y"])

    @Test
    func `a configuration given alone is a kernel with the command line of the option`() throws {
        let facts = KernelSubject.facts(
            configuration: Array(source.utf8), path: "config", commandLine: "lockdown=integrity")
        let kernel = try #require(facts.kernels.first)
        #expect(kernel.release == "6.6.1")
        #expect(kernel.commandLines.map(\.source) == [.option])
        #expect(kernel.commandLines.first?.parameters == [.init(name: "lockdown", value: "integrity")])
        #expect(kernel.configuration.place.path == "config")
    }

    @Test
    func `without the option no command line is known, and no place was looked at`() throws {
        let facts = KernelSubject.facts(configuration: Array(source.utf8), path: "config", commandLine: nil)
        #expect(facts.kernels.first?.commandLines.isEmpty == true)
        #expect(facts.kernels.first?.commandLineGaps.isEmpty == true)
    }

    @Test(arguments: [
        ("config.gz", "config file, gzip", SubjectFacts.Kind.kernelConfiguration),
        ("Image", "IKCONFIG in Image", .kernelImage),
        ("Image.gz", "IKCONFIG in compressed image, gzip", .kernelImage),
        ("uki.efi", "IKCONFIG in Image, .linux of a unified kernel image", .kernelImage),
    ])
    func `each kind of image gives its configuration`(name: String, origin: String, kind: SubjectFacts.Kind) throws {
        let image = KernelFixture.image(release: "6.6.1-x", configuration: source)
        let bytes: [UInt8] =
            switch name {
            case "config.gz": KernelFixture.gzip(Array(source.utf8))
            case "Image": image
            case "Image.gz": KernelFixture.gzip(image)
            default:
                KernelFixture.unified(release: "6.6.1-x", commandLine: "console=ttyS0", configuration: source)
            }
        let facts = KernelSubject.facts(image: ByteArraySource(bytes), path: name, commandLine: nil)
        let kernel = try #require(facts.kernels.first)
        #expect(kernel.configuration.value?.origin == origin)
        #expect(facts.subject.kind == kind)
        #expect(kernel.release.hasPrefix("6.6.1"))
        #expect(kernel.commandLines.map(\.text) == (name == "uki.efi" ? ["console=ttyS0"] : []))
    }

    @Test
    func `a kernel that embeds no configuration has none, and bytes that are no kernel a reason`() {
        let image = KernelFixture.image(release: "6.6.1-x", configuration: nil)
        let without = KernelSubject.facts(image: ByteArraySource(image), path: "Image", commandLine: nil)
        #expect(without.kernels.first?.configuration == .absent(Place("Image")))
        let broken = KernelSubject.facts(image: ByteArraySource([0x4D, 0x5A, 0, 0]), path: "x", commandLine: nil)
        #expect(broken.kernels.first?.configuration.unreadableReason != nil)
    }

    @Test
    func `a cut or changed unified kernel image never ends the program`() {
        let bytes = KernelFixture.unified(release: "6.6.1-x", commandLine: "quiet", configuration: source)
        var state: UInt64 = 7
        for round in 0..<200 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var changed = bytes
            let position = Int(state >> 33) % (round % 2 == 0 ? 1024 : bytes.count)
            if round % 3 == 0 {
                changed.removeLast(bytes.count - position)
            } else {
                changed[position] ^= UInt8(round) | 1
            }
            let facts = KernelSubject.facts(image: ByteArraySource(changed), path: "x", commandLine: nil)
            #expect(facts.kernels.count == 1)
        }
    }
}
