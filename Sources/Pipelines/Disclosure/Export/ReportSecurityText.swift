import AssayVulnerabilityReport

/// The security.txt (RFC 9116) that the vendor of a report can publish: the contact and policy that the report names.
enum ReportSecurityText {
    /// Less than the year that is the most which is advised.
    private static let days = 364

    /// The file.
    ///
    /// - Parameters:
    ///   - opened: the report.
    ///   - time: seconds since 1970, from which on the file holds.
    /// - Returns: the bytes of the file.
    /// - Throws: `DisclosureError` with the report's line for what is missing or is no value of the file.
    static func bytes(_ opened: OpenedReport, at time: Int64) throws -> [UInt8] {
        let vendor = opened.report.vendor
        guard let contact = vendor.contact else {
            throw opened.missing("vendor.contact", "security.txt needs a contact of the vendor")
        }
        let isAddress = contact.contains("@") && !contact.contains(":")
        var request = SecurityTextRequest(contacts: [isAddress ? "mailto:\(contact)" : contact], days: days)
        request.policy = vendor.policy.map { [$0] } ?? []
        do {
            return try request.made(at: time).bytes
        } catch let error as DisclosureError {
            throw opened.missing("vendor.contact", "security.txt: \(error.description)")
        }
    }
}
