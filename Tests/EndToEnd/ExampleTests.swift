import AssayTestSupport
import Foundation
import Testing

/// The commands that help and documentation show.
enum Examples {
    /// The commands of the EXAMPLES block of a command's help.
    static func ofHelp(_ command: String) -> [String] {
        let help = Assay.run("assay \(command) --help", in: "/").text
        var lines: [String] = []
        var isInside = false
        for line in help.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "EXAMPLES" {
                isInside = true
            } else if line.isEmpty {
                isInside = false
            } else if isInside, let last = lines.last, last.hasSuffix(" \\") {
                lines[lines.count - 1] = String(last.dropLast()) + String(line.drop { $0 == " " })
            } else if isInside, line.hasPrefix("  assay ") {
                // What follows two spaces is a remark.
                let text = line.dropFirst(2)
                lines.append(String(text.range(of: "  ").map { text[..<$0.lowerBound] } ?? text))
            }
        }
        return lines
    }

    /// All examples of all commands, found from the list of subcommands in each help.
    static func ofAllHelps() -> [String] {
        var open = [""]
        var found: [String] = []
        while let command = open.popLast(), found.count < 1000 {
            found += ofHelp(command)
            let help = Assay.run("assay \(command) --help", in: "/").text
            guard let start = help.range(of: "SUBCOMMANDS:\n") else { continue }
            for line in help[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false) {
                guard !line.isEmpty else { break }
                guard line.hasPrefix("  "), !line.hasPrefix("   "), let word = line.split(separator: " ").first else {
                    continue
                }
                open.append(command + " " + word)
            }
        }
        return found
    }

    /// The documentation of the package.
    static func documents() -> [String] {
        shell("ls README.md; find docs -name '*.md' | sort", in: Assay.package).text.split(separator: "\n").map(
            String.init)
    }

    /// Lines that begin with `$ ` in the ```console blocks of a document.
    static func ofDocument(_ name: String) -> [String] {
        var isInside = false
        var found: [String] = []
        let text = shell("cat -- \"$1\"", in: Assay.package, arguments: [name]).text
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                found.append(String(line.dropFirst(2)))
            }
        }
        return found
    }

    /// A folder with what examples name: `rootfs`, `facts.json`, `policy.yaml`, a kernel configuration and the like.
    static func folder() throws -> ScratchDirectory {
        let scratch = try Fixture.folder()
        try scratch.write("rootfs/etc/os-release", "ID=azurelinux\nVERSION_ID=3.0\n")
        try scratch.write("policy.yaml", Fixture.policy(waived: ["subject.coverage"]))
        try scratch.write("mine.yaml", Fixture.profile(checks: ["kernel.rodata"]))
        try VerityFixture.write(to: scratch)
        try DiscloseExamples.write(to: scratch)
        let made = Assay.run(
            """
            cp config vmlinuz.config && mkdir -p boot && cp config boot/config-6.6.134.1-1.azl3 && \
            mkdir -p rootfs/usr/bin && cp /bin/true rootfs/usr/bin && assay audit rootfs --facts facts.json --fail-on none
            """, in: scratch.path)
        #expect(made.status == 0, "\(made.errorText)")
        return scratch
    }

    /// Whether an example needs keys, images or packages.
    static func isAboutAuthenticity(_ line: String) -> Bool {
        ["assay verify ", "assay keys ", "assay sign "].contains { line.contains($0) }
    }

    /// An example as it is run in the folder: a whole machine takes too long, and /boot has kernels of its own.
    static func adapted(_ line: String) -> String {
        var line = DiscloseExamples.adapted(VerifyExamples.adapted(line)).replacing(
            "/boot/config-6.6.134.1-1.azl3", with: "boot/config-6.6.134.1-1.azl3")
        if line == "assay audit" { line = "assay audit rootfs" }
        return line.replacing(" audit / ", with: " audit rootfs ").replacing(
            "audit /usr/bin", with: "audit rootfs/usr/bin")
    }
}

@Test func `every example of every help runs`() throws {
    let examples = Examples.ofAllHelps()
    #expect(examples.count >= 10, "\(examples)")
    let scratch = try Examples.folder()
    for example in examples {
        // One example's output may be another one's input.
        if example.contains(" verity ") { try VerityFixture.write(to: scratch) }
        if Examples.isAboutAuthenticity(example) { VerifyExamples.write(to: scratch) }
        if example.contains(" disclose ") { try DiscloseExamples.write(to: scratch) }
        if ExportExamples.isNeeded(example) { try ExportExamples.write(to: scratch) }
        let result = Assay.run(Examples.adapted(example), in: scratch.path)
        #expect(result.isAnswer, "'\(example)': \(result.status) \(result.errorText)")
        #expect(!result.errorText.contains("assay: error"), "'\(example)': \(result.errorText)")
    }
}

@Test func `every line of help fits in 80 columns and breaks between sentences' words only`() {
    for command in [
        "", "audit", "explain", "profile", "profile show", "verity", "verity format", "verity verify", "verity dump",
        "verity sign", "verity repair", "verify", "keys", "keys list", "keys show", "keys add", "keys remove", "sign",
        "sign rpm", "sign checksums", "disclose", "disclose new", "disclose check", "disclose record",
        "disclose status", "disclose cvss", "disclose cwe", "disclose export", "disclose import",
        "disclose security-txt", "disclose security-txt make", "disclose security-txt check",
        "disclose security-txt sign",
    ] {
        let help = Assay.run("assay \(command) --help", in: "/").text
        let lines = help.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        // A discussion that is wrapped twice leaves one or two words on a line of their own.
        let overview = help.components(separatedBy: "EXAMPLES")[0].components(separatedBy: "USAGE")[0].split(
            separator: "\n")
        for (line, next) in zip(overview, overview.dropFirst()) {
            #expect(line.count > 40 || line.hasSuffix(".") || next.isEmpty, "'\(line)' in help of '\(command)'")
        }
    }
}

@Test(arguments: Examples.documents())
func `every command that a document shows runs, and every make target is there`(_ document: String) throws {
    let lines = Examples.ofDocument(document)
    guard !lines.isEmpty else { return }
    let scratch = try Examples.folder()
    let makefile = shell("cat Makefile", in: Assay.package).text
    for line in lines {
        let words = line.split(separator: " ")
        if words.first == "make" {
            for target in words.dropFirst() where !target.contains("=") {
                #expect(makefile.contains("\n\(target):"), "'make \(target)' of \(document)")
            }
        } else if words.first == "assay" {
            if line.contains(" verity ") { try VerityFixture.write(to: scratch) }
            if Examples.isAboutAuthenticity(line) { VerifyExamples.write(to: scratch) }
            if line.contains(" disclose ") { try DiscloseExamples.write(to: scratch) }
            if ExportExamples.isNeeded(line) { try ExportExamples.write(to: scratch) }
            let result = Assay.run(Examples.adapted(line), in: scratch.path)
            #expect(result.isAnswer, "'\(line)' of \(document): \(result.status) \(result.errorText)")
            #expect(!result.errorText.contains("assay: error"), "'\(line)' of \(document): \(result.errorText)")
        }
    }
}
