import AssayJSON

/// The versions of CSAF, and whatever one of them says in other words than the other.
///
/// 2.0 is an OASIS Standard (https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html). 2.1 is not one yet: what is
/// written and read is Committee Specification Draft 04 (https://docs.oasis-open.org/csaf/csaf/v2.1/csaf-v2.1.html).
public enum CSAFVersion: String, CaseIterable, Hashable, Sendable {
    /// CSAF 2.0.
    case v20 = "2.0"
    /// CSAF 2.1.
    case v21 = "2.1"
}

// MARK: - The document

extension CSAFVersion {
    /// `$schema`, which 2.0 does not have.
    var schema: JSONValue? {
        switch self {
        case .v20: nil
        case .v21: "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json"
        }
    }

    /// `document.publisher.category`.
    func category(of publisher: Publisher) -> JSONValue {
        // 2.0 has no word for those who pass on: they are others there (2.1, conformance clause 18).
        self == .v20 && publisher.category == .multiplier ? "other" : .string(publisher.category.rawValue)
    }

    /// `document.distribution`: optional in 2.0, required in 2.1.
    ///
    /// A draft is under embargo, so that one which does not say how far it may go stays with the recipient's organisation.
    func distribution(of advisory: Advisory) -> JSONValue? {
        switch self {
        case .v20:
            guard let sharing = advisory.sharing else { return nil }
            let isStrict = sharing == .amberStrict
            let label = CSAFVersion.olderLabels.first { $0.value == sharing }?.key ?? "RED"
            return .members([
                "text": isStrict ? .string(CSAFVersion.strictText) : nil, "tlp": .members(["label": .string(label)]),
            ])
        case .v21:
            let sharing = advisory.sharing ?? (advisory.status == .draft ? .amberStrict : .clear)
            return .members(["tlp": .members(["label": .string(sharing.rawValue)])])
        }
    }

    /// What `document.distribution` says.
    func sharing(_ document: DocumentValue) throws(AdvisoryError) -> Advisory.Sharing? {
        guard let distribution = document["distribution"], let tlp = distribution["tlp"] else { return nil }
        switch self {
        case .v20:
            let label = try tlp.requiredText("label")
            guard let sharing = CSAFVersion.olderLabels[label] else {
                throw tlp.error(.value, "'label' is not one of the known words")
            }
            let isStrict = try distribution.text("text")?.contains(CSAFVersion.strictText) == true
            return sharing == .red && isStrict ? .amberStrict : sharing
        case .v21: return try tlp.choice("label", Advisory.Sharing.self)
        }
    }

    /// 2.0 has the labels of TLP 1.0.
    private static let olderLabels: [String: Advisory.Sharing] = [
        "WHITE": .clear, "GREEN": .green, "AMBER": .amber, "RED": .red,
    ]
    /// How 2.0 says what TLP 1.0 has no label for (2.1, conformance clause 18).
    private static let strictText = "TLP v2.0: TLP:AMBER+STRICT"
}

// MARK: - Products

extension CSAFVersion {
    /// `product_identification_helper`: one package URL in 2.0, any number in 2.1.
    func helper(of product: AdvisoryProduct) -> JSONValue? {
        let urls = AdvisoryOrder.unique(product.packageURLs)
        guard product.cpe != nil || !urls.isEmpty else { return nil }
        return .members([
            "cpe": product.cpe.map { .string($0) },
            "purl": self == .v20 ? urls.first.map { .string($0) } : nil,
            "purls": self == .v21 && !urls.isEmpty ? .strings(urls) : nil,
        ])
    }

    /// The package URLs of a `product_identification_helper`.
    func packageURLs(_ helper: DocumentValue?) throws(AdvisoryError) -> [String] {
        switch self {
        case .v20: try helper?.text("purl").map { [$0] } ?? []
        case .v21: try helper?.texts("purls") ?? []
        }
    }

    /// The list of products that are made of others, and the name of the first one of each.
    var compositions: (list: String, first: String) {
        switch self {
        case .v20: ("relationships", "product_reference")
        case .v21: ("product_paths", "beginning_product_reference")
        }
    }
}

// MARK: - Vulnerabilities

extension CSAFVersion {
    /// What a profile needs of a vulnerability: the profile "Security Advisory" asks for more in 2.1 (section 4.4).
    ///
    /// - Throws: `AdvisoryError` for what is missing.
    func require(_ vulnerability: AdvisoryVulnerability, isVEX: Bool) throws(AdvisoryError) {
        if vulnerability.names.isEmpty, isVEX || self == .v21 {
            throw AdvisoryError(
                code: .missing, path: ["identifiers"], detail: "the vulnerability has no name: a CVE id or another")
        }
        if self == .v21, !isVEX, !vulnerability.statements.contains(where: { $0.status == .affected }) {
            throw AdvisoryError(
                code: .missing, path: ["status"],
                detail: "a security advisory names an affected product; 'csaf-vex' also takes what is not affected")
        }
    }

