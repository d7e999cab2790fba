import Synchronization

/// Standard error as people see it: messages in the house form, and at most one line of progress that gives way to them.
///
/// All writes go through one lock, so lines of different threads are never mixed. Errors of writing are left alone: there
/// is nobody to tell.
public final class Console: Sendable {
    private struct State {
        /// Whether a progress line stands on the terminal, without a line end.
        var hasLine = false
    }

    private let state = Mutex(State())
    private let write: @Sendable (String) -> Void
    private let usesColor: Bool
    /// Whether warnings and hints are left out (`--quiet`); errors never are.
    private let isQuiet: Bool

    /// Makes a console that writes to `stream`.
    public convenience init(
        _ stream: OutputStream = .standardError, usesColor: Bool = false, isQuiet: Bool = false
    ) {
        self.init(usesColor: usesColor, isQuiet: isQuiet) { try? stream.write($0) }
    }

    /// Makes a console over any function that takes text.
    public init(usesColor: Bool, isQuiet: Bool, write: @escaping @Sendable (String) -> Void) {
        self.usesColor = usesColor
        self.isQuiet = isQuiet
        self.write = write
    }

    /// Says why something could not be done: `assay: error: …`.
    public func error(_ message: String) { say("error", "1;31", message) }

    /// Says what was noticed and passed over: `assay: warning: …`.
    public func warning(_ message: String) {
        if !isQuiet { say("warning", "1;33", message) }
    }

    /// Says what to do: `assay: hint: …`.
    public func hint(_ message: String) {
        if !isQuiet { say("hint", "1;36", message) }
    }

    /// A message is one line: a line end in it is shown as `\x0a`.
    private func say(_ word: String, _ code: String, _ message: String) {
        let label = usesColor ? "\u{1B}[\(code)m\(word):\u{1B}[0m" : "\(word):"
        line("assay: \(label) \(SafeText.of(message))")
    }

    /// Writes a whole line, which is safe already.
    func line(_ text: String) {
        state.withLock { state in
            write((state.hasLine ? Console.erase : "") + text + "\n")
            state.hasLine = false
        }
    }

    /// Puts `text`, which is safe and fits, where the progress line stands.
    func replaceLine(_ text: String) {
        state.withLock { state in
            write(Console.erase + text)
            state.hasLine = true
        }
    }

    /// Takes the progress line away.
    func eraseLine() {
        state.withLock { state in
            guard state.hasLine else { return }
            write(Console.erase)
            state.hasLine = false
        }
    }

    /// To the first column, then delete to the end of the line (ECMA-48, EL).
    private static let erase = "\r\u{1B}[K"
}
