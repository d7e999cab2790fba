/// What a mail carries: a text and files (RFC 2046, section 5.1.3: https://www.rfc-editor.org/rfc/rfc2046#section-5.1.3).
public struct MailEntity: Hashable, Sendable {
    /// A file of the mail.
    public struct Attachment: Hashable, Sendable {
        /// The name, without folders.
        public var name: String
        /// The bytes.
        public var content: [UInt8]

        /// Makes an attachment.
        public init(name: String, content: [UInt8]) {
            self.name = name
            self.content = content
        }
    }

    /// The text, Markdown (RFC 7763).
    public var text: String
    /// The files.
    public var attachments: [Attachment]

    /// Makes an entity.
    public init(text: String, attachments: [Attachment] = []) {
        self.text = text
        self.attachments = attachments
    }

    /// The entity: header and body.
    ///
    /// All of it is base64, so that no byte of a report can end a line or a part.
    ///
    /// - Throws: `MailError` for a file name that cannot stand in a header.
    public func bytes() throws(MailError) -> [UInt8] {
        let boundary = MailBoundary.of([Array(text.utf8)] + attachments.map(\.content))
        var mail = MailText()
        mail.line("Content-Type: multipart/mixed; boundary=\"\(boundary)\"")
        mail.line("MIME-Version: 1.0")
        mail.line("")
        mail.line("--\(boundary)")
        mail.line("Content-Type: text/markdown; charset=utf-8; variant=GFM")
        mail.line("Content-Disposition: inline")
        mail.line("Content-Transfer-Encoding: base64")
        mail.line("")
        mail.base64(Array(text.utf8))
        for attachment in attachments {
            mail.line("--\(boundary)")
            mail.line("Content-Type: application/octet-stream")
            mail.line("Content-Disposition: attachment;")
            try mail.fileName(attachment.name)
            mail.line("Content-Transfer-Encoding: base64")
            mail.line("")
            mail.base64(attachment.content)
        }
        mail.line("--\(boundary)--")
        return mail.content
    }
}

/// Boundaries between parts.
enum MailBoundary {
    /// A boundary that no line of the parts starts with: base64 and armor have no `=_` at all.
    ///
    /// The digest makes it differ from mail to mail and the same for the same one (FNV-1a, 64 bits; no security rests on it).
    static func of(_ parts: [[UInt8]]) -> String {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in parts {
            for byte in part { digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            digest = (digest ^ UInt64(part.count)) &* 0x0000_0100_0000_01B3
        }
        let text = String(digest, radix: 16)
        return "=_assay_" + String(repeating: "0", count: 16 - text.count) + text
    }
}
