import AssayFacts
import AssayFindings
import AssayPolicy

/// What a kernel's configuration says of one symbol.
enum SymbolState: Hashable, Sendable {
    /// Set to this value (`y`, `m`, a number, a string).
    case set(String, Evidence)
    /// "is not set".
    case notSet(Evidence)
    /// It does not occur in the configuration.
    case absent(Evidence)
    /// It does not exist in this kernel's version or architecture.
    case inapplicable(String, Evidence)
    /// The configuration could not be read.
    case unknown(String)

    /// The value, `n` when it is not set or absent; nil when unknown.
    var value: String? {
        switch self {
        case .set(let value, _): value
        case .notSet, .absent, .inapplicable: "n"
        case .unknown: nil
        }
    }

    /// What was seen.
    var evidence: Evidence? {
        switch self {
        case .set(_, let evidence), .notSet(let evidence), .absent(let evidence), .inapplicable(_, let evidence):
            evidence
        case .unknown: nil
        }
    }
}

extension KernelFacts {
    /// What the configuration says of `symbol` (its current name, without `CONFIG_`).
    func symbol(_ symbol: String) -> SymbolState {
        switch configuration {
        case .unreadable(let place, let reason): return .unknown("'\(place.path)': \(reason)")
        case .absent(let place): return .unknown("no kernel configuration was found (looked at '\(place.path)')")
        case .found(let configuration, let place):
            let name = configuration.renamed[symbol] ?? symbol
            if let found = configuration.symbols[name] {
                let text = found.value == "n" ? "# CONFIG_\(name) is not set" : "CONFIG_\(name)=\(found.value)"
                let evidence = Evidence(
                    Location(place.path, line: found.line), text, how: configuration.origin)
                return found.value == "n" ? .notSet(evidence) : .set(found.value, evidence)
            }
            let evidence = Evidence(
                Location(place.path), "CONFIG_\(name) does not occur", how: configuration.origin)
            if let reason = configuration.inapplicable[symbol] { return .inapplicable(reason, evidence) }
            if let line = configuration.malformedLines.first {
                return .unknown("CONFIG_\(name) was not found, and '\(place.path)' is malformed in line \(line)")
            }
            guard !configuration.symbols.isEmpty else {
                return .unknown("'\(place.path)' holds no kernel configuration")
            }
            return .absent(evidence)
        }
    }

    /// The command line that decides, if one was found.
    var commandLine: CommandLineFacts? { commandLines.first }

    /// The last value of `parameter` on the command line that decides; nil when it does not occur.
    ///
    /// An empty text for one without `=`. A name's `-` and `_` are the same
    /// (Documentation/admin-guide/kernel-parameters.rst).
    func parameter(_ parameter: String) -> String? {
        commandLine?.parameters.last {
            $0.name.replacing("-", with: "_") == parameter.replacing("-", with: "_")
        }.map { $0.value ?? "" }
    }

    /// Whether `parameter` could be on the command line without our knowing, and why.
    var commandLineDoubt: String? {
        guard let line = commandLine else {
            guard let gap = commandLineGaps.first else { return "no kernel command line was found" }
            return "no kernel command line could be read ('\(gap.place.path)': \(gap.reason))"
        }
        guard let first = line.unresolved.first else { return nil }
        let more = line.unresolved.count > 1 ? " and \(line.unresolved.count - 1) more" : ""
        return "the command line of '\(line.place.path)' holds \(first)\(more), which could not be resolved"
    }

    /// The command line as evidence.
    func commandLineEvidence(_ shown: String, isException: Bool = false) -> Evidence? {
        commandLine.map { line in
            let doubt = line.unresolved.isEmpty ? "" : ", not resolved: \(listed(line.unresolved))"
            return Evidence(
                Location(line.place), shown, how: "kernel command line (\(line.source.rawValue))\(doubt)",
                isException: isException)
        }
    }

    /// The kernel's version as numbers, from its release (`6.6.134.1-1.azl3` → 6, 6, 134, 1; `6.6.135.mshv2` → 6, 6, 135).
    var versionNumbers: [Int] {
        var numbers: [Int] = []
        for part in (configuration.value?.version ?? release).split(separator: "-").first?.split(separator: ".") ?? [] {
            guard numbers.count < 4, let number = Int(part.prefix { $0.isASCII && $0.isNumber }) else { break }
            numbers.append(number)
        }
        return numbers.count < 2 ? [] : numbers
    }

    /// Whether the kernel is of `version` or later; nil when its version is not known.
    func isAtLeast(_ version: Int...) -> Bool? {
        versionNumbers.isEmpty ? nil : !versionNumbers.lexicographicallyPrecedes(version)
    }

    /// The version for a sentence.
    var versionText: String { versionNumbers.map(String.init).joined(separator: ".") }
}

extension SymbolState {
    /// Why the first of some symbols could not be read, if one could not.
    static func firstUnknown(_ states: [SymbolState]) -> String? {
        for case .unknown(let reason) in states { return reason }
        return nil
    }
}

extension Judgement {
    /// A judgement that a kernel's configuration or command line decides; the first evidence is what decided.
    static func kernel(
        _ state: FeatureState, _ basis: Basis, _ message: String, _ context: CheckContext,
        decidedBy: String = "kernel configuration", evidence: [Evidence?]
    ) -> Judgement {
        let verdict = verdict(of: state, expected: context.expected)
        var evidence = evidence.compactMap { $0 }
        if verdict == .fail, !evidence.isEmpty { evidence[0].isException = true }
        return Judgement(verdict, state, basis, message, decidedBy: decidedBy, evidence: evidence)
    }

    /// This judgement with more evidence behind its own.
    func adding(_ more: [Evidence?]) -> Judgement {
        var judgement = self
        judgement.evidence += more.compactMap { $0 }
        return judgement
    }

    /// One judgement for a row that several questions decide: the worst answer with the evidence of all.
    static func worst(_ parts: [Judgement]) -> Judgement {
        guard var worst = parts.first else { return .unknown("nothing was judged") }
        for part in parts.dropFirst() where part.verdict != worst.verdict {
            if Verdict.worse(part.verdict, worst.verdict) == part.verdict { worst = part }
        }
        var seen: Set<Evidence> = []
        let evidence = parts.flatMap(\.evidence).filter { seen.insert($0).inserted }
        worst.evidence = evidence.filter(\.isException) + evidence.filter { !$0.isException }
        return worst
    }

    /// This judgement with no more evidence than a report shows.
    func cappingEvidence(at most: Int = 50) -> Judgement {
        guard evidence.count > most else { return self }
        var judgement = self
        judgement.evidenceOmitted += evidence.count - most
        judgement.evidence.removeLast(evidence.count - most)
        return judgement
    }
}
