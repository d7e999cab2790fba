import AssayJSON

/// Reads CSAF; what an `Advisory` has no place for is passed over.
struct CSAFReader {
    private let version: CSAFVersion

    init(_ version: CSAFVersion) { self.version = version }

    func advisory(_ root: DocumentValue) throws(AdvisoryError) -> Advisory {
        let document = try root.required("document")
        let stated = try document.required("csaf_version")
        guard try stated.text() == version.rawValue else {
            throw stated.error(.format, "it is not CSAF \(version.rawValue)")
        }
        let tracking = try document.required("tracking")
        let publisher = try document.required("publisher")
        var advisory = Advisory(
            id: try tracking.requiredText("id"), title: try document.requiredText("title"),
            publisher: Publisher(
                category: try publisher.choice("category", Publisher.Category.self) ?? .other,
                name: try publisher.requiredText("name"), namespace: try publisher.text("namespace")),
            published: try tracking.requiredText("initial_release_date"),
            modified: try tracking.requiredText("current_release_date"),
            status: try tracking.choice("status", Advisory.Status.self) ?? .draft,
            sharing: try version.sharing(document),
            products: try CSAFProductTree(version).read(root["product_tree"]))
        for revision in try tracking.elements("revision_history") {
            advisory.revisions.append(
                Advisory.Revision(
                    number: try revision.requiredText("number"), date: try revision.requiredText("date"),
                    summary: try revision.requiredText("summary")))
        }
        for reference in try document.elements("references") {
            let summary = try reference.requiredText("summary")
            let kind = CSAFReference.kind(of: summary)
            advisory.references.append(
                AdvisoryReference(
                    kind: kind, url: try reference.requiredText("url"),
                    summary: CSAFReference.summary(of: kind) == summary ? nil : summary))
        }
        let known = Set(advisory.products.map(\.id))
        for element in try root.elements("vulnerabilities") {
            let vulnerability = try vulnerability(element)
            for product in vulnerability.statements.flatMap(\.products) where !known.contains(product) {
                // A group of products is no product; what is said of one that is not there is said of nothing.
                throw element.error(.value, "the product '\(product.prefix(80))' is not in the product tree")
            }
            advisory.vulnerabilities.append(vulnerability)
        }
        return advisory
    }

    private func vulnerability(_ element: DocumentValue) throws(AdvisoryError) -> AdvisoryVulnerability {
        var vulnerability = AdvisoryVulnerability(
            cve: try element.text("cve"), title: try element.text("title"),
            weaknesses: try version.weaknesses(element), scores: try version.scores(element),
            statements: try CSAFStatements.read(element), discovered: try element.text("discovery_date"),
            disclosed: try version.disclosureDate(element))
        for id in try element.elements("ids") {
            vulnerability.identifiers.append(
                AdvisoryVulnerability.Identifier(
                    system: try id.requiredText("system_name"), text: try id.requiredText("text")))
        }
        for note in try element.elements("notes") {
            vulnerability.notes.append(
                AdvisoryVulnerability.Note(
                    try note.choice("category", AdvisoryVulnerability.Note.Category.self) ?? .other,
                    title: try note.text("title"), text: try note.requiredText("text")))
        }
        for thanks in try element.elements("acknowledgments") {
            let organisation = try thanks.text("organization")
            for name in try thanks.texts("names") {
                vulnerability.credits.append(AdvisoryVulnerability.Credit(name: name, organisation: organisation))
            }
        }
        return vulnerability
    }
}
