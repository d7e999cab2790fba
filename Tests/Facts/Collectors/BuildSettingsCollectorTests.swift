import AssayFacts
import AssayFileSystem
import Testing

@testable import AssayCollectors

struct BuildSettingsCollectorTests {
    private func collect(_ files: [String: String]) throws -> [Sourced<String>] {
        try UpdateTree(files).reading { BuildSettingsCollector($0).collect() }
    }

    private static let flags = "-O2 -g -pipe -Wall -Werror=format-security -Wp,-D_FORTIFY_SOURCE=2"

    @Test func `no settings in a subject that builds nothing`() throws {
        #expect(try collect(["usr/lib/rpm/macros": "%_prefix /usr\n"]).isEmpty)
    }

    @Test func `the flags of RPM macros with their line`() throws {
        let settings = try collect([
            "usr/lib/rpm/azl/macros":
                "# text\n%dist .azl3\n%__global_compiler_flags \(BuildSettingsCollectorTests.flags)\n",
            "usr/lib/rpm/macros": "%__global_compiler_flags -O2 -g\n",
        ])
        #expect(settings.map(\.place) == [Place("/usr/lib/rpm/azl/macros", line: 3)])
        #expect(settings.first?.value == "%__global_compiler_flags \(BuildSettingsCollectorTests.flags)")
    }

    @Test func `what is defined last is in force`() throws {
        let settings = try collect([
            "usr/lib/rpm/azl/macros": "%__global_compiler_flags \(BuildSettingsCollectorTests.flags)\n",
            "etc/rpm/macros.local": "%__global_compiler_flags -O2\n",
        ])
        #expect(settings.map(\.place.path) == ["/etc/rpm/macros.local"])
        #expect(settings.first?.value.contains("format-security") == false)
    }

    @Test func `a definition goes on over lines and braces`() throws {
        let text = """
            %_warnings_options \\
              -Wall \\
              -Werror=format-security
            %other %{lua:
              print("-Werror=format-security")
            }
            %after x
            """
        let settings = try collect(["usr/lib/rpm/redhat/macros": text])
        #expect(settings.map(\.place.line) == [1, 4])
        #expect(settings.contains { $0.value == "%_warnings_options -Wall -Werror=format-security" })
    }

    @Test func `a long definition keeps the flag in sight`() throws {
        let long = String(repeating: "-Wx ", count: 200) + "-Werror=format-security"
        let settings = try collect(["usr/lib/rpm/redhat/macros": "%_warnings_options \(long)\n"])
        #expect(settings.first?.value.contains("-Werror=format-security") == true)
        #expect((settings.first?.value.utf8.count ?? 400) < 400)
    }

    @Test func `dpkg's default counts where Debian's packages are built`() throws {
        let module = "usr/share/perl5/Dpkg/Vendor/Debian.pm"
        let settings = try collect([
            module: "# -Werror=format-security\nmy $flag = '-Wformat -Werror=format-security';\n",
            "usr/lib/rpm/azl/macros": "%__global_compiler_flags -O2\n",
        ])
        #expect(
            settings == [
                Sourced("my $flag = '-Wformat -Werror=format-security';", Place("/" + module, line: 2))
            ])
        #expect(
            try collect([module: "package x;\n"]).map(\.value) == ["dpkg-buildflags without -Werror=format-security"])
    }

    @Test func `RPM macros on a Debian say nothing of its packages`() throws {
        let settings = try collect([
            "usr/lib/rpm/azl/macros": "%__global_compiler_flags -O2\n", "var/lib/dpkg/status": "Package: a\n",
        ])
        #expect(settings.isEmpty)
    }
}
