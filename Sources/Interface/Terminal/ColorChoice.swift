/// When output is coloured: the values of `--color`.
public enum ColorChoice: String, CaseIterable, Hashable, Sendable {
    /// When it goes to a terminal that can show colours and the user has not asked for none.
    case auto
    /// Always, also into a file.
    case always
    /// Never.
    case never

    /// Whether to colour.
    ///
    /// `always` and `never` are the user's word and beat the environment. Otherwise `NO_COLOR`, set to anything but the
    /// empty text, turns colours off (https://no-color.org), and so do `TERM=dumb` and no `TERM` at all.
    public func usesColor(isTerminal: Bool, environment: [String: String]) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return false }
            return isTerminal && !["dumb", "", nil].contains(environment["TERM"])
        }
    }
}
