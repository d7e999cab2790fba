import AssayFacts
import AssayFindings

/// Settings of network interfaces that the kernel combines with those of `all`.
enum InterfaceSettings {
    /// A number and what it rests on.
    struct Value {
        /// The number; nil when it is not known.
        let number: Int?
        /// Why it is not known.
        let reason: String
        /// What was seen.
        let evidence: [Evidence]
    }

    /// The interfaces that are judged: `default`, and those of a live host but `lo`, which no packet from outside enters by.
    static func interfaces(of setting: String, _ facts: Facts) -> [String] {
        let prefix = "net.ipv4.conf."
        let suffix = ".\(setting)"
        let live = (facts.live?.sysctl.keys).map(Array.init) ?? []
        let names = live.filter {
            $0.hasPrefix(prefix) && $0.hasSuffix(suffix) && $0.count > prefix.count + suffix.count
        }
        .map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }
        return ["default"] + names.filter { !["all", "default", "lo"].contains($0) }.sorted()
    }

    /// The value of `key` now (live) or after boot.
    static func value(_ key: String, _ kernel: KernelFacts?, _ facts: Facts) -> Value {
        let effective = EffectiveSysctl(key, facts, kernel: kernel)
        let evidence = effective.evidence(isException: false)
        if facts.live != nil {
            let number = effective.live?.value.flatMap { Int($0) }
            return Value(number: number, reason: "the running kernel does not tell it", evidence: evidence)
        }
        if let doubt = effective.doubts.first { return Value(number: nil, reason: doubt, evidence: evidence) }
        guard let winner = effective.winner else {
            return Value(number: nil, reason: "nothing sets it and the default is not known", evidence: evidence)
        }
        return Value(number: Int(winner.value), reason: "'\(winner.value)' is not a number", evidence: evidence)
    }
}
