/// Reads OpenVEX 0.2.0; a product or subcomponent is one product of the advisory.
struct OpenVEXReader {
    func advisory(_ root: DocumentValue) throws(AdvisoryError) -> Advisory {
        let context = try root.required("@context")
        guard ["https://openvex.dev/ns/v0.2.0", "https://openvex.dev/ns"].contains(try context.text()) else {
            throw context.error(.format, "only OpenVEX 0.2.0 is read")
        }
        let published = try root.requiredText("timestamp")
        let id = try root.requiredText("@id")
        var advisory = Advisory(
            id: id, title: id,
            publisher: Publisher(
                category: (try root.text("role")).flatMap { Publisher.Category(rawValue: $0.lowercased()) } ?? .other,
                name: try root.requiredText("author")),
            published: published, modified: try root.text("last_updated") ?? published, status: .final)
        var identifiers: [String: Int] = [:]
        var known: Set<String> = []
        for element in try root.elements("statements") {
            let statement = try self.statement(element, &advisory, &known)
            let vulnerability = try self.vulnerability(element)
            let key = vulnerability.names.joined(separator: "\u{0}")
            if let index = identifiers[key] {
                advisory.vulnerabilities[index].statements.append(statement)
            } else {
                identifiers[key] = advisory.vulnerabilities.count
                advisory.vulnerabilities.append(vulnerability)
                advisory.vulnerabilities[advisory.vulnerabilities.count - 1].statements = [statement]
            }
        }
        return advisory
    }

    private func vulnerability(_ element: DocumentValue) throws(AdvisoryError) -> AdvisoryVulnerability {
        let value = try element.required("vulnerability")
        let names = [try value.requiredText("name")] + (try value.texts("aliases"))
        var vulnerability = AdvisoryVulnerability(title: try value.text("description"))
        for name in AdvisoryOrder.unique(names) {
            if vulnerability.cve == nil, VulnerabilityName.isCVE(name) {
                vulnerability.cve = name
            } else {
                vulnerability.identifiers.append(
                    AdvisoryVulnerability.Identifier(system: VulnerabilityName.system(of: name), text: name))
            }
        }
        return vulnerability
    }

    private func statement(
        _ element: DocumentValue, _ advisory: inout Advisory, _ known: inout Set<String>
    ) throws(AdvisoryError) -> AdvisoryStatement {
        guard let status = try element.choice("status", AdvisoryStatement.Status.self) else {
            throw element.error(.missing, "'status' is missing")
        }
        var products: [String] = []
        for product in try element.elements("products") {
            let parts = try product.elements("subcomponents")
            if parts.isEmpty { products.append(try add(product, to: &advisory, &known)) }
            for part in parts { products.append(try add(part, within: product, to: &advisory, &known)) }
        }
        let notes = try element.text("status_notes")
        return AdvisoryStatement(
            products: AdvisoryOrder.unique(products), status: status, justification: try element.text("justification"),
            impact: try element.text("impact_statement") ?? (status == .notAffected ? notes : nil),
            action: (try element.text("action_statement")).flatMap { $0 == "No remedy is known yet." ? nil : $0 },
            timestamp: try element.text("timestamp"))
    }

    /// The id of a component, which becomes a product of the advisory once.
    private func add(
        _ component: DocumentValue, within whole: DocumentValue? = nil, to advisory: inout Advisory,
        _ known: inout Set<String>
    ) throws(AdvisoryError) -> String {
        let identifiers = component["identifiers"]
        let given = try component.text("@id")
        let packageURL = try identifiers?.text("purl") ?? given.flatMap { $0.hasPrefix("pkg:") ? $0 : nil }
        // The first schema of the version had an '@' before the names.
        var cpe: String?
        for key in ["cpe23", "@cpe23", "cpe22", "@cpe22"] where cpe == nil { cpe = try identifiers?.text(key) }
        guard var id = given ?? packageURL ?? cpe else {
            throw component.error(.missing, "a product without any identifier")
        }
        // What is said of a part of a product is not said of the part everywhere: it has no identifier of its own.
        if let whole {
            let name = try whole.text("@id")
            id = "part of \(name ?? "a product"): \(id)"
        }
        guard known.insert(id).inserted else { return id }
        guard advisory.products.count < DocumentValue.maximumElements else {
            throw component.error(.tooLarge, "more than \(DocumentValue.maximumElements) products")
        }
        let parsed = packageURL.flatMap { PackageURL($0) }
        let isGeneric = parsed?.type == "generic"
        advisory.products.append(
            AdvisoryProduct(
                id: id, name: parsed?.name ?? id, vendor: isGeneric ? parsed?.namespace : nil, version: parsed?.version,
                packageURL: isGeneric || whole != nil ? nil : packageURL, cpe: whole == nil ? cpe : nil))
        return id
    }
}

/// Names of vulnerabilities.
enum VulnerabilityName {
    /// `CVE-YYYY-NNNN…`.
    static func isCVE(_ name: String) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        func isDigits(_ part: Substring) -> Bool { part.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        return parts.count == 3 && parts[0] == "CVE" && parts[1].utf8.count == 4 && parts[2].utf8.count >= 4
            && isDigits(parts[1]) && isDigits(parts[2])
    }

    /// Whose name it is, as far as its form says.
    static func system(of name: String) -> String {
        if name.hasPrefix("GHSA-") { return "GitHub Security Advisory" }
        return isCVE(name) ? "CVE" : "vendor"
    }
}
