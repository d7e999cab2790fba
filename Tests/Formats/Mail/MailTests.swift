import AssayMail
import AssayTestSupport
import Foundation
import Testing

private let armored = Array("-----BEGIN PGP MESSAGE-----\n\nAAAA\n=AAAA\n-----END PGP MESSAGE-----\n".utf8)

private func message(_ subject: String = "Security report", name: String? = nil) throws -> [UInt8] {
    try MailMessage(
        from: MailAddress(name: name, address: "me@example.org"), to: MailAddress(address: "secure@example.org"),
        subject: subject, date: 1_795_910_400, identifier: "abc123"
    ).encrypted(armored)
}

/// Lines end in CR LF, none is long, nothing is 8 bits.
private func expectMail(_ mail: [UInt8], limit: Int = 78) {
    let lines = String(decoding: mail, as: UTF8.self).components(separatedBy: "\r\n")
    #expect(lines.allSatisfy { $0.utf8.count <= limit && !$0.contains("\n") && !$0.contains("\r") })
    #expect(mail.allSatisfy { $0 < 0x80 && $0 != 0 })
}

@Test(.enabled(if: isAvailable("python3")))
func `Python's email package reads what is written`() throws {
    let content = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let name = "Bericht über €.txt"
    let entity = MailEntity(
        text: "# Ä\n\n--=_assay\n.\nFrom here\n",
        attachments: [
            MailEntity.Attachment(name: "plain.txt", content: content), MailEntity.Attachment(name: name, content: []),
            MailEntity.Attachment(name: String(repeating: "ü", count: 100), content: [1]),
        ])
    let bytes = try entity.bytes()
    expectMail(bytes)
    let mail = try message("Bericht", name: "Jörg \"x\" <evil@example.org>")
    expectMail(mail)
    let scratch = ScratchDirectory()
    try scratch.write("entity", bytes)
    try scratch.write("mail", mail)
    try scratch.write(
        "read.py",
        """
        import email, email.policy
        inner = email.message_from_bytes(open("entity", "rb").read(), policy=email.policy.default)
        parts = list(inner.iter_parts())
        print(parts[0].get_content_type(), repr(parts[0].get_content()))
        for part in parts[1:]:
            print(part.get_filename(), part.get_content().hex() if part.get_content() else "")
        outer = email.message_from_bytes(open("mail", "rb").read(), policy=email.policy.default)
        print([d for p in [inner, outer, *inner.walk(), *outer.walk()] for d in p.defects])
        print(outer.get_content_type(), outer.get_param("protocol"), outer["subject"], outer["date"])
        print(outer["from"].addresses[0].display_name, outer["from"].addresses[0].addr_spec, len(outer["from"].addresses))
        print([p.get_content_type() for p in outer.iter_parts()], repr(list(outer.iter_parts())[0].get_payload()))
        print(repr(list(outer.iter_parts())[1].get_payload()))
        """)
    let result = shell("python3 read.py", in: scratch.path)
    let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    try #require(lines.count == 10, "\(result.text)\(result.errorText)")
    #expect(lines[0] == #"text/markdown '# Ä\n\n--=_assay\n.\nFrom here\n'"#)
    #expect(lines[1] == "plain.txt " + content.map { String(format: "%02x", $0) }.joined())
    #expect(lines[2] == name + " ")
    #expect(lines[3] == String(repeating: "ü", count: 100) + " 01")
    #expect(lines[4] == "[]")
    #expect(lines[5] == "multipart/encrypted application/pgp-encrypted Bericht Sun, 29 Nov 2026 00:00:00 +0000")
    #expect(lines[6] == #"Jörg "x" <evil@example.org> me@example.org 1"#)
    #expect(lines[7].hasPrefix("['application/pgp-encrypted', 'application/octet-stream'] 'Version: 1"))
    #expect(lines[8].contains("BEGIN PGP MESSAGE"))
}

@Test(arguments: ["a\r\nBcc: x@y.z", "a\nb", "a\u{0}b", "a\rb", "a\u{85}b"])
func `nothing can end a header line`(text: String) {
    #expect(throws: MailError.self) { try message(text) }
    #expect(throws: MailError.self) { try message(name: text) }
}

@Test(arguments: ["", "a", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nBcc: c@d", "<a@b>", "a@b,c@d", "a:b@c", "\"a\"@b"])
func `what is no plain address is refused`(text: String) {
    #expect(throws: MailError.self) { try MailAddress(address: text) }
}

@Test(arguments: ["", ".", "..", "a/b", String(repeating: "a", count: 256)])
func `a name that is no file's is refused`(name: String) {
    let entity = MailEntity(text: "", attachments: [MailEntity.Attachment(name: name, content: [])])
    #expect(throws: MailError.self) { try entity.bytes() }
}

@Test(arguments: [
    "plain", "-----BEGIN PGP MESSAGE-----\n\u{FF}",
    "-----BEGIN PGP MESSAGE-----\n" + String(repeating: "A", count: 2000),
])
func `only armored messages are carried`(text: String) throws {
    let mail = try MailMessage(from: nil, to: MailAddress(address: "a@b"), subject: "s", date: 0, identifier: "a")
    #expect(throws: MailError.self) { try mail.encrypted(Array(text.utf8)) }
}

@Test
func `long subjects are folded`() throws {
    let mail = try message(String(repeating: "word ", count: 60) + String(repeating: "é", count: 50))
    expectMail(mail)
}
