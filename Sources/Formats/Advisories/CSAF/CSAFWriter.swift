import AssayJSON

/// Writes CSAF; what its versions differ in is in `CSAFVersion`.
struct CSAFWriter {
    private let advisory: Advisory
    private let version: CSAFVersion
    private let isVEX: Bool

    init(_ advisory: Advisory, _ version: CSAFVersion, isVEX: Bool) {
        self.advisory = advisory
        self.version = version
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
            "$schema": version.schema,
            "document": .members([
                "category": .string(isVEX ? "csaf_vex" : "csaf_security_advisory"),
                "csaf_version": .string(version.rawValue),
                "distribution": version.distribution(of: advisory),
                "lang": "en",
                "publisher": .members([
                    "category": version.category(of: advisory.publisher),
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
            "product_tree": CSAFProductTree(version).written(advisory.products),
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
        try version.require(vulnerability, isVEX: isVEX)
        let statements = CSAFStatements(vulnerability.statements)
        let notes = version.notes(of: vulnerability)
        // What is fixed or not affected is not severe.
        let scored = AdvisoryOrder.unique(
            vulnerability.statements.filter { [.affected, .underInvestigation].contains($0.status) }.flatMap(\.products)
        )
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
            "cwe": version.weakness(of: vulnerability),
            "cwes": version.weaknesses(of: vulnerability),
            "disclosure_date": version.disclosureDate(of: vulnerability),
            "discovery_date": vulnerability.discovered.map { .string($0) },
            "flags": statements.flags,
            "ids": vulnerability.identifiers.isEmpty
                ? nil
                : .array(
                    vulnerability.identifiers.map {
                        .members(["system_name": .string($0.system), "text": .string($0.text)])
                    }),
            "metrics": version.metrics(of: vulnerability, scored),
            "notes": notes.isEmpty
                ? nil
                : .array(
                    notes.map { note in
                        .members([
                            "category": .string(note.category.rawValue), "text": .string(note.text),
                            "title": note.title.map { .string($0) },
                        ])
                    }),
            "product_status": try statements.productStatus(),
            "remediations": statements.remediations,
            "scores": version.scores(of: vulnerability, scored),
            "threats": statements.threats,
            "title": vulnerability.title.map { .string($0) },
        ])
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
