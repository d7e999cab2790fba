import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

struct AuthenticityContentTests {
    /// What can be wrong with the statement of a list, and what is said of it.
    static let statements: [(String, @Sendable (inout LinkFacts) -> Void, against: [String], Outcome)] = [
        ("digest", { $0.computed = String(repeating: "00", count: 32) }, ["content.digest"], .fail),
        ("size", { $0.size = 4_095 }, ["content.digest"], .fail),
        ("not computed", { $0.computed = nil }, ["content.digest"], .unknown),
        ("not stated", { $0.expected = nil }, ["content.digest"], .unknown),
        (
            "neither",
            {
                $0.expected = nil
                $0.computed = nil
            }, ["content.digest"], .unknown
        ),
        ("not listed", { $0.fault = .notListed }, ["content.listed"], .fail),
        ("ambiguous", { $0.fault = .ambiguous }, ["content.listed"], .fail),
        ("malformed", { $0.fault = .malformedList }, ["content.listed"], .fail),
        ("unreadable", { $0.fault = .unreadable }, ["content.digest"], .unknown),
        ("no usable digest", { $0.fault = .noUsableDigest }, ["content.digest"], .fail),
    ]

    @Test(arguments: statements.indices)
    func `a statement that does not hold is refused or unknown`(_ index: Int) {
        let (name, change, against, outcome) = Self.statements[index]
        for (facts, depth) in [(Genuine.iso, 0), (Genuine.deb, 0), (Genuine.deb, 1)] {
            let judged = facts.with { change(&$0.files[0].vouchers[0].links[depth]) }.judged()
            #expect(judged.against == against, "\(name)")
            #expect(judged.outcome == outcome, "\(name)")
            #expect(judged.findings.filter { against.contains($0.check) }.allSatisfy { !$0.evidence.isEmpty })
        }
    }

    @Test func `a mismatch shows both values`() throws {
        let judged = Genuine.iso.link {
            $0.computed = "00ff"
            $0.size = 1
        }.judged()
        #expect(judged.says("content.digest") == "/srv/Vendor-3.0-x86_64.iso is not what /srv/SHA256SUMS says")
        let evidence = try #require(judged.finding("content.digest").evidence.first)
        #expect(evidence.value.contains("4096 bytes stated, 1 found"))
        #expect(evidence.value.contains("SHA-256 \(Genuine.digest) stated, 00ff found"))
        #expect(evidence.location == Location("/srv/SHA256SUMS", line: 2))
    }

    @Test(arguments: statements.indices)
    func `a good list does not make up for another one`(_ index: Int) {
        let (name, change, against, outcome) = Self.statements[index]
        for isFirst in [true, false] {
            let judged = Genuine.iso.with { facts in
                var voucher = facts.files[0].vouchers[0]
                change(&voucher.links[0])
                facts.files[0].vouchers.insert(voucher, at: isFirst ? 0 : 1)
            }.judged()
            #expect(judged.against == against, "\(name)")
            #expect(judged.outcome == outcome, "\(name)")
        }
    }

    @Test func `of several documents the one that is signed well enough counts`() {
        let facts = Genuine.iso.with {
            $0.documents.insert(Genuine.document(.checksumList, "/srv/MD5SUMS", []), at: 0)
            let voucher = $0.files[0].vouchers[0]
            $0.files[0].vouchers = [
                VoucherFacts(links: voucher.links, document: nil), VoucherFacts(links: voucher.links, document: 0),
                VoucherFacts(links: voucher.links, document: 1),
            ]
        }
        #expect(facts.judged().outcome == .pass)
        #expect(facts.with { $0.documents[1].signatures = [] }.judged().against == ["signature.present"])
    }

    @Test(arguments: [nil, 1, -1, Int.max, Int.min] as [Int?])
    func `a way that ends in no document leaves the file unsigned`(_ document: Int?) {
        for facts in [Genuine.iso, Genuine.deb] {
            let judged = facts.with { $0.files[0].vouchers[0].document = document }.judged()
            #expect(judged.against == ["signature.present"])
            #expect(judged.says("signature.present").hasPrefix("nothing that is signed vouches for it"))
            #expect(judged.outcome == .fail)
        }
        let package = Genuine.rpm.with {
            $0.documents = []
            $0.files[0].vouchers[0].document = document
        }
        #expect(package.judged().outcome == .fail)
    }

