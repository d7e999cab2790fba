import AssayBytes
import AssayYAML

/// Reads the `signatures` of a policy file (docs/signature-policy.md, docs/schema/policy.schema.json).
enum SignaturePolicyFile {
    /// The hash algorithms that are computed, the weak ones among them with false.
    private static let hashes = ["sha1": false, "sha256": true, "sha384": true, "sha512": true]
    /// The sizes in bits that may be asked for.
    ///
    /// Less than the lowest is accepted of single keys only, by an exception.
    private static let sizes: [String: ClosedRange<Int>] = [
        "dsa": 2048...16384, "ecdsa": 256...521, "rsa": 2048...16384,
    ]
    /// The most bytes of a pattern: no file name is longer.
    private static let maximumPatternLength = 255

    /// Reads `node`; what it does not name is as in the standard policy.
    static func read(_ node: YAMLNode) throws -> SignaturePolicy {
        let file = try YAMLMapping(
            node, "'signatures'",
            allowed: ["hashes", "minimum-bits", "threshold", "accept-expired-keys", "evaluation-time", "exceptions"])
        var policy = SignaturePolicy.standard
        if let node = file.node("hashes") { policy.hashes = try hashes(node) }
        if let node = file.node("minimum-bits") {
            policy.minimumBits.merge(try minimumBits(node)) { _, given in given }
        }
        policy.threshold = try number(file, "threshold", in: 1...16) ?? policy.threshold
        policy.acceptsExpiredKeysForOlderSignatures = try truth(file, "accept-expired-keys") ?? false
        policy.evaluationTime = try time(file, "evaluation-time")
        policy.exceptions = try exceptions(file)
        return policy
    }

    private static func hashes(_ node: YAMLNode) throws -> [String: String?] {
        let names = hashes.keys.sorted()
        let file = try YAMLMapping(node, "'hashes'", allowed: names)
        guard !file.keys.isEmpty else {
            throw PolicyError(.invalidValue, "'hashes' is empty: no signature could be accepted", at: node)
        }
        var accepted: [String: String?] = [:]
        for name in file.keys {
            let text = try file.requiredText(name)
            guard text != "always" else {
                guard hashes[name] == true else {
                    throw PolicyError(
                        .invalidValue,
                        "\(name) is weak and needs the last day on which it is accepted, YYYY-MM-DD",
                        at: file.node(name) ?? node)
                }
                accepted.updateValue(nil, forKey: name)
                continue
            }
            guard CalendarDate.isValid(text) else {
                throw PolicyError(
                    .invalidValue, "'\(text)' is neither a day of the form YYYY-MM-DD nor 'always'",
                    at: file.node(name) ?? node)
            }
            accepted.updateValue(text, forKey: name)
        }
        return accepted
    }

    private static func minimumBits(_ node: YAMLNode) throws -> [String: Int] {
        let file = try YAMLMapping(node, "'minimum-bits'", allowed: sizes.keys.sorted())
        var minimum: [String: Int] = [:]
        for (name, range) in sizes { minimum[name] = try number(file, name, in: range) }
        return minimum
    }

    private static func exceptions(_ file: YAMLMapping) throws -> [SignatureException] {
        var seen: Set<[String?]> = []
        return try file.list("exceptions").map { node in
            let exception = try exception(node)
            for fault in exception.faults.sorted() {
                guard seen.insert([exception.key, fault, exception.files]).inserted else {
                    throw PolicyError(
                        .duplicate, "a second exception for '\(fault)' of the key \(exception.key)", at: node)
                }
            }
            return exception
        }
    }

    private static func exception(_ node: YAMLNode) throws -> SignatureException {
        let file = try YAMLMapping(node, "an exception", allowed: ["key", "allow", "reason", "expires", "files"])
        func refuse(_ key: String, _ message: String) -> PolicyError {
            PolicyError(.invalidValue, message, at: file.node(key) ?? node)
        }
        // gpg prints fingerprints in groups.
        let key = try file.requiredText("key").filter { $0 != " " }.lowercased()
        guard [40, 64].contains(key.utf8.count), key.utf8.allSatisfy(isHexadecimal) else {
            throw refuse("key", "'\(key)' is no fingerprint: 40 or 64 hexadecimal digits (a key ID is not enough)")
        }
        let expires = try file.requiredText("expires")
        guard CalendarDate.isValid(expires) else {
            throw refuse("expires", "'\(expires)' is no day of the form YYYY-MM-DD")
        }
        let files = try file.text("files")
        if let files, files.utf8.count > maximumPatternLength || files.utf8.contains(UInt8(ascii: "/")) {
            throw refuse(
                "files", "a pattern is for file names: at most \(maximumPatternLength) bytes, without '/'")
        }
        return SignatureException(
            key: key, faults: try faults(file), reason: try file.requiredText("reason"), expires: expires, files: files)
    }

    private static func faults(_ file: YAMLMapping) throws -> Set<String> {
        var faults: Set<String> = []
        for node in try file.requiredList("allow") {
            let name = try YAMLMapping.text(node, "a fault in 'allow'")
            guard SignaturePolicy.excusableFaults.contains(name) else {
                let known = SignaturePolicy.excusableFaults
                throw PolicyError(
                    .invalidValue,
                    SignaturePolicy.inexcusableFaults.contains(name)
                        ? "no exception can accept '\(name)' (those that can be: "
                            + known.sorted().joined(separator: ", ") + ")"
                        : "there is no fault '\(name)'\(NearestName.hint(for: name, among: known)) (allowed: "
                            + known.sorted().joined(separator: ", ") + ")", at: node)
            }
            guard faults.insert(name).inserted else {
                throw PolicyError(.duplicate, "'\(name)' stands twice in 'allow'", at: node)
            }
        }
        return faults
    }

    private static func number(_ file: YAMLMapping, _ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = try file.text(key), let node = file.node(key) else { return nil }
        let isPlain = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isPlain, let number = Int(text), range.contains(number) else {
            throw PolicyError(
                .invalidValue,
                "'\(key)' is '\(text)', and must be a number from \(range.lowerBound) to \(range.upperBound)", at: node)
        }
        return number
    }

    private static func truth(_ file: YAMLMapping, _ key: String) throws -> Bool? {
        guard let text = try file.text(key), let node = file.node(key) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default: throw PolicyError(.invalidValue, "'\(key)' is '\(text)', and must be true or false", at: node)
        }
    }

    private static func time(_ file: YAMLMapping, _ key: String) throws -> Int64? {
        guard let text = try file.text(key), let node = file.node(key) else { return nil }
        guard let time = CalendarDate.seconds(time: text) else {
            throw PolicyError(
                .invalidValue, "'\(text)' is no time of the form YYYY-MM-DDThh:mm:ssZ", at: node)
        }
        return time
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
