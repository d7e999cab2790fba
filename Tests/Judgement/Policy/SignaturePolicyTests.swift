import AssayPolicy
import Testing

private let fingerprint = "473d66d5212271fd51cc17b1a8a4471937666f37"

/// A policy of signatures, with a text in place of another.
private func policyText(_ old: String = "", _ new: String = "") -> String {
    let text = """
        fail-on: low
        signatures:
          hashes:
            sha256: always
            sha512: always
            sha1: 2014-12-31
          minimum-bits:
            rsa: 3072
          threshold: 2
          accept-expired-keys: true
          evaluation-time: 2026-11-24T01:02:03Z
          exceptions:
            - key: 473D 66D5 2122 71FD 51CC  17B1 A8A4 4719 3766 6F37
              allow: [weak-hash, expired-key]
              reason: our last EL 5 machines
              expires: 2027-06-30
              files: "*.el5.*.rpm"
        """
    return old.isEmpty ? text : text.replacing(old, with: new)
}

struct SignaturePolicyFileTests {
    @Test func `a policy of signatures is read with all that it says`() throws {
        let file = try PolicyFile.parse(policyText(), knownChecks: knownChecks)
        let expected = SignaturePolicy(
            hashes: ["sha256": nil, "sha512": nil, "sha1": "2014-12-31"], minimumBits: ["rsa": 3072, "dsa": 2048],
            threshold: 2, acceptsExpiredKeysForOlderSignatures: true, evaluationTime: 1_795_482_123,
            exceptions: [
                SignatureException(
                    key: fingerprint, faults: ["weak-hash", "expired-key"], reason: "our last EL 5 machines",
                    expires: "2027-06-30", files: "*.el5.*.rpm")
            ])
        #expect(file.signatures == expected)
        #expect(file.policy(today: "2026-11-24").signatures == expected)
    }

    @Test(arguments: ["fail-on: low", "signatures: {}", "signatures: {threshold: 1}", "signatures: {exceptions: []}"])
    func `what is left out is as in the standard policy`(_ text: String) throws {
        let file = try PolicyFile.parse(text, knownChecks: knownChecks)
        #expect(file.signatures == .standard)
        #expect(file.policy(today: "2026-11-24").signatures == .standard)
    }

