import AssayChecks
import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

/// Synthetic facts about files that are genuine in every respect, to be spoilt by tests.
enum Genuine {
    /// The time of judgement: 2026-11-24.
    static let now: Int64 = 1_795_500_000
    static let alice = String(repeating: "a1", count: 20)
    static let bob = String(repeating: "b2", count: 20)
    static let carol = String(repeating: "c3", count: 20)
    static let digest = String(repeating: "0f", count: 32)

    /// A pinned certificate.
    static func pin(_ fingerprint: String, for source: String = "vendor", _ fileNames: String...) -> PinnedKeyFacts {
        PinnedKeyFacts(
            source: source, origin: "built in", fingerprint: fingerprint, userIDs: ["\(source) <keys@example.org>"],
            algorithm: "rsa2048", created: now - 100_000_000, expires: nil, revocation: nil, fileNames: fileNames)
    }

    /// A signature with SHA-256 by a key that is certificate and signing key in one.
    static func signature(
        by key: String = alice, _ check: SignatureFacts.Check = .valid, faults: [String] = [], scope: String? = nil,
        hash: String = "sha256"
    ) -> SignatureFacts {
        SignatureFacts(
            place: Place("/srv/list.sig", offset: 3), scope: scope, version: 4, hashAlgorithm: hash,
            keyAlgorithm: "rsa2048", keyBits: 2048, created: now - 1_000_000, expires: nil, claimedIssuers: [key],
            check: check, signingKey: check == .valid ? key : nil, certificate: check == .valid ? key : nil,
            faults: faults.map { SignatureFacts.Fault(code: $0, text: "the fault \($0)") })
    }

    /// A statement that fits.
    static func link(_ file: String, by list: String) -> LinkFacts {
        var link = LinkFacts(file: file, statedBy: Place(list, line: 2))
        link.algorithm = "SHA-256"
        link.expected = digest
        link.computed = digest
        link.expectedSize = 4_096
        link.size = 4_096
        return link
    }

    static func document(
        _ kind: SignedDocumentFacts.Kind, _ name: String, _ signatures: [SignatureFacts]
    ) -> SignedDocumentFacts {
        SignedDocumentFacts(
            kind: kind, name: name, signatures: signatures,
            searched: [SignatureSearch(Place(name + ".sig"), signatures.isEmpty ? .absent : .found)])
    }

    private static func facts(_ file: VouchedFileFacts, _ documents: [SignedDocumentFacts]) -> AuthenticityFacts {
        var facts = AuthenticityFacts(evaluatedAt: now)
        facts.files = [file]
        facts.documents = documents
        facts.keys = [pin(alice)]
        return facts
    }

    /// An image that a signed list of checksums names.
    static var iso: AuthenticityFacts {
        var file = VouchedFileFacts(name: "/srv/Vendor-3.0-x86_64.iso", kind: .isoImage, size: 4_096)
        file.vouchers = [VoucherFacts(links: [link(file.name, by: "/srv/SHA256SUMS")], document: 0)]
        let check = ISOImageFacts.MediaCheckFacts(length: 4_000, expected: "5d", computed: "5d")
        var image = ISOImageFacts(volumeID: "VENDOR-3.0", mediaCheck: .found(check, Place(file.name, offset: 33_651)))
        image.bootMethods = [boot("UEFI", "x86_64")]
        image.versions = [Sourced("3.0", Place("volume identifier"))]
        image.nameVersion = "3.0"
        image.nameArchitecture = "x86_64"
        file.image = image
        return facts(file, [document(.checksumList, "/srv/SHA256SUMS", [signature()])])
    }

    static func boot(_ platform: String, _ architecture: String?) -> ISOImageFacts.BootMethod {
        ISOImageFacts.BootMethod(
            platform: platform, architecture: architecture, place: Place("/EFI/BOOT"), how: "EFI/BOOT")
    }

