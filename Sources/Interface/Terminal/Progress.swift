import Synchronization

/// How progress is shown: the values of `--progress`.
public enum ProgressStyle: String, CaseIterable, Hashable, Sendable {
    /// A line that redraws itself on a terminal, else nothing.
    case auto
    /// A line of text every few seconds.
    case plain
    /// A JSON object a line, for other programs.
    case json
    /// Nothing.
    case none
}

/// Tells on standard error how far long work has come.
///
/// Any thread may call it, and as often as it likes: most calls only add to a number.
public final class Progress: Sendable {
    /// What is drawn.
    private enum Form: Sendable {
        case redraw(width: Int)
        case plain
        case json
        case none
    }

    private struct State {
        var task = ""
        var unit = ""
        var total: Int?
        var done = 0
        var detail = ""
        var started: Duration = .zero
        /// When something was drawn last; nil when nothing of this task was.
        var drawn: Duration?
        var isRunning = false
    }

    private let state = Mutex(State())
    private let console: Console
    private let form: Form
    private let now: @Sendable () -> Duration

    /// Makes a reporter.
    ///
    /// - Parameters:
    ///   - style: the user's choice.
    ///   - console: where it writes.
    ///   - isTerminal: whether `console` is a terminal that can redraw a line.
    ///   - width: columns of the terminal.
    ///   - now: the time since any fixed moment; the system's monotonic clock if not given.
    public init(
        _ style: ProgressStyle, on console: Console, isTerminal: Bool, width: Int = 80,
        now: (@Sendable () -> Duration)? = nil
    ) {
        self.console = console
        let start = ContinuousClock.now
        self.now = now ?? { ContinuousClock.now - start }
        switch style {
        case .auto: form = isTerminal ? .redraw(width: width) : .none
        case .plain: form = .plain
        case .json: form = .json
        case .none: form = .none
        }
    }

    /// Begins a task, and ends the one before.
    ///
    /// - Parameters:
    ///   - task: what is done (`reading`).
    ///   - unit: what is counted (`files`).
    ///   - total: how many there are, if that is known.
    public func begin(_ task: String, unit: String, total: Int? = nil) {
        end()
        state.withLock { state in
            state = State(task: SafeText.of(task), unit: SafeText.of(unit), total: total, started: now())
            state.isRunning = true
            draw(&state, event: "begin")
        }
    }

    /// Begins a task, or tells the one that runs that there is more to do.
    ///
    /// - Parameters:
    ///   - task: what is done.
    ///   - unit: what is counted.
    ///   - total: how many there are in all, by what is known now.
    public func extend(_ task: String, unit: String, total: Int) {
        let isRunning = state.withLock { state in
            if state.isRunning { state.total = total }
            return state.isRunning
        }
        if !isRunning { begin(task, unit: unit, total: total) }
    }

    /// Adds `count` finished things; `detail` names the last one.
    public func advance(by count: Int = 1, detail: @autoclosure () -> String = "") {
        state.withLock { state in
            guard state.isRunning else { return }
            let (sum, overflow) = state.done.addingReportingOverflow(count)
            state.done = overflow ? .max : sum
            guard isDue(state) else { return }
            state.detail = SafeText.of(detail())
            draw(&state, event: "progress")
        }
    }

    /// Ends the task: the line on a terminal goes away, the other forms tell the sum.
    public func end() {
        state.withLock { state in
            guard state.isRunning else { return }
            state.detail = ""
            draw(&state, event: "end")
            state.isRunning = false
        }
    }

    /// Ten times a second on a terminal, every two seconds as JSON, every five as text.
    private func isDue(_ state: State) -> Bool {
        let pause: Duration =
            switch form {
            case .redraw: .milliseconds(100)
            case .plain: .seconds(5)
            case .json: .seconds(2)
            case .none: .seconds(1_000_000_000)
            }
        return now() - (state.drawn ?? state.started) >= pause
    }

    private func draw(_ state: inout State, event: String) {
        let time = now()
        let elapsed = time - state.started
        switch form {
        case .none: break
        case .redraw(let width):
            // The last column stays free: some terminals go to the next line when it is written.
            if event == "end" {
                console.eraseLine()
            } else if event == "progress" {
                let text = Progress.text(state, elapsed) + (state.detail.isEmpty ? "" : "  " + state.detail)
                console.replaceLine(SafeText.prefix(text, columns: width - 1))
            }
        case .plain:
            if event != "begin" { console.line("assay: " + Progress.text(state, elapsed)) }
        case .json: console.line(Progress.json(state, elapsed, event: event))
        }
        state.drawn = time
    }

    /// `reading 1,204 of 2,613 files (46 %), 1,310/s, 2 s left`.
    private static func text(_ state: State, _ elapsed: Duration) -> String {
        var text = state.task + " " + amount(state.done, state.unit)
        let rate = itemsASecond(state.done, elapsed)
        let perSecond = rate > 0 ? ", \(amount(rate, state.unit))/s" : ""
        guard let total = state.total, total > 0 else { return text + named(state.unit) + perSecond }
        text += " of " + amount(total, state.unit) + named(state.unit)
        let percent = Int(min(Double(state.done) / Double(total), 1) * 100)
        text += " (\(percent) %)" + perSecond
        // Before a tenth is done, a guess would jump about.
        guard rate > 0, state.done < total, state.done >= total / 10 else { return text }
        return text + ", \(timeLeft((total - state.done) / rate + 1)) left"
    }

    /// A count with its unit: bytes in the largest unit that keeps three digits, other things as they are.
    private static func amount(_ count: Int, _ unit: String) -> String {
        guard unit == "bytes" else { return decimal(count) }
        guard count >= 1 << 30 else { return "\(decimal(count >> 20)) MiB" }
        let tenths = Int(Double(count) * 10 / Double(1 << 30))
        return "\(decimal(tenths / 10)).\(tenths % 10) GiB"
    }

    private static func named(_ unit: String) -> String { unit == "bytes" ? "" : " " + unit }

    private static func timeLeft(_ seconds: Int) -> String {
        seconds < 60
            ? "\(seconds) s"
            : seconds < 3600 ? "\(seconds / 60) min \(seconds % 60) s" : "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }

    /// One event, keys in order.
    ///
    /// `elapsedMilliseconds` and the counts stay below 2^53 in any run that ends.
    private static func json(_ state: State, _ elapsed: Duration, event: String) -> String {
        var members = ["\"done\":\(state.done)"]
        members.append("\"elapsedMilliseconds\":\(milliseconds(elapsed))")
        members.append("\"event\":\(SafeText.json(event))")
        members.append("\"schemaVersion\":1")
        members.append("\"task\":\(SafeText.json(state.task))")
        if let total = state.total { members.append("\"total\":\(total)") }
        members.append("\"unit\":\(SafeText.json(state.unit))")
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        return overflow ? 0 : product &+ attoseconds / 1_000_000_000_000_000
    }

    private static func itemsASecond(_ count: Int, _ elapsed: Duration) -> Int {
        let time = milliseconds(elapsed)
        guard time >= 500 else { return 0 }
        // A rate beyond 10^15 is nonsense, and below it the conversion cannot fail.
        return Int(min(Double(count) * 1_000 / Double(time), 1e15))
    }

    private static func decimal(_ number: Int) -> String {
        let digits = Array(String(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, digits[index - 1] != "-", (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
