import AssayTerminal
import Synchronization
import Testing

/// A clock that a test moves.
private final class TestClock: Sendable {
    private let time = Mutex(Duration.zero)

    var now: @Sendable () -> Duration { { self.time.withLock { $0 } } }

    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
}

private struct Setup {
    let transcript = Transcript()
    let console: Console
    let progress: Progress
    let clock = TestClock()

    init(_ style: ProgressStyle, isTerminal: Bool, width: Int = 80) {
        console = transcript.console()
        progress = Progress(style, on: console, isTerminal: isTerminal, width: width, now: clock.now)
    }

    func work(_ steps: Int, each: Duration, detail: String = "") {
        for _ in 0..<steps {
            clock.advance(each)
            progress.advance(detail: detail)
        }
    }
}

@Test
func `a terminal gets one line that is redrawn and taken away`() {
    let setup = Setup(.auto, isTerminal: true)
    setup.progress.begin("reading", unit: "files", total: 40)
    setup.work(20, each: .milliseconds(50), detail: "/usr/bin/ls")
    setup.progress.end()
    let draws = setup.transcript.text.components(separatedBy: "\r\u{1B}[K")
    #expect(draws.count == 12)
    #expect(draws[10] == "reading 20 of 40 files (50 %), 20/s, 2 s left  /usr/bin/ls")
    #expect(draws.last?.isEmpty == true)
    #expect(!setup.transcript.text.contains("\n"))
}

@Test(arguments: [20, 40, 79, 80])
func `a redrawn line never reaches the last column`(width: Int) {
    let setup = Setup(.auto, isTerminal: true, width: width)
    setup.progress.begin("reading", unit: "files")
    setup.work(10, each: .seconds(1), detail: "/日本/" + String(repeating: "very/long\u{1B}[2J", count: 30))
    for draw in setup.transcript.text.components(separatedBy: "\r\u{1B}[K") {
        #expect(draw.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) } < width)
        #expect(!draw.contains("\u{1B}"))
    }
}

@Test
func `a message takes the place of the progress line`() {
    let setup = Setup(.auto, isTerminal: true)
    setup.progress.begin("reading", unit: "files")
    setup.work(1, each: .seconds(1))
    setup.console.warning("odd")
    #expect(setup.transcript.text.hasSuffix("\r\u{1B}[Kassay: warning: odd\n"))
}

@Test
func `auto without a terminal says nothing, and none never does`() {
    for (style, isTerminal) in [(ProgressStyle.auto, false), (.none, true)] {
        let setup = Setup(style, isTerminal: isTerminal)
        setup.progress.begin("reading", unit: "files")
        setup.work(100, each: .seconds(10))
        setup.progress.end()
        #expect(setup.transcript.text.isEmpty)
    }
}

@Test
func `plain progress is a line every five seconds and one at the end`() {
    let setup = Setup(.plain, isTerminal: true)
    setup.progress.begin("reading", unit: "files", total: 3_000)
    setup.work(1_200, each: .milliseconds(10))
    setup.progress.end()
    #expect(
        setup.transcript.lines == [
            "assay: reading 500 of 3,000 files (16 %), 100/s, 26 s left",
            "assay: reading 1,000 of 3,000 files (33 %), 100/s, 21 s left",
            "assay: reading 1,200 of 3,000 files (40 %), 100/s, 19 s left",
        ])
}

@Test
func `bytes are counted in the largest fitting unit, with rate and time left`() {
    let setup = Setup(.plain, isTerminal: true)
    setup.progress.begin("hashing", unit: "bytes", total: 8 << 30)
    for _ in 0..<4 {
        setup.clock.advance(.seconds(3))
        setup.progress.advance(by: 1_500 << 20)
    }
    setup.progress.end()
    #expect(
        setup.transcript.lines == [
            "assay: hashing 2.9 GiB of 8.0 GiB (36 %), 500 MiB/s, 11 s left",
            "assay: hashing 5.8 GiB of 8.0 GiB (73 %), 500 MiB/s, 5 s left",
            "assay: hashing 5.8 GiB of 8.0 GiB (73 %), 500 MiB/s, 5 s left",
        ])
}

@Test
func `json progress is an object a line with ordered keys`() {
    let setup = Setup(.json, isTerminal: false)
    setup.progress.begin("reading \"x\"", unit: "files", total: 3)
    setup.work(3, each: .seconds(1))
    setup.progress.end()
    let shown = #""task":"reading \"x\"","total":3,"unit":"files"}"#
    #expect(
        setup.transcript.lines == [
            #"{"done":0,"elapsedMilliseconds":0,"event":"begin","schemaVersion":1,\#(shown)"#,
            #"{"done":2,"elapsedMilliseconds":2000,"event":"progress","schemaVersion":1,\#(shown)"#,
            #"{"done":3,"elapsedMilliseconds":3000,"event":"end","schemaVersion":1,\#(shown)"#,
        ])
}

@Test
func `counts of many threads add up`() async {
    let setup = Setup(.json, isTerminal: false)
    setup.progress.begin("reading", unit: "files")
    await withTaskGroup(of: Void.self) { group in
        for _ in 0..<100 { group.addTask { for _ in 0..<100 { setup.progress.advance() } } }
    }
    setup.progress.end()
    #expect(setup.transcript.lines.last?.hasPrefix(#"{"done":10000,"#) == true)
}

@Test
func `work outside of a task, too much work and an end without a beginning are harmless`() {
    let setup = Setup(.plain, isTerminal: false)
    setup.progress.end()
    setup.progress.advance(by: 3)
    setup.progress.begin("reading", unit: "files", total: 2)
    setup.progress.advance(by: .max)
    setup.progress.advance(by: .max)
    setup.progress.begin("judging", unit: "rows", total: 0)
    setup.progress.end()
    #expect(setup.transcript.lines.count == 2)
    #expect(setup.transcript.lines[0].contains("(100 %)"))
    #expect(setup.transcript.lines[1] == "assay: judging 0 rows")
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
