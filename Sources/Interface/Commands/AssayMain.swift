import ArgumentParser
import AssayFileSystem
import AssayPipelines
import AssayTerminal

#if canImport(Glibc)
import Glibc
#endif

/// The one place where errors become exit codes.
public enum AssayMain {
    /// Runs the command line of this process and ends it.
    public static func run() async -> Never {
        do {
            var command = try AssayCommand.parseAsRoot()
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
            exit(ExitStatus.yes.rawValue)
        } catch {
            end(error)
        }
    }

    private static func end(_ error: any Error) -> Never {
        switch error {
        case let end as CommandEnd: exit(end.status.rawValue)
        case let failure as CommandFailure:
            Message.error(failure.message)
            if let hint = failure.hint { Message.hint(hint) }
            exit(failure.status.rawValue)
        case is ProfileFileError:
            Message.error("\(error)")
            exit(ExitStatus.usage.rawValue)
        case let error as FileSystemError:
            Message.error(error.description)
            exit(ExitStatus.couldNotAnswer.rawValue)
        case let error as SavedFactsError:
            Message.error(error.description)
            exit(ExitStatus.couldNotAnswer.rawValue)
        case is CancellationError: exit(128 + SIGINT)
        default: endParsing(error)
        }
    }

    /// ArgumentParser's own errors: help and version are a success, wrong usage is 64, all else was ours.
    private static func endParsing(_ error: any Error) -> Never {
        let code = AssayCommand.exitCode(for: error)
        if code.isSuccess {
            try? StandardOutput.write(AssayCommand.fullMessage(for: error) + "\n")
            exit(ExitStatus.yes.rawValue)
        }
        if code == .validationFailure {
            Message.error(AssayCommand.message(for: error))
            Message.hint("'assay --help' shows the commands, 'assay COMMAND --help' one of them")
            exit(ExitStatus.usage.rawValue)
        }
        Message.error("\(error)")
        exit(Audit.isSubjectError(error) ? ExitStatus.couldNotAnswer.rawValue : ExitStatus.bug.rawValue)
    }
}
