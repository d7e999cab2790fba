import AssayFacts
import AssayFindings
import AssayPolicy

/// The `rodata=` parameter, which kernel and modules share.
enum ReadOnlyKernelData {
    /// Judges a symbol that `rodata=off` undoes.
    ///
    /// init/main.c, `set_debug_rodata`: the last `rodata=` counts; older kernels take any spelling of false.
    static func judge(
        _ symbol: SymbolState, _ kernel: KernelFacts, _ facts: Facts, _ context: CheckContext, feature: String
    ) -> Judgement {
        if case .unknown(let reason) = symbol { return .unknown(reason) }
        guard symbol.value == "y" else {
            return .kernel(.off, .set, "\(feature): the kernel is built without", context, evidence: [symbol.evidence])
        }
        let value = kernel.parameter("rodata")
        if let value, ["off", "0", "n", "no", "N"].contains(value) {
            return .kernel(
                .off, .weakerThanDefault, "\(feature): rodata=\(value) on the command line switches it off", context,
                decidedBy: "kernel command line",
                evidence: [kernel.commandLineEvidence("rodata=\(value)"), symbol.evidence])
        }
        let shown = value.flatMap { kernel.commandLineEvidence("rodata=\($0)") }
        let judgement = Judgement.kernel(
            .on, .set, "\(feature): the kernel is built with it", context, evidence: [symbol.evidence, shown])
        guard value == nil else { return judgement }
        return judgement.unlessCommandLine(says: "rodata=off", kernel.doubt(in: facts, under: context))
    }
}
