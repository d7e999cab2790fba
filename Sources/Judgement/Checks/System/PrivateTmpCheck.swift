import AssayFacts
import AssayFindings
import AssayPolicy

/// Services have a private /tmp.
///
/// Why: a service that shares /tmp with everybody can be misled by links and files that others put there.
///
/// Proof: the effective PrivateTmp= of every service that starts at boot, from unit file and drop-ins; services of the
/// early boot, for which it is not appropriate, are not asked. The feature is available when systemd is there, and on when
/// every service asked uses it.
///
/// Remedy: add PrivateTmp=yes to the services that the finding lists, in a drop-in.
///
/// Reference: https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#PrivateTmp=
enum PrivateTmpCheck: Check {
    static let id = "process.private-tmp"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .services(facts, context, setting: "PrivateTmp", feature: "a private /tmp") {
            $0 == "yes" || $0 == "disconnected"
        }
    }
}

extension Judgement {
    /// Judges a row that asks a setting of every service that starts at boot.
    static func services(
        _ facts: Facts, _ context: CheckContext, setting: String, feature: String, isGood: (String) -> Bool
    ) -> Judgement {
        guard let services = facts.services else { return .unknown("no services were looked for") }
        guard services.hasSystemd else {
            return services.gaps.first.map { .unknown("'\($0.place.path)': \($0.reason)") }
                ?? .notApplicable("the subject has no systemd services")
        }
        let asked = services.services.filter { $0.startsAtBoot && !$0.isEarlyBoot }
        func isSet(_ service: ServiceFacts.Service) -> Bool {
            service.settings[setting].map { isGood($0.value) } ?? false
        }
        let evidence = asked.map { service in
            let value = service.settings[setting]
            return Evidence(
                Location(value?.place ?? service.place),
                "\(service.name): " + (value.map { "\(setting)=\($0.value)" } ?? "\(setting) is not set"),
                how: isSet(service) ? "has \(feature)" : "does not have \(feature)",
                isException: !isSet(service) && context.expected == .byDefault)
        }
        let without = asked.indices.filter { !isSet(asked[$0]) }.map { evidence[$0] }
        let with = asked.indices.filter { isSet(asked[$0]) }.map { evidence[$0] }
        let state: FeatureState = !asked.isEmpty && without.isEmpty ? .on : .available
        var judgement = Judgement(
            verdict(of: state, expected: context.expected), state, .set,
            asked.isEmpty
                ? "systemd offers \(feature); no service that it applies to starts at boot"
                : "\(with.count) of \(asked.count) services that start at boot have \(feature)",
            decidedBy: "unit files", evidence: without + with)
        judgement.counts = ["services": asked.count, "with": with.count]
        if let gap = services.gaps.first, judgement.verdict == .pass, context.expected == .byDefault {
            return .unknown("'\(gap.place.path)': \(gap.reason)", evidence: judgement.evidence)
        }
        return judgement.cappingEvidence()
    }
}
