import AssayTrustStore

/// Why something about a trust store could not be done.
public struct TrustError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people: lower case, no full stop.
    public let description: String
    /// What to do about it, when that is known.
    public let hint: String?

    /// Makes one.
    public init(_ description: String, hint: String? = nil) {
        self.description = description
        self.hint = hint
    }
}

/// Sources that cannot be used: the store stays as it is.
public struct TrustSourcesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Each reason, as `path:line: reason`, in load order.
    public let faults: [String]

    /// All reasons.
    public var description: String { faults.joined(separator: "; ") }

    init(_ faults: [SourceFault]) { self.faults = faults.map(\.description) }
}

extension Trust {
    /// Why a source or store could not be used, or nil when `error` says nothing about one.
    public static func reason(_ error: any Error) -> String? {
        switch error {
        case let error as TrustError: error.description
        case let error as TrustSourcesError: error.description
        case let error as StoreSwitchError: error.description
        default: nil
        }
    }
}
