import AssayJSON

/// Reads the container of a CVE record that its CNA fills: enough to know what it speaks of.
struct CVEReader {
    func advisory(_ root: DocumentValue) throws(AdvisoryError) -> Advisory {
        let provider = try root.required("providerMetadata")
        let organisation = try provider.requiredText("orgId")
        let title = try root.text("title") ?? "CVE record"
        let datePublic = try root.text("datePublic")
        let time = try provider.text("dateUpdated") ?? datePublic ?? "1970-01-01T00:00:00Z"
        var advisory = Advisory(
            id: organisation, title: title,
            publisher: Publisher(
                category: .vendor, name: try provider.text("shortName") ?? organisation, cveOrganisation: organisation),
            published: time, modified: time, status: .final)
        var vulnerability = AdvisoryVulnerability(title: title)
        for description in try root.elements("descriptions") {
            vulnerability.notes.append(
                AdvisoryVulnerability.Note(.description, text: try description.requiredText("value")))
        }
        for type in try root.elements("problemTypes") {
            for description in try type.elements("descriptions") {
                guard let id = try description.text("cweId") else { continue }
                let text = try description.requiredText("description")
                let name = text.hasPrefix(id + " ") ? String(text.dropFirst(id.count + 1)) : nil
                vulnerability.weaknesses.append(AdvisoryVulnerability.Weakness(id: id, name: name))
            }
        }
        for reference in try root.elements("references") {
            advisory.references.append(AdvisoryReference(kind: "web", url: try reference.requiredText("url")))
        }
        for credit in try root.elements("credits") {
            vulnerability.credits.append(AdvisoryVulnerability.Credit(name: try credit.requiredText("value")))
        }
        for metric in try root.elements("metrics") {
            for key in ["cvssV3_0", "cvssV3_1", "cvssV4_0"] {
                guard let value = metric[key], let number = value["baseScore"]?.value.number else { continue }
                vulnerability.scores.append(
                    AdvisoryScore(
                        version: try value.requiredText("version"), vector: try value.requiredText("vectorString"),
                        baseScore: number.description, severity: try value.requiredText("baseSeverity")))
            }
        }
        for affected in try root.elements("affected") {
            let id = "P\(advisory.products.count + 1)"
            let packageName = try affected.text("packageName")
            advisory.products.append(
                AdvisoryProduct(
                    id: id, name: try affected.text("product") ?? packageName ?? "n/a",
                    vendor: try affected.text("vendor")))
            for version in try affected.elements("versions") where try version.text("status") == "affected" {
                let last = try version.text("lessThanOrEqual")
                vulnerability.ranges.append(
                    AffectedRange(
                        product: id, introduced: try version.requiredText("version"),
                        fixed: try version.text("lessThan"), lastAffected: last == "*" ? nil : last))
            }
        }
        advisory.vulnerabilities = [vulnerability]
        return advisory
    }
}
