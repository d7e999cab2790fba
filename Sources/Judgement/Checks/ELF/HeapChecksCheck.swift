import AssayFacts
import AssayFindings
import AssayPolicy

/// The heap checks its own consistency.
///
/// Why: an allocator that notices a corrupted list stops the program before the corruption is of use.
///
/// Proof: the messages of glibc's malloc checks in the subject's own C library. Programs that bring another
/// allocator, and
/// libraries that /etc/ld.so.preload puts before all, are listed, since these checks do not guard them.
///
/// Remedy: use glibc's allocator, or one with checks of its own.
///
/// Reference: https://www.gnu.org/software/libc/manual/html_node/Heap-Consistency-Checking.html
enum HeapChecksCheck: Check {
    static let id = "libc.heap-checks"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        var judgement = Judgement.cLibraries(facts, context, feature: "heap checks", property: \.heapChecks)
        for preload in facts.elf?.preloads ?? [] {
            judgement.evidence.append(
                Evidence(Location(preload.place), preload.value, how: "loaded into every program before the C library"))
        }
        let others = facts.scopedELF(context).filter { $0.allocator != nil }
        for file in others.prefix(20) {
            judgement.evidence.append(
                Evidence(Location(file.path), file.allocator ?? "", how: "brings another allocator"))
        }
        if !others.isEmpty { judgement.counts["programs with another allocator"] = others.count }
        return judgement
    }
}
