import AssayJSON

/// Writes the container of a CVE record that its CNA fills (https://cveproject.github.io/cve-schema/schema/docs/), JSON 5.1.
struct CVEWriter {
    private let advisory: Advisory

    init(_ advisory: Advisory) { self.advisory = advisory }

    func document() throws(AdvisoryError) -> JSONValue {
        guard advisory.vulnerabilities.count == 1, let vulnerability = advisory.vulnerabilities.first else {
            throw AdvisoryError(
                code: .value, path: ["vulnerabilities"],
                detail: "a CVE record tells of one vulnerability, not of \(advisory.vulnerabilities.count)")
        }
        guard let organisation = advisory.publisher.cveOrganisation else {
            throw AdvisoryError(
                code: .missing, path: ["vendor", "cve-organisation"],
                detail: "the UUID of the organisation that assigns the CVE id is missing")
        }
        guard !advisory.references.isEmpty else {
            throw AdvisoryError(code: .missing, path: ["references"], detail: "a CVE record needs a public reference")
        }
        guard let description = vulnerability.notes.first(where: { $0.category != .other }) else {
            throw AdvisoryError(code: .missing, path: ["summary"], detail: "what is wrong is not told")
        }
        return .members([
            "affected": .array(affected(vulnerability)),
            "credits": vulnerability.credits.isEmpty
                ? nil
                : .array(
                    vulnerability.credits.map { credit in
                        let name = credit.organisation.map { "\(credit.name) (\($0))" } ?? credit.name
                        return .members(["lang": "en", "type": "finder", "value": .string(name)])
                    }),
            "descriptions": .array([.members(["lang": "en", "value": .string(description.text)])]),
            "metrics": metrics(vulnerability),
            "problemTypes": vulnerability.weaknesses.isEmpty
                ? nil
                : .array(
                    vulnerability.weaknesses.map { weakness in
                        .members([
                            "descriptions": .array([
                                .members([
                                    "cweId": .string(weakness.id),
                                    "description": .string(
                                        weakness.name.map { "\(weakness.id) \($0)" } ?? weakness.id),
                                    "lang": "en", "type": "CWE",
                                ])
                            ])
                        ])
                    }),
            "providerMetadata": .members(["orgId": .string(organisation)]),
            "references": .array(advisory.references.map { .members(["url": .string($0.url)]) }),
            "source": .members(["discovery": "EXTERNAL"]),
            "title": .string(String((vulnerability.title ?? advisory.title).prefix(256))),
        ])
    }

    private func affected(_ vulnerability: AdvisoryVulnerability) -> [JSONValue] {
        let names = AdvisoryOrder.unique(advisory.products.map(\.name))
        return names.map { name in
            let products = advisory.products.filter { $0.name == name }
            let ids = Set(products.map(\.id))
            var versions: [JSONValue] = vulnerability.ranges.filter { ids.contains($0.product) }.map { range in
                .members([
                    "lessThan": range.fixed.map { .string($0) },
                    "lessThanOrEqual": range.fixed == nil ? .string(range.lastAffected ?? "*") : nil,
                    "status": "affected", "version": .string(range.introduced), "versionType": "custom",
                ])
            }
            let isRanged = !versions.isEmpty
            for product in products {
                guard let version = product.version, let status = status(of: product, vulnerability),
                    !(isRanged && status == "affected")
                else { continue }
                versions.append(.members(["status": .string(status), "version": .string(version)]))
            }
            return .members([
                "defaultStatus": .string(versions.isEmpty ? "unknown" : "unaffected"),
                "packageName": products.contains { $0.ecosystem != nil } ? .string(name) : nil,
                "product": .string(name),
                "vendor": .string(products.compactMap(\.vendor).first ?? "n/a"),
                "versions": versions.isEmpty ? nil : .array(versions),
            ])
        }
    }

    private func status(of product: AdvisoryProduct, _ vulnerability: AdvisoryVulnerability) -> String? {
        switch vulnerability.statements.first(where: { $0.products.contains(product.id) })?.status {
        case .affected: "affected"
        case .fixed, .notAffected: "unaffected"
        case .underInvestigation: "unknown"
        case nil: nil
        }
    }

    private func metrics(_ vulnerability: AdvisoryVulnerability) -> JSONValue? {
        let metrics: [JSONValue] = vulnerability.scores.compactMap { score in
            let keys = ["3.0": "cvssV3_0", "3.1": "cvssV3_1", "4.0": "cvssV4_0"]
            guard let key = keys[score.version], let number = JSONNumber(score.baseScore) else { return nil }
            let value = JSONValue.members([
                "baseScore": .number(number), "baseSeverity": .string(score.severity),
                "vectorString": .string(score.vector), "version": .string(score.version),
            ])
            return .object([key: value, "format": "CVSS"])
        }
        return metrics.isEmpty ? nil : .array(metrics)
    }
}
