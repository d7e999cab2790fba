import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

struct AuthenticityIdentityTests {
    /// What an image boots on, the architecture in its name, the one asked for, and the answer.
    static let architectures: [([(String, String?)], String?, String?, Verdict)] = [
        ([("UEFI", "x86_64")], "x86_64", nil, .pass), ([("UEFI", "x86_64")], "amd64", "x86_64", .pass),
        ([("UEFI", "x86_64")], nil, "amd64", .pass), ([("UEFI", "aarch64")], "arm64", "aarch64", .pass),
        ([("UEFI", "aarch64")], "x86_64", nil, .fail), ([("UEFI", "aarch64")], nil, "x86_64", .fail),
        ([("UEFI", "x86_64")], "x86_64", "aarch64", .fail), ([("UEFI", "x86_64")], "aarch64", "x86_64", .fail),
        ([("BIOS", nil)], "x86_64", nil, .pass), ([("BIOS", nil)], "i386", "i686", .pass),
        ([("BIOS", nil)], "aarch64", nil, .fail), ([("BIOS", nil)], nil, "riscv64", .fail),
        ([("UEFI", nil)], "x86_64", nil, .fail), ([("BIOS", nil), ("UEFI", "aarch64")], "aarch64", "amd64", .pass),
        ([], "x86_64", nil, .unknown), ([], nil, "x86_64", .unknown), ([], nil, nil, .notApplicable),
        ([("UEFI", "aarch64")], nil, nil, .notApplicable),
    ]

    @Test(arguments: architectures)
    func `an image boots on what name and question say`(
        _ boot: [(String, String?)], _ name: String?, _ expected: String?, _ verdict: Verdict
    ) {
        let judged = Genuine.iso.with {
            $0.files[0].image?.bootMethods = boot.map { Genuine.boot($0.0, $0.1) }
            $0.files[0].image?.nameArchitecture = name
            $0.expectation.architecture = expected
        }.judged()
        #expect(judged["identity.architecture"] == verdict, "\(judged.says("identity.architecture"))")
        #expect((judged.outcome == .pass) == (verdict == .pass || verdict == .notApplicable))
    }

    @Test(
        arguments: [
            ("x86_64", "amd64", .pass), ("amd64", "x86_64", .pass), ("noarch", "aarch64", .pass),
            ("all", "x86_64", .pass),
            ("aarch64", "x86_64", .fail), (nil, "x86_64", .unknown), ("aarch64", nil, .notApplicable),
            ("src", "x86_64", .fail),
        ] as [(String?, String?, Verdict)])
    func `a package is of the architecture that is asked for`(
        _ found: String?, _ expected: String?, _ verdict: Verdict
    ) {
        let judged = Genuine.rpm.with {
            $0.files[0].package?.architecture = found
            $0.expectation.architecture = expected
        }.judged()
        #expect(judged["identity.architecture"] == verdict)
    }

    @Test(arguments: [
        ("3.0", "3.0", true), ("3.0.20260101", "3.0", true), ("3.01", "3.0", false), ("3.0a", "3.0", false),
        ("3.0-2", "3.0", true), ("1:3.0-2", "3.0", true), ("1:3.0-2", "1:3.0", true), ("1:3.0-2", "2:3.0", false),
        ("1:3.0-2", "1", false), ("3.0", "3.0.20260101", false), ("3.0~rc1", "3.0", true), ("2.0", "3.0", false),
        ("13.0", "3.0", false), ("3.0", "", false), ("3.0-2", "1:3.0", false),
    ])
    func `a package's version is the one that is asked for, or more exact`(
        _ found: String, _ expected: String, _ fits: Bool
    ) {
        let judged = Genuine.rpm.with {
            $0.files[0].package?.version = found
            $0.expectation.version = expected
        }.judged()
        #expect(judged["identity.version"] == (fits ? .pass : .fail))
        #expect(judged.says("identity.version") == "\(found), \(expected) was asked for")
    }

    /// The versions that an image says, the one in its name, the one asked for, and the answer.
    static let versions: [([String], String?, String?, Verdict)] = [
        (["3.0"], "3.0", nil, .pass), (["3.0"], nil, "3.0", .pass), (["3.0.20260101"], "3.0", "3.0", .pass),
        (["3.0"], "3.0.20260101", nil, .pass), (["3.0"], "3.0.20260101", "3.0.20260101", .pass),
        (["2.0"], "3.0", nil, .fail), (["3.0"], "3.0", "4.0", .fail), (["3.01"], "3.0", nil, .fail),
        (["3.0", "40"], "3.0", "40", .fail), (["3.0"], "3.0.20250101", "3.0.20260101", .fail),
        (["3.0"], "3.0", "3.0.20260101", .unknown), (["3.0"], nil, "3.0.20260101", .unknown),
        ([], nil, "3.0", .unknown), ([], "3.0", nil, .notApplicable), ([], nil, nil, .notApplicable),
    ]

