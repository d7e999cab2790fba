import AssayChecks
import AssayFacts
import AssayFindings
import AssayPolicy
import AssayTestSupport
import Testing

/// Whatever is missing from facts or speaks against them, the gate never passes by it.
struct AuthenticityMutationTests {
    typealias Numbers = SeededNumbers
    typealias Change = @Sendable (inout AuthenticityFacts, inout Numbers) -> Void

    /// Changes after which nothing is proven any more; of each kind of file.
    private static let harmful: [(String, Change)] = [
        ("no document", { facts, _ in facts.documents = [] }),
        (
            "no such document",
            { facts, numbers in
                let index = [nil, 9, -1, Int.max].randomElement(using: &numbers)
                for voucher in facts.files[0].vouchers.indices {
                    facts.files[0].vouchers[voucher].document = index ?? nil
                }
            }
        ), ("no signature", { facts, _ in signatures(of: &facts) { $0 = [] } }),
        (
            "not right",
            { facts, numbers in
                let check = [SignatureFacts.Check.invalid, .notChecked].randomElement(using: &numbers)
                signatures(of: &facts) { all in
                    for index in all.indices { all[index].check = check ?? .invalid }
                }
            }
        ),
        (
            "a fault",
            { facts, numbers in
                let codes = AuthenticitySignatureTests.faults.map(\.code)
                    .filter { !["weak-binding", "weak-hash"].contains($0) }
                let code = codes.randomElement(using: &numbers) ?? "never-heard-of"
                signatures(of: &facts) { all in
                    for index in all.indices { all[index].faults.append(.init(code: code, text: code)) }
                }
            }
        ),
        (
            "another certificate",
            { facts, numbers in
                let certificate = [nil, Genuine.carol, ""].randomElement(using: &numbers)
                signatures(of: &facts) { all in
                    for index in all.indices { all[index].certificate = certificate ?? nil }
                }
            }
        ),
        (
            "a weak algorithm",
            { facts, numbers in
                let hash = ["md5", "sha1", "ripemd160", "", "?"].randomElement(using: &numbers)
                signatures(of: &facts) { all in
                    for index in all.indices { all[index].hashAlgorithm = hash ?? "" }
                }
            }
        ),
        (
            "a small key",
            { facts, numbers in
                let bits = [nil, 0, -1, 1_024].randomElement(using: &numbers)
                signatures(of: &facts) { all in
                    for index in all.indices { all[index].keyBits = bits ?? nil }
                }
            }
        ), ("no voucher", { facts, _ in facts.files[0].vouchers = [] }),
        (
            "no statement",
            { facts, numbers in
                let voucher = facts.files[0].vouchers.indices.randomElement(using: &numbers)
                if let voucher { facts.files[0].vouchers[voucher].links = [] }
            }
        ), ("nothing computed", { facts, numbers in link(of: &facts, &numbers) { $0.computed = nil } }),
        ("nothing stated", { facts, numbers in link(of: &facts, &numbers) { $0.expected = nil } }),
        ("another digest", { facts, numbers in link(of: &facts, &numbers) { $0.computed = "00" } }),
        ("another size", { facts, numbers in link(of: &facts, &numbers) { $0.size = 1 } }),
        (
            "no usable statement",
            { facts, numbers in
                let faults: [LinkFacts.Fault] = [.notListed, .ambiguous, .unreadable, .malformedList]
                let fault = faults.randomElement(using: &numbers)
                link(of: &facts, &numbers) { $0.fault = fault }
            }
        ),
        (
            "no digest that counts",
            { facts, _ in
                if !facts.files[0].vouchers.isEmpty, !facts.files[0].vouchers[0].links.isEmpty {
                    facts.files[0].vouchers[0].links[0].fault = .noUsableDigest
                }
            }
        ),
        (
            "a problem",
            { facts, numbers in
                facts.files[0].problem = FileProblem(
                    isMalformed: Bool.random(using: &numbers), reason: "why", place: Place("x"))
            }
        ), ("no key", { facts, _ in facts.keys = [] }),
        (
            "a disabled key",
            { facts, _ in
                facts.disabledKeys += facts.keys
                facts.keys = [Genuine.pin(Genuine.bob, for: "other")]
            }
        ), ("another source", { facts, _ in facts.expectedSource = "other" }),
        (
            "a name of another source",
            { facts, _ in facts.keys.append(Genuine.pin(Genuine.bob, for: "other", "*")) }
        ), ("another architecture", { facts, _ in facts.expectation.architecture = "s390x" }),
        ("another version", { facts, _ in facts.expectation.version = "9.9" }),
    ]

