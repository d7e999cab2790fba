import AssayFacts
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

/// Real packages with their keys.
struct PackageVectorTests {
    @Test func `a signed package is signed by its key, and its payload by the digest in the signed header`() throws {
        let name = "v4-rsa4096-rpm-basic-2.3.4-5.el9.noarch.rpm"
        let facts = try ExaminedFacts(
            path: PackageVectors.path(name), keys: PackageVectors.keys("rpm-testkey-v4-rsa4096.asc"),
            at: PackageVectors.time)
        #expect(facts.file.problem == nil)
        #expect(facts.checks == [.valid])
        #expect(facts.signatures.first?.scope == "header")
        #expect(facts.signatures.first?.keyBits == 4096)
        #expect(facts.document?.searched.map(\.result) == [.found])
        #expect(facts.document?.kind == .packageHeader)
        let link = try #require(facts.links.first)
        #expect(link.algorithm == "SHA-256" && link.fault == nil)
        #expect(link.expected == link.computed && link.computed?.count == 64)
        #expect(link.statedBy.path == "header tag 5092 (PAYLOADSHA256)")
        #expect(facts.protection("header") == .signed)
        #expect(facts.protection("payload") == .signed)
        #expect(facts.protection("lead") == .attackerControlled)
        #expect(facts.file.package?.name == "rpm-basic")
        #expect(facts.file.package?.version == "1:2.3.4-5.el9")
        #expect(facts.file.package?.fileName == "rpm-basic-2.3.4-5.el9.noarch.rpm")
    }

    @Test func `the coverage names every byte of a package once and in order`() throws {
        for name in ["rocky-basesystem-11-13.el9.noarch.rpm", "v4-legacy-signed.rpm", "test-1.0.0.x86_64.rpm"] {
            let facts = try ExaminedFacts(path: PackageVectors.path(name), keys: PinnedKeys(), at: PackageVectors.time)
            var position: UInt64 = 0
            for range in facts.file.coverage {
                #expect(range.offset == position)
                position += range.count
            }
            #expect(position == facts.file.size)
            #expect(!facts.file.coverage.contains { $0.protection == .signed || $0.reason.isEmpty })
        }
    }

    @Test func `an unsigned package has a document without signatures`() throws {
        for name in ["v6-unsigned-rpm-basic-2.3.4-5.el9.noarch.rpm", "rpm-basic-2.3.4-5.el9.src.rpm"] {
            let facts = try ExaminedFacts(path: PackageVectors.path(name), keys: PinnedKeys(), at: PackageVectors.time)
            #expect(facts.file.problem == nil)
            #expect(facts.signatures.isEmpty)
            #expect(facts.document?.searched.map(\.result) == [.absent])
            #expect(facts.protection("payload") == .digestOnly)
            #expect(facts.links.first?.computed == facts.links.first?.expected)
            #expect(facts.codes.isEmpty)
        }
    }

    @Test func `the strongest digest of a version 6 package is taken`() throws {
        let facts = try ExaminedFacts(
            path: PackageVectors.path("v6-ed25519-rpm-basic-2.3.4-5.el9.noarch.rpm"),
            keys: PackageVectors.keys("rpm-testkey-v6-ed25519.asc"), at: PackageVectors.time)
        #expect(facts.checks == [.valid])
        #expect(facts.links.map(\.algorithm) == ["SHA-512"])
        #expect(facts.links.first?.expected == facts.links.first?.computed)
        #expect(facts.file.problem == nil, "every digest is right, SHA3-256 too")
    }

