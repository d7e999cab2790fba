import AssayFacts
import AssayFindings

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
            return .absent(evidence)
        }
    }

    /// The command line that decides, if one was found.
    var commandLine: CommandLineFacts? { commandLines.first }

    /// The last value of `parameter` on the command line that decides: an empty text for one without `=`; nil when it
    /// does not occur. A name's `-` and `_` are the same (Documentation/admin-guide/kernel-parameters.rst).
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
        commandLine.map {
            Evidence(
                Location($0.place), shown, how: "kernel command line (\($0.source.rawValue))", isException: isException)
        }
    }

    /// The kernel's version as numbers, from its release (`6.6.134.1-1.azl3` → 6, 6, 134, 1).
    var versionNumbers: [Int] {
        let text = configuration.value?.version ?? release
        return text.split(separator: "-").first.map { $0.split(separator: ".").prefix(4).compactMap { Int($0) } } ?? []
    }

    /// Whether the kernel is of `version` or later; nil when its version is not known.
    func isAtLeast(_ version: Int...) -> Bool? {
        versionNumbers.isEmpty ? nil : !versionNumbers.lexicographicallyPrecedes(version)
    }
}
