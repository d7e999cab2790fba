import AssayTestSupport
import Foundation
import Testing

/// Keys of gpg, images, packages and repositories that are signed with them, in a folder of the test's own.
enum VerifyFixture {
    /// What makes them; a missing one skips at home and fails in CI.
    static let isPossible =
        ["gpg", "xorriso", "rpmbuild", "createrepo_c", "apt-ftparchive", "dpkg-deb"].allSatisfy { isAvailable($0) }

    /// The packages of `Tests/Vectors`.
    static let vectors = Assay.package + "/Tests/Vectors/RPM"

    /// A folder with keys `v`, `o` (ed25519) and `r` (RSA) as `v.asc` with `v.fpr`; the images `iso/azl-3.0-aarch64.iso`
    /// and two copies of wrong names, listed and signed by `v`; `hello.rpm`; the repositories `repo` and `deb`, by `v`.
    static func folder() throws -> ScratchDirectory {
        try #require(made.status == 0, "the files could not be made: \(made.errorText)")
        let scratch = ScratchDirectory()
        try #require(shell("cp -a \"$1\"/. .", in: scratch.path, arguments: [original.path]).status == 0)
        return scratch
    }

    /// Runs `script` with the folder's own gpg, whose agent is ended afterwards.
    static func run(_ script: String, in scratch: ScratchDirectory) -> ShellResult {
        Assay.run(prelude + script, in: scratch.path)
    }

    /// The report of `assay verify` with these words, after `script`.
    static func verify(
        _ words: String, after script: String = ":", in scratch: ScratchDirectory
    ) throws -> VerifyReport {
        let result = run("(\(script)) >&2 || exit 99; assay verify --format json --keys none \(words)", in: scratch)
        return try VerifyReport(result)
    }

    private static let prelude = """
        export GNUPGHOME=$PWD/g HOME=$PWD PATH="$PATH:/usr/sbin:/sbin"; trap 'gpgconf --kill all' EXIT
        sign_list() { (cd "$2" && sha256sum *.iso >SHA256SUMS && rm -f SHA256SUMS.gpg &&
            gpg -q --batch $(printf -- '-u %s@ex ' $1) -o SHA256SUMS.gpg -b SHA256SUMS); }
        flip() { python3 -c 'import sys; f = open(sys.argv[1], "r+b"); n = int(sys.argv[2]); f.seek(n, 2 * (n < 0)); \
        b = f.read(1)[0]; f.seek(-1, 1); f.write(bytes([b ^ 1]))' "$1" "$2"; }

        """

    private static let original = ScratchDirectory()
    /// Made once: keys and packages take seconds.
    private static let made = Assay.run(prelude + keys + images + packages + repositories, in: original.path)

    private static let keys = """
        set -e
        mkdir -m 700 g
        for key in v:ed25519 o:ed25519 r:rsa2048; do
            name=${key%:*}
            gpg --batch -q --passphrase '' --quick-gen-key "Key $name <$name@ex>" ${key#*:} sign 0 2>>log
            gpg --armor --export $name@ex >$name.asc 2>>log
            gpg --with-colons -k $name@ex 2>>log | awk -F: '/^fpr/ { print $10; exit }' >$name.fpr
        done

        """

    private static let images = """
        mkdir -p tree/EFI/BOOT tree/etc iso
        python3 - <<'END'
        data = bytearray(60 << 10)
        data[0:2], data[0x3C], data[0x80:0x86] = b"MZ", 0x80, b"PE\\0\\0\\x64\\xaa"
        open("tree/EFI/BOOT/BOOTAA64.EFI", "wb").write(data)
        END
        printf 'NAME="Azure Linux"\\nVERSION_ID="3.0"\\n' >tree/etc/os-release
        xorriso -as mkisofs -quiet -V AZL-3.0 -J -R -o iso/azl-3.0-aarch64.iso tree 2>>log
        cp iso/azl-3.0-aarch64.iso iso/azl-3.0-x86_64.iso; cp iso/azl-3.0-aarch64.iso iso/azl-2.0-aarch64.iso
        sign_list v iso

        """

