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
        var layers: [Layer] = []
        var doubts: [String] = []
        if let kernel {
            if let initial = kernel.defaults[key] {
                layers.append(
                    Layer(
                        name: "kernel default", value: initial.value,
                        place: Place(kernel.configuration.place.path), isSet: false))
            }
            if let line = kernel.commandLines.first {
                for parameter in line.parameters where parameter.name.hasPrefix("sysctl.") {
                    guard SysctlKey.same(String(parameter.name.dropFirst(7)), key), let value = parameter.value else {
                        continue
                    }
                    layers.append(Layer(name: "kernel command line", value: value, place: line.place, isSet: true))
                }
            }
        }
        if let sysctl = facts.sysctl {
            if let resolved = sysctl.resolved[key] {
                if sysctl.isApplied == false {
                    doubts.append("nothing applies sysctl.d in this subject: systemd-sysctl is missing")
                } else {
                    layers.append(
                        Layer(
                            name: "sysctl.d", value: resolved.effective.value, place: resolved.effective.place,
                            isSet: true))
                }
            }
            doubts += sysctl.gaps.map { "\($0.place.path): \($0.reason)" }
            for write in sysctl.serviceWrites where SysctlKey.same(write.key, key) {
                switch write.startsAtBoot {
                case true?:
                    layers.append(
                        Layer(name: "script of \(write.unit)", value: write.value, place: write.place, isSet: true))
                case nil: doubts.append("\(write.unit) may set it to \(write.value), but may not be started")
                case false?: break
                }
            }
        }
        self.key = key
        self.layers = layers
        self.doubts = doubts
        live = facts.live?.sysctl[key]
    }

    /// The evidence: every layer, the winner marked.
    func evidence(isException: Bool) -> [Evidence] {
        var evidence = layers.enumerated().map { index, layer in
            let wins = index == layers.count - 1
            return Evidence(
                Location(layer.place), "\(key) = \(layer.value)",
                how: wins ? layer.name : "\(layer.name), overridden", isException: isException && wins)
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
