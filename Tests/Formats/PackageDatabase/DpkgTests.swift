import AssayPackageDatabase
import Foundation
import Testing

private let status = """
    Package: bash
    Status: install ok installed
    Priority: required
    Architecture: amd64
    Version: 5.2.15-2+b7
    Description: GNU shell
     Package: not-a-field
     .

    Package: libfoo1
    Status: deinstall ok config-files
    Architecture: i386
    Source: foo (1.0-1)
    Version: 1.0-1+b1


    Package: held
    Status: hold ok installed
    Architecture: all
    Source: held-src
    Version: 2
    """

private func hasTool(_ path: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: path) || ProcessInfo.processInfo.environment["CI"] == "true"
}

private func output(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: arguments[0])
    process.arguments = Array(arguments.dropFirst())
    process.environment = ["LC_ALL": "C", "PATH": "/usr/bin:/bin"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
}

private func text(_ paths: [[UInt8]]) -> [String] { paths.map { String(decoding: $0, as: UTF8.self) } }

struct DpkgTests {
    @Test func `stanzas become packages`() {
        let (packages, diagnostics) = DpkgStatusReader.packages(of: Array(status.utf8))
        #expect(diagnostics.isEmpty)
        #expect(packages.map(\.name) == ["bash", "libfoo1", "held"])
        #expect(packages.map(\.isInstalled) == [true, false, true])
        #expect(packages.map(\.line) == [1, 10, 17])
        #expect(packages.map(\.source) == ["bash", "foo", "held-src"])
        #expect(packages.map(\.sourceVersion) == ["5.2.15-2+b7", "1.0-1", "2"])
        #expect(packages[2].selection == "hold" && packages[1].state == "config-files")
    }

    @Test func `pieces of any size give the same packages`() {
        let bytes = Array(status.utf8)
        let whole = DpkgStatusReader.packages(of: bytes).packages
        for size in [1, 2, 3, 7, 64] {
            var reader = DpkgStatusReader()
            var packages: [DpkgPackage] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                packages += reader.read(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            if let last = reader.finish() { packages.append(last) }
            #expect(packages == whole)
        }
    }

    @Test(arguments: [
        ("Status: install ok installed\n\n", "a stanza without a package name"),
        ("Package: a\nStatus: installed\n", "the status of 'a' is not three words"),
        ("Package: a\nPackage: b\nStatus: a b c\n", "the field 'package' occurs twice"),
        ("Package: a\njunk\nStatus: a b c\n", "a line without a field name"),
    ])
    func `what is malformed is reported`(text: String, reason: String) {
        #expect(DpkgStatusReader.packages(of: Array(text.utf8)).diagnostics.map(\.reason) == [reason])
    }

    @Test func `a line without an end is cut, not kept`() {
        var reader = DpkgStatusReader()
        for _ in 0..<100 { _ = reader.read([UInt8](repeating: 0x61, count: 10_000)) }
        _ = reader.finish()
        #expect(reader.diagnostics.map(\.reason) == ["a line without a field name", "a stanza without a package name"])
    }

    @Test(.enabled(if: hasTool("/usr/bin/dpkg-query")))
    func `dpkg-query lists the same packages of this machine`() throws {
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: "/var/lib/dpkg/status")))
        let (packages, diagnostics) = DpkgStatusReader.packages(of: bytes)
        #expect(diagnostics.isEmpty)
        let format = "${Package} ${Version} ${Architecture} ${Status} ${source:Package} ${source:Version}\\n"
        let theirs = try output(["/usr/bin/dpkg-query", "-W", "-f", format]).split(separator: "\n").map(String.init)
        let ours = packages.map {
            "\($0.name) \($0.version) \($0.architecture) \($0.selection) \($0.flag) \($0.state) \($0.source) \($0.sourceVersion)"
        }
        #expect(Set(ours) == Set(theirs))
    }

    @Test func `lists, their names and diversions are read`() {
        #expect(text(DpkgFiles.list(Array("/.\n/bin\n\nrelative\n/bin/a b\n".utf8))) == ["/.", "/bin", "/bin/a b"])
        #expect(DpkgFiles.list([0x2F, 0xFF, 0x0A]) == [[0x2F, 0xFF]])
        let plain = DpkgFiles.package(ofList: "bash.list")
        #expect(plain?.name == "bash" && plain?.architecture == nil)
        let qualified = DpkgFiles.package(ofList: "libc6:amd64.list")
        #expect(qualified?.name == "libc6" && qualified?.architecture == "amd64")
        #expect(DpkgFiles.package(ofList: "bash.md5sums") == nil && DpkgFiles.package(ofList: ".list") == nil)

        let (diversions, diagnostics) = DpkgFiles.diversions(
            Array("/bin/sh\n/bin/sh.distrib\ndash\n/a\n/b\n:\n/cut\n".utf8))
        #expect(diversions.map(\.package) == ["dash", nil])
        #expect(diagnostics.map(\.line) == [7])
        let byPath = Dictionary(uniqueKeysWithValues: diversions.map { ($0.from, $0) })
        let shell = Array("/bin/sh".utf8)
        #expect(text([DpkgFiles.installedPath(shell, of: "bash", diversions: byPath)]) == ["/bin/sh.distrib"])
        #expect(DpkgFiles.installedPath(shell, of: "dash", diversions: byPath) == shell)
    }

    @Test(arguments: [
        ("/bin/sh", "/usr/bin/sh"), ("/bin", "/usr/bin"), ("/binary", "/binary"), ("/usr/bin/sh", "/usr/bin/sh"),
        ("/usr/lib64/x/y/z/w", "/usr/lib/x/y/z/w"), ("/lib64/x", "/usr/lib64/x"), ("", ""), ("/", "/"),
    ])
    func `merged directories give each file one path`(path: String, canonical: String) {
        let merged = MergedDirectories([
            Array("/bin".utf8): Array("/usr/bin".utf8), Array("/lib64".utf8): Array("/usr/lib64".utf8),
            Array("/usr/lib64".utf8): Array("/usr/lib".utf8),
        ])
        #expect(text([merged.canonical(Array(path.utf8))]) == [canonical])
        if path.hasPrefix("/bin") {
            #expect(MergedDirectories(topLevel: ["bin"]).canonical(Array(path.utf8)) == Array(canonical.utf8))
        }
    }

    @Test func `truncated and mutated files never crash`() {
        let bytes = Array(status.utf8)
        for count in 0..<bytes.count { _ = DpkgStatusReader.packages(of: Array(bytes[..<count])) }
        var state: UInt64 = 8
        for _ in 0..<2000 {
            var copy = bytes
            for _ in 0..<5 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                copy[Int(state >> 33) % copy.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            _ = DpkgStatusReader.packages(of: copy)
            _ = DpkgFiles.list(copy)
            _ = DpkgFiles.diversions(copy)
        }
    }
}