    @Test(arguments: [
        ("signatures:", "signature:", "2:1: unknown key 'signature' in the policy, did you mean 'signatures'?"),
        ("  threshold:", "  treshold:", "9:3: unknown key 'treshold' in 'signatures', did you mean 'threshold'?"),
        ("threshold: 2", "threshold: 0", "9:14: 'threshold' is '0', and must be a number from 1 to 16"),
        ("threshold: 2", "threshold: 17", "'threshold' is '17'"),
        ("threshold: 2", "threshold: two", "'threshold' is 'two'"),
        ("threshold: 2", "threshold: -1", "'threshold' is '-1'"),
        ("threshold: 2", "threshold: 99999999999999999999", "must be a number from 1 to 16"),
        ("sha512: always", "sha521: always", "5:5: unknown key 'sha521' in 'hashes', did you mean 'sha512'?"),
        ("sha512: always", "md5: 2000-01-01", "unknown key 'md5' in 'hashes'"),
        ("sha512: always", "sha512: allways", "5:13: 'allways' is neither a day of the form YYYY-MM-DD nor 'always'"),
        ("sha512: always", "sha512: 2027-02-30", "'2027-02-30' is neither a day"),
        ("sha1: 2014-12-31", "sha1: always", "6:11: sha1 is weak and needs the last day"),
        ("rsa: 3072", "rsa: 1024", "8:10: 'rsa' is '1024', and must be a number from 2048 to 16384"),
        ("rsa: 3072", "rsaa: 3072", "unknown key 'rsaa' in 'minimum-bits', did you mean 'rsa'?"),
        ("accept-expired-keys: true", "accept-expired-keys: yes", "'accept-expired-keys' is 'yes', and must be true"),
        ("T01:02:03Z", "", "'2026-11-24' is no time of the form YYYY-MM-DDThh:mm:ssZ"),
        ("T01:02:03Z", "T24:02:03Z", "is no time"),
        ("T01:02:03Z", "T01:60:03Z", "is no time"),
        ("T01:02:03Z", "T01:02:03+0", "is no time"),
        ("  17B1 A8A4 4719 3766 6F37", "", "13:12: '473d66d5212271fd51cc' is no fingerprint"),
        ("6F37", "6F3G", "is no fingerprint: 40 or 64 hexadecimal digits (a key ID is not enough)"),
        ("    - key:", "    - keys:", "unknown key 'keys' in an exception"),
        ("weak-hash, expired-key", "", "'allow' of an exception is empty"),
        ("weak-hash, expired-key", "weak-hsah", "there is no fault 'weak-hsah', did you mean 'weak-hash'?"),
        ("weak-hash, expired-key", "weak-hash, weak-hash", "'weak-hash' stands twice in 'allow'"),
        ("      reason: our last EL 5 machines\n", "", "13:7: an exception has no key 'reason'"),
        ("      expires: 2027-06-30\n", "", "an exception has no key 'expires'"),
        ("      allow: [weak-hash, expired-key]\n", "", "an exception has no key 'allow'"),
        ("expires: 2027-06-30", "expires: never", "16:16: 'never' is no day of the form YYYY-MM-DD"),
        ("*.el5.*.rpm", "pool/*.rpm", "a pattern is for file names"),
        ("  hashes:\n    sha256: always\n    sha512: always\n    sha1: 2014-12-31", "  hashes: {}", "is empty"),
    ])
    func `what is not allowed is refused with its place`(_ old: String, _ new: String, _ says: String) {
        #expect(policyText().contains(old))
        let error = policyError { try PolicyFile.parse(policyText(old, new), knownChecks: knownChecks) }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "no error")")
    }

    @Test(arguments: SignaturePolicy.inexcusableFaults.sorted())
    func `no exception accepts what was not verified`(_ fault: String) {
        let text = policyText("weak-hash, expired-key", fault)
        let error = policyError { try PolicyFile.parse(text, knownChecks: knownChecks) }
        #expect(error?.description.hasPrefix("14:15: no exception can accept '\(fault)'") == true)
    }

    @Test(arguments: SignaturePolicy.excusableFaults.sorted())
    func `an exception accepts what only weakens a signature`(_ fault: String) throws {
        let text = policyText("weak-hash, expired-key", fault)
        let file = try PolicyFile.parse(text, knownChecks: knownChecks)
        #expect(file.signatures.exceptions.first?.faults == [fault])
    }

    @Test func `a second exception for the same fault of a key is refused, one for other files is not`() {
        let second = """
            \(policyText())
                - key: \(fingerprint)
                  allow: [weak-hash]
                  reason: another
                  expires: 2030-01-01
                  files: "*.el5.*.rpm"
            """
        let error = policyError { try PolicyFile.parse(second, knownChecks: knownChecks) }
        #expect(
            error?.description.contains("18:7: a second exception for 'weak-hash' of the key \(fingerprint)") == true)
        let other = second.replacing("another\n", with: "another\n").replacing(
            "2030-01-01\n      files: \"*.el5.*.rpm\"", with: "2030-01-01\n      files: \"*.el4.*.rpm\"")
        #expect(policyError { try PolicyFile.parse(other, knownChecks: knownChecks) } == nil)
    }
}

