public import AssayJSON

/// The body of a private vulnerability report to a repository on GitHub.
///
/// https://docs.github.com/en/rest/security-advisories/repository-advisories#privately-report-a-security-vulnerability
public struct GitHubPrivateReport: Hashable, Sendable {
    /// A package that is affected.
    public struct Package: Hashable, Sendable {
        /// GitHub's ecosystem (`other` for a Linux distribution).
        public var ecosystem: String
        /// The name.
        public var name: String
        /// The affected versions (`>= 1.0, < 1.2`).
        public var affectedRange: String?
        /// The versions with the fix.
        public var patchedVersions: String?

        /// Makes a package.
        public init(ecosystem: String, name: String, affectedRange: String? = nil, patchedVersions: String? = nil) {
            self.ecosystem = ecosystem
            self.name = name
            self.affectedRange = affectedRange
            self.patchedVersions = patchedVersions
        }
    }

    /// One line, at most 1,024 characters.
    public var summary: String
    /// The report as Markdown, at most 65,535 characters.
    public var description: String
    /// The packages.
    public var packages: [Package]
    /// The types of weakness (`CWE-79`).
    public var weaknesses: [String]
    /// The CVSS vector; GitHub takes it or a severity, not both.
    public var vector: String?
    /// The severity (`high`), where there is no vector.
    public var severity: String?

    /// Makes a report.
    public init(
        summary: String, description: String, packages: [Package], weaknesses: [String], vector: String? = nil,
        severity: String? = nil
    ) {
        self.summary = summary
        self.description = description
        self.packages = packages
        self.weaknesses = weaknesses
        self.vector = vector
        self.severity = severity
    }

    /// GitHub's ecosystem for one of OSV (`Debian:12` has none of its own).
    public static func ecosystem(ofOSV name: String?) -> String {
        let known = [
            "PyPI": "pip", "npm": "npm", "Maven": "maven", "NuGet": "nuget", "Packagist": "composer", "Go": "go",
            "crates.io": "rust", "Hex": "erlang", "GitHub Actions": "actions", "Pub": "pub", "RubyGems": "rubygems",
            "SwiftURL": "swift",
        ]
        return known[name.map { String($0.prefix { $0 != ":" }) } ?? ""] ?? "other"
    }

    /// The body.
    public var document: JSONValue {
        .members([
            "cvss_vector_string": vector.map { .string($0) },
            "cwe_ids": weaknesses.isEmpty ? nil : .strings(weaknesses),
            "description": .string(description),
            "severity": vector == nil ? severity.map { .string($0) } : nil,
            "start_private_fork": false,
            "summary": .string(summary),
            "vulnerabilities": .array(
                packages.map { package in
                    .members([
                        "package": .members(["ecosystem": .string(package.ecosystem), "name": .string(package.name)]),
                        "patched_versions": package.patchedVersions.map { .string($0) },
                        "vulnerable_version_range": package.affectedRange.map { .string($0) },
                    ])
                }),
        ])
    }
}
