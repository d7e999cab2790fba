import AssayBytes
import AssayFileSystem
public import AssayVulnerabilityReport

/// A report file of the running system and the folder that its attachments are in.
public struct OpenedReport: Sendable {
    /// The most bytes of one attachment.
    public static let maximumAttachmentSize = 64 << 20

    /// The path as the user named it.
    public let path: String
    /// What the file says.
    public let file: ReportFile
    private let folder: RootedDirectory

    /// What the report says.
    public var report: VulnerabilityReport { file.report }

    /// Opens and reads the report at `path`.
    ///
    /// - Throws: `DisclosureError` with line and column when it is no report, or could not be read.
    public init(path: String) throws {
        let name = EscapedText(path).description
        do {
            let bytes = try RootedDirectory.openHostFile(path).readToEnd(limit: ReportFile.maximumByteCount)
            file = try ReportFile(bytes)
            let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
            folder = try RootedDirectory(path: parent)
        } catch let error as ReportError {
            throw DisclosureError("'\(name)\(error.place)': \(EscapedText(error.message))")
        } catch let error as FileSystemError {
            throw DisclosureError(error.description)
        }
        self.path = path
    }

    /// Where a field or section of the report stands, or would: `report.md:12`, for messages.
    public func place(of field: String) -> String { "\(EscapedText(path)):\(file.line(of: field))" }

    /// The bytes of an attachment.
    ///
    /// - Throws: `DisclosureError` with the line when it is no regular file in the report's folder or below, reached without
    ///   any symbolic link, or larger than `maximumAttachmentSize`.
    public func content(of attachment: Attachment) throws -> [UInt8] {
        let index = report.attachments.firstIndex(of: attachment) ?? 0
        func refuse(_ reason: String) -> DisclosureError {
            DisclosureError(
                "'\(place(of: "attachments[\(index)].path"))': the attachment "
                    + "'\(EscapedText(attachment.path))' \(reason)")
        }
        do {
            let path = TreePath(attachment.path)
            guard !path.names.isEmpty, path.relativeBytes.elementsEqual(attachment.path.utf8) else {
                throw refuse("leaves the report's folder")
            }
            for count in 1...path.names.count
            where try folder.linkStatus(TreePath(names: Array(path.names.prefix(count)))).type == .symbolicLink {
                throw refuse("is reached by a symbolic link, which could lead out of the report's folder")
            }
            return try folder.read(path, limit: Self.maximumAttachmentSize)
        } catch let error as FileSystemError {
            throw refuse("cannot be read: \(error.reason)")
        }
    }
}

extension ReportError {
    /// `:LINE:COLUMN`, as far as the place is known.
    var place: String { [line, line == nil ? nil : column].compactMap { $0.map { ":\($0)" } }.joined() }
}
