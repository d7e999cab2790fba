import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

@testable import AssayChecks

/// Facts of a trust store, and what a check says to them.
private struct StoreCase: Sendable, CustomTestStringConvertible {
    let sentence: String
    let check: String
    let verdict: Verdict
    let change: @Sendable (inout TrustFacts) -> Void
    let message: String

    init(
        _ check: String, _ verdict: Verdict, _ message: String, _ sentence: String,
        _ change: @escaping @Sendable (inout TrustFacts) -> Void
    ) {
        (self.check, self.verdict, self.message, self.sentence, self.change) = (
            check, verdict, message, sentence, change
        )
    }

    var testDescription: String { "\(check): \(sentence)" }
}

struct TrustChecksTests {
    private static let today = "2026-11-24"
    /// 2026-11-23T12:00:00Z, and a day later.
    private static let yesterday: Int64 = 1_795_435_200
    private static let thisNoon = yesterday + 86_400

    private static func anchor(_ label: String) -> TrustAnchorFacts {
        var anchor = TrustAnchorFacts(
            label: label, fingerprint: String(repeating: "a", count: 64), place: Place("/etc/x.pem", line: 3))
        anchor.purposes = ["server-auth"]
        anchor.isAuthority = true
        anchor.isSelfIssued = true
        anchor.notBefore = 0
        anchor.notAfter = 4_000_000_000
        anchor.signatureAlgorithm = "1.2.840.113549.1.1.11"
        anchor.signatureDigest = "SHA-256"
        anchor.keyKind = "RSA"
        anchor.keyBits = 2048
        return anchor
    }

    private static var good: TrustFacts {
        var facts = TrustFacts()
        facts.layout = "ca-trust"
        facts.sourceCount = 1
        facts.counts = ["anchor": 2]
        facts.anchors = [anchor("One"), anchor("Two")]
        facts.store = TrustStoreFacts(place: Place("/etc/pki/ca-trust/extracted"), hasManifest: true)
        facts.store?.intact = 7
        return facts
    }

    private static func facts(_ change: (inout TrustFacts) -> Void) -> Facts {
        var trust = good
        change(&trust)
        var facts = Facts(subject: SubjectFacts(kind: .rootDirectory, name: "/root"))
        facts.trust = trust
        return facts
    }

    private static func fault(_ isUnreadable: Bool) -> TrustSourceFault {
        TrustSourceFault(
            Place("/etc/y", line: isUnreadable ? nil : 7), reason: isUnreadable ? "permission denied" : "no base64",
            isUnreadable: isUnreadable)
    }

