import AssayJSON

/// Writes OpenVEX 0.2.0 (https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md).
struct OpenVEXWriter {
    private let advisory: Advisory

    init(_ advisory: Advisory) { self.advisory = advisory }

    func document() throws(AdvisoryError) -> JSONValue {
        var statements: [JSONValue] = []
        for vulnerability in advisory.vulnerabilities {
            for statement in vulnerability.statements {
                statements.append(try self.statement(statement, of: vulnerability))
            }
        }
        guard !statements.isEmpty else {
            throw AdvisoryError(
                code: .missing, path: ["status"], detail: "nothing is said of whether a product is affected")
        }
        return .members([
            "@context": "https://openvex.dev/ns/v0.2.0",
            "@id": .string(advisory.id),
            "author": .string(advisory.publisher.name),
            "last_updated": advisory.modified == advisory.published ? nil : .string(advisory.modified),
            "role": .string(advisory.publisher.category.rawValue),
            "statements": .array(statements),
            "timestamp": .string(advisory.published),
            "version": .integer(max(advisory.revisions.count, 1)),
        ])
    }

    private func statement(
        _ statement: AdvisoryStatement, of vulnerability: AdvisoryVulnerability
    ) throws(AdvisoryError) -> JSONValue {
        guard let name = vulnerability.names.first else {
            throw AdvisoryError(
                code: .missing, path: ["identifiers"], detail: "the vulnerability has no name: a CVE id or another")
        }
        var products: [JSONValue] = []
        for id in statement.products {
            guard let product = advisory.product(id) else { continue }
            products.append(component(product))
        }
        let isNotAffected = statement.status == .notAffected
        if isNotAffected, statement.justification == nil, statement.impact == nil {
            throw AdvisoryError(
                code: .missing, path: ["status", "justification"],
                detail: "a product that is not affected needs a justification or a statement")
        }
        return .members([
            "action_statement": statement.status == .affected
                ? .string(statement.action ?? "No remedy is known yet.") : nil,
            "impact_statement": isNotAffected && statement.justification == nil
                ? statement.impact.map { .string($0) } : nil,
            "justification": isNotAffected ? statement.justification.map { .string($0) } : nil,
            "products": .array(products),
            "status": .string(statement.status.rawValue),
            "status_notes": isNotAffected && statement.justification != nil
                ? statement.impact.map { .string($0) } : nil,
            "timestamp": statement.timestamp.map { .string($0) },
            "vulnerability": .members([
                "aliases": vulnerability.names.count > 1 ? .strings(Array(vulnerability.names.dropFirst())) : nil,
                "description": vulnerability.title.map { .string($0) },
                "name": .string(name),
            ]),
        ])
    }

    /// A product by its package URL, or by a name of its own where it has none.
    private func component(_ product: AdvisoryProduct) -> JSONValue {
        let fallback = PackageURL(
            type: "generic", namespace: product.vendor, name: product.name, version: product.version)
        return .members([
            "@id": .string(product.packageURL ?? fallback.description),
            "identifiers": product.packageURL == nil && product.cpe == nil
                ? nil
                : .members([
                    "cpe23": product.cpe.map { .string($0) }, "purl": product.packageURL.map { .string($0) },
                ]),
        ])
    }
}