    @Test func `a header signed alone leaves the payload open, and a signature over both closes it`() throws {
        // CentOS 6 has no payload digest: the second signature covers the payload.
        let bytes = try PackageVectors.bytes("centos-release-6-0.el6.centos.5.i686.rpm")
        let keys = try PackageVectors.keys("RPM-GPG-KEY-CentOS-6")
        let whole = try ExaminedFacts(bytes, keys: keys, at: PackageVectors.time)
        #expect(whole.signatures.map(\.scope) == ["header", "header and payload"])
        #expect(whole.checks == [.valid, .valid])
        #expect(whole.links.isEmpty)
        #expect(whole.protection("payload") == .signed)
        let stripped = try EditablePackage(bytes).with { $0.tags.removeAll { $0.number == 1002 } }
        let header = try ExaminedFacts(stripped, keys: keys, at: PackageVectors.time)
        #expect(header.checks == [.valid])
        #expect(header.links.map(\.fault) == [.noUsableDigest])
        #expect(header.links.first?.detail == "only the header is signed: nothing says what the payload must be")
        #expect(header.protection("payload") == .digestOnly)
        var flipped = bytes
        flipped[bytes.count - 1] ^= 1
        let broken = try ExaminedFacts(flipped, keys: keys, at: PackageVectors.time)
        #expect(broken.checks == [.valid, .invalid])
        #expect(broken.links.map(\.fault) == [.noUsableDigest])
        #expect(broken.protection("payload") == .attackerControlled)
        #expect(broken.file.problem?.isMalformed == true)
        #expect(broken.file.problem?.reason == "MD5 in tag 1004 (MD5) is not the digest of the bytes")
    }

    @Test func `the committed table says what we say about every signature, beside other verifiers`() throws {
        let rows = try SignatureTable.rows()
        #expect(rows.count == 42)
        var examined: Set<String> = []
        for row in rows where row.vector != "-" && examined.insert(row.vector).inserted {
            let facts = try ExaminedFacts(
                path: PackageVectors.path(row.vector),
                keys: row.keys == "-" ? PinnedKeys() : PackageVectors.keys(row.keys), at: PackageVectors.time)
            #expect(facts.file.problem == nil, "\(row.vector)")
            let said = facts.signatures.map { SignatureTable.Signature($0) }
            #expect(rows.filter { $0.vector == row.vector }.map(\.signature) == said, "\(row.vector)")
        }
        #expect(examined.count == 23)
    }

    @Test func `the committed table gives a reason wherever verifiers differ, and nowhere else`() throws {
        for row in try SignatureTable.rows() {
            let isValid = row.signature.verdict.hasPrefix("valid")
            let isSame = row.others.allSatisfy { $0.allSatisfy { $0 == "0" } == isValid }
            #expect(isSame == (row.reason == "-"), "\(row.file) \(row.signature)")
        }
    }
}

/// The committed comparison of verifiers: 0 is good.
struct SignatureTable {
    /// What is said of one signature.
    struct Signature: Hashable {
        var scope: String
        var version: Substring
        var issuer: String
        var verdict: String
    }

    var file: String
    var vector: String
    var keys: String
    var signature: Signature
    var others: [String]
    var reason: String

    static func rows() throws -> [SignatureTable] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("signatures.tsv")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").dropFirst()
        return try lines.map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(fields.count == 13, "\(line)")
            let scope = ["PGP", "GPG"].contains(fields[3]) ? "header and payload" : "header"
            return SignatureTable(
                file: fields[0], vector: fields[1], keys: fields[2],
                signature: Signature(
                    scope: scope, version: fields[4].prefix(2), issuer: fields[5], verdict: fields[6]),
                others: fields[7...11].filter { $0 != "-" }, reason: fields[12])
        }
    }
}

extension SignatureTable.Signature {
    init(_ facts: SignatureFacts) {
        let faults = facts.faults.map(\.code).joined(separator: ",")
        self.init(
            scope: facts.scope ?? "", version: "v\(facts.version)",
            issuer: String(facts.claimedIssuers.last?.prefix(16) ?? "none"),
            verdict: (facts.check == .notChecked ? "not checked" : facts.check.rawValue)
                + (faults.isEmpty ? "" : ": " + faults))
    }
}