    @Test func `nothing vouches for a file without vouchers`() {
        for facts in [Genuine.iso, Genuine.deb, Genuine.rpm] {
            let judged = facts.file { $0.vouchers = [] }.judged()
            #expect(judged.against == ["signature.present"])
        }
    }

    @Test func `a signed list says nothing of a file that no entry ties to it`() {
        for facts in [Genuine.iso, Genuine.deb] {
            let judged = facts.with { $0.files[0].vouchers[0].links = [] }.judged()
            #expect(judged.against == ["content.digest"])
            #expect(judged.outcome == .unknown)
        }
        // An index is its own document.
        for kind in [SignedDocumentFacts.Kind.repositoryIndex, .release] {
            var facts = Genuine.deb.file { $0.vouchers[0].links = [] }
            facts.files[0].kind = .repositoryMetadata
            facts.files[0].package = nil
            facts.documents[0].kind = kind
            #expect(facts.judged().outcome == .pass)
        }
    }

    // MARK: Packages

    @Test func `a signature of the header alone covers no payload`() {
        let bare = Genuine.rpm.link {
            $0.fault = .noUsableDigest
            $0.detail = "only the header is signed: nothing says what the payload must be"
        }
        let open = bare.file {
            $0.coverage[2].protection = .attackerControlled
            $0.coverage[2].reason = "nothing"
        }
        for facts in [bare, open] {
            #expect(facts.judged().against == ["content.coverage"], "the repository vouches for the bytes")
            #expect(facts.judged().says("content.coverage").contains("only the header is signed"))
            let alone = facts.file { $0.vouchers.removeLast() }.judged()
            #expect(alone.against == ["content.coverage", "content.digest"])
        }
        let weak = Genuine.rpm.file { $0.coverage[1].protection = .digestOnly }.judged()
        #expect(weak.against == ["content.coverage"])
        #expect(weak.says("content.coverage") == "no signature covers the header: RSAHEADER")
    }

    @Test func `a signature that the policy does not accept covers nothing`() {
        // The map says 'signed' because of the signature over both, which counts for nobody.
        let facts = Genuine.rpm.with {
            $0.files[0].vouchers[0].links = []
            $0.documents[0].signatures = [
                Genuine.signature(scope: "header"), Genuine.signature(scope: "header and payload", hash: "sha1"),
            ]
        }
        #expect(facts.judged().against == ["content.coverage"])
        #expect(facts.judged().says("content.coverage") == "the signatures that count cover the header only")
        let accepting = SignaturePolicy(hashes: ["sha256": nil, "sha1": nil])
        #expect(facts.judged(accepting).outcome == .pass)
        #expect(facts.signed(Genuine.signature(scope: "header and payload")).judged().outcome == .pass)
        let weak = Genuine.rpm.link { $0.algorithm = "MD5" }
        #expect(weak.judged().against == ["content.coverage"])
    }

    @Test(arguments: [[], [0], [0, 1], [0, 2]])
    func `a map without header or payload is unknown`(_ parts: [Int]) {
        let judged = Genuine.rpm.file { file in file.coverage = parts.map { file.coverage[$0] } }.judged()
        #expect(judged.against == ["content.coverage"])
        #expect(judged.outcome == .unknown)
    }

    @Test func `a package is judged by its own signature and by the repository that lists it`() {
        #expect(Genuine.rpm.signed().judged().against == ["signature.present"])
        let unsignedIndex = Genuine.rpm.with { $0.documents[1].signatures = [] }
        #expect(unsignedIndex.judged().outcome == .pass)
        let wrong = Genuine.rpm.with { $0.files[0].vouchers[1].links[0].computed = "00" }
        #expect(wrong.judged().against == ["content.digest"])
        let unlisted = Genuine.rpm.with { $0.files[0].vouchers[1].links[0].fault = .notListed }
        #expect(unlisted.judged().against == ["content.listed"])
        let payload = Genuine.rpm.link { $0.computed = "00" }
        #expect(payload.judged()["content.digest"] == .fail)
    }

