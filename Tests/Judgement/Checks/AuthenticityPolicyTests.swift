import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

struct AuthenticityPolicyTests {
    /// 2026-03-02T00:00:00Z.
    private static let day: Int64 = 1_772_409_600

    @Test(arguments: [(-1, true), (0, false), (86_400, false)] as [(Int64, Bool)], [true, false])
    func `a weak hash counts until the end of its last day`(_ when: (Int64, Bool), _ hasFault: Bool) {
        var signature = Genuine.signature(faults: hasFault ? ["weak-hash"] : [], hash: "sha1")
        signature.created = Self.day + when.0
        let judged = Genuine.iso.signed(signature)
            .judged(SignaturePolicy(hashes: ["SHA-256": nil, "SHA-1": "2026-03-01"]))
        #expect(judged.against == (when.1 ? [] : ["signature.algorithm", "signature.threshold"]))
        if hasFault, when.1 {
            #expect(judged.says("signature.key-status").contains("accepts sha1 of that time"))
        }
    }

    @Test(
        arguments: [
            ("sha1", "rsa2048", 2048, false), ("md5", "rsa2048", 2048, false), ("sha512", "rsa2048", 2048, true),
            ("sha256", "rsa1024", 1024, false), ("sha256", "rsa2047", 2047, false), ("sha256", "rsa", nil, false),
            ("sha256", "ed25519", nil, true), ("", "rsa2048", 2048, false),
        ] as [(String, String, Int?, Bool)])
    func `hash and key size are weighed also where the format finds no fault`(
        _ hash: String, _ key: String, _ bits: Int?, _ isAccepted: Bool
    ) {
        var signature = Genuine.signature(hash: hash)
        signature.keyAlgorithm = key
        signature.keyBits = bits
        let judged = Genuine.iso.signed(signature).judged()
        #expect(judged.against == (isAccepted ? [] : ["signature.algorithm", "signature.threshold"]))
    }

    @Test func `expired keys count for older signatures when the policy says so, and for no later ones`() {
        let policy = SignaturePolicy(acceptsExpiredKeysForOlderSignatures: true)
        let older = Genuine.iso.signed(Genuine.signature(faults: ["expired-key"]))
        #expect(older.judged().outcome == .fail)
        #expect(older.judged(policy).outcome == .pass)
        #expect(older.judged(policy).says("signature.key-status").contains("from before the expiry"))
        let later = Genuine.iso.signed(Genuine.signature(faults: ["expired-key", "signed-after-key-expiry"]))
        #expect(later.judged(policy).against == ["signature.key-status", "signature.threshold"])
    }

    private static func exception(
        _ faults: Set<String>, of key: String = Genuine.alice, until day: String = "2026-11-24", files: String? = nil
    ) -> SignaturePolicy {
        SignaturePolicy(exceptions: [
            SignatureException(key: key, faults: faults, reason: "old archive", expires: day, files: files)
        ])
    }

    @Test(arguments: SignaturePolicy.excusableFaults.sorted())
    func `an exception accepts its fault of its key, with its reason`(_ code: String) {
        let signature = Genuine.signature(faults: [code], hash: code == "weak-hash" ? "sha1" : "sha256")
        let judged = Genuine.iso.signed(signature).judged(Self.exception([code]))
        #expect(judged.outcome == .pass)
        if code != "weak-binding" {
            #expect(judged.says("signature.key-status").hasSuffix("accepted, until 2026-11-24: old archive"))
        }
    }

    @Test(arguments: SignaturePolicy.inexcusableFaults.sorted() + ["never-heard-of"])
    func `no exception accepts what leaves nothing to accept`(_ code: String) {
        for check in [SignatureFacts.Check.valid, .invalid, .notChecked] {
            let facts = Genuine.iso.signed(Genuine.signature(check, faults: [code]))
            #expect(facts.judged(Self.exception([code])).outcome != .pass)
        }
    }

    @Test(arguments: SignaturePolicy.excusableFaults.sorted(), [SignatureFacts.Check.invalid, .notChecked])
    func `no exception accepts a signature that is not right`(_ code: String, _ check: SignatureFacts.Check) {
        var signature = Genuine.signature(check, faults: [code])
        signature.certificate = Genuine.alice
        signature.signingKey = Genuine.alice
        #expect(Genuine.iso.signed(signature).judged(Self.exception([code])).outcome != .pass)
    }

    @Test func `an exception is for its key, code, files and days alone`() {
        let facts = Genuine.iso.signed(Genuine.signature(faults: ["weak-key"]))
        let cases: [(SignaturePolicy, Bool)] = [
            (Self.exception(["weak-key"]), true), (Self.exception(["weak-hash"]), false),
            (Self.exception(["weak-key"], of: Genuine.bob), false),
            (Self.exception(["weak-key"], until: "2026-11-23"), false),
            (Self.exception(["weak-key"], files: "vendor-3.0-*.iso"), true),
            (Self.exception(["weak-key"], files: "*.el5.*.rpm"), false),
            (Self.exception(["weak-key"], files: "/srv/Vendor*"), false),
            (Self.exception(["weak-key"], files: ""), false),
        ]
        for (policy, isAccepted) in cases { #expect((facts.judged(policy).outcome == .pass) == isAccepted) }
    }

    @Test func `an exception of the signing key is as good as one of its certificate`() {
        var signature = Genuine.signature(faults: ["expired-signature"])
        signature.signingKey = Genuine.carol
        let facts = Genuine.iso.signed(signature)
        #expect(facts.judged(Self.exception(["expired-signature"], of: Genuine.carol)).outcome == .pass)
        #expect(facts.judged(Self.exception(["expired-signature"], of: Genuine.bob)).outcome == .fail)
    }

    @Test func `an exception does not pin a key, and one fault more is not accepted`() {
        let stranger = Genuine.iso.signed(Genuine.signature(by: Genuine.bob, faults: ["weak-key"]))
        #expect(
            stranger.judged(Self.exception(["weak-key"], of: Genuine.bob)).against == [
                "signature.key", "signature.threshold",
            ])
        let two = Genuine.iso.signed(Genuine.signature(faults: ["weak-key", "revoked-key"]))
        #expect(two.judged(Self.exception(["weak-key"])).against == ["signature.key-status", "signature.threshold"])
    }

    @Test func `an exception accepts what only the policy refuses`() {
        let facts = Genuine.iso.signed(Genuine.signature(hash: "sha1"))
        #expect(facts.judged().outcome == .fail)
        #expect(facts.judged(Self.exception(["weak-hash"])).outcome == .pass)
    }
}