    @Test(arguments: versions)
    func `an image is of the version that name and question say`(
        _ said: [String], _ name: String?, _ expected: String?, _ verdict: Verdict
    ) {
        let judged = Genuine.iso.with {
            $0.files[0].image?.versions = said.map { Sourced($0, Place("/.treeinfo", line: 3)) }
            $0.files[0].image?.nameVersion = name
            $0.expectation.version = expected
        }.judged()
        // The version of the release says nothing of that of the product.
        let answer: Verdict = said == ["3.0", "40"] ? .pass : verdict
        #expect(judged["identity.version"] == answer, "\(judged.says("identity.version"))")
    }

    @Test func `what is asked of a file that says nothing is unknown`() {
        let judged = Genuine.iso.with {
            $0.files[0].image = nil
            $0.expectation = IdentityExpectation(architecture: "x86_64", version: "3.0")
        }.judged()
        #expect(judged.against == ["identity.architecture", "identity.version"])
        #expect(judged.outcome == .unknown)
    }

    @Test func `the embedded media check fits, fails or is unknown`() {
        typealias Check = ISOImageFacts.MediaCheckFacts
        let place = Place("x", offset: 33_651)
        var wrong = Check(length: 9, expected: "5d", computed: "00")
        wrong.firstWrongFragment = 7
        let cases: [(Observation<Check>, Verdict, String)] = [
            (.found(Check(length: 9, expected: "5d", computed: "5d"), place), .pass, "fits, over 9 bytes"),
            (.found(wrong, place), .fail, "MD5 00, implanted is 5d, from fragment 7 on"),
            (.found(Check(length: 9, expected: "5d", computed: nil), place), .unknown, "it was not computed"),
            (.unreadable(place, reason: "why"), .unknown, "why"), (.absent(place), .notApplicable, "none is implanted"),
        ]
        for (observation, verdict, message) in cases {
            let judged = Genuine.iso.file { $0.image?.mediaCheck = observation }.judged()
            #expect(judged["identity.media-check"] == verdict)
            #expect(judged.says("identity.media-check") == message)
        }
    }

    @Test(arguments: [Genuine.rpm, Genuine.deb])
    func `a package that is not the listed one fails`(_ facts: AuthenticityFacts) {
        let judged = facts.file { $0.package?.contradictions = ["listed as other", "listed as 9.9"] }.judged()
        #expect(judged.against == ["identity.package"])
        #expect(judged.says("identity.package") == "listed as other")
        #expect(judged.finding("identity.package").evidence.count == 2)
    }

    /// What a Release can say of itself.
    static let releases: [(@Sendable (inout ReleaseFacts) -> Void, Verdict, String)] = [
        ({ $0.validUntil = nil }, .pass, "no Valid-Until"), ({ $0.validUntil = Genuine.now }, .pass, "valid until"),
        ({ $0.validUntil = Genuine.now - 1 }, .fail, "valid until"),
        ({ $0.date = Genuine.now + 86_400 }, .pass, "of 20"), ({ $0.date = Genuine.now + 86_401 }, .fail, "dated 20"),
        ({ $0.date = .max }, .fail, "dated"), ({ $0.date = nil }, .unknown, "no date"),
        ({ $0.requestedAs = "stable" }, .pass, "of 20"), ({ $0.requestedAs = nil }, .pass, "of 20"),
        ({ $0.requestedAs = "forky" }, .fail, "fetched as forky, but it is of stable, trixie"),
        ({ $0.suite = nil }, .pass, "of 20"), ({ $0.codename = "forky" }, .fail, "fetched as trixie"),
        (
            {
                $0.suite = nil
                $0.codename = nil
            }, .unknown, "does not say"
        ),
    ]

    @Test(arguments: releases.indices)
    func `an index is current and of the suite that was asked for`(_ index: Int) {
        let (change, verdict, message) = Self.releases[index]
        let judged = Genuine.deb.with { facts in
            if var release = facts.documents[0].release {
                change(&release)
                facts.documents[0].release = release
            }
        }.judged()
        #expect(judged["repository.freshness"] == verdict)
        #expect(judged.says("repository.freshness").contains(message))
    }

    @Test func `a Release of which nothing is known is not current, and the end of time is no crash`() {
        #expect(Genuine.deb.with { $0.documents[0].release = nil }.judged().against == ["repository.freshness"])
        for time in [Int64.max, .min] {
            #expect(Genuine.deb.with { $0.evaluatedAt = time }.judged()["repository.freshness"] == .fail)
        }
    }
}
