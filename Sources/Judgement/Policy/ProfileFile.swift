import AssayFindings
import AssayYAML

/// Profiles as YAML files (docs/profiles.md, docs/schema/profile.schema.json).
public enum ProfileFile {
    /// Reads a profile.
    ///
    /// - Parameters:
    ///   - yaml: the text, at most 1 MiB.
    ///   - knownChecks: the ids of all checks.
    /// - Returns: the content.
    /// - Throws: `PolicyError` with line and column for anything that is not allowed.
    public static func parse(_ yaml: String, knownChecks: Set<String>) throws -> Profile {
        try profile(yaml, knownChecks)
    }

    /// Reads a profile from the bytes of a file.
    ///
    /// - Throws: `PolicyError`; also for bytes that are no UTF-8.
    public static func parse(_ bytes: [UInt8], knownChecks: Set<String>) throws -> Profile {
        try PolicyError.translating { try profile(YAMLText.decoded(bytes), knownChecks) }
    }

    /// Reads a profile, one of our own when the checks are not known.
    static func profile(_ yaml: String, _ knownChecks: Set<String>?) throws -> Profile {
        try PolicyError.translating { try read(yaml, knownChecks) }
    }

    private static func read(_ yaml: String, _ knownChecks: Set<String>?) throws -> Profile {
        let file = try YAMLMapping(
            YAMLText.root(yaml), "the profile",
            allowed: [
                "schema-version", "name", "version", "title", "reference", "operating-systems", "since-version",
                "parameters", "sections",
            ])
        try file.checkSchemaVersion()
        let common = try parameters(file)
        var seen: Set<String> = []
        let sections = try file.requiredList("sections").map { node in
            let section = try YAMLMapping(node, "a section", allowed: ["title", "rows"])
            let rows = try section.requiredList("rows").map { try row($0, common, knownChecks, &seen) }
            return Profile.Section(title: try section.requiredText("title"), rows: rows)
        }
        return Profile(
            name: try name(file), version: try file.requiredText("version"), title: try file.requiredText("title"),
            reference: try reference(file),
            operatingSystems: try file.list("operating-systems").map {
                try YAMLMapping.text($0, "an operating system")
            },
            sinceVersion: try sinceVersion(file), sections: sections)
    }

    private static func row(
        _ node: YAMLNode, _ common: [String: String], _ knownChecks: Set<String>?, _ seen: inout Set<String>
    ) throws -> Profile.Row {
        let row = try YAMLMapping(
            node, "a row", allowed: ["check", "title", "documented", "expected", "severity", "parameters"])
        let check = try row.check(knownChecks)
        guard seen.insert(check).inserted else {
            throw PolicyError(.duplicate, "a second row for the check '\(check)'", at: row.node("check") ?? node)
        }
        return Profile.Row(
            check: check, title: try row.requiredText("title"),
            documented: try row.choice("documented", Expectation.self),
            expected: try row.choice("expected", Expectation.self),
            severity: try row.choice("severity", Severity.self),
            parameters: common.merging(try parameters(row)) { _, own in own })
    }

    private static func parameters(_ mapping: YAMLMapping) throws -> [String: String] {
        guard let node = mapping.node("parameters") else { return [:] }
        let values = try YAMLMapping(anyKeys: node, "parameters")
        var parameters: [String: String] = [:]
        for key in values.keys { parameters[key] = try values.text(key) }
        return parameters
    }

    private static func name(_ file: YAMLMapping) throws -> String {
        let name = try file.requiredText("name")
        let isPlain = name.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        }
        guard !isPlain, let node = file.node("name") else { return name }
        throw PolicyError(
            .invalidValue, "the name '\(name)' has other characters than a to z, 0 to 9, '-' and '.'", at: node)
    }

    private static func reference(_ file: YAMLMapping) throws -> String {
        let reference = try file.requiredText("reference")
        guard !reference.hasPrefix("https://"), let node = file.node("reference") else { return reference }
        throw PolicyError(.invalidValue, "the reference must begin with 'https://'", at: node)
    }

    private static func sinceVersion(_ file: YAMLMapping) throws -> String? {
        guard let version = try file.text("since-version"), let node = file.node("since-version") else { return nil }
        guard ReleaseNumber(version) == nil else { return version }
        throw PolicyError(.invalidValue, "'\(version)' is no version: numbers with dots", at: node)
    }
}