    /// The same for packages, images and repositories alone.
    private static let special: [(VouchedFileFacts.Kind, String, Change)] = [
        (.rpmPackage, "no map", { facts, _ in facts.files[0].coverage = [] }),
        (.rpmPackage, "no payload", { facts, _ in facts.files[0].coverage.removeAll { $0.part == "payload" } }),
        (
            .rpmPackage, "an open part",
            { facts, numbers in
                let part = ["header", "payload"].randomElement(using: &numbers)
                for index in facts.files[0].coverage.indices where facts.files[0].coverage[index].part == part {
                    facts.files[0].coverage[index].protection = .digestOnly
                }
                // Without the part the map is open just as well.
            }
        ), (.rpmPackage, "odd bytes", { facts, _ in facts.files[0].unsignedContent.append(odd) }),
        (.debianPackage, "odd bytes", { facts, _ in facts.files[0].unsignedContent.append(odd) }),
        (.rpmPackage, "contradiction", { facts, _ in facts.files[0].package?.contradictions.append("no") }),
        (.debianPackage, "contradiction", { facts, _ in facts.files[0].package?.contradictions.append("no") }),
        (
            .debianPackage, "no release",
            { facts, _ in for index in facts.documents.indices { facts.documents[index].release = nil } }
        ),
        (
            .debianPackage, "no date",
            { facts, _ in for index in facts.documents.indices { facts.documents[index].release?.date = nil } }
        ),
        (.debianPackage, "old", { facts, _ in facts.evaluatedAt = .max }),
        (.debianPackage, "new", { facts, _ in facts.evaluatedAt = 0 }),
        (
            .isoImage, "media check",
            { facts, _ in facts.files[0].image?.mediaCheck = .unreadable(Place("x"), reason: "why") }
        ), (.isoImage, "nothing boots", { facts, _ in facts.files[0].image?.bootMethods = [] }),
        (.isoImage, "another name", { facts, _ in facts.files[0].image?.nameVersion = "4.0" }),
    ]

    /// Changes that take nothing away.
    private static let harmless: [Change] = [
        { facts, _ in for index in facts.documents.indices { facts.documents[index].remarks.append("text around it") }
        },
        { facts, _ in
            signatures(of: &facts) { all in
                for index in all.indices { all[index].faults.append(.init(code: "weak-binding", text: "SHA-1")) }
            }
        },
        { facts, _ in facts.keys.append(Genuine.pin(Genuine.carol)) },
        { facts, _ in
            signatures(of: &facts) { $0.append(Genuine.signature(.notChecked, faults: ["unknown-key"])) }
        }, { facts, _ in facts.files[0].digests["SHA-512"] = "00" },
        { facts, _ in
            facts.files[0].unsignedContent.append(
                UnsignedContent(code: "file-signatures", text: "IMA", place: Place("x"), count: 1))
        }, { facts, _ in facts.disabledKeys.append(Genuine.pin(Genuine.bob, for: "old")) },
        { facts, _ in facts.documents.append(Genuine.document(.checksumList, "other", [])) },
    ]

    private static let odd = UnsignedContent(code: "padding", text: "odd", place: Place("x"), count: 1)

    private static func signatures(of facts: inout AuthenticityFacts, _ change: (inout [SignatureFacts]) -> Void) {
        for index in facts.documents.indices { change(&facts.documents[index].signatures) }
    }

