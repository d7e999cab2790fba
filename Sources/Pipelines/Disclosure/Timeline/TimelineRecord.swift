import AssayBytes
import AssayFacts
import AssayFileSystem
public import AssayVulnerabilityReport

/// Writes into a report what happened when.
public enum TimelineRecord {
    /// What can be recorded: the events of a timeline, and `follow-up`.
    public static let names = Timeline.Event.allCases.map(\.rawValue) + ["follow-up"]

    /// Records that `name` happened at `time` in the report at `path`; all else in the file stays as it is.
    ///
    /// - Parameters:
    ///   - name: one of `names`.
    ///   - time: a day or a second; `now` if it is nil.
    ///   - path: the report.
    ///   - now: the moment, in seconds since 1970.
    /// - Returns: the time that was recorded.
    /// - Throws: `DisclosureError` when the report or the time is malformed, or lies in the future where it must not.
    @discardableResult
    public static func record(_ name: String, at time: String?, in path: String, now: Int64) throws -> ReportTime {
        let text = time ?? UTCTime.text(now)
        guard let time = ReportTime(text) else {
            throw DisclosureError("'\(EscapedText(text))' is no time: YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")
        }
        guard time.seconds <= now || name == Timeline.Event.embargoEnds.rawValue else {
            throw DisclosureError("'\(time)' is to come: only the end of an embargo is known beforehand")
        }
        let opened = try OpenedReport(path: path)
        do {
            let changed: String
            if let event = Timeline.Event(rawValue: name) {
                changed = try opened.file.stamping(event, at: time)
            } else if name == "follow-up" {
                changed = try opened.file.stampingFollowUp(at: time)
            } else {
                throw DisclosureError(
                    "nothing is called '\(EscapedText(name))'\(NearestName.hint(for: name, among: names)) (allowed: "
                        + names.joined(separator: ", ") + ")")
            }
            try AtomicFile.write(Array(changed.utf8), to: path)
        } catch let error as ReportError {
            throw DisclosureError("'\(EscapedText(path))\(error.place)': \(EscapedText(error.message))")
        } catch let error as FileSystemError {
            throw DisclosureError(error.description)
        }
        return time
    }
}
