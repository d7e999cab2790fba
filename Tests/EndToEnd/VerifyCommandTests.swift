import AssayTestSupport
import Foundation
import Testing

@Suite(.enabled(if: VerifyFixture.isPossible)) struct VerifyCommandTests {
    // MARK: Images

    @Test(
        arguments: [
            ("azl-3.0-aarch64.iso --key v.asc", []),
            ("azl-3.0-aarch64.iso --key v.asc --expect arch=aarch64,version=3.0", []),
            ("azl-3.0-aarch64.iso --key v.asc --expect arch=arm64", []),
            ("azl-3.0-aarch64.iso --key v.asc --expect arch=x86_64", ["identity.architecture"]),
            ("azl-3.0-aarch64.iso --key v.asc --expect version=2.0", ["identity.version"]),
            ("azl-3.0-x86_64.iso --key v.asc", ["identity.architecture"]),
            ("azl-2.0-aarch64.iso --key v.asc", ["identity.version"]),
            ("azl-3.0-aarch64.iso --key o.asc", ["signature.key", "signature.threshold"]),
            ("azl-3.0-aarch64.iso", ["signature.key", "signature.threshold"]),
        ])
    func `an image is what its name, its list and the question say, or the report says what is not`(
        words: String, open: [String]
    ) throws {
        let scratch = try VerifyFixture.folder()
        let report = try VerifyFixture.verify("iso/" + words, in: scratch)
        #expect(report.status == (open.isEmpty ? 0 : 1), "\(report.messages)")
        #expect(report.open == Set(open), "\(report.messages)")
        #expect(report.identities.values.allSatisfy { $0.contains("AZL-3.0") && $0.contains("aarch64") })
    }

    @Test(
        arguments: [
            ("a byte of the image", "flip iso/azl-3.0-aarch64.iso 90000", "content.digest"),
            ("a cut image", "truncate -s -1 iso/azl-3.0-aarch64.iso", "content.digest"),
            ("a byte of the list", "flip iso/SHA256SUMS 3", "signature.valid"),
            ("a byte of the signature", "flip iso/SHA256SUMS.gpg 100", "signature.valid"),
            (
                "the list of another image",
                "mv iso a; mkdir iso; echo b >iso/b.iso; sign_list v iso; mv a/azl-3.0-aarch64.iso iso",
                "content.listed"
            ),
            ("no signature", "rm iso/SHA256SUMS.gpg", "signature.present"),
            ("the key in place of the signature", "cp v.asc iso/SHA256SUMS.gpg", "signature.present"),
            ("no list", "rm iso/SHA256SUMS*", "signature.present"),
        ])
    func `one changed link of an image's chain is refused by name`(_: String, change: String, check: String) throws {
        let scratch = try VerifyFixture.folder()
        let report = try VerifyFixture.verify("iso/azl-3.0-aarch64.iso --key v.asc", after: change, in: scratch)
        #expect(report.status == 1, "\(report.messages)")
        #expect(report.verdicts[check] == "fail", "\(report.messages)")
    }

    @Test func `of several images each has its own verdict, and one that is bad decides`() throws {
        let scratch = try VerifyFixture.folder()
        let report = try VerifyFixture.verify("iso/*.iso --key v.asc", after: "rm iso/*2.0*", in: scratch)
        #expect(report.status == 1)
        #expect(report.files == ["iso/azl-3.0-aarch64.iso": true, "iso/azl-3.0-x86_64.iso": false])
        #expect(try VerifyFixture.verify("iso/*3.0-aarch64.iso --key v.asc", in: scratch).status == 0)
    }

    private static let packagedImages = [
        ("/usr/lib/grub-rescue/grub-rescue-cdrom.iso", ["BIOS"]), ("/usr/lib/ipxe/ipxe.iso", ["BIOS"]),
        ("/usr/lib/memtest86+/memtest86+x64.iso", ["BIOS", "UEFI x86_64"]),
    ]

    @Test(arguments: packagedImages)
    func `images of Debian's packages are recognised, and refused because nothing signs them`(
        path: String, boots: [String]
    ) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            if ProcessInfo.processInfo.environment["CI"] != nil { Issue.record("\(path) is not installed") }
            return
        }
        let report = try VerifyFixture.verify(path, in: try VerifyFixture.folder())
        #expect(report.status == 1)
        #expect(report.messages["signature.present"]?.contains("nothing that is signed vouches") == true)
        for word in boots { #expect(report.identities[path]?.contains(word) == true, "\(report.identities)") }
    }

    // MARK: Packages

    @Test func `what apt trusts vouches for its own lists and packages only`() throws {
        let scratch = ScratchDirectory()
        VerifyExamples.write(to: scratch)
        let result = Assay.run(
            """
            mkdir -p root/var/lib/apt root/etc/apt/trusted.gpg.d store
            mv apt-lists root/var/lib/apt/lists; cp vendor.asc root/etc/apt/trusted.gpg.d
            lists=root/var/lib/apt/lists
            assay verify $lists hello.deb --repository $lists --keys store >lists.txt; echo $?
            assay verify $lists vendor-3.0-x86_64.iso --keys store --format json >both.json; echo $?
            grep -c 'no certificate has the key' both.json
            """, in: scratch.path)
        let lines = result.text.split(separator: "\n")
        #expect(lines.prefix(2) == ["0", "1"], "\(result.text) \(result.errorText)")
        #expect(lines.count == 3 && lines[2] != "0")
    }

    @Test func `a folder may have more packages than files may be open at first`() throws {
        let scratch = ScratchDirectory()
        let result = Assay.run(
            """
            mkdir folder; for i in $(seq 1 100); do cp "$1"/Tests/Vectors/RPM/test-1.0.0.x86_64.rpm folder/$i.rpm; done
            ulimit -Sn 64; assay verify folder --format json
            """, in: scratch.path, arguments: [Assay.package])
        #expect(result.status == 1, "\(result.errorText)")
        #expect(
            result.text.components(separatedBy: "\"kind\": \"rpmPackage\"").count == 101, "\(result.text.prefix(300))")
    }

    @Test func `a folder of packages has a verdict for each`() throws {
        let report = try VerifyFixture.verify(
            "rpms --key rpms/RPM-GPG-KEY-CentOS-7", after: "cp -r '\(VerifyFixture.vectors)' rpms",
            in: try VerifyFixture.folder())
        #expect(report.status == 1)
        #expect(report.files.count == 27)
        #expect(
            report.files.filter(\.value).keys.sorted() == [
                "rpms/centos-release-7-2.1511.el7.centos.2.10.x86_64.rpm"
            ])
    }

    @Test(
        arguments: [
            ("rpms/centos-release-7-*.rpm --key rpms/RPM-GPG-KEY-CentOS-7", 0, "signature.key", "pass"),
            ("rpms/centos-release-7-*.rpm --key v.asc", 1, "signature.key", "fail"),
            ("rpms/test-1.0.0.x86_64.rpm --key v.asc", 1, "signature.present", "fail"),
            ("rpms/test-1.0.0.x86_64.rpm --key v.asc --fail-on none", 0, "signature.present", "fail"),
            (
                "rpms/rpm-basic-with-ed25519*.rpm --key rpms/rpm-testkey-v4-ed25519.asc", 0, "signature.valid", "pass"
            ),
            (
                "rpms/rpm-basic-with-mldsa65*.rpm --key rpms/rpm-testkey-v4-ed25519.asc", 2, "signature.supported",
                "unknown"
            ),
            ("repo/hello.rpm --key v.asc --expect arch=noarch,version=1.0", 0, "identity.package", "pass"),
            ("repo/hello.rpm --key v.asc --expect version=2.0", 1, "identity.version", "fail"),
            ("repo/hello.rpm --key v.asc --expect arch=x86_64", 0, "identity.architecture", "pass"),
            (
                "rpms/centos-release-7-*.rpm --key rpms/RPM-GPG-KEY-CentOS-7 --expect arch=aarch64", 1,
                "identity.architecture", "fail"
            ),
        ])
    func `packages end with the code that the documentation has`(
        words: String, status: Int32, check: String, verdict: String
    ) throws {
        let report = try VerifyFixture.verify(
            words, after: "cp -r '\(VerifyFixture.vectors)' rpms", in: try VerifyFixture.folder())
        #expect(report.status == status, "\(report.messages)")
        #expect(report.verdicts[check] == verdict, "\(report.messages)")
    }

    @Test(
        arguments: [
            ("mkdir none", "none", 1),
            ("mkdir none; echo text >none/README", "none", 1),
            ("mkdir none; createrepo_c -q none; gpg -q --batch --armor -u v@ex -b none/repodata/repomd.xml", "none", 1),
            ("rm deb/pool/*", "deb", 1),
            (":", "missing.rpm", 2),
            ("mkfifo fifo.rpm", "fifo.rpm", 2),
            ("cp -r repo bad; rm bad/hello.rpm", "bad", 2),
        ])
    func `where there is nothing to verify the answer is never yes`(script: String, words: String, status: Int32) throws
    {
        let result = VerifyFixture.run(
            "{ \(script); } >log 2>&1; assay verify \(words) --key v.asc", in: try VerifyFixture.folder())
        #expect(result.status == status, "\(result.text) \(result.errorText)")
    }

    @Test(.enabled(if: Assay.isRoot && isAvailable("setpriv")))
    func `a package that cannot be read is named, not passed over`() throws {
        let scratch = try VerifyFixture.folder()
        let result = VerifyFixture.run(
            """
            mkdir pile; cp repo/hello.rpm pile; cp hello.rpm pile/secret.rpm; chmod 0 pile/secret.rpm; chmod 755 .
            cp "$ASSAY" program; setpriv --reuid 65534 --regid 65534 --clear-groups ./program verify pile --key v.asc
            """, in: scratch)
        #expect(result.status == 2)
        #expect(result.errorText.contains("'pile/secret.rpm'"), "\(result.errorText)")
    }

    // MARK: Repositories

    @Test(
        arguments: [
            ("nothing", ":", 0, nil, nil),
            ("a byte of the index", "flip repo/repodata/repomd.xml 200", 1, "signature.valid", "repomd.xml"),
            ("a byte of the signature", "flip repo/repodata/repomd.xml.asc 90", 1, nil, "repomd.xml"),
            ("a byte of the list", "flip repo/repodata/*primary.xml* 40", 1, "content.digest", "primary.xml"),
            ("a byte of the file list", "flip repo/repodata/*filelists.xml* 40", 1, "content.digest", "filelists.xml"),
            ("a byte of a package", "flip repo/hello.rpm -9", 1, "content.digest", "hello.rpm"),
            ("no signature", "rm repo/repodata/repomd.xml.asc", 1, "signature.present", "repomd.xml"),
            ("no package", "rm repo/hello.rpm", 2, "content.understood", "hello.rpm"),
            ("one package more", "cp hello.rpm repo/other.rpm", 1, "content.listed", "other.rpm"),
        ] as [(String, String, Int32, String?, String?)])
    func `one changed link of an RPM repository is refused and named`(
        _: String, change: String, status: Int32, check: String?, file: String?
    ) throws {
        let report = try VerifyFixture.verify("repo --key v.asc", after: change, in: try VerifyFixture.folder())
        #expect(report.status == status, "\(report.messages)")
        if let check { #expect(report.open.contains(check), "\(report.messages)") }
        guard let file else { return #expect(report.files.values.allSatisfy { $0 }) }
        #expect(
            report.files.contains { $0.key.hasSuffix(file) || $0.key.contains(file) && !$0.value }, "\(report.files)")
        #expect(report.files.first { $0.key.contains(file) }?.value == false, "\(report.files)")
    }

    @Test(
        arguments: [
            ("nothing", ":", nil),
            ("a byte of InRelease", "flip deb/dists/stable/InRelease 70", "signature.valid"),
            ("a byte of the index", "flip deb/dists/stable/main/binary-amd64/Packages 90", "content.digest"),
            ("a byte of the package", "flip deb/pool/hello_1.0_amd64.deb 300", "content.digest"),
            ("no index", "rm deb/dists/stable/main/binary-amd64/Packages", "signature.present"),
        ])
    func `one changed link of a Debian repository is refused, for the whole and for a package`(
        _: String, change: String, check: String?
    ) throws {
        let scratch = try VerifyFixture.folder()
        let whole = try VerifyFixture.verify("deb --key v.asc", after: change, in: scratch)
        let one = try VerifyFixture.verify("deb/pool/*.deb --repository deb --key v.asc", in: scratch)
        for report in [whole, one] {
            #expect(report.status == (check == nil ? 0 : 1), "\(report.messages)")
            if let check { #expect(report.verdicts[check] == "fail", "\(report.messages)") }
        }
    }

    @Test func `nothing signs a package of Debian's by itself, and the report says what does`() throws {
        let report = try VerifyFixture.verify("deb/pool/*.deb --key v.asc", in: try VerifyFixture.folder())
        #expect(report.status == 1)
        #expect(report.messages["signature.present"]?.contains("--repository") == true)
    }

    private static let aptPackage: ScratchDirectory? = {
        let scratch = ScratchDirectory()
        let script = "ls /var/lib/apt/lists/*_InRelease && timeout 60 apt-get download hello && ls hello_*.deb"
        return shell(script, in: scratch.path).status == 0 ? scratch : nil
    }()

    @Test(.enabled(if: aptPackage != nil))
    func `what this machine's apt fetched is verified by its own lists`() throws {
        let package = try #require(Self.aptPackage)
        let right = Assay.run(
            "assay verify hello_*.deb --repository /var/lib/apt/lists && assay verify /var/lib/apt/lists",
            in: package.path)
        #expect(right.status == 0, "\(right.text) \(right.errorText)")
        let wrong = Assay.run(
            "mkdir c; cp hello_*.deb c; printf X | dd of=$(ls c/*) bs=1 seek=9000 conv=notrunc 2>/dev/null; "
                + "assay verify c/*.deb --repository /var/lib/apt/lists --fail-on low", in: package.path)
        #expect(wrong.status == 1, "\(wrong.text) \(wrong.errorText)")
    }

    // MARK: Policy

    @Test(
        arguments: [
            ("threshold: 2", "v", "--key v.asc", 1), ("threshold: 2", "v", "--key v.asc --key r.asc", 1),
            ("threshold: 2", "v r", "--key v.asc --key r.asc", 0),
            ("threshold: 2", "v r", "--key v.asc", 1),
            ("minimum-bits:\n    rsa: 3072", "r", "--key r.asc", 1),
            ("hashes:\n    sha512: always", "v", "--key v.asc", 1),
            ("evaluation-time: 2020-01-01T00:00:00Z", "v", "--key v.asc", 1),
            ("threshold: 0", "v", "--key v.asc", 64), ("treshold: 2", "v", "--key v.asc", 64),
            ("hashes:\n    sha1: always", "v", "--key v.asc", 64),
        ])
    func `the policy decides about thresholds and algorithms, and a wrong one about nothing`(
        policy: String, signers: String, keys: String, status: Int32
    ) throws {
        let scratch = try VerifyFixture.folder()
        try scratch.write("policy.yaml", "schema-version: 1\nsignatures:\n  \(policy)\n")
        let result = VerifyFixture.run(
            "rm iso/*2.0* iso/*x86*; sign_list '\(signers)' iso; assay verify iso/*.iso \(keys) --policy policy.yaml",
            in: scratch)
        #expect(result.status == status, "\(result.text) \(result.errorText)")
        if status == 64 { #expect(result.errorText.contains("policy.yaml:"), "\(result.errorText)") }
    }

    @Test func `a SHA-1 signature counts only for the key, the files and the days of an exception`() throws {
        let scratch = try VerifyFixture.folder()
        let result = VerifyFixture.run(
            """
            gpg -q --batch --yes -u r@ex --digest-algo SHA1 -o iso/SHA256SUMS.gpg -b iso/SHA256SUMS
            check() { assay verify iso/azl-3.0-aarch64.iso --key r.asc --format json $1 >out; echo $?; }
            write() {
                printf 'schema-version: 1\\nsignatures:\\n  exceptions:\\n    - key: %s\\n      allow: [weak-hash]\\n' $1 >p.yaml
                printf '      reason: a test\\n      expires: %s\\n      files: "%s"\\n' $2 "$3" >>p.yaml
                check '--policy p.yaml'
            }
            check
            write $(cat r.fpr) 2999-12-31 'azl-*.iso'
            write $(cat r.fpr) 2020-12-31 'azl-*.iso'
            write $(cat r.fpr) 2999-12-31 'other-*.iso'
            write $(cat v.fpr) 2999-12-31 'azl-*.iso'
            """, in: scratch)
        #expect(result.text == "1\n0\n1\n1\n1\n", "\(result.text) \(result.errorText)")
    }

    // MARK: Reports and facts

    @Test(.enabled(if: ReportSchema.isAvailable))
    func `every format has the whole result`() throws {
        let scratch = try VerifyFixture.folder()
        let result = VerifyFixture.run(
            """
            for format in text json sarif html markdown junit; do
                assay verify iso/*.iso repo/hello.rpm --key v.asc --format $format --output r.$format || echo $?
                grep -q 'azl-2.0-aarch64.iso' r.$format || echo "$format names no file"
            done
            assay verify repo deb --key v.asc --format json --output repositories.json
            python3 - <<'END'
            import html.parser, json, xml.etree.ElementTree
            class Balance(html.parser.HTMLParser):
                empty = {"meta", "link", "br", "hr", "img", "input", "col", "wbr"}
                stack = []
                def handle_starttag(self, tag, attributes):
                    if tag not in self.empty: self.stack.append(tag)
                def handle_endtag(self, tag):
                    if self.stack.pop() != tag: print("unbalanced", tag)
            balance = Balance(); balance.feed(open("r.html").read()); print("open", balance.stack)
            assert json.load(open("r.sarif"))["version"] == "2.1.0"
            suites = xml.etree.ElementTree.parse("r.junit").getroot()
            print("failures", suites.get("failures"))
            END
            """, in: scratch)
        #expect(result.text == "1\n1\n1\n1\n1\n1\nopen []\nfailures 2\n", "\(result.text) \(result.errorText)")
        #expect(ReportSchema.faults([scratch.path + "/r.json", scratch.path + "/repositories.json"]).isEmpty)
    }

    @Test func `the explanation leads from the file to the pin`() throws {
        let scratch = try VerifyFixture.folder()
        let result = VerifyFixture.run(
            "cat v.fpr; assay verify iso/azl-3.0-aarch64.iso --key v.asc --explain", in: scratch)
        let fingerprint = result.text.prefix(40).lowercased()
        #expect(result.status == 0)
        for part in ["SHA256SUMS.gpg", "SHA256SUMS:2", fingerprint, "BOOTAA64.EFI", "Key v <v@ex>", "os-release"] {
            #expect(result.text.contains(part), "\(part): \(result.text)")
        }
        for line in result.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test func `saved facts hold the map of the bytes and are judged the same later`() throws {
        let scratch = try VerifyFixture.folder()
        let result = VerifyFixture.run(
            """
            export SOURCE_DATE_EPOCH=$(date +%s)
            for subject in repo/hello.rpm hello.rpm 'iso/azl-2.0-aarch64.iso' deb; do
                assay verify $subject --key v.asc --facts f.json --format json --output a.json; one=$?
                assay audit --from-facts f.json --profile authenticity --format json --output b.json
                echo $one $?; cmp a.json b.json; [ -e first.json ] || cp f.json first.json
            done
            python3 - <<'END'
            import json, os
            parts = json.load(open("first.json"))["authenticity"]["files"][0]["coverage"]
            offset = 0
            for part in parts:
                assert part["offset"] == offset, part
                offset += part["count"]
            assert offset == os.path.getsize("repo/hello.rpm")
            print(sorted({part["part"] for part in parts if part["protection"] == "signed"}))
            END
            """, in: scratch)
        #expect(result.text == "0 0\n1 1\n1 1\n0 0\n['header', 'payload']\n", "\(result.text) \(result.errorText)")
    }

    // MARK: The command line

    @Test(
        arguments: [
            ("", "<subject>"), ("x.iso --expect arm", "--expect"), ("x.iso --expect arch=a,arch=b", "--expect"),
            ("x.iso --signature s", "--checksums"), ("x.iso --fingerprint 00", "--key"),
            ("x.iso --source a --key v.asc", "--source"), ("x.iso --threads 0", "--threads"),
            ("x.iso --kye v.asc", "--key"), ("x.iso --format xml", "json"), ("x.iso --fail-on hgh", "high"),
            ("x.iso --key v.asc --output v.asc", "v.asc"), ("x.iso --profile authentcity", "authenticity"),
            ("x.iso --source azure-linus", "--source azure-linux"), ("iso/*.iso --key two.gpg", "--fingerprint"),
        ])
    func `a wrong command line is told with what is right`(words: String, hint: String) throws {
        let result = VerifyFixture.run(
            "gpg --export v@ex o@ex >two.gpg; assay verify \(words)", in: try VerifyFixture.folder())
        #expect(words.contains("two.gpg") ? [2, 64].contains(result.status) : result.status == 64)
        #expect(result.errorText.contains(hint), "\(result.errorText)")
        #expect(!result.errorText.contains("\\x"), "\(result.errorText)")
        #expect(result.output.isEmpty)
    }

    @Test func `a file of several certificates counts with the named one only`() throws {
        let result = VerifyFixture.run(
            """
            gpg --export v@ex o@ex >two.gpg
            for key in v o; do
                assay verify iso/azl-3.0-aarch64.iso --key two.gpg --fingerprint $(cat $key.fpr) >out; echo $?
            done
            """, in: try VerifyFixture.folder())
        #expect(result.text == "0\n1\n", "\(result.errorText)")
    }

    @Test func `progress is lines of JSON, and piped text has no colour`() throws {
        let result = VerifyFixture.run(
            "NO_COLOR=1 assay verify iso/azl-3.0-aarch64.iso --key v.asc --progress json",
            in: try VerifyFixture.folder())
        #expect(result.status == 0)
        #expect(!result.output.contains(0x1B))
        #expect(result.errorLines.count >= 2)
        for line in result.errorLines {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }
}
