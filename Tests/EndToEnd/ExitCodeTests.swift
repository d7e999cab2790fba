import AssayTestSupport
import Foundation
import Testing

/// The table of exit codes in docs and help: what was asked, the code, the message and the hint.
struct ExitCodeCase: CustomTestStringConvertible, Sendable {
    let script: String
    let status: Int32
    let message: String
    var hint: String?

    var testDescription: String { script }

    static let usage: [ExitCodeCase] = [
        .init(
            script: "assay audit --nope", status: 64, message: "option '--nope'", hint: "assay --help"),
        .init(script: "assay bogus", status: 64, message: "'bogus'", hint: "assay --help"),
        .init(script: "assay audit config text", status: 64, message: "'text'"),
        .init(script: "assay audit --format", status: 64, message: "--format"),
        .init(script: "assay audit --format yaml config", status: 64, message: "'yaml'"),
        .init(script: "assay audit --fail-on bogus config", status: 64, message: "'bogus'"),
        .init(
            script: "assay audit config --profile azur-linux-3", status: 64, message: "no profile 'azur-linux-3'",
            hint: "--profile azure-linux-3"),
        .init(script: "assay audit config --profile ./text", status: 64, message: "'./text:1:1'"),
        .init(script: "assay audit config --policy text", status: 64, message: "'text:1:1'"),
        .init(script: "assay profile show x", status: 64, message: "no profile 'x'", hint: "assay profile list"),
        .init(
            script: "assay explain kernel.lockdow", status: 64, message: "no check 'kernel.lockdow'",
            hint: "assay explain kernel.lockdown"),
        .init(script: "assay explain \"$(printf 'a\\033[1m')\"", status: 64, message: "'a\\x1b[1m'"),
        .init(script: "SOURCE_DATE_EPOCH=x assay audit config", status: 64, message: "SOURCE_DATE_EPOCH"),
        .init(script: "assay audit --from-facts f.json config", status: 64, message: "--from-facts"),
        .init(script: "assay audit config --output config", status: 64, message: "differ"),
        .init(script: "assay audit config --output ./config", status: 64, message: "differ"),
        .init(script: "ln -s config link; assay audit config --output link", status: 64, message: "differ"),
        .init(script: "ln config hard; assay audit config --output hard", status: 64, message: "differ"),
        .init(script: "assay audit config --facts r --output ./r", status: 64, message: "differ"),
        .init(script: "assay audit config --policy text --output ./text", status: 64, message: "differ"),
    ]

    static let noAnswer: [ExitCodeCase] = [
        .init(script: "assay audit missing", status: 2, message: "'missing': no such file or directory"),
        .init(script: "assay audit ''", status: 2, message: "''"),
        .init(script: "assay audit \"$(printf 'a\\nb')\"", status: 2, message: "'a\\x0ab'"),
        .init(script: "assay audit empty", status: 2, message: "'empty': the file is empty"),
        .init(script: "assay audit text", status: 2, message: "'text': neither"),
        .init(script: "assay audit fifo", status: 2, message: "'fifo': not a regular file"),
        .init(script: "assay audit config --policy missing", status: 2, message: "'missing'"),
        .init(script: "assay audit config --output none/x", status: 2, message: "'none/x'"),
        .init(script: "assay audit config --output folder", status: 2, message: "'folder': is a directory"),
        .init(script: "assay audit config --output ''", status: 2, message: "''"),
        .init(script: "assay audit config --output fifo", status: 2, message: "'fifo'"),
        .init(script: "assay audit config --facts none/x", status: 2, message: "'none/x'"),
        .init(script: "assay audit config >/dev/full", status: 2, message: "no space"),
        .init(script: "assay audit --from-facts missing", status: 2, message: "'missing'"),
        .init(script: "assay audit --from-facts folder", status: 2, message: "'folder'"),
        .init(script: "assay audit --from-facts text", status: 2, message: "'text'"),
    ]
}

@Test(arguments: ExitCodeCase.usage + ExitCodeCase.noAnswer)
func `an error is one line, says what is wrong, and ends with its code`(_ row: ExitCodeCase) throws {
    let scratch = try Fixture.folder()
    let before = shell("cat config text", in: scratch.path).text
    let result = Assay.run(row.script, in: scratch.path)
    #expect(result.status == row.status)
    let errors = result.errorLines.filter { $0.hasPrefix("assay: error: ") }
    #expect(errors.count == 1, "\(result.errorText)")
    #expect(errors.first?.contains(row.message) == true, "\(result.errorText)")
    #expect(result.errorLines.allSatisfy { $0.hasPrefix("assay: ") }, "\(result.errorText)")
    #expect(!result.errorText.contains("\\x0a  - "), "a list in one line reads badly: \(result.errorText)")
    // Lower case, names in capitals apart.
    let words = (errors.first ?? "").dropFirst("assay: error: ".count)
    #expect(words.first?.isUppercase != true || words.dropFirst().first?.isUppercase == true, "\(result.errorText)")
    if let hint = row.hint { #expect(result.errorText.contains("assay: hint: ") && result.errorText.contains(hint)) }
    #expect(!result.errorText.contains("OPTIONS:") && !result.errorText.contains("DecodingError"))
    #expect(shell("cat config text", in: scratch.path).text == before, "an input was overwritten")
    #expect(shell("ls -A", in: scratch.path).text.contains(".partial") == false)
}

@Test func `a yes is 0, a no is 1, and --fail-on none asks for neither`() throws {
    let scratch = try Fixture.folder()
    #expect(Assay.run("assay audit config --profile ./one.yaml", in: scratch.path).status == 0)
    #expect(Assay.run("assay audit config", in: scratch.path).status == 1)
    #expect(Assay.run("assay audit config --fail-on none", in: scratch.path).status == 0)
    for question in ["assay --help", "assay --version", "assay audit --help", "assay profile", "assay explain --list"] {
        let result = Assay.run(question, in: scratch.path)
        #expect(result.status == 0 && !result.output.isEmpty && result.errors.isEmpty, "\(question)")
    }
}

@Test func `what cannot be judged is 2, and a no beats it`() throws {
    let scratch = try Fixture.folder()
    try scratch.write("unknown.yaml", Fixture.profile(checks: ["kernel.rodata", "subject.coverage"]))
    shell("mkdir broken && head -c 60 /bin/true > broken/cut", in: scratch.path)
    let unknown = Assay.run("assay audit broken --profile ./unknown.yaml", in: scratch.path)
    #expect(unknown.status == 2, "\(unknown.text)")
    try scratch.write("both.yaml", Fixture.profile(checks: ["elf.pie", "subject.coverage"]))
    shell("mkdir both && head -c 60 /bin/true > both/cut && cp /bin/true both/sound", in: scratch.path)
    shell("printf '\\002\\000' | dd of=both/sound bs=1 seek=16 conv=notrunc", in: scratch.path)
    let both = Assay.run("assay audit both --profile ./both.yaml", in: scratch.path)
    #expect(both.status == 1, "\(both.text)")
}

@Test func `a file that begins as ELF and is shorter than its header is a gap in a folder too`() throws {
    let scratch = try Fixture.folder()
    shell("head -c 40 /bin/true > folder/cut", in: scratch.path)
    let result = Assay.run("assay audit folder --format json", in: scratch.path)
    #expect(result.text.contains("/cut"), "\(result.text.prefix(300))")
}
