/// Why a report could not be read, written, checked or exported.
public struct DisclosureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people, the file and the line included where they are known.
    public let description: String
    /// The corrected command or what to do.
    public let hint: String?

    /// Makes it.
    public init(_ description: String, hint: String? = nil) {
        self.description = description
        self.hint = hint
    }
}
