import ArgumentParser
import AssayTerminal
import AssayTrust

/// `assay trust update`.
struct TrustUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Make the store from its sources: all outputs, or none.",
        usage: "assay trust update [--root <dir>] [--output <dir>] [<options>]",
        discussion: """
            Written below /etc/pki/ca-trust/extracted: PEM bundles for TLS, mail and signed code, OpenSSL's bundle, a Java \
            key store, EDK II's list, folders by hash, and a manifest. All of them change in one moment.

            EXAMPLES
              assay trust update --root rootfs
              assay trust update --root rootfs --dry-run
              assay trust update --root rootfs --output store --compat p11-kit
              assay trust update --root rootfs --link-directory /etc/pki/tls/certs
            """)

    @OptionGroup var system: TrustSystemOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write the store to this folder instead of the system's.", valueName: "dir"))
    var output: String?

    @OptionGroup var write: TrustWriteOptions

    func validate() throws {
        if output != nil, write.linkDirectory != nil {
            throw ValidationError("--link-directory is a folder of the system: it cannot be used with --output")
        }
    }

    func run() throws {
        let session = write.session
        var request = try write.request(system.system(isCompatible: write.compat == .p11Kit))
        request.output = output
        let report = try session.explainingFaults("the old store is kept") { try Trust.update(request) }
        session.warn(of: report)
        switch write.format {
        case .json: try session.write(report)
        case .text: if !write.quiet { try session.write(report.line + "\n") }
        }
    }
}

extension Session {
    /// Says what an update passed over.
    func warn(of report: TrustUpdateReport) {
        for remark in report.noteworthyIgnored { console.warning("\(remark.text), ignoring") }
        for remark in report.skipped { console.warning("\(remark.text), left out (--keep-going)") }
        for remark in report.warnings { console.warning(remark.text) }
        for path in report.movedAside { console.warning("'\(path)': what had the name of an output was moved here") }
    }
}

extension TrustUpdateReport.Remark {
    /// `path:line: reason`.
    var text: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)" }
}

extension TrustUpdateReport {
    /// The result in one line: `/etc/…/extracted: server-auth 236 (+1), email 157 (+1), code-signing 0; added 'My CA'`.
    var line: String {
        let counts = purposes.map { purpose in
            var changes: [String] = []
            if !purpose.added.isEmpty { changes.append("+\(purpose.added.count)") }
            if !purpose.removed.isEmpty { changes.append("-\(purpose.removed.count)") }
            return "\(purpose.purpose) \(purpose.after)"
                + (changes.isEmpty ? "" : " (\(changes.joined(separator: " ")))")
        }
        let state = isDryRun ? (isChanged ? "would change" : "would not change") : isChanged ? "updated" : "unchanged"
        let names = named("added", purposes.flatMap(\.added)) + named("removed", purposes.flatMap(\.removed))
        return "\(store) \(state): \(counts.joined(separator: ", "))" + names
    }

    /// Few names are told, many are counted.
    private func named(_ word: String, _ certificates: [CertificateSummary]) -> String {
        var seen: Set<String> = []
        let labels = certificates.filter { seen.insert($0.fingerprint).inserted }.map { "'\($0.label)'" }
        switch labels.count {
        case 0: return ""
        case 1...3: return "; \(word) \(labels.joined(separator: ", "))"
        default: return "; \(word) \(labels.count) certificates"
        }
    }
}
