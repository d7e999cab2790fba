import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySystemd

/// Reads the system units, what a boot starts of them, and how the services are confined.
struct ServiceCollector {
    let reader: SubjectReader
    let isLive: Bool

    init(_ reader: SubjectReader, isLive: Bool) {
        self.reader = reader
        self.isLive = isLive
    }

    /// Reads the units; the second value answers other collectors' questions about them.
    func collect() -> (facts: ServiceFacts, units: ServiceUnits) {
        var directories = ServiceDirectories(reader: reader)
        // What lies below /run in a tree is not there any more when it boots.
        func lasting(_ paths: [String]) -> [String] { paths.filter { isLive || !$0.hasPrefix("/run/") } }
        let listings = directories.units(lasting(UnitScope.system.directoryPaths))
        let presets = UnitPresets(
            directories: directories.dropIns(lasting(UnitPresets.systemDirectoryPaths), suffix: ".preset"))
        let set = UnitSet(directories: listings, linkedFiles: directories.linkedFiles)
        let hasSystemd = ["/usr/lib/systemd/system", "/lib/systemd/system"].contains {
            reader.exists(TreePath($0)) == true
        }
        var facts = ServiceFacts()
        facts.gaps = directories.gaps
        let isFirst = isFirstBoot(&facts.gaps)
        if isFirst {
            facts.gaps += presets.unreadable.sorted { $0.key < $1.key }.map {
                Gap(Place(EscapedText($0.key).description), reason: $0.value)
            }
        }
        let units = ServiceUnits(set: set, presets: presets, isFirstBoot: isFirst, hasSystemd: hasSystemd)
        facts.hasSystemd = hasSystemd
        collectServices(units, &facts)
        return (facts, units)
    }

    /// Whether the subject boots for the first time (machine-id(5), "First Boot Semantics").
    private func isFirstBoot(_ gaps: inout [Gap]) -> Bool {
        guard !isLive else { return false }
        switch reader.line("/etc/machine-id") {
        case .absent: return true
        case .found(let text): return text == "uninitialized"
        case .unreadable(let reason):
            gaps.append(Gap(Place("/etc/machine-id"), reason: reason))
            return false
        }
    }

    private func collectServices(_ units: ServiceUnits, _ facts: inout ServiceFacts) {
        var names = Set(units.set.names)
        names.formUnion(units.started)
        var seen: Set<String> = []
        for name in names.sorted() {
            guard let parsed = UnitName(name), parsed.type == .service, !parsed.isTemplate else { continue }
            let unit = units.set.load(name)
            guard seen.insert(unit.name).inserted else { continue }
            let place = Place(EscapedText(unit.fragmentPath ?? name).description)
            switch unit.state {
            case .notFound: continue
            case .unknown(let reason): facts.gaps.append(Gap(place, reason: reason))
            case .masked, .badSetting:
                facts.services.append(
                    ServiceFacts.Service(
                        name: unit.name, enablement: units.enablement(unit.name), startsAtBoot: false,
                        isEarlyBoot: false, settings: [:], program: nil, place: place))
            case .loaded:
                let sandbox = ServiceSandbox(unit)
                facts.gaps += unit.unreadableDropIns.sorted { $0.key < $1.key }.map {
                    Gap(Place(EscapedText($0.key).description), reason: $0.value)
                }
                facts.gaps += sandbox.refused.map {
                    Gap(Place($0.location), reason: "systemd refuses \($0.key)=\(EscapedText($0.value).description)")
                }
                let starts = units.startsAtBoot(unit.name)
                if starts == nil { facts.gaps.append(Gap(place, reason: units.startReason(unit.name))) }
                facts.services.append(
                    ServiceFacts.Service(
                        name: unit.name, enablement: units.enablement(unit.name), startsAtBoot: starts ?? false,
                        isEarlyBoot: sandbox.isSpecialBootPhase, settings: ServiceSettings(sandbox, place).values,
                        program: sandbox.startCommands.first.map {
                            Sourced(EscapedText($0.path).description, Place($0.location))
                        },
                        place: place))
            }
        }
    }
}
