import AssayFacts
import AssayFileSystem
import AssayTestSupport
import Foundation
import Testing

@testable import AssayCollectors

struct PackageOwnersTests {
    private static let status = """
        Package: bash
        Status: install ok installed
        Architecture: amd64
        Version: 5.2-1

        Package: libc6
        Status: install ok installed
        Architecture: amd64
        Version: 2.36-9

        Package: gone
        Status: deinstall ok config-files
        Architecture: amd64
        Version: 1

        """

    private func owners(_ tree: UpdateTree) throws -> (PackageOwners, [Gap]) {
        var gaps: [Gap] = []
        let owners = try tree.reading { PackageOwners($0, gaps: &gaps) }
        return (owners, gaps)
    }

    @Test func `a subject without a database owns nothing`() throws {
        let (owners, gaps) = try owners(UpdateTree())
        #expect(gaps.isEmpty && owners.packages.isEmpty)
        #expect(owners["/usr/bin/bash"] == nil)
    }

    @Test func `dpkg's files are found at their merged paths`() throws {
        let tree = try UpdateTree([
            "var/lib/dpkg/status": PackageOwnersTests.status, "usr/bin/bash": "x", "usr/lib64/x": "x",
            "var/lib/dpkg/info/bash.list": "/.\n/bin\n/bin/bash\n/usr\n/usr/share/a\\b\n",
            "var/lib/dpkg/info/libc6:amd64.list": "/.\n/usr\n/lib64/ld.so\n/lib64\n",
            "var/lib/dpkg/info/bash.md5sums": "x",
        ])
        shell("ln -s usr/bin bin; ln -s /usr/lib64 lib64", in: tree.scratch.path)
        let (owners, gaps) = try owners(tree)
        #expect(gaps.isEmpty)
        #expect(owners["/usr/bin/bash"] == "bash")
        #expect(owners["/bin/bash"] == "bash")
        #expect(owners["/usr/lib64/ld.so"] == "libc6")
        // As the walk prints a backslash.
        #expect(owners["/usr/share/a\\\\b"] == "bash")
        #expect(owners["/usr"] == nil)
        #expect(owners["/usr/bin/other"] == nil)
        #expect(owners.packages.map(\.name) == ["bash", "libc6"])
        #expect(owners.packages.map(\.version) == ["5.2-1", "2.36-9"])
    }

    @Test func `links to links end, and circles too`() throws {
        let tree = try UpdateTree([
            "var/lib/dpkg/info/bash.list": "/sbin/init\n/loop/x\n", "usr/bin/init": "x",
            "var/lib/dpkg/status": PackageOwnersTests.status,
        ])
        shell("ln -s bin usr/sbin; ln -s usr/sbin sbin; ln -s loop loop", in: tree.scratch.path)
        let (owners, _) = try owners(tree)
        #expect(owners["/usr/bin/init"] == "bash")
        #expect(owners["/loop/x"] == "bash")
    }

    @Test func `a diverted file belongs to the package that put it there`() throws {
        let tree = try UpdateTree([
            "var/lib/dpkg/status": PackageOwnersTests.status,
            "var/lib/dpkg/info/bash.list": "/usr/bin/sh\n", "var/lib/dpkg/info/libc6:amd64.list": "/usr/bin/sh\n",
            "var/lib/dpkg/diversions": "/usr/bin/sh\n/usr/bin/sh.distrib\nbash\n",
        ])
        let (owners, gaps) = try owners(tree)
        #expect(gaps.isEmpty)
        #expect(owners["/usr/bin/sh"] == "bash")
        #expect(owners["/usr/bin/sh.distrib"] == "libc6")
    }

    @Test func `images without dpkg have their stanzas and checksums apart`() throws {
        let sum = String(repeating: "0", count: 32)
        let tree = try UpdateTree([
            "var/lib/dpkg/status.d/libc6": "Package: libc6\nVersion: 2.36-9\nArchitecture: amd64\n",
            "var/lib/dpkg/status.d/libc6.md5sums": "\(sum)  lib/x.so\nbroken\n",
        ])
        let (owners, gaps) = try owners(tree)
        #expect(gaps.isEmpty)
        #expect(owners.packages == [InstalledPackage(name: "libc6", version: "2.36-9")])
        #expect(owners["/lib/x.so"] == "libc6")
    }

