/// A security advisory, whatever its format: what is said of vulnerabilities in products.
///
/// Each format carries a part of it. What a format cannot say is left out when it is written, never bent into another field.
public struct Advisory: Hashable, Sendable {
    /// How final it is.
    public enum Status: String, CaseIterable, Hashable, Sendable {
        /// It may change in any way.
        case draft
        /// It is published and will change.
        case interim
        /// It is published.
        case final
    }

    /// To whom it may be passed on, in the labels of the Traffic Light Protocol 2.0 (https://www.first.org/tlp/).
    public enum Sharing: String, CaseIterable, Hashable, Sendable {
        /// To everybody.
        case clear = "CLEAR"
        /// Within the community.
        case green = "GREEN"
        /// Within the recipient's organisation and to its clients.
        case amber = "AMBER"
        /// Within the recipient's organisation.
        case amberStrict = "AMBER+STRICT"
        /// To nobody else.
        case red = "RED"
    }

    /// One state of the advisory.
    public struct Revision: Hashable, Sendable {
        /// The number; a whole number that grows.
        public var number: String
        /// When, RFC 3339 in UTC.
        public var date: String
        /// What changed.
        public var summary: String

        /// Makes a revision.
        public init(number: String, date: String, summary: String) {
            self.number = number
            self.date = date
            self.summary = summary
        }
    }

    /// Its own identifier.
    public var id: String
    /// The title.
    public var title: String
    /// Who publishes it.
    public var publisher: Publisher
    /// When it was first published, RFC 3339 in UTC.
    public var published: String
    /// When it was last changed, RFC 3339 in UTC.
    public var modified: String
    /// When it was taken back; nil while it holds.
    public var withdrawn: String?
    /// How final it is.
    public var status: Status
    /// To whom it may be passed on; nil when it does not say.
    public var sharing: Sharing?
    /// Its states, the oldest first; the last is the current one.
    public var revisions: [Revision]
    /// The products that it speaks of.
    public var products: [AdvisoryProduct]
    /// The vulnerabilities.
    public var vulnerabilities: [AdvisoryVulnerability]
    /// Further reading.
    public var references: [AdvisoryReference]

    /// Makes an advisory.
    public init(
        id: String, title: String, publisher: Publisher, published: String, modified: String, withdrawn: String? = nil,
        status: Status = .draft, sharing: Sharing? = nil, revisions: [Revision] = [], products: [AdvisoryProduct] = [],
        vulnerabilities: [AdvisoryVulnerability] = [], references: [AdvisoryReference] = []
    ) {
        self.id = id
        self.title = title
        self.publisher = publisher
        self.published = published
        self.modified = modified
        self.withdrawn = withdrawn
        self.status = status
        self.sharing = sharing
        self.revisions = revisions
        self.products = products
        self.vulnerabilities = vulnerabilities
        self.references = references
    }

    /// The product with an id of this advisory.
    public func product(_ id: String) -> AdvisoryProduct? { products.first { $0.id == id } }
}

/// Who publishes an advisory.
public struct Publisher: Hashable, Sendable {
    /// What the publisher is to the products, in CSAF's words.
    public enum Category: String, CaseIterable, Hashable, Sendable {
        /// Brings the others together.
        case coordinator
        /// Found the vulnerability.
        case discoverer
        /// Passes on what others publish.
        case multiplier
        /// Translates.
        case translator
        /// Something else.
        case other
        /// Uses the product.
        case user
        /// Makes the product.
        case vendor
    }

    /// The category.
    public var category: Category
    /// The name.
    public var name: String
    /// A URI that belongs to the publisher.
    public var namespace: String?
    /// The publisher's organisation in CVE's registry: a UUID.
    public var cveOrganisation: String?

    /// Makes a publisher.
    public init(category: Category, name: String, namespace: String? = nil, cveOrganisation: String? = nil) {
        self.category = category
        self.name = name
        self.namespace = namespace
        self.cveOrganisation = cveOrganisation
    }
}

/// A product, or one version of it.
public struct AdvisoryProduct: Hashable, Sendable {
    /// The name by which the advisory refers to it.
    public var id: String
    /// The name of the product (`openssl-libs`).
    public var name: String
    /// Who makes it.
    public var vendor: String?
    /// The version; nil for all.
    public var version: String?
    /// The OSV ecosystem.
    public var ecosystem: String?
    /// The package URL.
    public var packageURL: String?
    /// Further package URLs of the same product.
    public var otherPackageURLs: [String]
    /// The CPE name.
    public var cpe: String?

    /// Makes a product.
    public init(
        id: String, name: String, vendor: String? = nil, version: String? = nil, ecosystem: String? = nil,
        packageURL: String? = nil, otherPackageURLs: [String] = [], cpe: String? = nil
    ) {
        self.id = id
        self.name = name
        self.vendor = vendor
        self.version = version
        self.ecosystem = ecosystem
        self.packageURL = packageURL
        self.otherPackageURLs = otherPackageURLs
        self.cpe = cpe
    }

    /// All package URLs.
    public var packageURLs: [String] { (packageURL.map { [$0] } ?? []) + otherPackageURLs }
    /// Name and version for people.
    public var fullName: String { version.map { "\(name) \($0)" } ?? name }
}

/// Further reading.
public struct AdvisoryReference: Hashable, Sendable {
    /// What is there, in OSV's words in lower case (`advisory`, `fix`, `web`).
    public var kind: String
    /// The URL.
    public var url: String
    /// What is there, in a line.
    public var summary: String?

    /// Makes a reference.
    public init(kind: String, url: String, summary: String? = nil) {
        self.kind = kind
        self.url = url
        self.summary = summary
    }
}
