import AssayFindings
import AssayPolicy
import Testing

struct PolicyFileTests {
    private let text = """
        fail-on: high
        waivers:
          - check: aslr.brk
            reason: arm64 kernel,
              fixed in the next image
            expires: 2027-03-31
            owner: platform team
          - check: kernel.rodata
            reason: a test kernel
            expires: 2026-12-01
        """

    @Test func `a policy is read with all that it says`() throws {
        let file = try PolicyFile.parse(text, knownChecks: knownChecks)
        #expect(file.failOn == .high)
        #expect(
            file.waivers == [
                Waiver(
                    check: "aslr.brk", reason: "arm64 kernel, fixed in the next image", expires: "2027-03-31",
                    owner: "platform team"),
                Waiver(check: "kernel.rodata", reason: "a test kernel", expires: "2026-12-01"),
            ])
    }

    @Test func `the command line's threshold wins, and low is the last resort`() throws {
        let file = try PolicyFile.parse(text, knownChecks: knownChecks)
        #expect(file.policy(today: "2026-11-23").failOn == .high)
        #expect(file.policy(today: "2026-11-23", failOn: .critical).failOn == .critical)
        #expect(PolicyFile().policy(today: "2026-11-23").failOn == .low)
    }

    @Test(arguments: [
        ("expires: 2027-03-31", "expires: 2027-02-29", "6:14: '2027-02-29' is no day"),
        ("expires: 2027-03-31", "expires: 31.3.2027", "is no day of the form YYYY-MM-DD"),
        ("expires: 2027-03-31", "expires: 2027-3-31", "is no day"),
        ("expires: 2027-03-31", "expires: never", "is no day"),
        ("    expires: 2027-03-31\n", "", "3:5: a waiver has no key 'expires'"),
        ("    reason: a test kernel\n", "", "8:5: a waiver has no key 'reason'"),
        ("reason: a test kernel", "reason: \"  \"", "'reason' of a waiver is empty"),
        ("check: aslr.brk", "check: aslr.brck", "there is no check 'aslr.brck', did you mean 'aslr.brk'?"),
        ("check: aslr.brk", "check: kernel.rodata", "8:5: a second waiver for the check 'kernel.rodata'"),
        ("owner:", "owned-by:", "unknown key 'owned-by' in a waiver"),
        ("fail-on: high", "fail-on: hihg", "1:10: 'hihg' is no value of 'fail-on', did you mean 'high'?"),
        ("fail-on:", "failon:", "unknown key 'failon' in the policy, did you mean 'fail-on'?"),
        ("waivers:", "waivers: all\nmore:", "unknown key 'more'"),
    ])
    func `what is not allowed is refused with its place`(_ old: String, _ new: String, _ says: String) {
        let error = policyError { try PolicyFile.parse(text.replacing(old, with: new), knownChecks: knownChecks) }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "no error")")
    }

    @Test(arguments: [
        ("2028-02-29", true), ("2027-02-29", false), ("2000-02-29", true), ("1900-02-29", false), ("2026-13-01", false),
        ("2026-00-01", false), ("2026-04-31", false), ("2026-12-31", true), ("0000-01-01", false),
        ("2026-1a-01", false),
    ])
    func `only days of the calendar are dates`(_ day: String, _ isDay: Bool) {
        let text = "waivers: [{check: aslr.brk, reason: r, expires: \(day)}]"
        #expect((policyError { try PolicyFile.parse(text, knownChecks: knownChecks) } == nil) == isDay)
    }
}
