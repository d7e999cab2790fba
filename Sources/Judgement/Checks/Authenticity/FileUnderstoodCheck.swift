import AssayFacts
import AssayFindings
import AssayPolicy

/// Every file could be read and understood.
///
/// Why: What could not be read was not verified, and a run over nothing proves nothing: a loop over `*.rpm` that
/// finds no file ends with success.
///
/// Proof: Each file is recognised by its content and read to its end; a file against its format is refused, one
/// that cannot be read or is not supported is unknown, no file at all is a failure.
///
/// Remedy: Look at the place that the evidence names; get the file again.
///
/// Reference: https://rpm.org/docs/latest/manual/format_v4.html
enum FileUnderstoodCheck: FileCheck {
    static let id = "content.understood"
    static let severity = Severity.critical

    static var withoutFiles: Judgement {
        Judgement(.fail, .off, .measured, "no file was found to verify")
    }

    static func judge(_ question: FileQuestion) -> Judgement {
        guard let problem = question.file.problem else {
            return Judgement(.pass, .on, .measured, "read to the end")
        }
        let evidence = [Evidence(Location(problem.place), problem.reason, how: "reading", isException: true)]
        return problem.isMalformed
            ? Judgement(.fail, .off, .measured, problem.reason, evidence: evidence)
            : .unknown(problem.reason, evidence: evidence)
    }
}