    private static func link(
        of facts: inout AuthenticityFacts, _ numbers: inout Numbers, _ change: (inout LinkFacts) -> Void
    ) {
        guard let voucher = facts.files[0].vouchers.indices.randomElement(using: &numbers),
            let link = facts.files[0].vouchers[voucher].links.indices.randomElement(using: &numbers)
        else { return }
        change(&facts.files[0].vouchers[voucher].links[link])
    }

    @Test(arguments: [Genuine.iso, Genuine.rpm, Genuine.deb])
    func `nothing that spoils genuine facts leaves a pass`(_ genuine: AuthenticityFacts) {
        var numbers = Numbers(state: 0xA55A)
        let kind = genuine.files[0].kind
        let changes = Self.harmful + Self.special.filter { $0.0 == kind }.map { ($0.1, $0.2) }
        for round in 0..<(changes.count * 12) {
            var facts = genuine
            var names: [String] = []
            for _ in 0..<Int.random(in: 0...2, using: &numbers) {
                Self.harmless.randomElement(using: &numbers)?(&facts, &numbers)
            }
            // Each change in turn, then up to two more of them.
            let more = Int.random(in: 0...2, using: &numbers)
            for index in [round % changes.count]
                + (0..<more).map({ _ in Int.random(in: changes.indices, using: &numbers) })
            {
                changes[index].1(&facts, &numbers)
                names.append(changes[index].0)
            }
            let judged = facts.judged()
            #expect(judged.outcome != .pass, "\(names)")
            #expect(judged.chains.allSatisfy { $0.verdict(failOn: .low) != .pass }, "\(names)")
        }
    }

    @Test(arguments: [Genuine.iso, Genuine.rpm, Genuine.deb])
    func `what takes nothing away leaves the pass`(_ genuine: AuthenticityFacts) {
        var numbers = Numbers(state: 0x5AA5)
        for _ in 0..<100 {
            var facts = genuine
            for _ in 0..<Int.random(in: 1...5, using: &numbers) {
                Self.harmless.randomElement(using: &numbers)?(&facts, &numbers)
            }
            let judged = facts.judged()
            #expect(judged.outcome == .pass, "\(judged.against)")
            #expect(judged.chains.allSatisfy { $0.verdict(failOn: .low) == .pass })
        }
    }

    @Test(arguments: [Genuine.iso, Genuine.rpm, Genuine.deb])
    func `one spoilt file among many is not lost`(_ genuine: AuthenticityFacts) {
        var numbers = Numbers(state: 0x0FF0)
        for round in 0..<40 {
            // What is changed beside the file itself would spoil all of them.
            var spoilt = genuine
            Self.harmful[[8, 9, 10, 11, 12, 13, 14, 15, 16][round % 9]].1(&spoilt, &numbers)
            var facts = genuine
            facts.files = Array(repeating: genuine.files[0], count: 5)
            facts.files[round % 5] = spoilt.files[0]
            let judged = facts.judged()
            #expect(judged.outcome != .pass)
            let passed = judged.chains.map { $0.verdict(failOn: .low) == .pass }
            #expect(passed.count { !$0 } == 1 && !passed[round % 5])
        }
    }

    @Test func `thousands of files are judged in seconds`() {
        var facts = Genuine.rpm
        facts.keys += (0..<8).map { Genuine.pin(Genuine.bob, for: "source-\($0)", "*.el\($0).*.rpm", "*-\($0)-*") }
        facts.keys[0].fileNames = ["*.azl3.*.rpm"]
        facts.files = (0..<5_000).map { index in
            var file = facts.files[0]
            file.name = "/srv/tool\(index)-1.2-3.azl3.x86_64.rpm"
            return file
        }
        var judged: Judged?
        let time = ContinuousClock().measure { judged = facts.judged() }
        #expect(judged?.outcome == .pass)
        #expect(judged?.chains.count == 5_000)
        #expect(time < .seconds(30), "the work grows with the number of files alone")
    }
}
