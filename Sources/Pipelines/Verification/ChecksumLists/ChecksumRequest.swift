/// Where the list of checksums and its signature are, when the user said so.
public struct ChecksumRequest: Hashable, Sendable {
    /// The list (`--checksums FILE`); nil to look for lists beside each file.
    public var checksums: String?
    /// The signature of the list (`--signature FILE`); nil to look beside the list.
    public var signature: String?

    /// Makes it.
    public init(checksums: String? = nil, signature: String? = nil) {
        self.checksums = checksums
        self.signature = signature
    }
}
