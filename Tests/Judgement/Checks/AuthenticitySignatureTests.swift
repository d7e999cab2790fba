import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

struct AuthenticitySignatureTests {
    private static let section = [
        "signature.present", "signature.valid", "signature.key", "signature.key-status", "signature.time",
        "signature.algorithm", "signature.supported", "signature.threshold",
    ]

    /// The check that each fault of a signature belongs to.
    static let faults: [(code: String, check: String)] = [
        ("bad-signature", "valid"), ("wrong-signature-type", "valid"), ("critical-subpacket", "valid"),
        ("issuer-mismatch", "valid"), ("unknown-key", "key"), ("expired-key", "key-status"),
        ("signed-after-key-expiry", "key-status"), ("revoked-key", "key-status"), ("key-revoked-later", "key-status"),
        ("undecided-revocation", "key-status"), ("not-a-signing-key", "key-status"), ("unbound-key", "key-status"),
        ("weak-binding", "key-status"), ("expired-signature", "time"), ("created-in-the-future", "time"),
        ("created-before-key", "time"), ("weak-hash", "algorithm"), ("weak-key", "algorithm"),
        ("unsupported-algorithm", "supported"), ("unsupported-hash", "supported"), ("not-hashed", "supported"),
        ("never-heard-of", "supported"),
    ]

    @Test func `the table has every fault that the policy knows`() {
        let known = SignaturePolicy.excusableFaults.union(SignaturePolicy.inexcusableFaults)
        #expect(Set(Self.faults.map(\.code)).subtracting(["never-heard-of"]) == known)
    }

