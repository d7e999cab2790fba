import AssayFacts
import AssayFindings
import AssayPolicy

/// Every data block is the one that was hashed.
///
/// Why: this is what dm-verity is for: a changed block is an I/O error, or a panic, when something reads it.
///
/// Proof: each data block is hashed and compared with its digest in the tree. A block under a damaged part of the tree is
/// reported apart, because either may be the changed one. Bytes behind the last block are named: the tree does not cover
/// them.
///
/// Remedy: `assay verity repair` where there are error correction data, else write the image again.
///
/// Reference: https://docs.kernel.org/admin-guide/device-mapper/verity.html
enum DataBlocksCheck: Check {
    static let id = "verity.data"
    static let severity = Severity.critical
    static let subjects: Set<SubjectFacts.Kind> = [.verityDevice]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let verity = facts.verity else { return .unknown("no hash tree was read") }
        let damage = verity.damage.filter { $0.level == nil }
        guard !damage.isEmpty else {
            guard verity.isComplete else { return .unknown("the search ended at the first fault (--fail-fast)") }
            var message = "all \(verity.tree.dataBlocks) blocks of \(verity.tree.dataBlockSize) bytes have their digest"
            guard verity.uncoveredBytes > 0 else { return Judgement(.pass, .on, .measured, message) }
            message += "; the last \(verity.uncoveredBytes) bytes are not covered by the tree"
            let place = Location(verity.data.name, offset: verity.data.size - verity.uncoveredBytes)
            let evidence = Evidence(place, "\(verity.uncoveredBytes) bytes", how: "behind the last data block")
            return Judgement(.pass, .on, .conditional, message, evidence: [evidence])
        }
        return .damaged(damage, verity, of: "data blocks")
    }
}
