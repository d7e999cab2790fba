import AssayTrustStore

/// A line of a source that says something about trust.
public struct SourcePlace: Hashable, Sendable, Encodable, CustomStringConvertible {
    /// The path in the system, escaped.
    public var path: String
    /// The line, counted from 1; 1 for DER.
    public var line: Int
    /// The folder's role: main, anchors or blocklist.
    public var folder: String

    init(_ origin: Origin) {
        path = origin.path
        line = origin.line
        folder = origin.role.rawValue
    }

    /// `path:line`.
    public var description: String { "\(path):\(line)" }
}

/// Whether a certificate is trusted for a purpose, by which rule and lines.
public struct PurposeAnswer: Hashable, Sendable, Encodable {
    /// The purpose: `server-auth`, or a dotted object identifier.
    public var purpose: String
    /// Whether it is trusted.
    public var isTrusted: Bool
    /// The rule that decides: a name of `TrustRule`.
    public var rule: String
    /// The rule in words.
    public var reason: String
    /// The lines that decide, the strongest first.
    public var because: [SourcePlace]

    init(_ purpose: Purpose, _ decision: TrustDecision) {
        self.purpose = purpose.name
        isTrusted = decision.isTrusted
        rule = decision.rule.rawValue
        reason = decision.rule.sentence
        because = decision.because.map(SourcePlace.init)
    }
}

/// What an output does with a certificate.
public struct OutputAnswer: Hashable, Sendable, Encodable {
    /// The output's path below the store's folder.
    public var output: String
    /// Whether it is in there; the OpenSSL bundle also lists what is not trusted.
    public var isListed: Bool
    /// Whether the output trusts it.
    public var isTrusted: Bool
    /// The rule that decides.
    public var rule: String
    /// The lines that decide, the strongest first.
    public var because: [SourcePlace]

    init(_ output: StoreOutput, isListed: Bool, _ decision: TrustDecision) {
        self.output = output.path
        self.isListed = isListed
        isTrusted = decision.isTrusted
        rule = decision.rule.rawValue
        because = decision.because.map(SourcePlace.init)
    }
}

extension TrustRule {
    /// The rule in words.
    var sentence: String {
        switch self {
        case .anchorForAll: "an anchor, and nothing restricts what for"
        case .attachedUsage: "an anchor, trusted for this purpose by its source"
        case .ownUsage: "an anchor, and its own extended key usage has this purpose"
        case .notInAttachedUsage: "an anchor, but its source trusts it for other purposes only"
        case .notInOwnUsage: "an anchor, but its own extended key usage does not have this purpose"
        case .purposeRejected: "a source rejects it for this purpose"
        case .distrustedCertificate: "this very certificate is distrusted"
        case .distrustedName: "its issuer and serial number are distrusted"
        case .distrustedKey: "its public key is distrusted"
        case .neutral: "known, but no source makes it an anchor"
        case .notAuthority: "made an anchor, but it is no certificate authority"
        case .unknown: "no source has it"
        }
    }
}

extension Purpose {
    /// The purpose that people name: `server-auth`, or a dotted object identifier.
    ///
    /// - Throws: `TrustError` for anything else.
    static func named(_ text: String) throws -> Purpose {
        if let known = Purpose.named.first(where: { $0.name == text }) { return known.purpose }
        let arcs = text.split(separator: ".", omittingEmptySubsequences: false)
        guard arcs.count >= 3, arcs.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else {
            throw TrustError(
                "'\(text.prefix(100))' is no purpose",
                hint: "it is one of \(Purpose.named.map(\.name).joined(separator: ", ")), or an object identifier")
        }
        return Purpose(identifier: text)
    }
}
