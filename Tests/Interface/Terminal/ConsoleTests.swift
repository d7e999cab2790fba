import AssayTerminal
import Synchronization
import Testing

/// Keeps what was written.
final class Transcript: Sendable {
    private let pieces = Mutex<[String]>([])

    var text: String { pieces.withLock { $0.joined() } }
    var lines: [Substring] { text.split(separator: "\n") }

    func console(color: Bool = false, quiet: Bool = false) -> Console {
        Console(usesColor: color, isQuiet: quiet) { text in self.pieces.withLock { $0.append(text) } }
    }
}

@Test
func `messages have the house form`() {
    let transcript = Transcript()
    let console = transcript.console()
    console.error("cannot read 'x'")
    console.warning("'y' is odd, ignoring")
    console.hint("try --root")
    #expect(
        transcript.text == """
            assay: error: cannot read 'x'
            assay: warning: 'y' is odd, ignoring
            assay: hint: try --root

            """)
}

@Test
func `quiet leaves errors only`() {
    let transcript = Transcript()
    let console = transcript.console(quiet: true)
    console.error("a")
    console.warning("b")
    console.hint("c")
    #expect(transcript.text == "assay: error: a\n")
}

@Test(arguments: [
    ("\u{1B}[31mred\u{7}", "\\x1b[31mred\\x07"), ("two\nlines", "two\\x0alines"),
    ("\u{202E}gpj", "\\xe2\\x80\\xaegpj"), ("käse 日本", "käse 日本"), ("\u{9B}2J", "\\xc2\\x9b2J"),
])
func `no control character of a message reaches the terminal`(message: String, shown: String) {
    let transcript = Transcript()
    transcript.console().error(message)
    #expect(transcript.text == "assay: error: \(shown)\n")
}

@Test
func `a coloured message colours its word only`() {
    let transcript = Transcript()
    transcript.console(color: true).error("x")
    #expect(transcript.text == "assay: \u{1B}[1;31merror:\u{1B}[0m x\n")
}

@Test
func `lines of many threads are not mixed`() async {
    let transcript = Transcript()
    let console = transcript.console()
    await withTaskGroup(of: Void.self) { group in
        for number in 0..<200 { group.addTask { console.warning("message \(number)") } }
    }
    #expect(transcript.lines.count == 200)
    #expect(Set(transcript.lines) == Set((0..<200).map { "assay: warning: message \($0)" }))
}
