import AssayFileSystem
import AssayTestSupport
import AssayTrustStore
import Testing

@testable import AssaySubjects

struct TrustSourceFilesTests {
    let scratch = ScratchDirectory()
    private static let source = "etc/pki/ca-trust/source"
    private static let shared = "usr/share/pki/ca-trust-source"

    /// Every source is this file; what a source means is tested with its formats.
    private func certificates() -> String {
        // A certificate is made at the time of the test, as in the tests of the formats.
        let result = shell(
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=Test \
                -days 1 2>/dev/null
            """)
        return result.text
    }

    /// Makes a root with `files`, each a certificate, and runs `script` in it.
    private func read(_ files: [String], _ script: String = "", layout: TrustLayout? = nil) throws -> TrustSourceReading
    {
        let certificate = certificates()
        try scratch.write("root/certificate", certificate)
        for file in files { try scratch.write("root/" + file, certificate) }
        #expect(shell(script, in: scratch.path + "/root").status == 0)
        return try TrustSourceFiles.read(root: RootedDirectory(path: scratch.path + "/root"), layout: layout)
    }

    private func text(_ faults: [SourceFault]) -> [String] { faults.map(\.description) }

    @Test(.enabled(if: isAvailable("openssl")))
    func `trust paths are read in order, each folder by the bytes of its names`() throws {
        let reading = try read(
            [
                "\(Self.shared)/b.pem", "\(Self.shared)/B.pem", "\(Self.shared)/anchors/u.pem",
                "\(Self.shared)/blocklist/d.pem", "\(Self.source)/blacklist/x.pem", "\(Self.source)/anchors/y.pem",
                "\(Self.source)/z.pem", "\(Self.source)/anchors/deep/no.pem",
            ], "ln -s blacklist \(Self.source)/blocklist; ln -s /certificate \(Self.shared)/link.pem")
        #expect(reading.layout == .caTrust)
        #expect(reading.faults.isEmpty)
        #expect(
            reading.sources.map { "\($0.token) \($0.role) \($0.path)" } == [
                "0 main /\(Self.source)/z.pem", "0 anchors /\(Self.source)/anchors/y.pem",
                "0 blocklist /\(Self.source)/blocklist/x.pem", "1 main /\(Self.shared)/B.pem",
                "1 main /\(Self.shared)/b.pem", "1 main /\(Self.shared)/link.pem",
                "1 anchors /\(Self.shared)/anchors/u.pem", "1 blocklist /\(Self.shared)/blocklist/d.pem",
            ])
        #expect(text(reading.ignored) == ["/\(Self.source)/anchors/deep: a directory: its files are not read"])
        let digest = shell("sha256sum < certificate", in: scratch.path + "/root").text.prefix(64)
        #expect(reading.digests["/\(Self.source)/z.pem"].map { $0 == digest } == true)
        #expect(reading.digests.count == 8)
    }

    @Test(arguments: [
        (".hidden.pem", "a hidden file"), (".x.pem.swp", "a hidden file"), ("x.pem~", "a backup or temporary file"),
        ("x.rpmsave", "a backup or temporary file"), ("x.pem.rpmnew", "a backup or temporary file"),
        ("x.rpmorig", "a backup or temporary file"), ("x.bak", "a backup or temporary file"),
        ("x.pem.dpkg-dist", "a backup or temporary file"), ("x.dpkg-old", "a backup or temporary file"),
        ("x.swp", "a backup or temporary file"), ("README", "documentation"), ("README.md", "documentation"),
    ])
    func `what is no source is ignored with its reason`(name: String, reason: String) throws {
        let reading = try read(["\(Self.source)/anchors/\(name)"])
        #expect(text(reading.ignored) == ["/\(Self.source)/anchors/\(name): \(reason)"])
        #expect(reading.faults.isEmpty && reading.sources.isEmpty)
    }

    @Test(
        .enabled(if: isAvailable("openssl")),
        arguments: ["my~file.pem", "x.dpkg-dist.pem", "README".lowercased(), "bak"])
    func `a name that only looks like one is a source`(name: String) throws {
        let reading = try read(["\(Self.source)/anchors/\(name)"])
        #expect(reading.sources.count == 1 && reading.ignored.isEmpty && reading.faults.isEmpty)
    }

    @Test(arguments: [
        ("ln -s /none a", "a", "a link to nothing"), ("ln -s a a", "a", "too many levels of symbolic links"),
        ("mkfifo a", "a", "not a regular file"), ("ln -s /dev/null a", "a", "a link to nothing"),
        ("truncate -s 17M a", "a", "larger than 16777216 bytes"), ("printf 'no certificate' > a", "a", ""),
        ("cd .. && rmdir anchors && touch anchors", "", "not a directory"),
        ("cd .. && rmdir anchors && ln -s none anchors", "", "a link to nothing"),
        ("ln -s ../../../../../../../../../../etc/passwd a", "a", "a link to nothing"),
        ("ln -s /proc/self/fd/0 a", "a", "a link to nothing"),
        ("python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"a\")'", "a", "not a regular file"),
    ])
    func `what cannot be read is a fault`(script: String, name: String, reason: String) throws {
        let reading = try read([], "mkdir -p \(Self.source)/anchors && cd \(Self.source)/anchors && " + script)
        let path = "/\(Self.source)/anchors" + (name.isEmpty ? "" : "/" + name)
        #expect(reading.faults.count == 1 && reading.sources.isEmpty)
        #expect(reading.faults.first?.path == path)
        #expect(reading.faults.first?.reason.hasPrefix(reason) == true, "\(reading.faults)")
    }

    @Test func `a root without sources is a fault, a root that cannot be listed an error`() throws {
        let reading = try read([], "rm certificate")
        #expect(reading.layout == nil)
        #expect(reading.faults.first?.reason.contains("/etc/pki/ca-trust/source") == true)
        let root = try RootedDirectory(path: scratch.path + "/root")
        shell("rmdir root", in: scratch.path)
        // A directory that was removed lists as empty on Linux; nothing is found in it.
        #expect((try? TrustSourceFiles.read(root: root))?.layout == nil)
    }

    @Test(.enabled(if: isAvailable("openssl")))
    func `Debian's folders and list are read`() throws {
        let local = "usr/local/share/ca-certificates"
        let reading = try read(
            [
                "usr/share/ca-certificates/mozilla/A.crt", "usr/share/ca-certificates/mozilla/B.crt",
                "usr/share/ca-certificates/mozilla/C.crt", "\(local)/own.crt", "\(local)/company/deep.crt",
                "\(local)/wrong.pem", "\(local)/old.crt.bak",
            ],
            """
            printf '# comment\\n\\nmozilla/B.crt\\n!mozilla/A.crt\\n  mozilla/B.crt \\nmozilla/missing.crt\\n../../../etc/x\\n' \
                > etc-conf
            mkdir etc && mv etc-conf etc/ca-certificates.conf
            ln -s ../ \(local)/company/up && ln -s /usr/share/ca-certificates/mozilla \(local)/linked
            """)
        #expect(reading.layout == .debian)
        #expect(
            reading.sources.map { "\($0.token) \($0.role) \($0.path)" } == [
                "0 anchors /\(local)/company/deep.crt", "0 anchors /\(local)/linked/A.crt",
                "0 anchors /\(local)/linked/B.crt", "0 anchors /\(local)/linked/C.crt", "0 anchors /\(local)/own.crt",
                "1 anchors /usr/share/ca-certificates/mozilla/B.crt",
            ])
        #expect(
            text(reading.faults) == [
                "/\(local)/company/up: a link to a directory above it",
                "/etc/ca-certificates.conf:7: a name that leads out of /usr/share/ca-certificates",
                "/etc/ca-certificates.conf:6: '/usr/share/ca-certificates/mozilla/missing.crt': no such file or directory",
            ])
        #expect(
            text(reading.ignored) == [
                "/\(local)/old.crt.bak: a backup or temporary file", "/\(local)/wrong.pem: not named *.crt",
                "/usr/share/ca-certificates/mozilla/A.crt: deselected in /etc/ca-certificates.conf",
            ])
    }

    @Test(.enabled(if: isAvailable("openssl")))
    func `a certificate that is selected and deselected is a fault`() throws {
        let reading = try read(
            ["usr/share/ca-certificates/A.crt"], "mkdir etc && printf 'A.crt\\n!A.crt\\n' > etc/ca-certificates.conf")
        #expect(
            text(reading.faults) == ["/etc/ca-certificates.conf:2: 'A.crt' is selected and deselected, also in line 1"])
    }

    @Test(arguments: ["usr/share/ca-certificates", "usr/local/share/ca-certificates", TrustSourceFilesTests.source])
    func `ca-trust comes before Debian's layout, and either may be asked for`(folder: String) throws {
        let reading = try read([], "mkdir -p \(folder)")
        #expect(reading.layout == (folder == TrustSourceFilesTests.source ? .caTrust : .debian))
        let root = try RootedDirectory(path: scratch.path + "/root")
        #expect(try TrustSourceFiles.read(root: root, layout: .caTrust).layout == .caTrust)
        #expect(try TrustSourceFiles.read(root: root, layout: .debian).layout == .debian)
    }
}
