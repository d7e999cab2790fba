/// Reads OSV.
struct OSVReader {
    func advisory(_ root: DocumentValue) throws(AdvisoryError) -> Advisory {
        let id = try root.requiredText("id")
        let modified = try root.requiredText("modified")
        let title = try root.text("summary") ?? id
        var advisory = Advisory(
            id: id, title: title, publisher: Publisher(category: .other, name: "OSV"),
            published: try root.text("published") ?? modified, modified: modified,
            withdrawn: try root.text("withdrawn"),
            status: .final)
        var vulnerability = AdvisoryVulnerability(title: title)
        for name in AdvisoryOrder.unique([id] + (try root.texts("aliases"))) {
            if vulnerability.cve == nil, VulnerabilityName.isCVE(name) {
                vulnerability.cve = name
            } else {
                vulnerability.identifiers.append(
                    AdvisoryVulnerability.Identifier(system: VulnerabilityName.system(of: name), text: name))
            }
        }
        if let details = try root.text("details") {
            vulnerability.notes.append(AdvisoryVulnerability.Note(.description, text: details))
        }
        for score in try root.elements("severity") {
            let vector = try score.requiredText("score")
            guard vector.hasPrefix("CVSS:"), let slash = vector.firstIndex(of: "/") else { continue }
            // OSV has the vector only; what it amounts to is computed by whoever needs it.
            vulnerability.scores.append(
                AdvisoryScore(
                    version: String(vector[vector.index(vector.startIndex, offsetBy: 5)..<slash]), vector: vector,
                    baseScore: "", severity: ""))
        }
        for weakness in try root["database_specific"]?.texts("cwe_ids") ?? [] {
            vulnerability.weaknesses.append(AdvisoryVulnerability.Weakness(id: weakness))
        }
        for credit in try root.elements("credits") {
            vulnerability.credits.append(AdvisoryVulnerability.Credit(name: try credit.requiredText("name")))
        }
        for reference in try root.elements("references") {
            advisory.references.append(
                AdvisoryReference(
                    kind: try reference.requiredText("type").lowercased(), url: try reference.requiredText("url")))
        }
        for affected in try root.elements("affected") { try read(affected, &advisory, &vulnerability) }
        advisory.vulnerabilities = [vulnerability]
        return advisory
    }

    private func read(
        _ affected: DocumentValue, _ advisory: inout Advisory, _ vulnerability: inout AdvisoryVulnerability
    ) throws(AdvisoryError) {
        guard let package = affected["package"] else { return }
        let first = advisory.products.count
        let versions = try affected.texts("versions")
        guard first + max(versions.count, 1) <= DocumentValue.maximumElements else {
            throw affected.error(.tooLarge, "more than \(DocumentValue.maximumElements) versions")
        }
        for (offset, version) in (versions.isEmpty ? [nil] : versions.map { Optional($0) }).enumerated() {
            advisory.products.append(
                AdvisoryProduct(
                    id: "P\(first + offset + 1)", name: try package.requiredText("name"), version: version,
                    ecosystem: try package.requiredText("ecosystem"), packageURL: try package.text("purl")))
        }
        let ids = advisory.products[first...].map(\.id)
        vulnerability.statements.append(AdvisoryStatement(products: ids, status: .affected))
        for range in try affected.elements("ranges") {
            // A range of commits names no version of a package.
            guard try range.text("type") != "GIT" else { continue }
            var current: AffectedRange?
            for event in try range.elements("events") {
                if let introduced = try event.text("introduced") {
                    if let current { vulnerability.ranges.append(current) }
                    current = AffectedRange(product: ids[0], introduced: introduced)
                } else if var open = current {
                    open.fixed = try event.text("fixed")
                    open.lastAffected = try event.text("last_affected")
                    vulnerability.ranges.append(open)
                    current = nil
                }
            }
            if let current { vulnerability.ranges.append(current) }
        }
    }
}
