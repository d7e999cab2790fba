import AssayJSON

/// Statements as CSAF spreads them: states, flags, threats and remediations, each with its products.
struct CSAFStatements {
    private static let keys: [(AdvisoryStatement.Status, String)] = [
        (.fixed, "fixed"), (.affected, "known_affected"), (.notAffected, "known_not_affected"),
        (.underInvestigation, "under_investigation"),
    ]
    /// Further states of CSAF and what they say; they are read, not written.
    private static let otherKeys: [(AdvisoryStatement.Status, String)] = [
        (.affected, "first_affected"), (.affected, "last_affected"), (.fixed, "first_fixed"), (.fixed, "recommended"),
    ]
    private static let defaultAction = "No remedy is known yet."

    private let statements: [AdvisoryStatement]

    init(_ statements: [AdvisoryStatement]) { self.statements = statements }

    /// The products by their state.
    ///
    /// - Throws: `AdvisoryError` when nothing is said of any product, or a product has two states.
    func productStatus() throws(AdvisoryError) -> JSONValue {
        var members: [(String, JSONValue)] = []
        var seen: Set<String> = []
        for (status, key) in CSAFStatements.keys {
            let products = AdvisoryOrder.unique(statements.filter { $0.status == status }.flatMap(\.products))
            for product in products where !seen.insert(product).inserted {
                throw AdvisoryError(
                    code: .value, path: ["status"], detail: "the product '\(product)' has two states at once")
            }
            if !products.isEmpty { members.append((key, .strings(products))) }
        }
        guard !members.isEmpty else {
            throw AdvisoryError(
                code: .missing, path: ["status"], detail: "nothing is said of whether a product is affected")
        }
        return .object(JSONObject(members))
    }

    var flags: JSONValue? {
        list(statements.filter { $0.status == .notAffected }) { statement in
            statement.justification.map { [("label", .string($0)), ("product_ids", .strings(statement.products))] }
        }
    }

    var threats: JSONValue? {
        list(statements.filter { $0.status == .notAffected }) { statement in
            statement.impact.map {
                [("category", "impact"), ("details", .string($0)), ("product_ids", .strings(statement.products))]
            }
        }
    }

    var remediations: JSONValue? {
        list(statements.filter { $0.status == .affected }) { statement in
            let action = statement.action ?? CSAFStatements.defaultAction
            let category =
                statement.actionURL != nil ? "vendor_fix" : statement.action == nil ? "none_available" : "workaround"
            return [("category", .string(category)), ("details", .string(action))]
                + [("product_ids", .strings(statement.products))]
                + (statement.actionURL.map { [("url", .string($0))] } ?? [])
        }
    }

    private func list(
        _ statements: [AdvisoryStatement], _ members: (AdvisoryStatement) -> [(String, JSONValue)]?
    ) -> JSONValue? {
        let objects = statements.compactMap(members).map { JSONValue.object(JSONObject($0)) }
        return objects.isEmpty ? nil : .array(objects)
    }

    /// The statements of a vulnerability: one for the products that have everything said of them in common.
    static func read(_ vulnerability: DocumentValue) throws(AdvisoryError) -> [AdvisoryStatement] {
        let flags = try texts(vulnerability, "flags", "label", category: nil)
        let threats = try texts(vulnerability, "threats", "details", category: ["impact"])
        let remediations = try texts(vulnerability, "remediations", "details", category: nil)
        let urls = try texts(vulnerability, "remediations", "url", category: nil)
        guard let states = vulnerability["product_status"] else { return [] }
        var statements: [AdvisoryStatement] = []
        for (status, key) in keys + otherKeys {
            for product in AdvisoryOrder.unique(try states.texts(key)) {
                var statement = AdvisoryStatement(products: [product], status: status)
                if status == .notAffected {
                    statement.justification = flags[product]
                    statement.impact = threats[product]
                } else if status == .affected {
                    statement.action = remediations[product].flatMap { $0 == defaultAction ? nil : $0 }
                    statement.actionURL = urls[product]
                }
                var same = statement
                same.products = statements.last?.products ?? []
                if same == statements.last {
                    statements[statements.count - 1].products.append(product)
                } else {
                    statements.append(statement)
                }
            }
        }
        return statements
    }

    /// The first text for each product of a list of objects with `product_ids`.
    private static func texts(
        _ vulnerability: DocumentValue, _ list: String, _ key: String, category: Set<String>?
    ) throws(AdvisoryError) -> [String: String] {
        var texts: [String: String] = [:]
        for element in try vulnerability.elements(list) {
            if let category, let actual = try element.text("category"), !category.contains(actual) { continue }
            guard let text = try element.text(key) else { continue }
            for product in try element.texts("product_ids") where texts[product] == nil { texts[product] = text }
        }
        return texts
    }
}