    @Test(arguments: [LinkFacts.Fault.notListed, .ambiguous, .malformedList, .unreadable])
    func `a package's own header is no list, and does not pass with a list's fault`(_ fault: LinkFacts.Fault) {
        let judged = Genuine.rpm.link { $0.fault = fault }.judged()
        #expect(judged["content.digest"] == .unknown)
        #expect(judged.outcome != .pass)
    }

    @Test(arguments: [Genuine.rpm, Genuine.deb])
    func `unsigned parts that nobody writes fail, file signatures are information`(_ facts: AuthenticityFacts) {
        func unsigned(_ codes: String...) -> Judged {
            facts.file { file in
                file.unsignedContent = codes.map {
                    UnsignedContent(code: $0, text: "there is \($0)", place: Place("x", offset: 7), count: 9)
                }
            }.judged()
        }
        let odd = unsigned("unknown-signature-tag", "file-signatures")
        #expect(odd["content.unsigned-bytes"] == .fail)
        #expect(odd.says("content.unsigned-bytes").hasSuffix("there is unknown-signature-tag"))
        #expect(odd.finding("content.unsigned-bytes").evidence.map(\.how) == ["unknown-signature-tag"])
        #expect(odd.outcome == .fail)
        for code in ["file-signatures", "verity-signatures"] {
            let signatures = unsigned(code)
            #expect(signatures["content.unsigned-bytes"] == .pass)
            #expect(signatures.outcome == .pass)
            let isPackage = facts.files[0].kind == .rpmPackage
            #expect(signatures["content.file-signatures"] == (isPackage ? .fail : .notApplicable))
            #expect(signatures.finding("content.file-signatures").severity == .info)
        }
    }

    @Test(arguments: [(true, Outcome.fail), (false, .unknown)])
    func `a file that is against its format is refused, one that cannot be read is unknown`(
        _ isMalformed: Bool, _ outcome: Outcome
    ) {
        for facts in [Genuine.iso, Genuine.rpm, Genuine.deb] {
            let judged = facts.file {
                $0.problem = FileProblem(isMalformed: isMalformed, reason: "why", place: Place("x", offset: 5))
            }.judged()
            #expect(judged.against == ["content.understood"])
            #expect(judged.says("content.understood") == "why")
            #expect(judged.outcome == outcome)
        }
    }

    @Test func `no file at all is a failure`() {
        let judged = Genuine.iso.with { $0.files = [] }.judged()
        #expect(judged["content.understood"] == .fail)
        #expect(judged.outcome == .fail)
        #expect(judged.findings.allSatisfy { $0.verdict != .pass })
        #expect(judged.chains == [])
    }

    @Test func `of many files the worst counts, and evidence names it`() {
        let good = Genuine.iso.files[0]
        let bad = Genuine.iso.link { $0.computed = "00" }.files[0]
        let open = Genuine.iso.link { $0.computed = nil }.files[0]
        let cases: [([VouchedFileFacts], Verdict, String)] = [
            ([good, good], .pass, "equal (SHA-256)"), ([good, open], .unknown, "1 of 2 files; "),
            ([open, bad, good, bad], .fail, "2 of 4 files; "),
        ]
        for (files, verdict, message) in cases {
            let judged = Genuine.iso.with { $0.files = files }.judged()
            #expect(judged["content.digest"] == verdict)
            #expect(judged.says("content.digest").hasPrefix(message))
            #expect(judged.finding("content.digest").evidence.count == files.count { $0 != good })
            #expect(judged.finding("content.digest").counts.values.reduce(0, +) == files.count)
        }
        let many = Genuine.iso.with { $0.files = Array(repeating: bad, count: 300) }.judged()
        #expect(many.finding("content.digest").evidence.count == 200)
        #expect(many.finding("content.digest").evidenceOmitted == 100)
    }
}