    private static let cases: [StoreCase] = [
        StoreCase("trust.sources", .pass, "1 source files: 2 anchor", "all are read") { _ in },
        StoreCase("trust.sources", .fail, "/etc/y:7: no base64", "a fault") {
            $0.faults = [fault(true), fault(false)]
        },
        StoreCase("trust.sources", .unknown, "/etc/y: permission denied", "unreadable") { $0.faults = [fault(true)] },
        StoreCase("trust.sources", .notApplicable, "the subject has no sources of a trust store", "none") {
            $0.layout = nil
        },
        StoreCase("trust.sources", .notApplicable, "the folders of the sources are empty", "empty") {
            $0.sourceCount = 0
        },

        StoreCase("trust.expired", .pass, "none is past its end (2 anchors)", "in force") { _ in },
        StoreCase("trust.expired", .fail, "1 of 2 anchors are past their end: 'Two'", "past") {
            $0.anchors[1].notAfter = yesterday
        },
        StoreCase("trust.expired", .fail, "2 of 2 anchors are past their end: 'One' and 1 more", "both, and a fault") {
            $0.anchors[0].notAfter = -1
            $0.anchors[1].notAfter = -70_000_000_000_000
            $0.faults = [fault(false)]
        },
        StoreCase("trust.expired", .pass, "none is past its end (2 anchors)", "ends today") {
            $0.anchors[1].notAfter = thisNoon
        },
        StoreCase(
            "trust.expired", .unknown, "1 of 2 anchors: Two (aaaaaaaaaaaaaaaa): its end of validity is no date", "?"
        ) {
            $0.anchors[1].notAfter = nil
        },
        StoreCase("trust.expired", .unknown, "'/etc/y' could not be used: no base64", "a fault") {
            $0.faults = [fault(false)]
        },
        StoreCase("trust.expired", .notApplicable, "the sources have no anchor", "no anchor") { $0.anchors = [] },
        StoreCase("trust.expired", .notApplicable, "the subject has no sources of a trust store", "none") {
            $0.layout = nil
        },

        StoreCase(
            "trust.signature-algorithm", .pass, "none that others issued is signed with MD5 or SHA-1 (2 anchors)",
            "SHA-256"
        ) { _ in },
        StoreCase(
            "trust.signature-algorithm", .pass,
            "none that others issued is signed with MD5 or SHA-1 (2 anchors); 1 self-signed ones have an old algorithm, "
                + "which nobody checks", "self-signed"
        ) { $0.anchors[0].signatureDigest = "MD5" },
        StoreCase(
            "trust.signature-algorithm", .fail, "1 of 2 anchors are signed by others with MD5 or SHA-1: 'One'", "issued"
        ) {
            $0.anchors[0].signatureDigest = "SHA-1"
            $0.anchors[0].isSelfIssued = false
        },
        StoreCase(
            "trust.signature-algorithm", .pass, "none that others issued is signed with MD5 or SHA-1 (2 anchors)",
            "another algorithm"
        ) {
            $0.anchors[0].signatureDigest = nil
            $0.anchors[0].isSelfIssued = false
        },

        StoreCase("trust.key-strength", .pass, "no key is weak (2 anchors)", "RSA-2048") { _ in },
        StoreCase("trust.key-strength", .fail, "1 of 2 anchors have weak keys: 'One'", "RSA-2047") {
            $0.anchors[0].keyBits = 2047
        },
        StoreCase("trust.key-strength", .fail, "1 of 2 anchors have weak keys: 'One'", "EC-192") {
            ($0.anchors[0].keyKind, $0.anchors[0].keyBits, $0.anchors[0].curve) = ("EC", 192, "secp192r1")
        },
        StoreCase("trust.key-strength", .pass, "no key is weak (2 anchors)", "EC-256, ML-DSA") {
            ($0.anchors[0].keyKind, $0.anchors[0].keyBits, $0.anchors[0].curve) = ("EC", 256, "secp256r1")
            ($0.anchors[1].keyKind, $0.anchors[1].keyBits) = ("2.16.840.1.101.3.4.3.17", nil)
        },
        StoreCase(
            "trust.key-strength", .unknown, "1 of 2 anchors: One (aaaaaaaaaaaaaaaa): a key of the algorithm 1.2.3",
            "another algorithm"
        ) { ($0.anchors[0].keyKind, $0.anchors[0].keyBits) = ("1.2.3", nil) },

        StoreCase("trust.authority", .pass, "all are authorities (2 anchors)", "authorities") { _ in },
        StoreCase("trust.authority", .fail, "1 of 2 anchors are no certificate authorities: 'Two'", "a leaf") {
            $0.anchors[1].isAuthority = false
        },

        StoreCase("trust.distrust-after", .pass, "none is distrusted after a date (2 anchors)", "no date") { _ in },
        StoreCase(
            "trust.distrust-after", .fail,
            "1 of 2 anchors are distrusted after a date, which no output can say: 'Two'", "a date"
        ) { $0.anchors[1].serverDistrustAfter = thisNoon },
        StoreCase("trust.distrust-after", .pass, "none is distrusted after a date (2 anchors)", "for another purpose") {
            $0.anchors[1].emailDistrustAfter = yesterday
        },

        StoreCase(
            "trust.store-current", .pass, "7 files are as the manifest says, and what the sources give", "current"
        ) {
            _ in
        },
        StoreCase("trust.store-current", .notApplicable, "no trust store is published", "none") { $0.store = nil },
        StoreCase("trust.store-current", .fail, "/etc/a: another digest, and 1 more", "changed") {
            $0.store?.problems = [
                .init(Place("/etc/a"), kind: "changed", detail: "another digest"),
                .init(Place("/etc/b"), kind: "unreadable", detail: "permission denied"),
            ]
        },
        StoreCase("trust.store-current", .unknown, "/etc/b: permission denied", "unreadable") {
            $0.store?.problems = [.init(Place("/etc/b"), kind: "unreadable", detail: "permission denied")]
        },
        StoreCase("trust.store-current", .fail, "/etc/s: changed since the store was made", "outdated") {
            $0.store?.differences = [Gap(Place("/etc/s"), reason: "changed since the store was made")]
            $0.store?.problems = [.init(Place("/etc/b"), kind: "unreadable", detail: "permission denied")]
        },
        StoreCase(
            "trust.store-current", .unknown, "the store was not compared with its sources: a source cannot be used",
            "a fault in the sources"
        ) { $0.store?.notCompared = "a source cannot be used" },
        StoreCase(
            "trust.store-current", .pass, "7 files are as the manifest says; the subject has no sources",
            "ours without sources"
        ) {
            $0.layout = nil
            $0.store?.notCompared = "the subject has no sources"
        },
        StoreCase(
            "trust.store-current", .notApplicable, "another tool made the store, and the subject has no sources",
            "another tool's without sources"
        ) {
            $0.layout = nil
            $0.store?.hasManifest = false
            $0.store?.notCompared = "the subject has no sources"
        },
        StoreCase(
            "trust.store-current", .pass, "7 bundles of another tool have the certificates that the sources give",
            "another tool's"
        ) { $0.store?.hasManifest = false },
    ]

