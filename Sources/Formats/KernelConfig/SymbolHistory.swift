/// What the mainline kernel called a symbol in its versions.
///
/// Versions are mainline's. Distributions and stable branches carry changes back (`CPU_MITIGATIONS` came to 6.6.x), so a
/// name that stands in a configuration is always believed, whatever the version.
struct SymbolHistory: Hashable, Sendable {
    /// A name, from the version that brought it to the one that no longer has it.
    struct Name: Hashable, Sendable {
        let name: String
        /// The first version that has it; nil: older than what matters here.
        let since: Release?
        /// The first version that does not have it any more; nil: still there in 6.18.
        let until: Release?
    }

    /// A mainline release, such as 6.9.
    struct Release: Hashable, Sendable, Comparable {
        let major: UInt32
        let minor: UInt32

        static func < (left: Release, right: Release) -> Bool {
            (left.major, left.minor) < (right.major, right.minor)
        }
    }

    /// Oldest first.
    let names: [Name]

    /// Every name of every history, to its history.
    static let byName: [String: SymbolHistory] = {
        var result: [String: SymbolHistory] = [:]
        for history in all { for name in history.names { result[name.name] = history } }
        return result
    }()

    /// Whether some name is one of `version`, and if not, why.
    func existence(in version: KernelVersion) -> SymbolExistence {
        let release = Release(major: version.major, minor: version.minor)
        var earliest: Release?
        var latest: Release?
        for name in names {
            if let since = name.since, release < since {
                earliest = min(earliest ?? since, since)
            } else if let until = name.until, release >= until {
                latest = max(latest ?? until, until)
            } else {
                return .exists
            }
        }
        if let latest { return .removed(in: "\(latest.major).\(latest.minor)") }
        guard let earliest else { return .unknown }
        return .notYet(since: "\(earliest.major).\(earliest.minor)")
    }
}

/// Whether the mainline kernel of a version has a symbol, under whatever name.
public enum SymbolExistence: Hashable, Sendable {
    /// It has it: absent from a configuration means that something it depends on is off.
    case exists
    /// It came later, in this version.
    case notYet(since: String)
    /// It was removed, in this version.
    case removed(in: String)
    /// Not recorded here, or the version is not known.
    case unknown
}

/// What a configuration says of a symbol under any of its names.
public struct SymbolLookup: Hashable, Sendable {
    /// The name that was asked for.
    public let asked: String
    /// The name that the configuration has, or nil when it has none of them.
    public let matched: String?
    /// What the configuration says under that name.
    public let state: KernelConfig.State
    /// Whether the kernel of that version has the symbol at all.
    public let existence: SymbolExistence
    /// Every name under which was looked, the most likely first.
    public let names: [String]
}

extension KernelConfig {
    /// Looks `symbol` up under all names that the kernel gave it over time.
    ///
    /// Names that this kernel's version uses come first; when the file has none of those, older and newer ones follow.
    public func value(of symbol: String) -> SymbolLookup { value(of: symbol, in: version) }

    /// Looks `symbol` up as the kernel `version` names it, for a configuration whose header lacks the version.
    public func value(of symbol: String, in version: KernelVersion?) -> SymbolLookup {
        guard let history = SymbolHistory.byName[symbol] else {
            let state = self[symbol]
            return SymbolLookup(
                asked: symbol, matched: state == .absent ? nil : symbol, state: state,
                existence: state == .absent ? .unknown : .exists, names: [symbol])
        }
        let release = version.map { SymbolHistory.Release(major: $0.major, minor: $0.minor) }
        func isCurrent(_ name: SymbolHistory.Name) -> Bool {
            guard let release else { return name.until == nil }
            return (name.since.map { $0 <= release } ?? true) && (name.until.map { release < $0 } ?? true)
        }
        let newestFirst = Array(history.names.reversed())
        let ordered = newestFirst.filter(isCurrent) + newestFirst.filter { !isCurrent($0) }
        let names = ordered.map(\.name)
        for name in names where self[name] != .absent {
            return SymbolLookup(asked: symbol, matched: name, state: self[name], existence: .exists, names: names)
        }
        return SymbolLookup(
            asked: symbol, matched: nil, state: .absent,
            existence: version.map { history.existence(in: $0) } ?? .unknown, names: names)
    }

    /// Whether the mainline kernel `version` has `symbol`, as far as this library records it.
    public static func existence(of symbol: String, in version: KernelVersion) -> SymbolExistence {
        SymbolHistory.byName[symbol]?.existence(in: version) ?? .unknown
    }
}
