/// A mail that is written: its header, and a body that is plain or encrypted.
///
/// RFC 5322 (https://www.rfc-editor.org/rfc/rfc5322), RFC 2045 (https://www.rfc-editor.org/rfc/rfc2045), RFC 3156
/// (https://www.rfc-editor.org/rfc/rfc3156). Lines end in CR LF and have at most 76 characters, headers 78.
public struct MailMessage: Hashable, Sendable {
    /// Who sends it: a mail address, with a name or without.
    public var from: MailAddress?
    /// To whom.
    public var to: MailAddress
    /// The subject; everybody on the way reads it.
    public var subject: String
    /// When, seconds since 1970.
    public var date: Int64
    /// The left part of the message's identifier; letters and digits.
    public var identifier: String

    /// Makes a header.
    public init(from: MailAddress?, to: MailAddress, subject: String, date: Int64, identifier: String) {
        self.from = from
        self.to = to
        self.subject = subject
        self.date = date
        self.identifier = identifier
    }

    /// The whole mail around an encrypted entity (RFC 3156, section 4).
    ///
    /// - Parameter armored: the OpenPGP message in ASCII armor.
    /// - Returns: the bytes of the mail.
    /// - Throws: `MailError` for a value that would break out of its line, and for what is no armored message.
    public func encrypted(_ armored: [UInt8]) throws(MailError) -> [UInt8] {
        guard armored.starts(with: "-----BEGIN PGP MESSAGE-----".utf8), armored.allSatisfy({ $0 < 0x80 && $0 != 0 })
        else {
            throw MailError("the encrypted part is no OpenPGP message in ASCII armor")
        }
        let boundary = MailBoundary.of([armored])
        var mail = MailText()
        try header(into: &mail)
        mail.line("Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\";")
        mail.line(" boundary=\"\(boundary)\"")
        mail.line("")
        mail.line("This is an OpenPGP/MIME encrypted message (RFC 3156).")
        mail.line("--\(boundary)")
        mail.line("Content-Type: application/pgp-encrypted")
        mail.line("Content-Description: PGP/MIME version identification")
        mail.line("")
        mail.line("Version: 1")
        mail.line("")
        mail.line("--\(boundary)")
        mail.line("Content-Type: application/octet-stream; name=\"encrypted.asc\"")
        mail.line("Content-Description: OpenPGP encrypted message")
        mail.line("Content-Disposition: inline; filename=\"encrypted.asc\"")
        mail.line("")
        for line in armored.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let text = line.last == 0x0D ? line.dropLast() : line
            guard text.count <= 998 else { throw MailError("a line of the encrypted part is longer than 998 bytes") }
            mail.bytes(text)
        }
        mail.line("--\(boundary)--")
        return mail.content
    }

    private func header(into mail: inout MailText) throws(MailError) {
        if let from { try mail.field("From", from.text()) }
        try mail.field("To", to.text())
        try mail.field("Subject", MailText.encodedWords(subject))
        mail.line("Date: \(MailDate.text(date))")
        guard !identifier.isEmpty, identifier.utf8.count <= 64,
            identifier.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) })
        else { throw MailError("the message identifier has more than letters and digits") }
        mail.line("Message-ID: <\(identifier)@assay.invalid>")
        mail.line("MIME-Version: 1.0")
    }
}

/// Why a mail was not written.
public struct MailError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// A mail address with the name of whose it is.
public struct MailAddress: Hashable, Sendable {
    /// The name; may be missing.
    public var name: String?
    /// The address (`secure@example.org`).
    public var address: String

    /// Makes an address.
    ///
    /// - Throws: `MailError` for what is no plain address: no comments, no routes, no quoted parts.
    public init(name: String? = nil, address: String) throws(MailError) {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), (1...255).contains(parts[1].utf8.count),
            address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"<>()[]\\,;:\"".utf8.contains($0) })
        else { throw MailError("a mail address is not of the form name@domain") }
        self.name = name
        self.address = address
    }

    func text() throws(MailError) -> String {
        guard let name, !name.isEmpty else { return address }
        return "\(try MailText.encodedWords(name)) <\(address)>"
    }
}
