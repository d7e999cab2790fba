import AssayFindings

/// The words that the reports for people share.
extension Finding {
    /// What the vendor promises.
    var documentedText: String {
        switch documented {
        case .byDefault: "by default"
        case .available: "available"
        case nil: "-"
        }
    }

    /// What was found.
    var foundText: String { basis == .conflict ? "CONFLICT" : state.text }

    /// What the answer rests on, in a few words; empty when there is nothing to say.
    var note: String {
        if let waiver { return "waived \(waiver.expires)" }
        return switch basis {
        case .conflict: "not as configured"
        case .kernelDefault: "by kernel default"
        case .weakerThanDefault: "below the default"
        case .conditional: "conditional"
        case .set, .measured: isOpen ? severity.rawValue : decidedBy.map(Finding.short) ?? countsText
        }
    }

    /// Whether it is a failure or could not be answered.
    var isOpen: Bool { verdict == .fail || verdict == .unknown }

    /// Names of layers that are too long for a column.
    private static func short(_ layer: String) -> String {
        switch layer {
        case "kernel configuration": "kernel config"
        case "kernel command line": "command line"
        default: layer
        }
    }

    /// One sentence of the promise and the find.
    var comparison: String {
        let promise =
            switch documented {
            case .byDefault: "documented as on by default"
            case .available: "documented as available"
            case nil: "beyond the vendor's matrix"
            }
        if basis == .conflict { return "\(promise), but what runs and what is configured disagree" }
        return "\(promise), \(state.sentence)"
    }

    /// The counts as text, ordered by name.
    var countsText: String { Finding.text(counts) }

    private static func text(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\(grouped($0.value)) \($0.key)" }.joined(separator: ", ")
    }

    /// Where the exceptions are, packages first; `limit` of each kind.
    func whereabouts(limit: Int) -> [String] {
        ["package", "directory"].flatMap { kind in
            groups.filter { $0.kind == kind }.prefix(limit).map { "\(kind) \($0.name): \(Finding.text($0.counts))" }
        }
    }

    /// The exceptions, or the first evidence of a finding that has none marked.
    var shownEvidence: [Evidence] {
        let exceptions = evidence.filter(\.isException)
        return exceptions.isEmpty ? evidence : exceptions
    }
}

extension FeatureState {
    /// The state in a table.
    var text: String {
        switch self {
        case .on: "on"
        case .available: "available"
        case .off: "off"
        case .unknown: "unknown"
        case .notApplicable: "n/a"
        }
    }

    /// The state in a sentence.
    var sentence: String {
        switch self {
        case .on, .off: "found \(text)"
        case .available: "found available but not on"
        case .unknown: "no answer found"
        case .notApplicable: "not applicable"
        }
    }
}

extension Basis {
    /// The basis in words.
    var text: String {
        switch self {
        case .set: "set in the subject"
        case .kernelDefault: "by kernel default"
        case .conflict: "conflict"
        case .weakerThanDefault: "weaker than default"
        case .conditional: "conditional"
        case .measured: "measured"
        }
    }
}

extension Location {
    /// The path with its line or offset.
    var text: String {
        if let line { return "\(path):\(line)" }
        if let offset { return "\(path) at 0x\(String(offset, radix: 16))" }
        return path
    }
}

extension SubjectSummary {
    /// The kind in words.
    var kindText: String {
        switch kind {
        case "host": "this machine"
        case "rootDirectory": "root directory"
        case "elfFiles": "ELF files"
        case "kernelConfiguration": "kernel configuration"
        case "kernelImage": "kernel image"
        case "verityDevice": "data with a dm-verity hash tree"
        case "files": "files"
        default: kind
        }
    }

    /// What is asked of a subject of this kind, for a heading.
    var titleText: String {
        switch kind {
        case "verityDevice": "dm-verity"
        case "files": "Authenticity"
        default: "Security features"
        }
    }

    /// The counts as text, the largest first.
    var countsText: String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\(grouped($0.value)) \($0.key)" }
            .joined(separator: ", ")
    }
}

extension AuditResult {
    /// The exit code that belongs to the outcome (docs: exit codes; 1 beats 2).
    var exitCode: Int {
        switch outcome {
        case .pass: 0
        case .fail: 1
        case .unknown: 2
        }
    }

    /// What the outcome means, in one sentence.
    func outcomeText(_ summary: Summary) -> String {
        let threshold = "at or above '\(failOn.rawValue)'"
        switch outcome {
        case .pass: return "every question \(threshold) was answered, and no failure counts"
        case .fail: return "\(plural(summary.deciding, "finding")) \(threshold)"
        case .unknown:
            guard summary.deciding > 0 else { return "nothing could be answered" }
            return "\(plural(summary.deciding, "question")) \(threshold) could not be answered"
        }
    }
}

/// `count` with its noun.
func plural(_ count: Int, _ noun: String) -> String { "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")" }
