import AssayTestSupport
import Foundation
import Testing

/// A repository with the script and the remote `origin`, if there is one.
private func repository(_ origin: String?) -> ScratchDirectory {
    let scratch = ScratchDirectory()
    shell(
        """
        set -e; git init -q .; mkdir scripts; cp "$1/scripts/security-txt" scripts/
        [ -z "$2" ] || git remote add origin "$2"
        """, in: scratch.path, arguments: [Assay.package, origin ?? ""])
    return scratch
}

/// How `scripts/security-txt` ended, and the file that it made.
private func made(_ origin: String?, _ settings: String = "") -> (result: ShellResult, file: String) {
    let scratch = repository(origin)
    let result = Assay.run(
        "export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \(settings) ASSAY; scripts/security-txt",
        in: scratch.path)
    let file = shell(
        "cat .well-known/security.txt; ls -A .well-known 2>/dev/null | grep -vx security.txt", in: scratch.path)
    return (result, file.text)
}

private let form = "Contact: https://github.com/Owner-1/re.po_2/security/advisories/new\n"
private let policy = "Policy: https://github.com/Owner-1/re.po_2/security/policy\n"

@Test(arguments: [
    "https://github.com/Owner-1/re.po_2", "https://github.com/Owner-1/re.po_2.git",
    "https://github.com/Owner-1/re.po_2/",
    "https://somebody:hunter2@github.com/Owner-1/re.po_2.git", "git@github.com:Owner-1/re.po_2.git",
    "git@github.com:Owner-1/re.po_2", "github.com:Owner-1/re.po_2.git", "ssh://git@github.com/Owner-1/re.po_2.git",
    "ssh://git@github.com:22/Owner-1/re.po_2", "ssh://git@ssh.github.com:443/Owner-1/re.po_2.git",
    "https://GitHub.com/Owner-1/re.po_2.git",
])
func `a repository on GitHub has its form and policy in its security.txt`(origin: String) throws {
    let (result, file) = made(origin)
    #expect(result.status == 0, "\(result.errorText)")
    let lines = file.split(separator: "\n").map(String.init)
    #expect(file.contains(form) && file.contains(policy) && lines.contains("Preferred-Languages: en"), "\(file)")
    #expect(lines.count == 4 && lines.contains { $0.hasPrefix("Expires: ") }, "\(file)")
    #expect(!(file + result.text + result.errorText).contains("hunter2"))
}

@Test(
    arguments: [
        ("https://git.example.org/o/r.git", "git.example.org/o/r"), ("git@gitlab.com:o/r.git", "gitlab.com:o/r"),
        ("https://somebody:hunter2@example.org/o/r", "https://example.org/o/r"), ("/srv/git/r.git", "/srv/git/r.git"),
        ("https://github.com.example.org/o/r", "github.com.example.org"),
        ("https://example.org/github.com/o/r", "example.org"),
        ("https://github.com/o", "github.com/o"), ("https://github.com/o/r/s", "github.com/o/r/s"),
        ("https://github.com@example.org/o/r", "example.org/o/r"), ("git@github.com:o/r$(id).git", "github.com:o/r"),
        ("https://github.com/o/r?x=1", "github.com/o/r"), (nil, "no remote 'origin'"),
    ] as [(String?, String)])
func `a repository elsewhere is refused with the command that names the contact`(origin: String?, part: String) throws {
    let (result, file) = made(origin)
    #expect(result.status == 2 && file.isEmpty && result.text.isEmpty, "\(result.text)\(file)")
    #expect(result.errorText.hasPrefix("assay: error: ") && result.errorText.contains(part), "\(result.errorText)")
    #expect(result.errorText.contains("assay: hint: make security-txt CONTACT=https://"), "\(result.errorText)")
    #expect(!result.errorText.contains("hunter2"))
}