    @Test(arguments: [
        ("var/lib/rpm/Packages.db", "RpmP0000000000000000", "ndb"),
        ("usr/lib/sysimage/rpm/Packages", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}ab", "unknown"),
    ])
    func `databases in other formats are gaps`(_ path: String, _ text: String, _ format: String) throws {
        let (owners, gaps) = try owners(UpdateTree([path: text]))
        #expect(owners.packages.isEmpty)
        #expect(gaps.map(\.place.path) == ["/" + path])
        #expect(gaps[0].reason.contains("unsupported") && gaps[0].reason.contains(format))
    }

    @Test(arguments: ["", "SQLite format 3\u{0}", "no database"])
    func `a damaged database is a gap`(_ text: String) throws {
        let (owners, gaps) = try owners(UpdateTree(["var/lib/rpm/rpmdb.sqlite": text]))
        #expect(owners.packages.isEmpty)
        #expect(gaps.map(\.place.path) == ["/var/lib/rpm/rpmdb.sqlite"])
    }

    @Test(.enabled(if: isAvailable("rpmbuild") && isAvailable("rpm")))
    func `an RPM database gives the owners that rpm gives`() throws {
        let tree = try UpdateTree([
            "build/hello.spec": """
            Name: hello
            Version: 1.0
            Release: 2
            Epoch: 3
            Summary: x
            License: x
            BuildArch: noarch
            %description
            x
            %install
            mkdir -p %{buildroot}/usr/bin %{buildroot}/bin %{buildroot}/usr/share/hello
            echo x > %{buildroot}/usr/bin/hello
            echo x > %{buildroot}/bin/world
            echo x > '%{buildroot}/usr/share/hello/a file'
            %files
            /usr/bin/hello
            /bin/world
            /usr/share/hello
            """
        ])
        let made = shell(
            """
            set -e
            rpmbuild -bb --define "_topdir $PWD/build" --define '_build_id_links none' build/hello.spec
            mkdir -p root
            rpm --root "$PWD/root" --define '_db_backend sqlite' --dbpath /var/lib/rpm --initdb
            rpm --root "$PWD/root" --define '_db_backend sqlite' --dbpath /var/lib/rpm --nodeps --justdb \
                --ignoreos --ignorearch -i build/RPMS/noarch/*.rpm
            """, in: tree.scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        try FileManager.default.createDirectory(
            atPath: tree.scratch.path + "/root/usr/bin", withIntermediateDirectories: true)
        shell("ln -s usr/bin root/bin", in: tree.scratch.path)
        var gaps: [Gap] = []
        let reader = SubjectReader(root: try RootedDirectory(path: tree.scratch.path + "/root"))
        let owners = PackageOwners(reader, gaps: &gaps)
        // rpm checkpoints its log when it ends; a log that stays would be a gap.
        #expect(gaps.allSatisfy { $0.reason.contains("write-ahead") })
        if gaps.isEmpty {
            #expect(owners.packages == [InstalledPackage(name: "hello", version: "3:1.0-2")])
            for path in ["/usr/bin/hello", "/usr/bin/world", "/usr/share/hello/a file", "/usr/share/hello"] {
                #expect(owners[path] == "hello")
            }
            #expect(owners["/usr/bin/none"] == nil)
        }
        try Data("log".utf8).write(to: URL(fileURLWithPath: tree.scratch.path + "/root/var/lib/rpm/rpmdb.sqlite-wal"))
        gaps = []
        _ = PackageOwners(reader, gaps: &gaps)
        #expect(gaps.map(\.place.path) == ["/var/lib/rpm/rpmdb.sqlite-wal"])
    }

    @Test(.enabled(if: isAvailable("dpkg-query") && FileManager.default.fileExists(atPath: "/var/lib/dpkg/info")))
    func `this machine's owners are those of dpkg`() throws {
        var gaps: [Gap] = []
        let owners = PackageOwners(SubjectReader(root: try RootedDirectory(path: "/")), gaps: &gaps)
        #expect(gaps.filter { $0.place.path.hasPrefix("/var/lib/dpkg") }.isEmpty)
        let listed = shell(
            #"dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort -u"#)
        let names = Set(listed.text.split(separator: "\n").map(String.init))
        #expect(names.isSubset(of: Set(owners.packages.map(\.name))))
        for path in ["/usr/bin/dpkg", "/usr/bin/apt-get", "/usr/bin/bash", "/usr/bin/ls"] {
            let asked = shell(#"dpkg-query -S "$1" || dpkg-query -S "${1#/usr}""#, arguments: [path])
            guard asked.status == 0, let name = asked.text.split(separator: ":").first else { continue }
            #expect(owners[path] == String(name))
        }
    }
}
