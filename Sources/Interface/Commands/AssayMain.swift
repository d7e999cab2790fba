import ArgumentParser
import AssayPipelines
import AssayTerminal

#if canImport(Glibc)
import Glibc
#endif

/// The one place where errors become exit codes.
public enum AssayMain {
    /// Runs the command line of this process and ends it.
    public static func run() async -> Never {
        OutputStream.reportBrokenPipes()
        do {
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
        if let reason = Audit.reason(error) ?? (error as? OutputError)?.description {
            console.error(reason)
            return ExitStatus.couldNotAnswer.rawValue
        }
        return parsing(error, console)
    }

    /// ArgumentParser's own errors: help and version are a success, wrong usage is 64, all else was ours.
    private static func parsing(_ error: any Error, _ console: Console) -> Int32 {
        let code = AssayCommand.exitCode(for: error)
        if code.isSuccess {
            try? OutputStream.standardOutput.write(AssayCommand.fullMessage(for: error) + "\n")
            return ExitStatus.yes.rawValue
        }
        if code == .validationFailure {
            console.error(AssayCommand.message(for: error))
            console.hint("'assay --help' shows the commands, 'assay COMMAND --help' one of them")
            return ExitStatus.usage.rawValue
        }
        console.error("\(error)")
        return ExitStatus.bug.rawValue
    }
}
