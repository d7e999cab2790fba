import AssayFacts
import AssayPolicy

/// What one signature is worth for one file under the policy.
struct SignatureStanding {
    /// What can be against a signature; each has its own check.
    enum Aspect: Hashable {
        /// It is no signature of these bytes, or not of this kind of document.
        case bytes
        /// The key is not one that is pinned for the file's source.
        case key
        /// The key must not have signed: expired, revoked, not bound, not for signing.
        case keyStatus
        /// The moment that it names cannot be, or it is expired.
        case time
        /// The algorithm or key size is not accepted.
        case algorithm
        /// It could not be checked.
        case support
    }

    /// Something against the signature.
    struct Objection: Hashable {
        let aspect: Aspect
        let code: String
        let text: String
    }

    let signature: SignatureFacts
    /// The pins of its certificate.
    let pins: [PinnedKeyFacts]
    /// What is against it; empty for a good signature.
    private(set) var objections: [Objection] = []
    /// What would be against it and is accepted, with why.
    private(set) var excuses: [String] = []

    /// Whether it counts.
    var isGood: Bool { signature.check == .valid && objections.isEmpty }

    init(
        _ signature: SignatureFacts, for file: VouchedFileFacts, _ facts: AuthenticityFacts, _ context: CheckContext
    ) {
        self.signature = signature
        pins = facts.keys.filter { $0.fingerprint == signature.certificate }
        for fault in signature.faults { weigh(fault, file, context) }
        if signature.check == .invalid, !objections.contains(where: { $0.aspect == .bytes }) {
            objections.append(
                Objection(aspect: .bytes, code: "bad-signature", text: "it is no signature of these bytes"))
        }
        if signature.check == .notChecked, objections.isEmpty {
            objections.append(Objection(aspect: .support, code: "not-checked", text: "it could not be checked"))
        }
        guard signature.check == .valid else { return }
        weighAlgorithms(file, context)
        if let text = SignatureScope.objection(to: pins, for: file, facts) {
            objections.append(Objection(aspect: .key, code: "other-source", text: text))
        }
    }

    private static let aspects: [String: Aspect] = [
        "bad-signature": .bytes, "wrong-signature-type": .bytes, "critical-subpacket": .bytes,
        "issuer-mismatch": .bytes, "unknown-key": .key, "expired-key": .keyStatus,
        "signed-after-key-expiry": .keyStatus, "revoked-key": .keyStatus, "key-revoked-later": .keyStatus,
        "undecided-revocation": .keyStatus, "not-a-signing-key": .keyStatus, "unbound-key": .keyStatus,
        "weak-binding": .keyStatus, "expired-signature": .time, "created-in-the-future": .time,
        "created-before-key": .time, "weak-hash": .algorithm, "weak-key": .algorithm,
        "unsupported-algorithm": .support, "unsupported-hash": .support, "not-hashed": .support,
    ]

    private mutating func weigh(
        _ fault: SignatureFacts.Fault, _ file: VouchedFileFacts, _ context: CheckContext
    ) {
        // A fault that is not known here counts, as something that could not be checked.
        let aspect = SignatureStanding.aspects[fault.code] ?? .support
        let reason = standardExcuse(fault.code, context.signatures) ?? exception(fault.code, file, context)
        if signature.check == .valid, let reason {
            excuses.append("\(fault.text): accepted, \(reason)")
        } else {
            objections.append(Objection(aspect: aspect, code: fault.code, text: fault.text))
        }
    }

    /// Why the policy accepts a fault of every pinned key.
    private func standardExcuse(_ code: String, _ policy: SignaturePolicy) -> String? {
        switch code {
        case "weak-binding" where !pins.isEmpty: "because the certificate itself is pinned"
        case "expired-key" where policy.acceptsExpiredKeysForOlderSignatures:
            "because the policy accepts signatures from before the expiry"
        // Weighed again below, by what the policy says of the hash.
        case "weak-hash" where policy.refusal(ofHash: signature.hashAlgorithm, madeAt: signature.created) == nil:
            "because the policy accepts \(signature.hashAlgorithm) of that time"
        default: nil
        }
    }

    private func exception(_ code: String, _ file: VouchedFileFacts, _ context: CheckContext) -> String? {
        let keys = [signature.certificate, signature.signingKey].compactMap { $0 }
        return context.signatures.exceptions(for: code, keys: keys, today: context.today).first { exception in
            exception.files.map { FileNamePattern($0)?.matches(file.baseName) ?? false } ?? true
        }.map { "until \($0.expires): \($0.reason)" }
    }

    /// What the policy asks beyond what the format itself calls weak.
    private mutating func weighAlgorithms(_ file: VouchedFileFacts, _ context: CheckContext) {
        let policy = context.signatures
        let refusals = [
            ("weak-hash", policy.refusal(ofHash: signature.hashAlgorithm, madeAt: signature.created)),
            ("weak-key", policy.refusal(ofKey: signature.keyAlgorithm, bits: signature.keyBits)),
        ]
        for (code, refusal) in refusals {
            guard let refusal, !signature.faults.contains(where: { $0.code == code }) else { continue }
            if let reason = exception(code, file, context) {
                excuses.append("\(refusal): accepted, \(reason)")
            } else {
                objections.append(Objection(aspect: .algorithm, code: code, text: refusal))
            }
        }
    }
}

/// Which source's keys may vouch for a file.
enum SignatureScope {
    /// Why keys pinned as `pins` may not vouch for `file`, or nil when they may.
    ///
    /// The source that the user named decides. Without one, the sources that claim the file's name decide; a source that
    /// claims no names vouches for files that no other one claims.
    static func objection(to pins: [PinnedKeyFacts], for file: VouchedFileFacts, _ facts: AuthenticityFacts) -> String?
    {
        guard let first = pins.first else { return "its key is pinned for no source" }
        let sources = Set(pins.map(\.source))
        let list = sources.sorted().joined(separator: ", ")
        if let expected = facts.expectedSource {
            return sources.contains(expected)
                ? nil : "its key \(first.fingerprint) is pinned for \(list), not for \(expected)"
        }
        // A source whose keys are all disabled still claims its names. Most files are claimed by their own source, and
        // no other one is asked then.
        let (all, name) = (facts.keys + facts.disabledKeys, file.name)
        if all.contains(where: { sources.contains($0.source) && $0.publishes(fileNamed: name) }) { return nil }
        let claiming = Set(all.filter { $0.publishes(fileNamed: name) }.map(\.source))
        if claiming.isEmpty {
            if Set(facts.keys.map(\.source)).count == 1 { return nil }
            return pins.contains { $0.fileNames.isEmpty }
                ? nil
                : "its key \(first.fingerprint) is pinned for \(list), whose files have other names; "
                    + "--source \(first.source) accepts it for this one"
        }
        return "its key \(first.fingerprint) is pinned for \(list), but a file of this name comes from "
            + claiming.sorted().joined(separator: ", ")
    }
}

extension VouchedFileFacts {
    /// The last component of the path.
    var baseName: String { String(name.split(separator: "/").last ?? "") }
}
