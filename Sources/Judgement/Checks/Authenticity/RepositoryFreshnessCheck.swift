import AssayFacts
import AssayFindings
import AssayPolicy

/// The repository's signed index is current.
///
/// Why: Who stands between a machine and its repository can serve an old index, validly signed, and keep every fix
/// away.
///
/// Proof: Date and Valid-Until of the signed Release, at the time of judgement; the suite or codename under which
/// it was fetched.
///
/// Remedy: Update the lists; if they stay old, look at the mirror.
///
/// Reference: https://wiki.debian.org/DebianRepository/Format#Date.2C_Valid-Until
enum RepositoryFreshnessCheck: FileCheck {
    static let id = "repository.freshness"
    static let severity = Severity.high

    static func judge(_ question: FileQuestion) -> Judgement {
        guard let document = question.document else { return .notApplicable("nothing says until when it holds") }
        guard let release = document.release else {
            return document.kind == .release
                ? .unknown("the index could not be read") : .notApplicable("nothing says until when it holds")
        }
        let now = question.facts.evaluatedAt
        let place = Location(document.name)
        func failed(_ text: String, _ how: String) -> Judgement {
            Judgement(.fail, .off, .measured, text, evidence: [Evidence(place, text, how: how, isException: true)])
        }
        if let requested = release.requestedAs, ![release.suite, release.codename].contains(requested),
            release.suite != nil || release.codename != nil
        {
            let own = [release.suite, release.codename].compactMap { $0 }.joined(separator: ", ")
            return failed("fetched as \(requested), but it is of \(own)", "suite")
        }
        if let end = release.validUntil, end < now {
            return failed("valid until \(UTCTime.text(end))", "Valid-Until")
        }
        // Clocks differ; a day covers every time zone mistake.
        let (latest, isBeyond) = now.addingReportingOverflow(86_400)
        if let date = release.date, !isBeyond, date > latest { return failed("dated \(UTCTime.text(date))", "Date") }
        if let requested = release.requestedAs, release.suite == nil, release.codename == nil {
            return .unknown("fetched as \(requested), and it does not say what it is of")
        }
        guard let date = release.date else { return .unknown("the signed index has no date") }
        let end = release.validUntil.map { "valid until \(UTCTime.text($0))" } ?? "no Valid-Until"
        return Judgement(
            .pass, .on, .measured, "of \(UTCTime.text(date)), \(end)",
            evidence: [Evidence(place, end, how: "Release")])
    }
}
