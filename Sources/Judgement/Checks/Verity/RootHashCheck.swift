import AssayFacts
import AssayFindings
import AssayPolicy

/// The hash tree has the expected root hash.
///
/// Why: the root hash on the kernel command line is the one value that everything else hangs on: a tree with another root
/// hash is another image, however intact it is.
///
/// Proof: the top block of the tree is hashed with the salt, in the order that the hash type says, and compared with the
/// root hash that was given. Where they differ, the other salt order is tried, the ends of the tree are searched for the
/// block that would give the root hash, and the tree is checked against itself, so that the verdict can name the cause.
///
/// Remedy: use the data, the hash device and the root hash of the same build; format again after any change of the data.
///
/// Reference: https://docs.kernel.org/admin-guide/device-mapper/verity.html
enum RootHashCheck: Check {
    static let id = "verity.root-hash"
    static let severity = Severity.critical
    static let subjects: Set<SubjectFacts.Kind> = [.verityDevice]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let verity = facts.verity else { return .unknown("no hash tree was read") }
        let isRight = verity.expectedRootHash == verity.computedRootHash
        // A tree of one data block has no tree blocks: the digest is the data block's.
        let top = verity.tree.levels.first
        let place = top.map { Location(verity.hash.name, offset: $0.firstBlock * UInt64(verity.tree.hashBlockSize)) }
        let computed = Evidence(
            place ?? Location(verity.data.name, offset: 0), verity.computedRootHash, how: "digest of the top block",
            isException: !isRight)
        let expected = Evidence(Location("root hash"), verity.expectedRootHash, how: "as given")
        if isRight {
            return Judgement(
                .pass, .on, .measured, "the top block has the digest \(verity.computedRootHash)",
                evidence: [computed, expected])
        }
        let reason =
            verity.diagnoses.first
            ?? "the top block has the digest \(verity.computedRootHash), not \(verity.expectedRootHash)"
        let more = verity.diagnoses.dropFirst().map {
            Evidence(Location(verity.hash.name), $0, how: "diagnosis", isException: true)
        }
        return Judgement(.fail, .off, .measured, reason, evidence: [computed, expected] + more)
    }
}