    /// `cwe`: 2.0 has one.
    func weakness(of vulnerability: AdvisoryVulnerability) -> JSONValue? {
        guard self == .v20 else { return nil }
        return vulnerability.weaknesses.first { $0.name != nil }.map {
            .members(["id": .string($0.id), "name": .string($0.name ?? $0.id)])
        }
    }

    /// `cwes`: 2.1 has all, each by the name that a version of the list gives it.
    func weaknesses(of vulnerability: AdvisoryVulnerability) -> JSONValue? {
        guard self == .v21 else { return nil }
        let weaknesses: [JSONValue] = vulnerability.weaknesses.compactMap { weakness in
            guard let name = weakness.name, let version = weakness.listVersion else { return nil }
            return .members(["id": .string(weakness.id), "name": .string(name), "version": .string(version)])
        }
        return weaknesses.isEmpty ? nil : .array(weaknesses)
    }

    /// The weaknesses of `vulnerability`.
    func weaknesses(_ vulnerability: DocumentValue) throws(AdvisoryError) -> [AdvisoryVulnerability.Weakness] {
        let elements =
            switch self {
            case .v20: vulnerability["cwe"].map { [$0] } ?? []
            case .v21: try vulnerability.elements("cwes")
            }
        var weaknesses: [AdvisoryVulnerability.Weakness] = []
        for element in elements {
            weaknesses.append(
                AdvisoryVulnerability.Weakness(
                    id: try element.requiredText("id"), name: try element.text("name"),
                    listVersion: try element.text("version")))
        }
        return weaknesses
    }

    /// `notes`: 2.0 has no other place for CVSS 4.0.
    func notes(of vulnerability: AdvisoryVulnerability) -> [AdvisoryVulnerability.Note] {
        guard self == .v20, let score = vulnerability.scores.first(where: { $0.version == "4.0" }) else {
            return vulnerability.notes
        }
        return vulnerability.notes + [AdvisoryVulnerability.Note(.other, title: "CVSS 4.0", text: score.vector)]
    }

    /// `scores` of 2.0, each with one vector.
    func scores(of vulnerability: AdvisoryVulnerability, _ products: [String]) -> JSONValue? {
        guard self == .v20, !products.isEmpty else { return nil }
        let scores: [JSONValue] = vulnerability.scores.compactMap { score in
            guard ["3.0", "3.1"].contains(score.version), let value = score.value else { return nil }
            return .members(["cvss_v3": value, "products": .strings(products)])
        }
        return scores.isEmpty ? nil : .array(scores)
    }

    /// `metrics` of 2.1, whose content has a vector of each version.
    func metrics(of vulnerability: AdvisoryVulnerability, _ products: [String]) -> JSONValue? {
        guard self == .v21, !products.isEmpty else { return nil }
        let older = vulnerability.scores.first { ["3.0", "3.1"].contains($0.version) }?.value
        let newer = vulnerability.scores.first { $0.version == "4.0" }?.value
        guard older != nil || newer != nil else { return nil }
        return .array([
            .members([
                "content": .members(["cvss_v3": older, "cvss_v4": newer]), "products": .strings(products),
            ])
        ])
    }

    /// The vectors of `scores` or `metrics`.
    func scores(_ vulnerability: DocumentValue) throws(AdvisoryError) -> [AdvisoryScore] {
        var values: [DocumentValue] = []
        switch self {
        case .v20: for score in try vulnerability.elements("scores") { values += [score["cvss_v3"]].compactMap { $0 } }
        case .v21:
            for metric in try vulnerability.elements("metrics") {
                let content = try metric.required("content")
                values += ["cvss_v3", "cvss_v4"].compactMap { content[$0] }
            }
        }
        var scores: [AdvisoryScore] = []
        for value in values { scores.append(try AdvisoryScore(value)) }
        return scores
    }

    /// `disclosure_date`; the `release_date` of 2.0 is when the vulnerability came into the world, which is another thing.
    func disclosureDate(of vulnerability: AdvisoryVulnerability) -> JSONValue? {
        self == .v21 ? vulnerability.disclosed.map { .string($0) } : nil
    }

    /// The `disclosure_date`.
    func disclosureDate(_ vulnerability: DocumentValue) throws(AdvisoryError) -> String? {
        self == .v21 ? try vulnerability.text("disclosure_date") : nil
    }
}

extension AdvisoryScore {
    /// The value in the form that all CVSS schemas have in common; nil when the score is no number.
    fileprivate var value: JSONValue? {
        guard let number = JSONNumber(baseScore) else { return nil }
        return .members([
            "baseScore": .number(number), "baseSeverity": .string(severity), "vectorString": .string(vector),
            "version": .string(version),
        ])
    }

    fileprivate init(_ value: DocumentValue) throws(AdvisoryError) {
        let number = try value.required("baseScore")
        guard let base = number.value.number else { throw number.error(.value, "no number") }
        self.init(
            version: try value.requiredText("version"), vector: try value.requiredText("vectorString"),
            baseScore: base.description, severity: try value.requiredText("baseSeverity"))
    }
}
