import AssayFacts
import AssayFindings

extension Judgement {
    /// The evidence that one judgement shows at most.
    private static let evidenceLimit = 200

    /// Blocks are damaged: how many in the message, which ones in the evidence.
    ///
    /// Only what is undecided is an unknown: a changed block, or padding that is not zero, is a failure.
    static func damaged(_ damage: [VerityDamage], _ verity: VerityFacts, of blocks: String) -> Judgement {
        var parts: [String] = []
        var evidence: [Evidence] = []
        var omitted = 0
        for part in damage {
            let level = part.level.map { " of level \($0)" } ?? ""
            let what =
                switch part.fault {
                case .changed: "do not have their digest"
                case .undecided: "cannot be judged, because the block above them is damaged"
                case .padding: "have bytes that must be zero and are not"
                }
            parts.append("\(part.blocks) \(blocks)\(level) \(what)")
            let name = part.level == nil ? verity.data.name : verity.hash.name
            let shown = part.runs.prefix(max(0, evidenceLimit - evidence.count))
            evidence += shown.map { run in
                let last = run.first + run.count - 1
                return Evidence(
                    Location(name, offset: run.offset),
                    run.count == 1 ? "block \(run.first)" : "blocks \(run.first) to \(last)",
                    how: part.fault.rawValue + level, isException: true)
            }
            omitted += part.runs.count - shown.count
        }
        evidence += verity.diagnoses.map { Evidence(Location(verity.hash.name), $0, how: "diagnosis") }
        let isCertain = damage.contains { $0.fault != .undecided }
        if !verity.isComplete { parts.append("the search ended at the first fault (--fail-fast)") }
        var judgement = Judgement(
            isCertain ? .fail : .unknown, isCertain ? .off : .unknown, .measured, parts.joined(separator: "; "),
            evidence: evidence)
        judgement.evidenceOmitted = omitted
        return judgement
    }
}
