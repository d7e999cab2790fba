import ArgumentParser
import AssayPipelines
import AssayTerminal
import AssayTrust
import AssayVerification

#if canImport(Glibc)
    import Glibc
#endif

/// The one place where errors become exit codes.
public enum AssayMain {
    /// Runs the command line of this process and ends it.
    public static func run() async -> Never {
        OutputStream.reportBrokenPipes()
        do {
            let words = CommandLine.arguments
            if let other = OtherName(program: words.first ?? "") {
                try other.run(Array(words.dropFirst()))
                exit(ExitStatus.yes.rawValue)
            }
            var command = try AssayCommand.parseAsRoot()
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
            exit(ExitStatus.yes.rawValue)
        } catch {
            exit(status(of: error, Console()))
        }
    }

    /// The exit code of an error, after it was said.
    private static func status(of error: any Error, _ console: Console) -> Int32 {
        switch error {
        case let end as CommandEnd: return end.status.rawValue
        case let failure as CommandFailure:
            console.error(failure.message)
            if let hint = failure.hint { console.hint(hint) }
            return failure.status.rawValue
        // The reader has gone, as `head` does: what SIGPIPE would have ended us with.
        case let error as OutputError where error.code == .brokenPipe: return 128 + SIGPIPE
        case is CancellationError: return 128 + SIGINT
        default: break
        }
        if let reason = reason(error) {
            console.error(reason)
            if let hint = Audit.hint(error) ?? (error as? VerificationError)?.hint ?? (error as? TrustError)?.hint {
                console.hint(hint)
            }
            return ExitStatus.couldNotAnswer.rawValue
        }
        return parsing(error, console)
    }

    /// Why something of the user's could not be used, or nil when the error says nothing about one.
    static func reason(_ error: any Error) -> String? {
        Audit.reason(error) ?? (error as? OutputError)?.description ?? (error as? VerificationError)?.description
            ?? Trust.reason(error)
    }

    /// ArgumentParser's own errors: help and version are a success, wrong usage is 64, all else was ours.
    private static func parsing(_ error: any Error, _ console: Console) -> Int32 {
        let code = AssayCommand.exitCode(for: error)
        if code.isSuccess {
            try? OutputStream.standardOutput.write(AssayCommand.fullMessage(for: error) + "\n")
            return ExitStatus.yes.rawValue
        }
        if code == .validationFailure {
            console.error(houseForm(AssayCommand.message(for: error)))
            console.hint("'assay --help' shows the commands, 'assay COMMAND --help' one of them")
            return ExitStatus.usage.rawValue
        }
        console.error("\(error)")
        return ExitStatus.bug.rawValue
    }

    /// ArgumentParser's sentence as our messages are: one line, lower case, no full stop.
    private static func houseForm(_ message: String) -> String {
        var lines = message.split(separator: "\n").map { String($0).trimmingSpaces }
        let choices = lines.filter { $0.hasPrefix("- ") }.map { String($0.dropFirst(2)) }
        lines = lines.filter { !$0.hasPrefix("- ") }
        var text = lines.joined(separator: " ")
        let question = " Please provide one of the following:"
        if text.hasSuffix(question) {
            text = text.dropLast(question.count).trimmingFullStop + ": it is one of \(choices.joined(separator: ", "))"
        }
        text = text.trimmingFullStop
        // A word in capitals, such as a name, stays as it is.
        guard let first = text.first, text.dropFirst().first?.isUppercase != true else { return text }
        return first.lowercased() + text.dropFirst()
    }
}

extension StringProtocol {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    fileprivate var trimmingFullStop: String { hasSuffix(".") ? String(dropLast()) : String(self) }
}