struct SignaturePolicyTests {
    @Test(arguments: [
        ("sha256", 0, nil), ("SHA-256", 0, nil), ("sha384", 4_000_000_000, nil),
        ("sha1", 0, "the policy does not accept sha1 (accepted: sha256, sha384, sha512)"),
        ("md5", 0, "the policy does not accept md5"), ("sha224", 0, "the policy does not accept sha224"),
        ("hash-99", 0, "the policy does not accept hash-99"),
        ("SHA3-256", 0, "the policy does not accept SHA3-256"),
    ])
    func `the standard policy accepts SHA-2 from 256 bits`(_ hash: String, _ created: Int64, _ says: String?) {
        let refusal = SignaturePolicy.standard.refusal(ofHash: hash, madeAt: created)
        #expect(says.map { refusal?.hasPrefix($0) == true } ?? (refusal == nil), "\(refusal ?? "accepted")")
    }

    @Test(arguments: [
        // 2014-12-31T23:59:59Z and the second after it.
        (1_420_070_399, true), (1_420_070_400, false), (0, true), (-1, true), (Int64.max, false), (Int64.min, true),
    ])
    func `a hash algorithm ends with the last second of its last day`(_ created: Int64, _ isAccepted: Bool) {
        let policy = SignaturePolicy(hashes: ["sha1": "2014-12-31"])
        let refusal = policy.refusal(ofHash: "sha1", madeAt: created)
        #expect(refusal == (isAccepted ? nil : "the policy accepts sha1 only in signatures made until 2014-12-31"))
    }

    @Test(arguments: [
        ("rsa2048", 2048, nil), ("RSA-4096", 4096, nil), ("rsa1024", 1024, "2048 bits of rsa, this key has 1024"),
        ("rsa-sign-only", 2047, "2048 bits of rsa, this key has 2047"),
        ("dsa1024", 1024, "2048 bits of dsa, this key has 1024"), ("rsa", nil, "the size of the rsa key is not known"),
        ("ed25519", 255, nil), ("ed25519", nil, nil), ("nistp256", 256, "384 bits of ecdsa, this key has 256"),
        ("nistp384", 384, nil), ("brainpoolP256r1", 256, "384 bits of ecdsa"), ("ecdsa", 256, "384 bits of ecdsa"),
        ("mldsa65-ed25519", nil, nil),
    ])
    func `keys below the least size of their family are refused`(_ name: String, _ bits: Int?, _ says: String?) {
        var policy = SignaturePolicy.standard
        policy.minimumBits["ecdsa"] = 384
        let refusal = policy.refusal(ofKey: name, bits: bits)
        #expect(says.map { refusal?.contains($0) == true } ?? (refusal == nil), "\(refusal ?? "accepted")")
    }

    @Test(arguments: [
        ("weak-hash", fingerprint, "2027-06-30", true), ("weak-hash", fingerprint, "2027-07-01", false),
        ("weak-key", fingerprint, "2027-01-01", false),
        ("weak-hash", "00" + fingerprint.dropFirst(2), "2027-01-01", false),
        ("bad-signature", fingerprint, "2027-01-01", false),
    ])
    func `an exception is for its key, its faults and its days`(
        _ fault: String, _ key: String, _ today: String, _ holds: Bool
    ) {
        let exception = SignatureException(
            key: fingerprint, faults: ["weak-hash", "bad-signature"], reason: "r", expires: "2027-06-30")
        let policy = SignaturePolicy(exceptions: [exception])
        #expect(policy.exceptions(for: fault, keys: ["other", key], today: today) == (holds ? [exception] : []))
    }

    @Test func `every fault is either excusable or not`() {
        #expect(SignaturePolicy.excusableFaults.isDisjoint(with: SignaturePolicy.inexcusableFaults))
        #expect(SignaturePolicy.excusableFaults.count + SignaturePolicy.inexcusableFaults.count == 21)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00Z", 951_825_600), ("2038-01-19T03:14:08Z", 2_147_483_648),
        ("1969-12-31T23:59:59Z", -1), ("0001-01-01T00:00:00Z", -62_135_596_800),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
    ])
    func `times are seconds since 1970`(_ text: String, _ seconds: Int64) throws {
        let file = try PolicyFile.parse("signatures: {evaluation-time: \"\(text)\"}", knownChecks: knownChecks)
        #expect(file.signatures.evaluationTime == seconds)
    }
}
