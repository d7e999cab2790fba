import AssayTestSupport
import Foundation
import Testing

private let formats = ["text", "json", "sarif", "html", "markdown", "junit"]

@Test func `saved facts give the same bytes in every format, and twice the same facts`() throws {
    let scratch = try Fixture.folder()
    shell(
        "mkdir -p root/etc root/usr/bin && echo ID=debian >root/etc/os-release && cp /bin/true root/usr/bin",
        in: scratch.path)
    for subject in ["config", "root", "/bin/true"] {
        let result = Assay.run(
            """
            export SOURCE_DATE_EPOCH=1700000000
            assay audit \(subject) --facts a.facts --fail-on none >first && \
            assay audit \(subject) --facts b.facts --fail-on none >second && cmp a.facts b.facts && cmp first second || exit
            for format in \(formats.joined(separator: " ")); do
                assay audit \(subject) --format $format >subject.$format; status=$?
                assay audit --from-facts a.facts --format $format >saved.$format
                [ $? = $status ] && cmp subject.$format saved.$format || exit
                assay audit --from-facts a.facts --format $format --output file.$format
                cmp saved.$format file.$format || exit
            done
            grep -q '"evaluatedAt": "2023-11-14T22:13:20Z"' saved.json && echo same
            """, in: scratch.path)
        #expect(result.text == "same\n", "\(subject): \(result.text) \(result.errorText)")
        if ReportSchema.isAvailable { #expect(ReportSchema.faults([scratch.path + "/saved.json"]).isEmpty) }
    }
}

/// A facts file that no run of ours wrote.
struct HostileFacts: CustomTestStringConvertible, Sendable {
    let name: String
    /// A shell script that turns `good`, saved facts of one ELF file, into `bad`.
    let script: String
    let message: String
    var testDescription: String { name }

    static let all: [HostileFacts] = [
        .init(name: "empty", script: ": >bad", message: "'bad'"),
        .init(name: "cut", script: "head -c 500 good >bad", message: "'bad'"),
        .init(name: "another version", script: "echo '{\"schemaVersion\": 99}' >bad", message: "version 99"),
        .init(name: "no version", script: "echo '{}' >bad", message: "'bad'"),
        .init(name: "not an object", script: "echo '[1]' >bad", message: "'bad'"),
        .init(name: "a binary file", script: "head -c 5000000 /bin/bash >bad; cat /bin/bash >>bad", message: "'bad'"),
        .init(
            name: "deep brackets", script: "head -c 3000000 /dev/zero | tr '\\0' '[' >bad", message: "'bad'"),
        .init(
            name: "deep objects",
            script: "printf '{\"schemaVersion\":1,\"subject\":' >bad; yes '{\"a\":' | head -n 300000 >>bad",
            message: "'bad'"),
        .init(name: "a sparse terabyte", script: "truncate -s 1T bad", message: "'bad': larger than"),
        .init(
            name: "a number out of range", script: "sed 's/\"size\":[0-9]*/\"size\":-1/' good >bad", message: "'bad'"),
        .init(name: "an unknown word", script: "sed 's/\"kind\":\"pie\"/\"kind\":\"pi\"/' good >bad", message: "'bad'"),
    ]
}

@Test(arguments: HostileFacts.all)
func `facts that are no facts are 2, with the file's name`(_ row: HostileFacts) throws {
    let scratch = ScratchDirectory()
    #expect(Assay.run("assay audit /bin/true --facts good --fail-on none >out", in: scratch.path).status == 0)
    shell(row.script, in: scratch.path)
    let result = Assay.run("assay audit --from-facts bad", in: scratch.path)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errorLines.count == 1 && result.errorText.contains(row.message), "\(result.errorText)")
}

@Test(arguments: [
    "s/\"size\":[0-9]*/\"size\":18446744073709551615/", "s/\"mode\":[0-9]*/\"mode\":4294967295/",
    "s/\"fortifiedCount\":[0-9]*/\"fortifiedCount\":9223372036854775807/",
    "s/\"fortifiableCount\":[0-9]*/\"fortifiableCount\":-9223372036854775808/",
    "s/\"name\":\"[^\"]*\"/\"name\":\"\\\\u001b[31m\\\\n<script>alert(1)<\\\\\\/script>\\\\u202e\"/",
])
func `facts with extreme values are judged without a trap or a control character`(_ change: String) throws {
    let scratch = ScratchDirectory()
    let result = Assay.run(
        """
        assay audit /bin/true --facts good --fail-on none >out && sed '\(change)' good >bad || exit 99
        ! cmp -s good bad || exit 98
        for format in \(formats.joined(separator: " ")); do
            assay audit --from-facts bad --format $format >out.$format; [ $? -le 2 ] || exit 97
        done
        """, in: scratch.path)
    #expect(result.status == 0, "\(result.errorText)")
    let text = shell("cat out.text out.markdown", in: scratch.path)
    #expect(!text.output.contains(0x1B) && !text.text.contains("\u{202E}"))
    #expect(!shell("cat out.html", in: scratch.path).text.contains("<script>alert"))
    if ReportSchema.isAvailable { #expect(ReportSchema.faults([scratch.path + "/out.json"]).isEmpty) }
}
