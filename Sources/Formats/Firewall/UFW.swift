/// The configuration of Ubuntu's "uncomplicated firewall".
///
/// The chains are put together as ufw's start script does it, from `ufw-framework(8)`: the rule files in the format of
/// iptables-restore, and around them the default policy.
public enum UFW {
    /// The rule files of one family.
    public struct Rules: Sendable {
        /// `/etc/ufw/before.rules` or `before6.rules`.
        public var before: SourceFile?
        /// `/etc/ufw/user.rules` or `user6.rules`.
        public var user: SourceFile?
        /// `/etc/ufw/after.rules` or `after6.rules`.
        public var after: SourceFile?

        /// Names the files that exist.
        public init(before: SourceFile? = nil, user: SourceFile? = nil, after: SourceFile? = nil) {
            self.before = before
            self.user = user
            self.after = after
        }
    }

    /// Judges a configuration.
    ///
    /// - Parameters:
    ///   - configuration: `/etc/ufw/ufw.conf`, which says whether ufw is on.
    ///   - defaults: `/etc/default/ufw`, which holds the policy.
    ///   - ipv4: the rules for IP version 4.
    ///   - ipv6: the rules for IP version 6.
    /// - Returns: the answers for both families.
    public static func verdict(
        configuration: SourceFile, defaults: SourceFile, ipv4: Rules, ipv6: Rules
    ) -> FirewallVerdict {
        let switches = assignments(configuration.bytes)
        guard let enabled = switches["ENABLED"], enabled.value.lowercased() == "yes" else {
            let line = switches["ENABLED"]?.line ?? 1
            let place = TextPlace(source: configuration.path, line: line)
            return FirewallVerdict(both: .allow(place.evidence("ENABLED=\(switches["ENABLED"]?.value ?? "")")))
        }
        let settings = assignments(defaults.bytes)
        let hasIPv6 = settings["IPV6"]?.value.lowercased() == "yes"
        return FirewallVerdict(
            ipv4: verdict(.ipv4, defaults.path, settings, ipv4),
            ipv6: hasIPv6
                ? verdict(.ipv6, defaults.path, settings, ipv6) : closed(defaults.path, settings["IPV6"]?.line ?? 1))
    }

    /// Without IPv6 support in its configuration, ufw drops all of IPv6 but loopback.
    private static func closed(_ path: String, _ line: Int) -> InboundVerdict {
        let evidence = TextPlace(source: path, line: line).evidence("IPV6 is not yes: all IPv6 but loopback is dropped")
        let loopback = AcceptedTraffic(kind: .loopback, text: "iif lo", evidence: evidence)
        return InboundVerdict(.deny(evidence), accepted: [loopback])
    }

    private static func verdict(
        _ family: AddressFamily, _ path: String, _ settings: [String: (value: String, line: Int)], _ rules: Rules
    ) -> InboundVerdict {
        guard let setting = settings["DEFAULT_INPUT_POLICY"] else {
            return InboundVerdict(.undecided("\(shortened(path)): DEFAULT_INPUT_POLICY is missing"))
        }
        let place = TextPlace(source: path, line: setting.line)
        let policy = setting.value.uppercased()
        guard ["ACCEPT", "DROP", "REJECT"].contains(policy) else {
            return InboundVerdict(.undecided(place.reason("unknown policy '\(setting.value)'")))
        }
        let prefix = family == .ipv4 ? "ufw-" : "ufw6-"
        var commands = IPTablesCommands(family: family, source: path)
        let stages = ["before-logging-input", "before-input", "after-input", "after-logging-input", "reject-input"]
        let others = [
            "track-input", "user-input", "user-limit", "user-limit-accept", "user-logging-input", "logging-deny",
            "logging-allow", "skip-to-policy-input", "before-output", "before-forward", "after-output", "after-forward",
            "before-logging-output", "before-logging-forward", "after-logging-output", "after-logging-forward",
            "user-output", "user-forward", "user-logging-output", "user-logging-forward", "reject-output",
            "reject-forward", "track-output", "track-forward", "skip-to-policy-output", "skip-to-policy-forward",
        ]
        for name in stages + others { commands.run(["-N", prefix + name], place: place) }
        for name in stages + ["track-input"] { commands.run(["-A", "INPUT", "-j", prefix + name], place: place) }
        commands.run(["-A", prefix + "skip-to-policy-input", "-j", policy], place: place)
        for file in [rules.before, rules.after, rules.user] {
            if let file { commands.restore(file, keeping: true) }
        }
        commands.run(["-A", prefix + "before-input", "-j", prefix + "user-input"], place: place)
        if policy == "REJECT" { commands.run(["-A", prefix + "reject-input", "-j", "REJECT"], place: place) }
        commands.run(["-P", "INPUT", policy == "ACCEPT" ? "ACCEPT" : "DROP"], place: place)
        return commands.ruleset.verdict(for: family)
    }
}
