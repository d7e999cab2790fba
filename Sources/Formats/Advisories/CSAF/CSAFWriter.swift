import AssayJSON

/// Writes CSAF 2.0 (https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html).
struct CSAFWriter {
    private let advisory: Advisory
    private let isVEX: Bool

    init(_ advisory: Advisory, isVEX: Bool) {
        self.advisory = advisory
        self.isVEX = isVEX
    }

    func document() throws(AdvisoryError) -> JSONValue {
        guard let namespace = advisory.publisher.namespace else {
            throw AdvisoryError(
                code: .missing, path: ["publisher", "namespace"],
                detail: "a URI that belongs to the publisher is missing")
        }
        guard !advisory.products.isEmpty else {
            throw AdvisoryError(code: .missing, path: ["products"], detail: "no product is named")
        }
        var vulnerabilities: [JSONValue] = []
        for vulnerability in advisory.vulnerabilities { vulnerabilities.append(try self.vulnerability(vulnerability)) }
        return .members([
            "document": .members([
                "category": .string(isVEX ? "csaf_vex" : "csaf_security_advisory"),
                "csaf_version": "2.0",
                "lang": "en",
                "publisher": .members([
                    "category": .string(advisory.publisher.category.rawValue),
                    "name": .string(advisory.publisher.name),
                    "namespace": .string(namespace),
                ]),
                "references": advisory.references.isEmpty
                    ? nil
                    : .array(
                        advisory.references.map { reference in
                            .members([
                                "category": "external",
                                "summary": .string(reference.summary ?? CSAFReference.summary(of: reference.kind)),
                                "url": .string(reference.url),
                            ])
                        }),
                "title": .string(advisory.title),
                "tracking": tracking,
            ]),
            "product_tree": CSAFProductTree.written(advisory.products),
            "vulnerabilities": .array(vulnerabilities),
        ])
    }

    private var tracking: JSONValue {
        let revisions =
            advisory.revisions.isEmpty
            ? [Advisory.Revision(number: "1", date: advisory.modified, summary: "First version")] : advisory.revisions
        return .members([
            "current_release_date": .string(advisory.modified),
            "id": .string(advisory.id),
            "initial_release_date": .string(advisory.published),
            "revision_history": .array(
                revisions.map { revision in
                    .members([
                        "date": .string(revision.date), "number": .string(revision.number),
                        "summary": .string(revision.summary),
                    ])
                }),
            "status": .string(advisory.status.rawValue),
            "version": .string(revisions.last?.number ?? "1"),
        ])
    }

    private func vulnerability(_ vulnerability: AdvisoryVulnerability) throws(AdvisoryError) -> JSONValue {
        guard !vulnerability.names.isEmpty || !isVEX else {
            throw AdvisoryError(
                code: .missing, path: ["identifiers"], detail: "the vulnerability has no name: a CVE id or another")
        }
        let statements = CSAFStatements(vulnerability.statements)
        return .members([
            "acknowledgments": vulnerability.credits.isEmpty
                ? nil
                : .array(
                    vulnerability.credits.map { credit in
                        .members([
                            "names": .strings([credit.name]), "organization": credit.organisation.map { .string($0) },
                        ])
                    }),
            "cve": vulnerability.cve.map { .string($0) },
            "cwe": vulnerability.weaknesses.first { $0.name != nil }.map {
                .members(["id": .string($0.id), "name": .string($0.name ?? $0.id)])
            },
            "discovery_date": vulnerability.discovered.map { .string($0) },
            "flags": statements.flags,
            "ids": vulnerability.identifiers.isEmpty
                ? nil
                : .array(
                    vulnerability.identifiers.map {
                        .members(["system_name": .string($0.system), "text": .string($0.text)])
                    }),
            "notes": vulnerability.notes.isEmpty
                ? nil
                : .array(
                    vulnerability.notes.map { note in
                        .members([
                            "category": .string(note.category.rawValue), "text": .string(note.text),
                            "title": note.title.map { .string($0) },
                        ])
                    }),
            "product_status": try statements.productStatus(),
            "remediations": statements.remediations,
            "scores": scores(vulnerability),
            "threats": statements.threats,
            "title": vulnerability.title.map { .string($0) },
        ])
    }

    /// CSAF 2.0 has no place for CVSS 4.0, which is left out.
    private func scores(_ vulnerability: AdvisoryVulnerability) -> JSONValue? {
        let products = vulnerability.statements.filter { [.affected, .underInvestigation].contains($0.status) }
            .flatMap(\.products)
        let scores: [JSONValue] = vulnerability.scores.compactMap { score in
            guard ["3.0", "3.1"].contains(score.version), let number = JSONNumber(score.baseScore), !products.isEmpty
            else {
                return nil
            }
            return .members([
                "cvss_v3": .members([
                    "baseScore": .number(number), "baseSeverity": .string(score.severity),
                    "vectorString": .string(score.vector), "version": .string(score.version),
                ]),
                "products": .strings(AdvisoryOrder.unique(products)),
            ])
        }
        return scores.isEmpty ? nil : .array(scores)
    }
}

/// What stands in CSAF for a kind of reference.
enum CSAFReference {
    private static let summaries = [
        "advisory": "Advisory", "article": "Article", "detection": "Detection", "discussion": "Discussion",
        "report": "Report", "fix": "Fix", "introduced": "Introduced by", "package": "Package",
        "evidence": "Evidence", "web": "Reference",
    ]

    static func summary(of kind: String) -> String { summaries[kind] ?? "Reference" }

    /// The kind that a summary of this program stands for.
    static func kind(of summary: String) -> String { summaries.first { $0.value == summary }?.key ?? "web" }
}

/// Orders that every format shares.
enum AdvisoryOrder {
    /// The texts in their order, each once.
    static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}
