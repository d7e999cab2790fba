import AssayFileSystem
import AssaySubjects
import AssayTestSupport
import AssayTrustStore
import Testing

@testable import AssayTrust

struct StoreStateTests {
    let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func state() throws -> StoreState { StoreState.read(try fixture.root().reader, store: StoreFixture.store) }

    @Test func `a store as it was published has no problems`() throws {
        #expect(try state().isPublished == false)
        try fixture.makeForeign()
        #expect(try state().isPublished == false)
        try fixture.publish(1)
        let state = try state()
        #expect(state.isPublished && state.problems.isEmpty)
        #expect(state.intact == StoreFixture.files(1).count)
        #expect(state.manifest?.toolVersion == "test")
    }

    @Test(arguments: [
        (
            "chmod +w pem/tls-ca-bundle.pem; echo x > pem/tls-ca-bundle.pem", "pem/tls-ca-bundle.pem", "changed",
            "SHA-256"
        ),
        (
            "rm pem/tls-ca-bundle.pem; echo x > pem/tls-ca-bundle.pem", "pem/tls-ca-bundle.pem", "replaced",
            "another tool"
        ),
        ("ln -sfn /etc/passwd java/cacerts", "java/cacerts", "replaced", "a link to '/etc/passwd'"),
        ("rm java/cacerts", "java/cacerts", "missing", "nothing of that name"),
        ("rm -f .assay/current/java/cacerts", "java/cacerts", "missing", "no such file"),
        ("rm -f legacy/00000001.0", "legacy/00000001.0", "missing", "no such file"),
        ("ln -sfn 00000064.pem legacy/00000001.0", "legacy/00000001.0", "changed", "not '00000001.pem'"),
        ("rm legacy/00000001.0; touch legacy/00000001.0", "legacy/00000001.0", "changed", "not a symbolic link"),
        ("touch pem/directory-hash/extra.pem", "pem/directory-hash/extra.pem", "unexpected", "not in the manifest"),
        ("touch .assay/current/pem/extra.pem", ".assay/current/pem/extra.pem", "unexpected", "not in the manifest"),
        ("mkdir .assay/current/other", ".assay/current/other", "unexpected", "not in the manifest"),
        ("rm .assay-manifest", ".assay-manifest", "manifest", "no such file"),
        (
            "chmod +w .assay-manifest; sed -i s/assay/p11-kit/ .assay/current/.assay-manifest", ".assay-manifest",
            "manifest", ""
        ),
        ("rm -r .assay/generation-*", ".assay-manifest", "manifest", "no such file"),
        (
            "rm -f .assay/current/edk2/cacerts.bin; mkfifo .assay/current/edk2/cacerts.bin", "edk2/cacerts.bin",
            "changed", "not a regular file"
        ),
        (
            "rm -f .assay/current/edk2/cacerts.bin; truncate -s 1T .assay/current/edk2/cacerts.bin", "edk2/cacerts.bin",
            "unreadable", "larger than"
        ),
    ])
    func `each change is found and named`(script: String, path: String, kind: String, detail: String) throws {
        try fixture.publish(1)
        shell(script, in: fixture.path + StoreFixture.store.description)
        let problems = try state().problems
        #expect(
            problems.contains { problem in
                problem.path == "\(StoreFixture.store)/\(path)" && problem.kind.rawValue == kind
                    && problem.detail.contains(detail)
            }, "\(problems)")
    }

    @Test(arguments: ["../../../../etc/passwd", "/etc/passwd", "pem/../x", "pem/other.pem", "legacy/a/b", "readme"])
    func `a manifest that names files elsewhere is a problem, and they are not read`(path: String) throws {
        let files = StoreFixture.files(1)
        try fixture.publish(1)
        let manifest = StoreFixture.manifest(files + [StoreFile(path: path, content: .bytes([]))])
        shell("rm .assay-manifest", in: fixture.path + StoreFixture.store.description)
        try fixture.root().createFile(StoreFixture.store.appending(".assay-manifest"), manifest)
        let state = try state()
        #expect(state.problems.contains { $0.kind == .manifest }, "\(state.problems)")
        #expect(!state.problems.contains { $0.kind == .changed })
    }
}
