import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayVulnerabilityReport

/// The reports of a folder and what is due (docs/schema/disclosure-status.schema.json).
public struct DisclosureStatus: Codable, Hashable, Sendable {
    /// The version of this model.
    public static let currentSchemaVersion = 1
    /// How long a vendor has to acknowledge a report, in seconds: 24 hours, as Microsoft's security policy says.
    public static let acknowledgementSeconds: Int64 = 86_400
    /// How long before its end an embargo is shown as due, in seconds.
    private static let embargoNoticeSeconds: Int64 = 7 * 86_400
    /// The most reports of a folder.
    private static let maximumReports = 10_000

    /// One report.
    public struct Entry: Codable, Hashable, Sendable {
        /// The states.
        public enum State: String, Codable, Hashable, Sendable {
            /// It was not sent.
            case draft
            /// It was sent and not acknowledged.
            case sent
            /// The vendor has it.
            case acknowledged
            /// There is a fix.
            case fixed
            /// It is public.
            case published
        }

        /// What is due.
        public struct Due: Codable, Hashable, Sendable {
            /// `acknowledgement`, `follow-up`, `embargo-end` or `publication`.
            public var what: String
            /// When, RFC 3339 in UTC.
            public var at: String
            /// Whether that time has passed.
            public var isOverdue: Bool
            /// What to do.
            public var message: String
        }

        /// The file's name in the folder.
        public var file: String
        /// Its own name for the report.
        public var id: String?
        /// Its title.
        public var title: String?
        /// Where it stands.
        public var state: State
        /// What is due, the first first.
        public var due: [Due]
    }

    /// The version of this model that the status was written with.
    public var schemaVersion = DisclosureStatus.currentSchemaVersion
    /// The moment that it holds for, RFC 3339 in UTC.
    public var evaluatedAt: String
    /// The reports, by file.
    public var reports: [Entry]
    /// Files that look like reports and could not be read, with the reason.
    public var unreadable: [String]

    /// Whether anything is overdue.
    public var isOverdue: Bool { reports.contains { $0.due.contains(where: \.isOverdue) } }

    /// The status of the reports in the folder `path`: its files `*.md` that begin with a line `---`.
    ///
    /// - Parameters:
    ///   - path: a folder of the running system; folders below it are not looked at.
    ///   - now: the moment, in seconds since 1970.
    /// - Throws: `DisclosureError` when the folder cannot be read.
    public init(folder path: String, now: Int64) throws {
        evaluatedAt = UTCTime.text(now)
        reports = []
        unreadable = []
        do {
            let folder = try RootedDirectory(path: path)
            for entry in try folder.entries(.root, limit: Self.maximumReports)
            where entry.name.suffix(3) == Array(".md".utf8) {
                let name = EscapedText(entry.name).description
                do {
                    let bytes = try folder.read(TreePath(names: [entry.name]), limit: ReportFile.maximumByteCount)
                    guard bytes.starts(with: "---".utf8) else { continue }
                    let report = try ReportFile(bytes).report
                    reports.append(
                        Entry(
                            file: name, id: report.id, title: report.title, state: Self.state(report.timeline),
                            due: Self.due(report, now: now)))
                } catch let error as ReportError {
                    unreadable.append("\(name)\(error.place): \(EscapedText(error.message))")
                } catch let error as FileSystemError {
                    unreadable.append("\(name): \(error.reason)")
                }
            }
        } catch let error as FileSystemError {
            throw DisclosureError(error.description)
        }
    }

    private static func state(_ timeline: Timeline) -> Entry.State {
        if timeline[.published] != nil { return .published }
        if timeline[.fixed] != nil { return .fixed }
        if timeline[.acknowledged] != nil { return .acknowledged }
        return timeline[.sent] != nil ? .sent : .draft
    }

    /// What is due of a report.
    static func due(_ report: VulnerabilityReport, now: Int64) -> [Entry.Due] {
        let timeline = report.timeline
        var due: [(Int64, Entry.Due)] = []
        func add(_ what: String, _ time: Int64, _ message: String) {
            due.append(
                (time, Entry.Due(what: what, at: UTCTime.text(time), isOverdue: time <= now, message: message)))
        }
        let isOpen = timeline[.published] == nil
        if let sent = timeline[.sent], timeline[.acknowledged] == nil, isOpen {
            // A day counts to its end: the report may have been sent in its last minute.
            let contact = report.vendor.contact.map { " (\($0))" } ?? ""
            if let last = timeline.followUps.last {
                add(
                    "follow-up", last.end + acknowledgementSeconds,
                    "no acknowledgement since \(last) either: ask again, by another way\(contact)")
            } else {
                add(
                    "acknowledgement", sent.end + acknowledgementSeconds,
                    "sent \(sent), no acknowledgement: ask whether it arrived\(contact)")
            }
        }
        if let end = timeline[.embargoEnds], isOpen, end.end - embargoNoticeSeconds <= now {
            add("embargo-end", end.end, "the embargo ends \(end): nothing is to be published before")
        }
        if let fixed = timeline[.fixed], isOpen, timeline[.embargoEnds].map({ $0.end <= now }) ?? true {
            add("publication", fixed.end, "fixed \(fixed) and under no embargo: it may be published")
        }
        return due.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// The status for people.
    public var text: String {
        var lines: [String] = []
        for entry in reports {
            let title = entry.title.map { "  \(EscapedText($0))" } ?? ""
            lines.append("\(entry.file)  \(entry.state.rawValue)\(title)")
            lines += entry.due.map {
                "  \($0.isOverdue ? "DUE" : "due") \($0.at)  \($0.what): \(EscapedText($0.message))"
            }
        }
        lines += unreadable.map { "unreadable: \($0)" }
        return lines.isEmpty ? "no reports\n" : lines.joined(separator: "\n") + "\n"
    }
}
