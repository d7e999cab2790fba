import AssayFindings

/// Files in the order in which they matter: refusals, unknowns, then the good ones.
struct FileRows {
    /// A file with its verdict and the sentence that decides it.
    struct Row {
        let chain: FileChain
        let verdict: Verdict
        let message: String
    }

    /// All files.
    let rows: [Row]

    init(_ result: AuditResult) {
        let waived = Set(result.findings.filter { $0.waiver != nil }.map(\.check))
        let all = (result.files ?? []).map { chain in
            let verdict = chain.verdict(failOn: result.failOn, waived: waived)
            let decisive = chain.decidingStep(failOn: result.failOn, waived: waived)
            let fallback = verdict == .pass ? chain.identity ?? "verified" : "nothing about it was verified"
            return Row(
                chain: chain, verdict: verdict,
                message: decisive.map { "\($0.title): \($0.message)" } ?? fallback)
        }
        rows =
            all.filter { $0.verdict == .fail } + all.filter { $0.verdict == .unknown }
            + all.filter { $0.verdict != .fail && $0.verdict != .unknown }
    }
}
