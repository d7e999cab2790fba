import AssayJSON

/// Writes OSV (https://ossf.github.io/osv-schema/): one vulnerability.
struct OSVWriter {
    private static let schemaVersion = "1.6.7"

    private let advisory: Advisory

    init(_ advisory: Advisory) { self.advisory = advisory }

    func document() throws(AdvisoryError) -> JSONValue {
        guard advisory.vulnerabilities.count == 1, let vulnerability = advisory.vulnerabilities.first else {
            throw AdvisoryError(
                code: .value, path: ["vulnerabilities"],
                detail: "OSV tells of one vulnerability, not of "
                    + "\(advisory.vulnerabilities.count)")
        }
        let aliases = vulnerability.names.filter { $0 != advisory.id }
        return .members([
            "affected": try affected(vulnerability),
            "aliases": aliases.isEmpty ? nil : .strings(aliases),
            "credits": vulnerability.credits.isEmpty
                ? nil
                : .array(
                    vulnerability.credits.map { credit in
                        let name = credit.organisation.map { "\(credit.name) (\($0))" } ?? credit.name
                        return .members(["name": .string(name), "type": "FINDER"])
                    }),
            "database_specific": vulnerability.weaknesses.isEmpty
                ? nil : .members(["cwe_ids": .strings(vulnerability.weaknesses.map(\.id))]),
            "details": vulnerability.notes.first { $0.category == .description || $0.category == .details }.map {
                .string($0.text)
            },
            "id": .string(advisory.id),
            "modified": .string(advisory.modified),
            "published": .string(advisory.published),
            "references": advisory.references.isEmpty
                ? nil
                : .array(
                    advisory.references.map {
                        .members(["type": .string($0.kind.uppercased()), "url": .string($0.url)])
                    }),
            "schema_version": .string(OSVWriter.schemaVersion),
            "severity": severity(vulnerability),
            "summary": .string(vulnerability.title ?? advisory.title),
            "withdrawn": advisory.withdrawn.map { .string($0) },
        ])
    }

    private func severity(_ vulnerability: AdvisoryVulnerability) -> JSONValue? {
        let scores: [JSONValue] = vulnerability.scores.compactMap { score in
            let type = score.version.hasPrefix("4") ? "CVSS_V4" : score.version.hasPrefix("3") ? "CVSS_V3" : nil
            return type.map { .members(["score": .string(score.vector), "type": .string($0)]) }
        }
        return scores.isEmpty ? nil : .array(scores)
    }

    /// One entry a package; products that only say where the fix is have none.
    private func affected(_ vulnerability: AdvisoryVulnerability) throws(AdvisoryError) -> JSONValue {
        let affected = Set(vulnerability.statements.filter { $0.status == .affected }.flatMap(\.products))
            .union(vulnerability.ranges.map(\.product))
        var entries: [JSONValue] = []
        var seen: Set<[String]> = []
        for product in advisory.products where affected.contains(product.id) {
            guard let ecosystem = product.ecosystem else {
                throw AdvisoryError(
                    code: .missing, path: ["component", "ecosystem"],
                    detail: "the ecosystem of the package is missing ('Azure Linux:3', 'Debian:12')")
            }
            guard seen.insert([ecosystem, product.name]).inserted else { continue }
            let same = advisory.products.filter {
                $0.ecosystem == ecosystem && $0.name == product.name && affected.contains($0.id)
            }
            let ids = Set(same.map(\.id))
            let ranges = vulnerability.ranges.filter { ids.contains($0.product) }
            let versions = same.compactMap(\.version)
            entries.append(
                .members([
                    "package": .members([
                        "ecosystem": .string(ecosystem), "name": .string(product.name),
                        "purl": product.packageURL.map { .string(OSVWriter.withoutVersion($0)) },
                    ]),
                    "ranges": ranges.isEmpty ? nil : .array(ranges.map(range)),
                    "versions": versions.isEmpty ? nil : .strings(versions),
                ]))
        }
        return .array(entries)
    }

    private func range(_ range: AffectedRange) -> JSONValue {
        var events: [JSONValue] = [.members(["introduced": .string(range.introduced)])]
        if let fixed = range.fixed {
            events.append(.members(["fixed": .string(fixed)]))
        } else if let last = range.lastAffected {
            events.append(.members(["last_affected": .string(last)]))
        }
        return .members(["events": .array(events), "type": "ECOSYSTEM"])
    }

    /// The versions stand in the ranges; OSV wants the URL of the package.
    private static func withoutVersion(_ text: String) -> String {
        guard let url = PackageURL(text) else { return text }
        return PackageURL(type: url.type, namespace: url.namespace, name: url.name).description
    }
}
