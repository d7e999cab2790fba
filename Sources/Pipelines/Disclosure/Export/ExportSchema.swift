import AssayAdvisories
import AssayJSON
import AssayJSONSchema

/// The published schemas, ready to judge.
enum ExportSchema {
    /// What OSV's schema has allowed since the copy that is built in.
    private static let newerEcosystems = ["Azure Linux"]
    private static let newerPrefixes = ["AZL"]

    /// The schema of a kind of document.
    ///
    /// - Throws: `ExportBug`: the schemas are part of this program.
    static func schema(_ schema: AdvisorySchema) throws -> JSONSchema {
        do {
            var root = try JSONReader.read(schema.bytes)
            if schema == .osv { root = extended(root) }
            var references: [String: JSONValue] = [:]
            for (name, bytes) in schema.references { references[name] = try JSONReader.read(bytes) }
            return try JSONSchema(root, references: references)
        } catch {
            throw ExportBug(description: "the schema '\(schema)' cannot be used: \(error)")
        }
    }

    /// Refuses a document that its schema does not accept.
    ///
    /// - Throws: `DisclosureError` when a value of the report is why, else `ExportBug`.
    static func require(
        _ document: JSONValue, _ schema: AdvisorySchema, _ name: String, _ opened: OpenedReport
    ) throws {
        guard let failure = try failures(of: document, schema).first else { return }
        if let field = ReportFieldNames.field(ofDocument: failure.path) {
            throw opened.missing(field, "\(name) does not take this value: \(failure)")
        }
        throw ExportBug(description: "the export to \(name) is not valid: \(failure)")
    }

    /// What is against a document.
    static func failures(of document: JSONValue, _ schema: AdvisorySchema) throws -> [SchemaFailure] {
        let prepared = try self.schema(schema)
        do {
            return try prepared.failures(of: document)
        } catch {
            throw DisclosureError("the document cannot be judged: \(error)")
        }
    }

    /// OSV's schema with the names that were registered after the copy was made.
    private static func extended(_ root: JSONValue) -> JSONValue {
        guard var object = root.object, var definitions = object["$defs"]?.object else { return root }
        for (name, start, more) in [
            ("ecosystemWithSuffix", "^(", newerEcosystems), ("prefix", "^(", newerPrefixes),
        ] {
            guard var definition = definitions[name]?.object, let pattern = definition["pattern"]?.text,
                pattern.hasPrefix(start)
            else { continue }
            let names = more.map { $0 + "|" }.joined()
            definition["pattern"] = .string(start + names + pattern.dropFirst(start.count))
            definitions[name] = .object(definition)
        }
        object["$defs"] = .object(definitions)
        return .object(object)
    }
}
