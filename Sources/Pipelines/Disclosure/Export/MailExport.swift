import AssayBytes
import AssayMail
import AssayVulnerabilityReport
import Crypto

/// An encrypted mail with a report and its attachments; it is written to a file, never sent.
public enum MailExport {
    /// The most bytes of all attachments together.
    public static let maximumSize = 64 << 20

    /// What everybody on the way may read.
    static let subject = "Security report"

    /// Where Microsoft takes reports (https://github.com/microsoft/azurelinux/blob/3.0/SECURITY.md).
    private static let microsoft = "secure@microsoft.com"

    /// Where the report goes: the vendor's contact if that is a mail address, else Microsoft's.
    public static func address(for opened: OpenedReport) -> String {
        opened.report.vendor.contact.flatMap { $0.contains("@") && !$0.contains(":") ? $0 : nil } ?? microsoft
    }

    /// Whom the mail is for.
    public struct Recipient: Hashable, Sendable {
        /// The mail address.
        public var address: String
        /// The key.
        public var key: RecipientKey

        /// Makes a recipient.
        public init(address: String, key: RecipientKey) {
            self.address = address
            self.key = key
        }
    }

    /// The mail.
    ///
    /// - Parameters:
    ///   - opened: the report.
    ///   - recipient: to whom it is encrypted.
    ///   - program: who encrypts.
    ///   - time: the date of the mail, seconds since 1970.
    /// - Returns: the bytes of an `.eml` file.
    /// - Throws: `DisclosureError`, `ExternalProgram.Failure` when the program does not do it.
    public static func mail(
        _ opened: OpenedReport, to recipient: Recipient, by program: EncryptionProgram, at time: Int64
    ) async throws -> [UInt8] {
        let inner = try entity(opened)
        let armored = try await program.encrypt(inner, for: recipient.key)
        do throws(MailError) {
            var from: MailAddress?
            if let address = opened.report.reporter.email {
                from = try MailAddress(name: opened.report.reporter.name, address: address)
            }
            let message = MailMessage(
                from: from, to: try MailAddress(address: recipient.address), subject: subject, date: time,
                identifier: Hex.encode(Array(SHA256.hash(data: armored).prefix(16))))
            return try message.encrypted(armored)
        } catch {
            throw DisclosureError("the mail cannot be written: \(error)")
        }
    }

    /// What is encrypted: the report as Markdown, its attachments, and the report's own file.
    static func entity(_ opened: OpenedReport) throws -> [UInt8] {
        let report = opened.report
        var names: Set<String> = ["report.md"]
        var attachments = [MailEntity.Attachment(name: "report.md", content: Array(opened.file.text.utf8))]
        var size = 0
        for attachment in report.attachments {
            let content = try opened.content(of: attachment)
            size += content.count
            guard size <= maximumSize else {
                throw opened.missing("attachments", "the attachments have more than \(maximumSize) bytes together")
            }
            // Files of different folders may have the same name.
            let plain = attachment.path.split(separator: "/").last.map(String.init) ?? attachment.path
            let name = names.insert(plain).inserted ? plain : attachment.path.replacing("/", with: "_")
            names.insert(name)
            attachments.append(MailEntity.Attachment(name: name, content: content))
        }
        do {
            return try MailEntity(text: try ReportMarkdown(opened).text(), attachments: attachments).bytes()
        } catch let error as MailError {
            throw opened.missing("attachments", "\(error)")
        }
    }
}