    /// A package whose header is signed and holds a digest of the payload, from a repository that lists it.
    static var rpm: AuthenticityFacts {
        let name = "/srv/tool-1.2-3.azl3.x86_64.rpm"
        var file = VouchedFileFacts(name: name, kind: .rpmPackage, size: 4_096)
        file.vouchers = [
            VoucherFacts(links: [link("payload", by: "header 5092 (PAYLOADDIGEST)")], document: 0),
            VoucherFacts(links: [link(name, by: "primary.xml"), link("primary.xml", by: "repomd.xml")], document: 1),
        ]
        file.package = PackageIdentityFacts(
            name: "tool", version: "1:1.2-3.azl3", architecture: "x86_64", vendor: "Vendor",
            fileName: "tool-1.2-3.azl3.x86_64.rpm")
        file.coverage = [
            CoverageFacts(part: "lead", offset: 0, count: 96, protection: .attackerControlled, reason: "before"),
            CoverageFacts(part: "header", offset: 96, count: 1_000, protection: .signed, reason: "RSAHEADER"),
            CoverageFacts(part: "payload", offset: 1_096, count: 3_000, protection: .signed, reason: "PAYLOADDIGEST"),
        ]
        return facts(
            file,
            [
                document(.packageHeader, name, [signature(scope: "header")]),
                document(.repositoryIndex, "repomd.xml", [signature()]),
            ])
    }

    /// A package that an index names, which a signed Release names.
    static var deb: AuthenticityFacts {
        let name = "/srv/tool_1.2-3_amd64.deb"
        var file = VouchedFileFacts(name: name, kind: .debianPackage, size: 4_096)
        file.vouchers = [
            VoucherFacts(links: [link(name, by: "Packages"), link("Packages", by: "InRelease")], document: 0)
        ]
        file.package = PackageIdentityFacts(
            name: "tool", version: "1.2-3", architecture: "amd64", vendor: nil, fileName: "tool_1.2-3_amd64.deb")
        var document = document(.release, "InRelease", [signature()])
        document.release = ReleaseFacts(
            origin: "Vendor", suite: "stable", codename: "trixie", date: now - 86_400, validUntil: now + 86_400,
            requestedAs: "trixie")
        return facts(file, [document])
    }
}

extension AuthenticityFacts {
    /// These facts with a change.
    func with(_ change: (inout AuthenticityFacts) -> Void) -> AuthenticityFacts {
        var facts = self
        change(&facts)
        return facts
    }

    /// These facts with other signatures of the first document.
    func signed(_ signatures: SignatureFacts...) -> AuthenticityFacts {
        with { $0.documents[0].signatures = signatures }
    }

    /// These facts with a change of the first file.
    func file(_ change: (inout VouchedFileFacts) -> Void) -> AuthenticityFacts { with { change(&$0.files[0]) } }

    /// These facts with a change of the first file's first statement.
    func link(_ change: (inout LinkFacts) -> Void) -> AuthenticityFacts {
        with { change(&$0.files[0].vouchers[0].links[0]) }
    }

    /// The judgement under the profile for files.
    func judged(_ signatures: SignaturePolicy = .standard, _ policy: Policy = Policy(today: "2026-11-24")) -> Judged {
        Judged(self, signatures, policy)
    }
}

/// What the profile `authenticity` says of facts.
struct Judged {
    let findings: [Finding]
    let outcome: Outcome
    let chains: [FileChain]

    init(_ authenticity: AuthenticityFacts, _ signatures: SignaturePolicy, _ policy: Policy) {
        var policy = policy
        policy.signatures = signatures
        var facts = Facts(subject: SubjectFacts(kind: .files, name: "/srv"))
        facts.authenticity = authenticity
        guard let profile = ProfileCatalog.profile(named: "authenticity") else {
            Issue.record("there is no profile for files")
            (findings, outcome, chains) = ([], .fail, [])
            return
        }
        (findings, outcome) = Gate.judge(CheckRegistry.judge(facts, by: profile, under: policy), under: policy)
        chains = CheckRegistry.judgeWithFiles(facts, by: profile, under: policy).files ?? []
    }

    subscript(_ check: String) -> Verdict { finding(check).verdict }

    func finding(_ check: String) -> Finding {
        findings.first { $0.check == check }
            ?? Finding(
                check: check, section: "", title: "", severity: .critical, documented: nil,
                judgement: .unknown("the profile does not ask it"), remedy: "", reference: "")
    }

    func says(_ check: String) -> String { finding(check).message }

    /// The checks that failed or are unknown, ordered.
    var against: [String] { findings.filter { $0.verdict == .fail || $0.verdict == .unknown }.map(\.check).sorted() }
}