    private static let packages = """
        cat >hello.spec <<'END'
        Name: hello
        Version: 1.0
        Release: 1
        Summary: A package of a test
        License: MIT
        BuildArch: noarch
        %description
        A package of a test.
        %install
        mkdir -p %{buildroot}/opt; head -c 100000 /dev/zero | tr '\\0' 'x' >%{buildroot}/opt/hello
        %files
        /opt/hello
        END
        rpmbuild --quiet -bb --define "_topdir $PWD/build" --define "_rpmdir $PWD" \
            --define '_build_name_fmt %%{NAME}.rpm' hello.spec >>log 2>&1

        """

    private static let repositories = """
        mkdir -p repo deb/pool deb/dists/stable/main/binary-amd64 tree/DEBIAN
        cp hello.rpm repo; "$ASSAY" sign rpm repo/hello.rpm --key "$(cat v.fpr)" -q >>log
        createrepo_c -q --no-database repo >>log 2>&1
        gpg -q --batch --armor -u v@ex -b repo/repodata/repomd.xml
        printf 'Package: hello\\nVersion: 1.0\\nArchitecture: amd64\\nMaintainer: A <a@ex>\\nDescription: d\\n' \
            >tree/DEBIAN/control
        dpkg-deb --root-owner-group -b tree deb/pool/hello_1.0_amd64.deb >>log
        cd deb; apt-ftparchive packages pool >dists/stable/main/binary-amd64/Packages
        apt-ftparchive -o APT::FTPArchive::Release::Suite=stable -o APT::FTPArchive::Release::Codename=stable \
            release dists/stable >../Release; mv ../Release dists/stable
        gpg -q --batch -u v@ex --clearsign -o dists/stable/InRelease dists/stable/Release
        rm dists/stable/Release

        """
}

/// What `assay verify --format json` said.
struct VerifyReport {
    /// The exit status.
    let status: Int32
    /// The verdict of each check (`signature.key`).
    let verdicts: [String: String]
    /// The message of each check.
    let messages: [String: String]
    /// The codes and locations of all evidence.
    let evidence: [String]
    /// The names of the files with whether each passed.
    let files: [String: Bool]
    /// What the files say that they are, by name.
    let identities: [String: String]
    /// Standard error.
    let errors: String

    /// Reads the report on standard output.
    init(_ result: ShellResult) throws {
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any], "\(result.errorText)")
        let findings = report["findings"] as? [[String: Any]] ?? []
        func text(_ object: [String: Any], _ key: String) -> String { object[key] as? String ?? "" }
        status = result.status
        errors = result.errorText
        verdicts = Dictionary(findings.map { (text($0, "check"), text($0, "verdict")) }) { first, _ in first }
        messages = Dictionary(findings.map { (text($0, "check"), text($0, "message")) }) { first, _ in first }
        let files = report["files"] as? [[String: Any]] ?? []
        let steps = files.flatMap { $0["steps"] as? [[String: Any]] ?? [] }
        evidence = (findings + steps).flatMap { $0["evidence"] as? [[String: Any]] ?? [] }.map {
            text($0, "how") + " " + text($0["location"] as? [String: Any] ?? [:], "path")
        }
        self.files = Dictionary(
            files.map { file in
                let steps = file["steps"] as? [[String: Any]] ?? []
                return (
                    text(file, "name"), steps.allSatisfy { ["pass", "notApplicable"].contains(text($0, "verdict")) }
                )
            }
        ) { first, _ in first }
        identities = Dictionary(files.map { (text($0, "name"), text($0, "identity")) }) { first, _ in first }
    }

    /// The checks that failed or have no answer.
    var open: Set<String> { Set(verdicts.filter { ["fail", "unknown"].contains($0.value) }.keys) }
}
