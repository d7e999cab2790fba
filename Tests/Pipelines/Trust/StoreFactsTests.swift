import AssayCollectors
import AssayFacts
import AssayFileSystem
import AssayFindings
import AssayPipelines
import AssayPolicy
import AssaySubjects
import AssayTestSupport
import AssayTrustStore
import AssayVerification
import Foundation
import Testing

@testable import AssayTrust

/// A root directory with sources, in which a store is published.
private struct TrustTree {
    let scratch = ScratchDirectory()
    static let anchors = "etc/pki/ca-trust/source/anchors"
    static let shared = "usr/share/pki/ca-trust-source"
    static let extracted = "etc/pki/ca-trust/extracted"

    init(_ sources: [String: String] = ["\(shared)/base.p11-kit": "ca-bundle.trust.base.p11-kit"]) throws {
        for (path, vector) in sources { try write(path, try TrustTree.vector(vector)) }
    }

    static func vector(_ name: String) throws -> [UInt8] {
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: tests.appendingPathComponent("Vectors/truststore/azurelinux/" + name)))
    }

    func write(_ path: String, _ bytes: [UInt8]) throws {
        let file = URL(fileURLWithPath: scratch.path + "/" + path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    var root: RootedDirectory {
        get throws { try RootedDirectory(path: scratch.path) }
    }

    /// What an update publishes.
    func publish(rules: TrustRules = .assay, skipping faults: [SourceFault] = []) throws {
        let reading = try TrustSourceFiles.read(root: root)
        let store = TrustStore.resolve(reading.sources, rules: rules)
        let files = StoreOutput.allCases.flatMap { store.files($0, options: OutputOptions(time: 1)) }
        let manifest = StoreManifest(
            toolVersion: "0", rules: rules, time: nil,
            sources: reading.sources.map { source in
                .init(
                    path: source.path, role: source.role, token: source.token,
                    digest: reading.digests[source.path] ?? "")
            }, skipped: faults, outputs: files.map(StoreManifest.Output.init), counts: StoreManifest.counts(of: store))
        let writable = try WritableDirectory(path: scratch.path)
        try writable.makeDirectories(TrustSourceFiles.extractedStore)
        _ = try StoreSwitch(root: writable, store: TrustSourceFiles.extractedStore, linkDirectory: nil)
            .publish(files, outputs: StoreOutput.allCases, manifest: manifest.text)
    }

    func facts() throws -> Facts { Collection.trustFacts(of: try root, path: scratch.path) }

    func judge(_ check: String) throws -> Finding {
        let row = Profile.Row(check: check, title: check, documented: nil, parameters: [:])
        let profile = Profile(
            name: "test", version: "1", title: "", reference: "", operatingSystems: [],
            sections: [Profile.Section(title: "", rows: [row])])
        let result = Audit.judge(
            try facts(), by: profile, under: Policy(today: "2026-11-24"), evaluatedAt: "2026-11-24T00:00:00Z")
        return try #require(result.findings.first)
    }
}

struct StoreFactsTests {
    private static let check = "trust.store-current"

    @Test(arguments: TrustRules.allCases)
    func `a store that was just published is current, by either rules`(_ rules: TrustRules) throws {
        let tree = try TrustTree()
        try tree.publish(rules: rules)
        let facts = try #require(try tree.facts().trust)
        #expect(facts.layout == "ca-trust" && facts.sourceCount == 1 && facts.counts == ["anchor": 23])
        #expect(facts.anchors.count == 23 && facts.faults.isEmpty)
        #expect(facts.store?.hasManifest == true)
        #expect(facts.store?.problems == [] && facts.store?.differences == [] && facts.store?.notCompared == nil)
        #expect(try tree.judge(StoreFactsTests.check).verdict == .pass)
    }

    /// What is done to a published store, and how the finding begins.
    static let changes: [(String, String)] = [
        (
            "chmod u+w \(TrustTree.extracted)/pem/tls-ca-bundle.pem; echo >>\(TrustTree.extracted)/pem/tls-ca-bundle.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem: SHA-256 "
        ),
        (
            "rm \(TrustTree.extracted)/java/cacerts; echo >\(TrustTree.extracted)/java/cacerts",
            "/etc/pki/ca-trust/extracted/java/cacerts: not the link that assay makes"
        ),
        (
            "echo >\(TrustTree.extracted)/.assay/current/legacy/x.pem",
            "/etc/pki/ca-trust/extracted/legacy/x.pem: not in the manifest"
        ),
        ("rm \(TrustTree.extracted)/.assay/current/edk2/cacerts.bin", "/etc/pki/ca-trust/extracted/edk2/cacerts.bin: "),
        (
            "rm \(TrustTree.shared)/base.p11-kit",
            "/usr/share/pki/ca-trust-source/base.p11-kit: a source of the store that is gone"
        ),
        (
            "echo '# more' >>\(TrustTree.shared)/base.p11-kit",
            "/usr/share/pki/ca-trust-source/base.p11-kit: changed since the store was made"
        ),
        (
            "mkdir -p \(TrustTree.anchors); cp \(TrustTree.shared)/base.p11-kit \(TrustTree.anchors)",
            "/etc/pki/ca-trust/source/anchors/base.p11-kit: a source that the store was not made from"
        ),
    ]

    @Test(arguments: changes)
    func `a store that was changed, or whose sources were, is named`(script: String, message: String) throws {
        let tree = try TrustTree()
        try tree.publish()
        let changed = shell("set -e; " + script, in: tree.scratch.path)
        try #require(changed.status == 0, "\(changed.errorText)")
        let finding = try tree.judge(StoreFactsTests.check)
        #expect(finding.verdict == .fail)
        #expect(finding.message.hasPrefix(message), "\(finding.message)")
    }

    @Test func `a manifest that fits a forged store does not make it one of the sources`() throws {
        let tree = try TrustTree()
        try tree.publish()
        // The store and manifest of more sources, with the list of sources as it was.
        let forger = try TrustTree([
            "\(TrustTree.shared)/base.p11-kit": "ca-bundle.trust.base.p11-kit",
            "\(TrustTree.shared)/more.p11-kit": "ca-bundle.trust.microsoft.p11-kit",
        ])
        try forger.publish()
        let done = shell(
            """
            set -e
            store=\(TrustTree.extracted)
            rm -r $store; cp -a \(forger.scratch.path)/$store $store
            chmod u+w $store/.assay/current/.assay-manifest
            sed -i '/more.p11-kit$/d' $store/.assay/current/.assay-manifest
            """, in: tree.scratch.path)
        try #require(done.status == 0, "\(done.errorText)")
        let facts = try #require(try tree.facts().trust?.store)
        #expect(facts.problems == [])
        let places = Set(facts.differences.map(\.place.path))
        for output in ["pem/tls-ca-bundle.pem", "openssl/ca-bundle.trust.crt", "java/cacerts", "edk2/cacerts.bin"] {
            #expect(places.contains("/\(TrustTree.extracted)/\(output)"))
        }
        #expect(try tree.judge(StoreFactsTests.check).verdict == .fail)
    }

    @Test func `a fault in the sources leaves the store's state unknown, unless it was passed over`() throws {
        let tree = try TrustTree()
        try tree.publish()
        try tree.write("\(TrustTree.anchors)/bad.pem", Array("-----BEGIN CERTIFICATE-----\n".utf8))
        #expect(try tree.judge(StoreFactsTests.check).verdict == .unknown)
        let sources = try tree.judge("trust.sources")
        #expect(sources.verdict == .fail)
        #expect(sources.message == "/\(TrustTree.anchors)/bad.pem:1: the block has no end")
        try tree.publish(skipping: [
            SourceFault(path: "/\(TrustTree.anchors)/bad.pem", line: 1, reason: "the block has no end")
        ])
        let finding = try tree.judge(StoreFactsTests.check)
        #expect(finding.verdict == .pass)
        #expect(finding.evidence.map(\.how) == ["passed over"])
    }

    @Test func `the store of another tool is compared by its certificates`() throws {
        let tree = try TrustTree()
        let store = TrustStore.resolve(try TrustSourceFiles.read(root: tree.root).sources, rules: .p11Kit)
        for output in StoreOutput.allCases where !output.isFolder {
            guard case .bytes(let bytes)? = store.files(output, options: OutputOptions(time: 0)).first?.content else {
                continue
            }
            try tree.write("\(TrustTree.extracted)/\(output.path)", bytes)
        }
        #expect(try tree.facts().trust?.store?.hasManifest == false)
        #expect(try tree.judge(StoreFactsTests.check).verdict == .pass)
        // Somebody distrusts what is in the bundles.
        try tree.write(
            "\(TrustTree.shared)/blocklist/base.p11-kit", try TrustTree.vector("ca-bundle.trust.base.p11-kit"))
        let finding = try tree.judge(StoreFactsTests.check)
        #expect(finding.verdict == .fail)
        #expect(finding.message.contains("which the sources do not make trusted"), "\(finding.message)")
        #expect(try tree.judge("trust.expired").verdict == .notApplicable)
        try tree.write("\(TrustTree.extracted)/java/cacerts", [1])
        #expect(try tree.facts().trust?.store?.problems.map(\.kind) == ["unreadable"])
    }

    @Test func `Debian's bundle is compared with the certificates that are selected`() throws {
        let tree = try TrustTree([:])
        let sources = try TrustSource.read(
            TrustTree.vector("ca-bundle.trust.base.p11-kit"), path: "", token: 0, role: .main)
        let bundle = TrustStore.resolve([sources], rules: .assay).files(.tlsBundle, options: OutputOptions(time: 0))
        guard case .bytes(let bytes)? = bundle.first?.content else { return }
        try tree.write("usr/share/ca-certificates/a.crt", bytes)
        try tree.write("etc/ca-certificates.conf", Array("a.crt\n".utf8))
        try tree.write("etc/ssl/certs/ca-certificates.crt", bytes)
        #expect(try tree.facts().trust?.layout == "debian")
        #expect(try tree.judge(StoreFactsTests.check).verdict == .pass)
        try tree.write("etc/ssl/certs/ca-certificates.crt", [])
        #expect(
            try tree.judge(StoreFactsTests.check).message.hasPrefix("/etc/ssl/certs/ca-certificates.crt: does not have")
        )
    }

    @Test func `a subject without sources and store has no facts`() throws {
        let tree = try TrustTree([:])
        #expect(try tree.facts().trust == nil)
        #expect(!Collection.hasTrustStore(try tree.root))
    }

    @Test func `verifying a root directory asks for its published store alone`() async throws {
        let tree = try TrustTree()
        try tree.publish()
        func verify(_ paths: [String]) async throws -> Facts {
            try await Verification.facts(
                of: VerificationRequest(paths: paths),
                VerificationContext(keys: PinnedKeys(), time: 0, threads: 1, progress: NoProgress()))
        }
        let facts = try await verify([tree.scratch.path])
        #expect(facts.subject.kind == .rootDirectory)
        #expect(facts.trust?.store?.intact ?? 0 > 50)
        let profile = try #require(ProfileCatalog.profile(named: "trust-store"))
        func outcome(_ facts: Facts) -> Outcome {
            Audit.judge(
                facts, by: profile, under: Policy(today: "2026-11-24"), evaluatedAt: "2026-11-24T00:00:00Z"
            ).outcome
        }
        #expect(outcome(facts) == .pass)
        try tree.write("\(TrustTree.shared)/more.p11-kit", try TrustTree.vector("ca-bundle.trust.distrusted.p11-kit"))
        #expect(outcome(try await verify([tree.scratch.path])) == .fail)
        await #expect(throws: VerificationError.self) { try await verify([tree.scratch.path, "/etc/hostname"]) }
    }

    private struct NoProgress: VerificationProgress {
        func expect(_ count: UInt64) {}
        func advance(by count: Int) {}
    }
}
