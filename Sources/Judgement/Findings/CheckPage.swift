/// A check's page: what its doc comment says.
public struct CheckPage: Hashable, Sendable {
    /// The check's id.
    public let id: String
    /// The first line: the protection in one sentence.
    public let title: String
    /// Why it matters.
    public let why: String
    /// How it is proven.
    public let proof: String
    /// What to do about a failure.
    public let remedy: String
    /// Where it is documented: one URL.
    public let reference: String

    /// Makes a page.
    public init(id: String, title: String, why: String, proof: String, remedy: String, reference: String) {
        self.id = id
        self.title = title
        self.why = why
        self.proof = proof
        self.remedy = remedy
        self.reference = reference
    }
}
