import AssayFacts
import AssayFindings
import AssayPolicy

/// Whether a kernel may be started with parameters that were not seen.
///
/// A parameter that is literally there decides. The doubt matters where the absence of a parameter decides, or where a
/// default does that a parameter could change.
enum CommandLineDoubt: Hashable, Sendable {
    /// Every parameter is known.
    case none
    /// There may be more, in a place that the profile takes for empty or that is outside the subject: which.
    case assumed(String)
    /// There may be more: why.
    case open(String)
}

extension KernelFacts {
    /// The doubt about this kernel's command line.
    ///
    /// The row's parameter `assume-empty` names, apart by spaces, the unresolved parts that the profile takes for empty,
    /// for example `{{.ExtraCommandLine}}` of a template that is not filled in.
    func doubt(in facts: Facts, under context: CheckContext) -> CommandLineDoubt {
        guard let line = commandLine else {
            if facts.live == nil, commandLineGaps.isEmpty {
                return .assumed("the command line that it is started with, which is not part of the subject,")
            }
            return .open(commandLineDoubt ?? "no kernel command line was found")
        }
        guard !line.unresolved.isEmpty else { return .none }
        let pieces = (context.parameters["assume-empty"] ?? "").split(separator: " ")
        let open = line.unresolved.filter { part in !pieces.contains { part.names($0) } }
        guard open.isEmpty else {
            return .open("\(line.place.text) holds \(listed(open)), which could not be resolved")
        }
        return .assumed(listed(line.unresolved))
    }
}

extension Judgement {
    /// This judgement, as far as it stands with parts of the command line unseen that could hold `parameter`.
    ///
    /// A pass becomes unknown, or conditional where the profile takes the unseen parts for empty. A failure stays one,
    /// and names the doubt: nothing that was seen prevents it.
    func unlessCommandLine(says parameter: String, _ doubt: CommandLineDoubt) -> Judgement {
        var judgement = self
        switch (verdict, doubt) {
        case (.pass, .assumed(let parts)):
            judgement.basis = .conditional
            judgement.message += "; this holds unless \(parts) adds \(parameter)"
        case (.pass, .open(let reason)):
            judgement = .unknown("\(message), but \(reason) and might add \(parameter)", evidence: evidence)
        case (.fail, .open(let reason)): judgement.message += " (\(reason))"
        default: break
        }
        return judgement
    }
}

/// The first of some texts and how many follow.
func listed(_ texts: [String]) -> String {
    guard let first = texts.first else { return "" }
    return texts.count > 1 ? "\(first) and \(texts.count - 1) more" : first
}

extension String {
    /// Whether a description of an unresolved part begins with the part `piece`, in quotes or not.
    fileprivate func names(_ piece: Substring) -> Bool {
        let text = drop { $0 == "'" || $0 == "\"" }
        guard text.hasPrefix(piece) else { return false }
        guard let next = text.dropFirst(piece.count).first else { return true }
        return !next.isLetter && !next.isNumber && next != "_"
    }
}
