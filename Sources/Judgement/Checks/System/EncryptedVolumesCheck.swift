import AssayFacts
import AssayFindings
import AssayPolicy

/// Volumes can be encrypted, and those that are use sound parameters.
///
/// Why: a disk that is lost or copied must not give up what is on it.
///
/// Proof: live mappings and their kind in /sys/block, /etc/crypttab, LUKS headers; the feature is available when cryptsetup
/// or systemd-cryptsetup and the kernel's dm-crypt are there, and on when a volume is set up with it. A null cipher is an
/// exception, and so is a key file inside the image, unless `/` is encrypted itself. Swap with a new random key at every
/// boot is sound.
///
/// Remedy: install cryptsetup, and encrypt volumes with LUKS2 and argon2id.
///
/// Reference: https://gitlab.com/cryptsetup/cryptsetup/-/wikis/FrequentlyAskedQuestions
enum EncryptedVolumesCheck: Check {
    static let id = "storage.encrypted-volumes"
    static let severity = Severity.medium

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let storage = facts.storage else { return .unknown("no volumes were looked for") }
        var evidence = storage.volumes.map { volume in
            let text = [
                volume.name, volume.kind, volume.cipher, volume.keyBits.map { "\($0) bits" },
                volume.weaknesses.isEmpty ? nil : volume.weaknesses.joined(separator: "; "),
            ].compactMap { $0 }.joined(separator: " ")
            return Evidence(
                Location(volume.place), text, how: volume.isActive ? "in use" : "configured",
                isException: !volume.weaknesses.isEmpty)
        }
        evidence = evidence.filter(\.isException) + evidence.filter { !$0.isException }
        evidence += storage.tools.map { Evidence(Location($0.place), $0.value, how: "installed") }
        if let weak = storage.volumes.first(where: { !$0.weaknesses.isEmpty }) {
            return Judgement(
                .fail, .on, .set, "\(weak.name): \(weak.weaknesses.joined(separator: "; "))", decidedBy: "volumes",
                evidence: evidence)
        }
        if let gap = storage.gaps.first { return .unknown("'\(gap.place.path)': \(gap.reason)", evidence: evidence) }
        if !storage.volumes.isEmpty {
            let count = storage.volumes.count
            return Judgement(
                .pass, .on, .set, "\(count) encrypted volume\(count == 1 ? " is" : "s are") set up",
                decidedBy: "volumes", evidence: evidence)
        }
        guard storage.tools.isEmpty else {
            return withTools(facts, context, evidence)
        }
        if facts.isConfigurationOnly { return .unknown("the subject holds no programs", evidence: evidence) }
        return Judgement(
            Judgement.verdict(of: .off, expected: context.expected), .off, .measured,
            "neither an encrypted volume nor the tools for one are in the subject", decidedBy: "files",
            evidence: evidence)
    }

    /// Tools without a volume make the feature available, if the kernel has dm-crypt.
    private static func withTools(_ facts: Facts, _ context: CheckContext, _ evidence: [Evidence]) -> Judgement {
        let crypt = facts.judgedKernels.map { $0.symbol("DM_CRYPT") }
        let evidence = evidence + crypt.compactMap(\.evidence)
        if crypt.contains(where: { $0.value == "n" }) {
            return Judgement(
                Judgement.verdict(of: .off, expected: context.expected), .off, .set,
                "the tools are installed, but a kernel is built without dm-crypt", decidedBy: "kernel configuration",
                evidence: evidence.map { $0.value.contains("CONFIG_DM_CRYPT") ? $0.asException : $0 }
            ).exceptionsFirst
        }
        if let reason = SymbolState.firstUnknown(crypt) {
            return .unknown("the tools are installed; whether the kernel has dm-crypt: \(reason)", evidence: evidence)
        }
        guard facts.live == nil || !crypt.isEmpty else {
            return .unknown("the tools are installed; \(facts.withoutKernel.message)", evidence: evidence)
        }
        let outside = crypt.isEmpty ? "; the kernel that needs dm-crypt is outside the subject" : ""
        return Judgement(
            Judgement.verdict(of: .available, expected: context.expected), .available,
            crypt.isEmpty ? .conditional : .measured,
            "the tools are installed; no encrypted volume is set up\(outside)", decidedBy: "files", evidence: evidence)
    }
}
