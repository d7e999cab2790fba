import AssayDisclosure
import AssayTestSupport
import AssayVulnerabilityReport
import Foundation
import Testing

/// 2026-11-20T10:00:00Z, when the report of the fixture was sent.
private let sent: Int64 = 1_795_168_800
private let hour: Int64 = 3600

struct TimelineTests {
    private func due(_ now: Int64, _ changes: [(String, String)] = []) throws -> [DisclosureStatus.Entry.Due] {
        let scratch = try CompleteReport.folder(changes)
        let status = try withExtendedLifetime(scratch) { try DisclosureStatus(folder: scratch.path, now: now) }
        #expect(status.reports.count == 1 && status.unreadable.isEmpty)
        return status.reports[0].due
    }

    @Test func `an acknowledgement is due a day after the report was sent`() throws {
        let early = try due(sent + 23 * hour)
        #expect(
            early.map(\.what) == ["acknowledgement"] && early[0].at == "2026-11-21T10:00:00Z" && !early[0].isOverdue)
        #expect(try due(sent + 24 * hour)[0].isOverdue)
        let day = try due(sent, [("sent: 2026-11-20T10:00:00Z", "sent: 2026-11-20")])
        #expect(day[0].at == "2026-11-22T00:00:00Z")
        #expect(try due(sent + 99 * hour, [("T10:00:00Z\n", "T10:00:00Z\n  acknowledged: 2026-11-21\n")]).isEmpty)
        #expect(try due(sent, [("  sent: 2026-11-20T10:00:00Z\n", "")]).isEmpty)
    }

    @Test func `after a follow-up the next is due a day later`() throws {
        let asked = try due(sent + 48 * hour, [("T10:00:00Z\n", "T10:00:00Z\n  follow-ups: [2026-11-21T11:00:00Z]\n")])
        #expect(asked.map(\.what) == ["follow-up"] && asked[0].at == "2026-11-22T11:00:00Z" && !asked[0].isOverdue)
    }

    @Test func `the end of an embargo is due, and then the publication of what is fixed`() throws {
        let lines = "T10:00:00Z\n  acknowledged: 2026-11-21\n  fixed: 2026-11-25\n  embargo-ends: 2026-12-10\n"
        let change = [("T10:00:00Z\n", lines)]
        #expect(try due(sent + 10 * 24 * hour, change).isEmpty)
        #expect(try due(sent + 15 * 24 * hour, change).map(\.what) == ["embargo-end"])
        let after = try due(sent + 21 * 24 * hour, change)
        #expect(Set(after.map(\.what)) == ["publication", "embargo-end"] && after.contains(where: \.isOverdue))
        #expect(try due(sent + 30 * 24 * hour, [("T10:00:00Z\n", lines + "  published: 2026-12-11\n")]).isEmpty)
    }

    @Test func `files that are no reports are left out, and those that cannot be read are named`() throws {
        let scratch = try CompleteReport.folder()
        try scratch.write("README.md", "# Reports\n")
        try scratch.write("notes.txt", "---\n")
        try scratch.write("broken.md", "---\nid: [\n---\n")
        shell("mkfifo fifo.md; mkdir folder.md", in: scratch.path)
        let status = try DisclosureStatus(folder: scratch.path, now: sent)
        #expect(status.reports.map(\.file) == ["report.md"] && status.reports[0].state == .sent)
        #expect(status.unreadable.count == 3 && status.unreadable[0].hasPrefix("broken.md:"), "\(status.unreadable)")
        #expect(throws: DisclosureError.self) { try DisclosureStatus(folder: scratch.path + "/missing", now: sent) }
    }

    @Test func `what happened is recorded, and nothing else changes`() throws {
        let scratch = try CompleteReport.folder()
        let path = scratch.path + "/report.md"
        let now = sent + 30 * hour
        try TimelineRecord.record("acknowledged", at: nil, in: path, now: now)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.replacing("  acknowledged: 2026-11-21T16:00:00Z\n", with: "") == CompleteReport.text)
        try TimelineRecord.record("follow-up", at: "2026-11-21", in: path, now: now)
        try TimelineRecord.record("embargo-ends", at: "2027-02-19", in: path, now: now)
        let file = try OpenedReport(path: path).report.timeline
        #expect(file.followUps.map(\.description) == ["2026-11-21"] && file[.embargoEnds]?.description == "2027-02-19")
        for (event, time, says) in [
            ("sent", "2026-11-31", "is no time"), ("sent", "2030-01-01", "is to come"),
            ("snet", "2026-01-01", "did you mean 'sent'?"),
        ] {
            let error = #expect(throws: DisclosureError.self) {
                try TimelineRecord.record(event, at: time, in: path, now: now)
            }
            #expect(error?.description.contains(says) == true)
        }
    }
}
