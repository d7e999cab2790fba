import AssayFacts
import AssayFindings

/// The value that a sysctl key has after boot, with every layer that gave it one.
///
/// Layers, later wins: the kernel's own default, `sysctl.KEY=` on the command line ("right before loading the init
/// process", Documentation/admin-guide/kernel-parameters.txt), sysctl.d as systemd-sysctl merges it, scripts of services.
struct EffectiveSysctl: Hashable, Sendable {
    /// One layer's value.
    struct Layer: Hashable, Sendable {
        let name: String
        let value: String
        let place: Place
        /// Whether something in the subject sets it, rather than the kernel's default.
        let isSet: Bool
        /// Why it has this value, where that is not plain.
        var reason: String?
    }

    /// The key, with dots.
    let key: String
    /// The layers that give a value, the first applied first.
    let layers: [Layer]
    /// What the running kernel has; nil for a subject that is not live.
    let live: Observation<String>?
    /// Why the layers may not tell the whole truth.
    let doubts: [String]

    /// The layer that wins.
    var winner: Layer? { layers.last }

    /// Resolves `key` for `kernel` (nil when the subject has none).
    init(_ key: String, _ facts: Facts, kernel: KernelFacts?) {
        self.key = key
        live = facts.live?.sysctl[key]
        var layers = kernel.map { EffectiveSysctl.layers(of: $0, key) } ?? []
        var doubts: [String] = []
        if let sysctl = facts.sysctl {
            EffectiveSysctl.apply(
                sysctl, isApplied: sysctl.isApplied ?? (facts.isConfigurationOnly ? true : nil), key, to: &layers,
                doubts: &doubts)
        }
        self.layers = layers
        self.doubts = doubts
    }

    /// What the kernel and its command line give.
    private static func layers(of kernel: KernelFacts, _ key: String) -> [Layer] {
        var layers: [Layer] = []
        if let initial = kernel.defaults[key] {
            layers.append(
                Layer(
                    name: "kernel default", value: initial.value, place: Place(kernel.configuration.place.path),
                    isSet: false, reason: initial.reason))
        }
        guard let line = kernel.commandLine else { return layers }
        // mm/memory.c: norandmaps clears randomize_va_space when it is parsed, before any sysctl parameter.
        if key == "kernel.randomize_va_space", kernel.parameter("norandmaps") != nil {
            layers.append(
                Layer(name: "kernel command line", value: "0", place: line.place, isSet: true, reason: "norandmaps"))
        }
        for parameter in line.parameters {
            // fs/proc/proc_sysctl.c, process_sysctl_arg: `sysctl.` or `sysctl/`.
            guard parameter.name.hasPrefix("sysctl.") || parameter.name.hasPrefix("sysctl/"),
                SysctlKey.same(String(parameter.name.dropFirst(7)), key), let value = parameter.value
            else { continue }
            layers.append(Layer(name: "kernel command line", value: value, place: line.place, isSet: true))
        }
        return layers
    }

    /// What files and services give.
    private static func apply(
        _ sysctl: SysctlFacts, isApplied: Bool?, _ key: String, to layers: inout [Layer], doubts: inout [String]
    ) {
        if let resolved = sysctl.resolved[key] {
            switch isApplied {
            case true?:
                layers.append(
                    Layer(
                        name: "sysctl.d", value: resolved.effective.value, place: resolved.effective.place, isSet: true)
                )
            case false?:
                doubts.append(
                    """
                    \(resolved.effective.place.text) sets \(resolved.effective.value) and nothing was found that applies \
                    it at boot: systemd-sysctl is missing or masked
                    """)
            case nil:
                doubts.append(
                    """
                    \(resolved.effective.place.text) sets \(resolved.effective.value) and it is not known whether \
                    anything applies it
                    """)
            }
        }
        doubts += sysctl.gaps.map { "'\($0.place.path)' could set it: \($0.reason)" }
        for write in sysctl.serviceWrites where SysctlKey.same(write.key, key) {
            switch write.startsAtBoot {
            case true?:
                layers.append(
                    Layer(name: "script of \(write.unit)", value: write.value, place: write.place, isSet: true))
            case nil:
                doubts.append(
                    "\(write.place.text) of \(write.unit), which may be started or not, sets it to \(write.value)")
            case false?: break
            }
        }
    }

    /// The evidence: the running kernel's value, then every layer, the winner first and the others marked.
    func evidence(isException: Bool) -> [Evidence] {
        var evidence = layers.enumerated().map { index, layer in
            let wins = index == layers.count - 1
            let how = layer.reason.map { "\(layer.name): \($0)" } ?? layer.name
            return Evidence(
                Location(layer.place), "\(key) = \(layer.value)", how: wins ? how : "\(how), overridden",
                isException: isException && wins)
        }
        if case .found(let value, let place)? = live {
            evidence.append(
                Evidence(Location(place), "\(key) = \(value)", how: "running kernel", isException: isException))
        }
        return evidence.reversed()
    }
}

/// sysctl keys in their two spellings.
enum SysctlKey {
    /// Whether two keys are the same, with `/` and `.` as separators (sysctl.d(5)).
    static func same(_ left: String, _ right: String) -> Bool {
        left == right || left.replacing("/", with: ".") == right.replacing("/", with: ".")
    }
}

extension Location {
    /// The location of a place.
    init(_ place: Place) { self.init(place.path, line: place.line, offset: place.offset) }
}
