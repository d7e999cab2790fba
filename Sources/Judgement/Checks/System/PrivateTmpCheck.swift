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
        .services(facts, context, feature: "a private /tmp") { service in
            service.settings["PrivateTmp"].map { ["yes", "disconnected"].contains($0.value) } ?? false
        }
    }
}

extension Judgement {
    /// Judges a row that asks a setting of every service that starts at boot.
    static func services(
        _ facts: Facts, _ context: CheckContext, feature: String, isSet: (ServiceFacts.Service) -> Bool
    ) -> Judgement {
        guard let services = facts.services else { return .unknown("no services were looked for") }
        guard services.hasSystemd else {
            return services.gaps.isEmpty
                ? .notApplicable("the subject has no systemd services")
                : .unknown("'\(services.gaps[0].place.path)': \(services.gaps[0].reason)")
        }
        let asked = services.services.filter { $0.startsAtBoot && !$0.isEarlyBoot }
        let evidence = asked.map { service in
            Evidence(
                Location(service.place), service.name, how: isSet(service) ? "has \(feature)" : "has not \(feature)",
                isException: !isSet(service))
        }
        let having = asked.count(where: isSet)
        let state: FeatureState = !asked.isEmpty && having == asked.count ? .on : .available
        var judgement = Judgement(
            verdict(of: state, expected: context.expected), state, .set,
            asked.isEmpty
                ? "systemd offers \(feature); no service that it applies to starts at boot"
                : "\(having) of \(asked.count) services that start at boot have \(feature)",
            decidedBy: "unit files",
            evidence: evidence.filter(\.isException) + evidence.filter { !$0.isException })
        judgement.counts = ["services": asked.count, "with": having]
        if !services.gaps.isEmpty, judgement.verdict == .pass, context.expected == .byDefault {
            return .unknown("'\(services.gaps[0].place.path)': \(services.gaps[0].reason)", evidence: evidence)
        }
        return judgement
    }
}
