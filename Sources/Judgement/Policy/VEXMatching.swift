public import AssayFindings

/// Whose VEX statements count, until when.
public struct AcceptedVEX: Hashable, Sendable {
    /// The author as documents have it, every letter.
    public var author: String
    /// The last day on which it holds, `YYYY-MM-DD`.
    public var expires: String

    /// Makes it.
    public init(author: String, expires: String) {
        self.author = author
        self.expires = expires
    }
}

/// What a subject is called, for the products of VEX statements.
public struct VEXSubject: Hashable, Sendable {
    /// The `ID` of os-release (`azurelinux`).
    public var systemID: String?
    /// Its `VERSION_ID`.
    public var systemVersion: String?
    /// Its pretty name.
    public var systemName: String?
    /// The name of the subject as it was given.
    public var name: String

    /// Makes it.
    public init(systemID: String?, systemVersion: String?, systemName: String?, name: String) {
        self.systemID = systemID
        self.systemVersion = systemVersion
        self.systemName = systemName
        self.name = name
    }
}

/// Which VEX statements are about which findings.
///
/// A statement is about a finding when one of the vulnerability's names is the check's id (or `assay:` and the id) and one
/// of the products is the subject's operating system, the subject itself, or a package that the finding names; or when a
/// product is `pkg:generic/assay/` and the check's id.
public enum VEXMatching {
    /// The most notes of one finding.
    private static let maximumNotes = 50

    /// The findings with the statements that are about them, in the order of the documents.
    public static func annotate(
        _ findings: [Finding], with claims: [VEXClaim], of subject: VEXSubject
    ) -> [Finding] {
        guard !claims.isEmpty else { return findings }
        return findings.map { finding in
            let notes = claims.compactMap { note($0, on: finding, subject) }.prefix(maximumNotes)
            guard !notes.isEmpty else { return finding }
            var finding = finding
            finding.vex = Array(notes)
            return finding
        }
    }

    /// The waiver that a finding has by statements that the policy accepts.
    ///
    /// Only `not_affected` counts, and only when nobody whose statements count says anything else of the same finding.
    static func waiver(of finding: Finding, _ accepted: [AcceptedVEX], today: String) -> Waiver? {
        let valid = accepted.filter { $0.expires >= today }
        let counting = (finding.vex ?? []).filter { note in valid.contains { $0.author == note.author } }
        guard let first = counting.first, counting.allSatisfy({ $0.status == "not_affected" }),
            let author = valid.first(where: { $0.author == first.author })
        else { return nil }
        let why = [first.justification, first.statement].compactMap { $0 }.joined(separator: ": ")
        return Waiver(
            check: finding.check, reason: "VEX: not affected\(why.isEmpty ? "" : ", \(why)") (\(first.source))",
            expires: author.expires, owner: author.author)
    }

    private static func note(_ claim: VEXClaim, on finding: Finding, _ subject: VEXSubject) -> VEXNote? {
        let isNamed = claim.names.contains { $0 == finding.check || $0 == "assay:\(finding.check)" }
        let fitting = claim.products.first { product in
            isCheck(product, finding.check) || (isNamed && fits(product, finding, subject))
        }
        guard let fitting else { return nil }
        return VEXNote(
            vulnerability: claim.names.first ?? finding.check, status: claim.status,
            justification: claim.justification, statement: claim.statement, author: claim.author,
            timestamp: claim.timestamp, source: claim.source, product: fitting.text)
    }

    private static func isCheck(_ product: VEXClaim.Product, _ check: String) -> Bool {
        product.packageType == "generic" && product.packageNamespace == "assay" && product.name == check
    }

    private static func fits(_ product: VEXClaim.Product, _ finding: Finding, _ subject: VEXSubject) -> Bool {
        if let type = product.packageType, type != "generic" {
            guard finding.groups.contains(where: { $0.kind == "package" && $0.name == product.name }) else {
                return false
            }
            // A name space is the distribution; without one, any. A version of a package is not known here.
            guard let space = product.packageNamespace, let id = subject.systemID else {
                return product.packageNamespace == nil
            }
            return folded(space) == folded(id) && product.version == nil
        }
        if let cpe = product.cpe { return isSystem(cpe, subject) }
        guard product.name != subject.name else { return product.version == nil }
        let names = [subject.systemID, subject.systemName].compactMap { $0 }.map(folded)
        guard names.contains(folded(product.name)) || names.contains(folded("\(product.name)\(product.version ?? "")"))
        else { return false }
        return isVersion(product.version, subject.systemVersion)
    }

    /// Whether a CPE 2.3 name of an operating system is the subject's (`cpe:2.3:o:microsoft:azure_linux:3.0:…`).
    private static func isSystem(_ cpe: String, _ subject: VEXSubject) -> Bool {
        let parts = cpe.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 6, parts[0] == "cpe", parts[1] == "2.3", parts[2] == "o", let id = subject.systemID else {
            return false
        }
        let version = ["*", "-", ""].contains(parts[5]) ? nil : parts[5]
        return folded(parts[4]) == folded(id) && isVersion(version, subject.systemVersion)
    }

    /// Whether a product's version is the subject's: the same, or the start of it up to a dot.
    private static func isVersion(_ claimed: String?, _ actual: String?) -> Bool {
        guard let claimed else { return true }
        guard let actual else { return false }
        return actual == claimed || actual.hasPrefix(claimed + ".")
    }

    /// A name without what divides its words.
    private static func folded(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.lowercased().unicodeScalars.filter { !" -_./".unicodeScalars.contains($0) }))
    }
}