    @Test(arguments: [Genuine.iso, Genuine.rpm, Genuine.deb])
    func `genuine files pass`(_ facts: AuthenticityFacts) {
        let judged = facts.judged()
        #expect(judged.against == [])
        #expect(judged.outcome == .pass)
        for check in Self.section { #expect(judged[check] == .pass, "\(check)") }
        #expect(judged.says("signature.key").contains(Genuine.alice))
        #expect(judged.says("signature.threshold") == "1 of 1 needed")
    }

    @Test(arguments: faults)
    func `a fault of a right signature is against its own check`(_ code: String, _ name: String) {
        // A pinned key's own weak binding is accepted, and SHA-256 is weak for nobody.
        let key = code == "weak-binding" ? Genuine.bob : Genuine.alice
        let signature = Genuine.signature(by: key, faults: [code], hash: code == "weak-hash" ? "sha1" : "sha256")
        let judged = Genuine.iso.signed(signature).judged()
        let check = "signature.\(name)"
        let verdict: Verdict = name == "supported" ? .unknown : .fail
        #expect(judged[check] == verdict)
        #expect(judged.says(check).contains(code))
        #expect(judged.finding(check).evidence.first?.how == code)
        #expect(judged.finding(check).evidence.first?.isException == true)
        #expect(judged["signature.threshold"] == verdict)
        let expected = Set([check, "signature.threshold"]).union(code == "weak-binding" ? ["signature.key"] : [])
        #expect(Set(judged.against) == expected)
        #expect(judged.outcome == (verdict == .fail ? .fail : .unknown))
    }

    @Test(arguments: faults, [SignatureFacts.Check.invalid, .notChecked])
    func `of a signature that is not right nothing but its presence passes`(
        _ fault: (code: String, check: String), _ check: SignatureFacts.Check
    ) {
        let judged = Genuine.iso.signed(Genuine.signature(check, faults: [fault.code])).judged()
        let passed = Self.section.filter { judged[$0] == .pass }
        #expect(passed == ["signature.present"])
        #expect(judged[check == .invalid ? "signature.valid" : "signature.\(fault.check)"] != .pass)
        #expect(judged.outcome != .pass)
        if check == .invalid { #expect(judged["signature.valid"] == .fail) }
    }

    @Test(arguments: [SignatureFacts.Check.invalid, .notChecked])
    func `a signature that is not right needs no fault`(_ check: SignatureFacts.Check) {
        let judged = Genuine.iso.signed(Genuine.signature(check)).judged()
        #expect(judged["signature.valid"] == (check == .invalid ? .fail : .notApplicable))
        #expect(judged["signature.supported"] == (check == .invalid ? .notApplicable : .unknown))
        #expect(judged["signature.threshold"] == (check == .invalid ? .fail : .unknown))
    }

    @Test func `a bad signature beside a good one fails, unknown and unsupported ones do not`() {
        let bad = Genuine.iso.signed(Genuine.signature(), Genuine.signature(.invalid)).judged()
        #expect(bad.against == ["signature.valid"])
        #expect(bad.outcome == .fail)
        for code in ["unknown-key", "unsupported-algorithm", "unsupported-hash", "never-heard-of"] {
            let good = Genuine.iso.signed(Genuine.signature(.notChecked, faults: [code]), Genuine.signature()).judged()
            #expect(good.against == [], "\(code)")
            #expect(good.outcome == .pass)
        }
    }

    @Test func `a weak binding of a pinned key is excused with its sentence`() {
        let judged = Genuine.iso.signed(Genuine.signature(faults: ["weak-binding"])).judged()
        #expect(judged.outcome == .pass)
        #expect(
            judged.says("signature.key-status")
                == "the fault weak-binding: accepted, because the certificate itself is pinned")
        #expect(judged.finding("signature.valid").evidence.contains { $0.value.contains("accepted, because") })
    }

    @Test func `a certificate that is nowhere named, disabled or unknown signs nothing`() {
        var nameless = Genuine.signature()
        nameless.certificate = nil
        let cases = [
            Genuine.iso.signed(nameless), Genuine.iso.signed(Genuine.signature(by: Genuine.bob)),
            Genuine.iso.with { $0.keys = [] },
            Genuine.iso.with {
                $0.disabledKeys = $0.keys
                $0.keys = []
            },
        ]
        for facts in cases {
            #expect(facts.judged().against == ["signature.key", "signature.threshold"])
            #expect(facts.judged().says("signature.key") == "its key is pinned for no source")
        }
    }

    /// The names that sources `a` (Alice's) and `b` (Bob's) publish, and which of their keys may sign `Vendor-….iso`.
    static let scopes: [(a: [String], b: [String], source: String?, alice: Bool, bob: Bool)] = [
        ([], [], nil, true, true), (["Vendor-*"], [], nil, true, false), (["other-*"], [], nil, false, true),
        (["Vendor-*"], ["*.iso"], nil, true, true), (["other-*"], ["more-*"], nil, false, false),
        (["VENDOR-?.0-*"], ["*.rpm"], nil, true, false), (["Vendor-*"], [], "a", true, false),
        (["Vendor-*"], [], "b", false, true), (["other-*"], ["more-*"], "a", true, false), ([], [], "c", false, false),
    ]

    @Test(arguments: scopes)
    func `the named source, or the one that claims the name, decides whose key counts`(
        _ scope: (a: [String], b: [String], source: String?, alice: Bool, bob: Bool)
    ) {
        for (key, isAccepted) in [(Genuine.alice, scope.alice), (Genuine.bob, scope.bob)] {
            let judged = Genuine.iso.signed(Genuine.signature(by: key)).with {
                $0.keys = [Genuine.pin(Genuine.alice, for: "a"), Genuine.pin(Genuine.bob, for: "b")]
                $0.keys[0].fileNames = scope.a
                $0.keys[1].fileNames = scope.b
                $0.expectedSource = scope.source
            }.judged()
            #expect(judged.against == (isAccepted ? [] : ["signature.key", "signature.threshold"]), "\(key)")
            if !isAccepted { #expect(judged.says("signature.key").contains("pinned for")) }
        }
    }

    @Test func `one source vouches for every name, unless a disabled one claims it`() {
        let one = Genuine.iso.with { $0.keys = [Genuine.pin(Genuine.alice, for: "a", "other-*")] }
        #expect(one.judged().outcome == .pass)
        let claimed = one.with { $0.disabledKeys = [Genuine.pin(Genuine.bob, for: "b", "Vendor-*")] }
        #expect(claimed.judged().against == ["signature.key", "signature.threshold"])
        #expect(claimed.judged().says("signature.key").hasSuffix("a file of this name comes from b"))
        let unclaimed = one.with { $0.disabledKeys = [Genuine.pin(Genuine.bob, for: "b", "more-*")] }
        #expect(unclaimed.judged().outcome == .pass)
        let named = claimed.with { $0.expectedSource = "a" }
        #expect(named.judged().outcome == .pass)
    }

    @Test func `a certificate that two sources pin counts for both`() {
        let facts = Genuine.iso.with {
            $0.keys = [
                Genuine.pin(Genuine.alice, for: "a", "other-*"), Genuine.pin(Genuine.alice, for: "b", "Vendor-*"),
            ]
        }
        #expect(facts.judged().outcome == .pass)
        #expect(facts.judged().says("signature.key") == "\(Genuine.alice) (a, b)")
    }

    @Test func `of three keys two must sign, each counted once`() {
        let two = SignaturePolicy(threshold: 2)
        let keys = [Genuine.pin(Genuine.alice), Genuine.pin(Genuine.bob), Genuine.pin(Genuine.carol)]
        let facts = Genuine.iso.with { $0.keys = keys }
        let (alice, bob) = (Genuine.signature(), Genuine.signature(by: Genuine.bob))
        let unsupported = Genuine.signature(by: Genuine.carol, .notChecked, faults: ["unsupported-algorithm"])
        let unknown = Genuine.signature(by: Genuine.carol, .notChecked, faults: ["unknown-key"])
        let cases: [(AuthenticityFacts, Verdict, String)] = [
            (facts.signed(alice, bob), .pass, "2 of 2 needed"), (facts.signed(alice), .fail, "1 of 2 needed"),
            (facts.signed(alice, alice), .fail, "1 of 2 needed"),
            (facts.signed(alice, unsupported), .unknown, "1 of 2 needed"),
            (facts.signed(alice, unknown), .fail, "1 of 2 needed"),
            (facts.signed(alice, bob, unsupported), .pass, "2 of 2 needed"),
            (facts.signed(unsupported), .fail, "0 of 2 needed"),
        ]
        for (facts, verdict, message) in cases {
            let judged = facts.judged(two)
            #expect(judged["signature.threshold"] == verdict)
            #expect(judged.says("signature.threshold") == message)
            #expect((judged.outcome == .pass) == (verdict == .pass))
        }
        #expect(facts.signed(alice, bob, Genuine.signature(.invalid)).judged(two).against == ["signature.valid"])
    }

    @Test func `no threshold makes an unsigned file a signed one`() {
        for threshold in [0, -1, Int.min] {
            let policy = SignaturePolicy(threshold: threshold)
            #expect(Genuine.iso.signed(Genuine.signature(.invalid)).judged(policy).outcome == .fail)
            #expect(Genuine.iso.signed(Genuine.signature(by: Genuine.bob)).judged(policy).outcome == .fail)
            #expect(Genuine.iso.signed().judged(policy).outcome == .fail)
        }
    }

    @Test func `of an unsigned document the search says why`() {
        let cases: [(SignatureSearch.Result, Verdict, String)] = [
            (.absent, .fail, "it is unsigned"), (.malformed, .fail, "what should be the signature is none: why"),
            (.unreadable, .unknown, "the signature could not be read: why"),
        ]
        for (result, verdict, message) in cases {
            let judged = Genuine.iso.with {
                $0.documents[0].signatures = []
                $0.documents[0].searched = [SignatureSearch(Place("/srv/s.asc"), result, reason: "why")]
            }.judged()
            #expect(judged.against == ["signature.present"])
            #expect(judged["signature.present"] == verdict)
            #expect(judged.says("signature.present") == message)
            #expect(judged.finding("signature.present").evidence.first?.location.path == "/srv/s.asc")
        }
    }
}
