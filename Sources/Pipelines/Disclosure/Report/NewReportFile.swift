import AssayBytes
import AssayFileSystem
import AssayVulnerabilityReport

/// A report as a new file.
public enum NewReportFile {
    /// The text of a draft.
    ///
    /// - Throws: `DisclosureError`.
    public static func text(of draft: ReportDraft) throws -> String {
        do {
            return try ReportWriter.text(draft.report())
        } catch let error as ReportError {
            throw DisclosureError(error.description)
        }
    }

    /// Refuses a path where something is, a dangling link included.
    public static func requireAbsent(_ path: String) throws {
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
        do {
            _ = try RootedDirectory(path: parent).linkStatus(TreePath(names: [Array(name.utf8)]))
        } catch let error as FileSystemError {
            guard error.code != .notFound else { return }
            throw DisclosureError(error.description)
        }
        throw DisclosureError(
            "'\(EscapedText(path))' is there already, and a report is never overwritten",
            hint: "--output names another file")
    }

    /// Writes a report to a path where nothing is, readable by its owner alone.
    public static func write(_ text: String, to path: String) throws {
        try requireAbsent(path)
        do {
            try AtomicFile.write(Array(text.utf8), to: path, mode: 0o600)
        } catch let error as FileSystemError {
            throw DisclosureError(error.description)
        }
    }
}
