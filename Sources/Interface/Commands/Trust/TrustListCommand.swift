import ArgumentParser
import AssayTerminal
import AssayTrust
import FoundationEssentials

/// `assay trust list`.
struct TrustListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the certificates of the sources, and what each is trusted for.",
        usage: "assay trust list [<options>]",
        discussion: """
            EXAMPLES
              assay trust list --root rootfs
              assay trust list --root rootfs --purpose email --key rsa
              assay trust list --root rootfs --state distrusted --format json
              assay trust list --root rootfs --expires-before 2030-01-01
            """)

    @OptionGroup var system: TrustSystemOptions

    @Option(help: "Only those that are trusted for it: server-auth, email, code-signing, … (may be repeated).")
    var purpose: [String] = []

    @Option(help: "Only those of this state: anchor, neutral or distrusted (may be repeated).")
    var state: [TrustState] = []

    @Flag(help: "Only those that are expired.")
    var expired = false

    @Option(
        help: ArgumentHelp("Only those whose validity ends before this day, YYYY-MM-DD.", valueName: "date"),
        transform: Day.init)
    var expiresBefore: Day?

    @Option(help: "Only those with such a key: rsa, ec, dsa, other, 'RSA 2048', … (may be repeated).")
    var key: [String] = []

    @Option(help: ArgumentHelp("Only those whose issuer has this text.", valueName: "text"))
    var issuer: String?

    @Option(help: "text or json (default: text).")
    var format: TrustFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let session = Session(terminal)
        let time = try Session.evaluationSeconds()
        var filter = TrustFilter()
        filter.purposes = purpose
        filter.states = state.map(\.rawValue)
        filter.keys = key
        filter.issuer = issuer
        filter.expiresBefore = [expired ? time : nil, expiresBefore?.seconds].compactMap { $0 }.min()
        let list = try session.explainingFaults { try Trust.list(system.system(), filter, at: time) }
        switch format {
        case .json: try session.write(list)
        case .text: try session.write(list.text)
        }
    }
}

/// `--state`.
enum TrustState: String, ExpressibleByArgument, CaseIterable {
    case anchor
    case neutral
    case distrusted
}

/// A day, as its first moment in UTC.
struct Day: Hashable, Sendable {
    let seconds: Int64

    init(_ argument: String) throws {
        guard argument.utf8.count == 10, let date = try? Date(argument + "T00:00:00Z", strategy: .iso8601) else {
            throw ValidationError("'\(argument.escapedForDisplay)' is not a day of the form 2030-12-31")
        }
        seconds = Int64(date.timeIntervalSince1970)
    }
}

extension TrustList {
    /// The list for people: a line for the label, indented lines for the rest.
    fileprivate var text: String {
        let blocks = certificates.map { listed in
            listed.heading + listed.details.map { "  \($0)\n" }.joined()
        }
        let sum =
            certificates.count == total
            ? "\(total) certificates\n" : "\(certificates.count) of \(total) certificates\n"
        let unmatched = unmatchedDistrust.map { "distrusted, and in no source: \($0)\n" }
        return blocks.joined() + unmatched.joined() + sum
    }
}

extension ListedCertificate {
    /// The label with the state.
    var heading: String { "\(certificate.label)  \(state)\(isExpired ? ", expired" : "")\n" }

    /// What is known of it, a line each.
    var details: [String] {
        var lines = ["sha256    \(certificate.fingerprint)"]
        if !certificate.subject.isEmpty { lines.append("subject   \(certificate.subject)") }
        if certificate.issuer != certificate.subject { lines.append("issuer    \(certificate.issuer)") }
        let days = [certificate.notBefore, certificate.notAfter].map { $0.map { String($0.prefix(10)) } ?? "no date" }
        lines.append("valid     \(days[0]) to \(days[1])")
        lines.append("key       \(certificate.key), signed with \(certificate.signatureAlgorithm)")
        lines.append("trusted   \(purposes.isEmpty ? "for nothing" : purposes.joined(separator: ", "))")
        if !rejected.isEmpty { lines.append("rejected  \(rejected.joined(separator: ", "))") }
        if let serverDistrustAfter { lines.append("distrust  server certificates after \(serverDistrustAfter)") }
        if let emailDistrustAfter { lines.append("distrust  mail certificates after \(emailDistrustAfter)") }
        lines += places.map { "from      \($0)" }
        return lines
    }
}
