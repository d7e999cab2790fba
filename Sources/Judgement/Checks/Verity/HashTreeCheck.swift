import AssayFacts
import AssayFindings
import AssayPolicy

/// Every block of the hash tree is intact.
///
/// Why: the kernel reads a tree block only when data under it are read, so that damage in the tree shows late, as an I/O
/// error of some file. Bytes that nothing hashes with would be room for an attacker's own.
///
/// Proof: each block of each level is hashed and compared with the digest in the level above, from the root down; the
/// bytes between and behind the digests have to be zero.
///
/// Remedy: `assay verity repair` where there are error correction data, else format again from data that are known to
/// be good.
///
/// Reference: https://docs.kernel.org/admin-guide/device-mapper/verity.html
enum HashTreeCheck: Check {
    static let id = "verity.tree"
    static let severity = Severity.critical
    static let subjects: Set<SubjectFacts.Kind> = [.verityDevice]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let verity = facts.verity else { return .unknown("no hash tree was read") }
        let levels = verity.tree.levels
        guard !levels.isEmpty else { return .notApplicable("one data block has no tree: its digest is the root hash") }
        let damage = verity.damage.filter { $0.level != nil }
        let blocks = levels.reduce(0) { $0 + $1.blocks }
        guard !damage.isEmpty else {
            guard verity.isComplete else { return .unknown("the search ended at the first fault (--fail-fast)") }
            return Judgement(
                .pass, .on, .measured, "all \(blocks) blocks of \(levels.count) levels are what the level above says")
        }
        return .damaged(damage, verity, of: "tree blocks")
    }
}
