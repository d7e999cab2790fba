import AssayFindings

/// The exit codes of every command (product.md): 1 beats 2.
enum ExitStatus: Int32, CaseIterable {
    /// Asked, and the answer is yes.
    case yes = 0
    /// The answer is no: a finding at or above `--fail-on`, a bad signature, a wrong hash.
    case no = 1
    /// It could not be answered: unreadable, malformed, unsupported, or a required fact is unknown.
    case couldNotAnswer = 2
    /// The command line is wrong.
    case usage = 64
    /// A bug of ours.
    case bug = 70
}

/// A command's end with a message that was not printed yet.
struct CommandFailure: Error {
    /// The exit code.
    let status: ExitStatus
    /// What went wrong, without the prefix `assay: error:`.
    let message: String
    /// The corrected command or what to do, if we know it.
    var hint: String?
}

/// A command's end after it has said all it has to say.
struct CommandEnd: Error {
    /// The exit code.
    let status: ExitStatus

    /// Ends the command with 1 or 2 unless every question that counts has the answer yes.
    static func throwUnlessPass(_ outcome: Outcome) throws {
        switch outcome {
        case .pass: return
        case .fail: throw CommandEnd(status: .no)
        case .unknown: throw CommandEnd(status: .couldNotAnswer)
        }
    }
}
