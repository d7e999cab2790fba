/// What somebody says of a finding in a VEX document: a claim, shown beside what was measured and never instead of it.
public struct VEXNote: Codable, Hashable, Sendable {
    /// The name of the vulnerability that the statement is about.
    public var vulnerability: String
    /// `not_affected`, `affected`, `fixed` or `under_investigation`.
    public var status: String
    /// Why it is not affected (`component_not_present`).
    public var justification: String?
    /// Why, or what to do, in a sentence.
    public var statement: String?
    /// Who says so, as the document has it; nothing proves it.
    public var author: String
    /// When, RFC 3339.
    public var timestamp: String
    /// The document's file.
    public var source: String
    /// The product of the statement that fits the subject, or `check` where the statement names the check itself.
    public var product: String

    /// Makes a note.
    public init(
        vulnerability: String, status: String, justification: String?, statement: String?, author: String,
        timestamp: String, source: String, product: String
    ) {
        self.vulnerability = vulnerability
        self.status = status
        self.justification = justification
        self.statement = statement
        self.author = author
        self.timestamp = timestamp
        self.source = source
        self.product = product
    }
}

/// A statement of a VEX document before it is known which findings it is about.
public struct VEXClaim: Hashable, Sendable {
    /// A product of the statement, by all names that the document has for it.
    public struct Product: Hashable, Sendable {
        /// The name of the package or product.
        public var name: String
        /// The version; nil for all.
        public var version: String?
        /// The kind of package URL (`rpm`), if it has one.
        public var packageType: String?
        /// The name space of the package URL (`azurelinux`).
        public var packageNamespace: String?
        /// The CPE name.
        public var cpe: String?
        /// What the document calls it, for people.
        public var text: String

        /// Makes a product.
        public init(
            name: String, version: String?, packageType: String?, packageNamespace: String?, cpe: String?, text: String
        ) {
            self.name = name
            self.version = version
            self.packageType = packageType
            self.packageNamespace = packageNamespace
            self.cpe = cpe
            self.text = text
        }
    }

    /// The names of the vulnerability.
    public var names: [String]
    /// The products.
    public var products: [Product]
    /// `not_affected`, `affected`, `fixed` or `under_investigation`.
    public var status: String
    /// Why it is not affected.
    public var justification: String?
    /// Why, or what to do, in a sentence.
    public var statement: String?
    /// Who says so.
    public var author: String
    /// When, RFC 3339.
    public var timestamp: String
    /// The document's file.
    public var source: String

    /// Makes a claim.
    public init(
        names: [String], products: [Product], status: String, justification: String?, statement: String?,
        author: String, timestamp: String, source: String
    ) {
        self.names = names
        self.products = products
        self.status = status
        self.justification = justification
        self.statement = statement
        self.author = author
        self.timestamp = timestamp
        self.source = source
    }
}