@Test func `a contact that is given counts, and the rest is as it is known`() throws {
    let elsewhere = made("https://git.example.org/o/r.git", "CONTACT=mailto:security@example.org")
    #expect(elsewhere.result.status == 0, "\(elsewhere.result.errorText)")
    #expect(elsewhere.file.contains("Contact: mailto:security@example.org\n") && !elsewhere.file.contains("Policy"))
    let gitHub = made(
        "git@github.com:Owner-1/re.po_2.git",
        "CONTACT=https://example.org/report CANONICAL=https://example.org/.well-known/security.txt")
    #expect(gitHub.result.status == 0, "\(gitHub.result.errorText)")
    #expect(
        gitHub.file.contains("Contact: https://example.org/report\n") && gitHub.file.contains(policy), "\(gitHub.file)")
    #expect(gitHub.file.contains("Canonical: https://example.org/.well-known/security.txt\n"), "\(gitHub.file)")
    let none = made(nil, "CONTACT=https://example.org/report POLICY=https://example.org/policy")
    #expect(none.result.status == 0 && none.file.contains("Policy: https://example.org/policy\n"), "\(none.file)")
}

/// What the user's settings of git make of a remote is looked at too.
@Test(arguments: [
    ("gh:Owner-1/re.po_2", "https://github.com/", "gh:"),
    ("git@github.com:Owner-1/re.po_2", "/srv/mirror/", "git@github.com:"),
])
func `a remote that git rewrites is still the repository on GitHub`(
    origin: String, base: String, instead: String
) throws {
    let scratch = repository(origin)
    let result = Assay.run(
        """
        export ASSAY GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL="$PWD/config"; git config --global "url.$1.insteadOf" "$2"
        scripts/security-txt >/dev/null; cat .well-known/security.txt
        """, in: scratch.path, arguments: [base, instead])
    #expect(result.text.contains(form), "\(result.text)\(result.errorText)")
}

@Test(arguments: ["CONTACT=me@example.org", "CONTACT=http://example.org/report", "CONTACT='--help'"])
func `a contact that RFC 9116 does not take leaves no file and the one before`(setting: String) throws {
    let scratch = repository("git@github.com:o/r.git")
    let result = Assay.run(
        """
        export ASSAY; scripts/security-txt >/dev/null; cp .well-known/security.txt before
        export \(setting); scripts/security-txt; echo $?; cmp before .well-known/security.txt; ls -A .well-known
        """, in: scratch.path)
    let lines = result.text.split(separator: "\n")
    #expect(lines.count == 2 && lines.first != "0" && lines.last == "security.txt", "\(result.text)\(result.errorText)")
}

@Test func `make security-txt passes the contact on`() throws {
    let scratch = repository(nil)
    let result = Assay.run(
        """
        cp "$1/Makefile" . && mkdir Fuzz Benchmarks && cp "$1/Fuzz/fuzz.mk" Fuzz && cp "$1/Benchmarks/bench.mk" Benchmarks
        make -o build security-txt ASSAY="$ASSAY" CONTACT=https://example.org/report && cat .well-known/security.txt
        make -o build security-txt ASSAY="$ASSAY" >/dev/null; echo "status $?"
        """, in: scratch.path, arguments: [Assay.package])
    #expect(result.text.contains("\nContact: https://example.org/report\n"), "\(result.text)\(result.errorText)")
    #expect(
        result.text.hasSuffix("status 2\n") && result.errorText.contains("no remote 'origin'"), "\(result.errorText)")
}

@Test(.enabled(if: PythonPackage.sectxt.programs != nil, "PyPI gives no sectxt here"))
func `sectxt finds no error in the project's security.txt`() throws {
    let python = try #require(PythonPackage.sectxt.programs) + "/python"
    let scratch = ScratchDirectory()
    try scratch.write("security.txt", made("git@github.com:Owner-1/re.po_2.git").file)
    let script = "import sectxt; print([i['code'] for i in sectxt.Parser(open('security.txt', 'rb').read()).errors])"
    let result = shell("\(python) -c \"$1\"", in: scratch.path, arguments: [script])
    #expect(result.text == "[]\n", "\(result.text)\(result.errorText)")
}
