import AssayBytes
import AssayChecksumList
import AssayTestSupport
import Testing

/// File names that make a list interesting.
private let fileNames = [
    "a.iso", "with space", " leading", "back\\slash", "*star", "(bracket)", "-", "ü", "folder/b.iso",
]

struct ChecksumToolsTests {
    @Test(
        .enabled(if: isAvailable("sha256sum")),
        arguments: [
            "sha256sum", "sha256sum --tag", "sha256sum -b", "sha512sum", "b2sum --tag", "b2sum -l 256 --tag", "md5sum",
        ])
    func `what coreutils writes is read as it is meant`(command: String) throws {
        let scratch = ScratchDirectory()
        for name in fileNames + ["line\nfeed", "carriage\rreturn"] { try scratch.write(name, "content of \(name)") }
        let made = shell("find . -type f -print0 | sort -z | xargs -0 \(command) --", in: scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        let list = try ChecksumList(made.output)
        #expect(list.malformedLineCount == 0 && list.entries.count == fileNames.count + 2)
        let expected = fileNames + ["line\nfeed", "carriage\rreturn"]
        #expect(Set(list.entries.map(\.path)) == Set(expected.map { Array("./\($0)".utf8) }))
        for name in expected {
            let base = name.split(separator: "/").last.map { Array($0.utf8) } ?? []
            let match = try #require(try list.match(base))
            let sum = shell(
                "\(command.replacing(" --tag", with: "")) < \"$1\"", in: scratch.path, arguments: ["./" + name])
            #expect(sum.text.hasPrefix(Hex.encode(match.entries[0].digest)))
        }
    }

    /// Lists whose lines `sha256sum --check` must call good or malformed as we do.
    ///
    /// Known differences, not here: coreutils takes `SHA256 () = …` as a file without a name, control characters in names
    /// as they are, and cuts a line at a zero byte.
    private static let lists: [String] = [
        "D  a", "D *a", "D a", "D\ta", " D  a", "\tD  a", "D  a\r", "\\D  a", "SHA256 (a) = D", "SHA256(a)= D",
        "SHA256 (a)  =  D", "sha256 (a) = D", "SHA256 (a) = D ", "SHA256 (a = D", "SHA256 (a) D", "SHA256 a = D",
        "D", "D ", "D  ", "D   a", "D0  a", "0D  a", "xD  a", "D  a\n\nD  a", "# D  a", "#\nD  a", "D a\nD  a",
        "D  a\nD a", "SHA256 (a) = D\nD  a\nD a", "\\D  a\\", "\\D  \\a", "-D  a", "\u{FEFF}D  a", "DD  a",
        "SHA512 (a) = D", "MD5 (a) = D", "D  ./a", "D  */a", "D  ../../../a",
    ]

    @Test(.enabled(if: isAvailable("sha256sum")), arguments: lists)
    func `coreutils reads each line alike`(template: String) throws {
        let scratch = ScratchDirectory()
        try scratch.write("a", "content")
        let digest = String(shell("sha256sum < a", in: scratch.path).text.prefix(64))
        let text = template.replacing("MD5", with: "M5").replacing("D", with: digest).replacing("M5", with: "MD5")
        try scratch.write("SHA256SUMS", text + "\n")
        let check = shell("LC_ALL=C sha256sum --check SHA256SUMS", in: scratch.path)
        let theirs = check.errorText
        // "WARNING: 2 lines are improperly formatted", "no properly formatted checksum lines found" or nothing.
        let malformed =
            theirs.split(separator: " ").first { Int($0) != nil && theirs.contains("improperly formatted") }
            .flatMap { Int($0) }
        let list = try ChecksumList(Array(text.utf8), listName: "SHA256SUMS")
        let ours = list.malformedLineCount + list.entries.count { $0.algorithm != .sha256 }
        if theirs.contains("no properly formatted") {
            #expect(list.entries.allSatisfy { $0.algorithm != .sha256 })
        } else {
            #expect(ours == malformed ?? 0, "\(theirs)")
            #expect(list.entries.count { $0.algorithm == .sha256 } == check.text.split(separator: "\n").count)
        }
    }
}