    @Test(arguments: cases) private func `a trust store is judged by what it says`(_ row: StoreCase) {
        let finding = judge(row.check, TrustChecksTests.facts(row.change))
        #expect(finding.verdict == row.verdict)
        #expect(finding.message == row.message)
        if row.verdict == .fail { #expect(finding.evidence.contains { $0.isException }) }
    }

    @Test func `the policy's evaluation time decides what is past`() {
        let facts = TrustChecksTests.facts { $0.anchors[0].notAfter = 1000 }
        func verdict(_ time: Int64?, today: String = TrustChecksTests.today) -> Verdict {
            let signatures = SignaturePolicy(evaluationTime: time)
            return TrustExpiredCheck.evaluate(
                facts, CheckContext(expected: .byDefault, signatures: signatures, today: today)
            ).verdict
        }
        #expect(verdict(1000) == .pass)
        #expect(verdict(1001) == .fail)
        #expect(verdict(nil) == .fail)
        #expect(verdict(nil, today: "1970-01-01") == .pass)
        #expect(verdict(nil, today: "1970-01-02") == .fail)
    }

    @Test func `a date of distrust says whether it is past`() {
        let facts = TrustChecksTests.facts { $0.anchors[0].serverDistrustAfter = TrustChecksTests.thisNoon }
        let value = judge("trust.distrust-after", facts).evidence.first?.value
        #expect(
            value == "One (aaaaaaaaaaaaaaaa): new certificates for servers since 2026-11-24T12:00:00Z, which is to come"
        )
    }

    @Test func `evidence is bounded`() {
        let facts = TrustChecksTests.facts { trust in
            trust.anchors = (0..<1000).map { number in
                var anchor = TrustChecksTests.anchor("\(number)")
                anchor.notAfter = 0
                return anchor
            }
        }
        let finding = judge("trust.expired", facts)
        #expect(finding.evidence.count == 200 && finding.evidenceOmitted == 800)
        #expect(finding.counts == ["fail": 1000])
    }
}
