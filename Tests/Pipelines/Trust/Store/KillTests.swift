import AssayFileSystem
import AssaySubjects
import AssayTestSupport
import AssayTrustStore
import Synchronization
import Testing

@testable import AssayTrust

struct KillTests {
    enum Start: String, CaseIterable, CustomTestStringConvertible {
        case nothing, foreign, published, mixed

        var testDescription: String { rawValue }

        func make(_ fixture: StoreFixture) throws {
            switch self {
            case .nothing: break
            case .foreign: try fixture.makeForeign()
            case .published: try fixture.publish(5)
            case .mixed:
                try fixture.publish(5)
                try fixture.mix()
            }
        }
    }

    /// Only what the store's own names and links show: an administrator's file is no part of it.
    private func seen(_ fixture: StoreFixture) throws -> [String: String] {
        try fixture.seen().filter { $0.key != "links/mine.crt" }
    }

    /// Links of the old store may stay after the switch, and then lead to nothing.
    @Test(arguments: Start.allCases, [true, false])
    func `a run that ends at any step leaves the old store or the new one`(start: Start, once: Bool) throws {
        let memory = MemoryDirectory()
        // One of each kind, so that every step is tried in seconds.
        let outputs: [StoreOutput] = [.tlsBundle, .javaKeyStore, .directoryHash, .legacy]
        let new = StoreFixture.expected(1, outputs: outputs)
        var limit = 1
        while true {
            let fixture = try StoreFixture(in: memory.path, "\(limit)", outputs: outputs)
            try start.make(fixture)
            let old = try seen(fixture)
            let killer = Killer(at: limit, once: once)
            let result = Result { try fixture.publish(1, step: killer.step) }
            guard killer.count.withLock({ $0 }) >= limit else { break }
            let now = try seen(fixture)
            switch result {
            case .failure(let error):
                #expect(error is Killed, "\(error)")
                #expect(now == old, "step \(limit)")
                if once {
                    let names = try fixture.own().filter { $0 != "lock" && $0 != "current" }
                    let hasCurrent = try fixture.own().contains("current")
                    #expect(names.count == (hasCurrent ? 1 : 0), "step \(limit): \(names)")
                }
            case .success(let publication):
                #expect(now == new, "step \(limit)")
                #expect(!publication.warnings.isEmpty, "step \(limit)")
            }
            let again = try fixture.publish(1)
            #expect(try seen(fixture) == new, "step \(limit)")
            #expect(try fixture.own() == ["current", again.generation, "lock"], "step \(limit)")
            #expect(try fixture.leftovers().isEmpty, "step \(limit)")
            limit += 1
        }
        #expect(limit > 25)
    }

    @Test func `runs at the same time wait for one another`() async throws {
        let fixture = try StoreFixture()
        try fixture.publish(9)
        let expected = (1...4).map { StoreFixture.expected($0) } + [StoreFixture.expected(9)]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...4 {
                group.addTask {
                    for _ in 0..<3 {
                        try fixture.publish(number) { step in
                            // Inside the lock nobody else changes anything, so all that is seen is of one store.
                            guard step.kind == .synchronize else { return }
                            let seen = try fixture.seen()
                            #expect(
                                expected.contains { store in
                                    seen.allSatisfy { store[$0.key] == $0.value }
                                })
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(expected.contains(try fixture.seen()))
        #expect(try fixture.own().count == 3)
    }

    @Test func `a run that cannot get the lock in time changes nothing`() throws {
        let fixture = try StoreFixture()
        try fixture.publish(1)
        let lock = try fixture.root().lock(StoreFixture.store.appending(".assay/lock"), waitingAtMost: .zero)
        let files = StoreFixture.files(2)
        #expect {
            try StoreSwitch(root: fixture.root(), store: StoreFixture.store).publish(
                files, outputs: StoreFixture.outputs, manifest: StoreFixture.manifest(files),
                waitingAtMost: .milliseconds(30))
        } throws: {
            ($0 as? FileSystemError)?.code == .busy
        }
        withExtendedLifetime(lock) {}
        #expect(try fixture.seen() == StoreFixture.expected(1))
    }
}

/// A directory of the test's own, in memory where that is possible: hundreds of stores are written.
private final class MemoryDirectory {
    private let scratch = ScratchDirectory()
    private let shared: WritableDirectory?
    private let name: TreePath
    let path: String

    init() {
        name = TreePath(names: [TreePath(scratch.path).names.last ?? []])
        shared = try? WritableDirectory(path: "/dev/shm")
        let isMade = (try? shared?.makeDirectory(name, mode: 0o700)) != nil
        path = isMade ? "/dev/shm" + name.description : scratch.path
    }

    deinit { try? shared?.removeTree(name) }
}

/// An overlay as containers have it: what was there lies in the lower layer.
struct OverlayTests {
    @Test(.enabled(if: Overlay.isPossible))
    func `files of a lower layer are taken over, a directory there is an error before anything changes`() throws {
        let fixture = try StoreFixture()
        try fixture.makeForeign()
        let overlay = try Overlay(fixture)
        defer { overlay.unmount() }
        let root = try WritableDirectory(path: overlay.path)
        let files = StoreFixture.files(1)
        let manifest = StoreFixture.manifest(files)
        let publish = {
            try StoreSwitch(root: root, store: StoreFixture.store, linkDirectory: StoreFixture.links)
                .publish(files, outputs: StoreFixture.outputs, manifest: manifest)
        }
        let list = "find . -name .assay -prune -o -printf '%p %y %l\\n' | sort"
        let before = shell(list, in: overlay.path).text
        #expect {
            try publish()
        } throws: {
            let error = $0 as? StoreSwitchError
            return error?.code == .crossesLayers && error?.paths == ["\(StoreFixture.store)/pem/directory-hash"]
        }
        #expect(shell(list, in: overlay.path).text == before)
        #expect(shell("ls -A .assay", in: overlay.path + StoreFixture.store.description).text == "lock\n")
        shell("rm -r pem/directory-hash", in: overlay.path + StoreFixture.store.description)
        #expect(try publish().converted.count == 6)
        #expect(StoreState.read(root.reader, store: StoreFixture.store).problems.isEmpty)
        #expect(try !publish().isChanged)
    }

    struct Overlay {
        let path: String
        private let scratch = ScratchDirectory()

        init(_ lower: StoreFixture?) throws {
            path = scratch.path + "/merged"
            let result = shell(
                """
                mkdir lower upper work merged
                mount -t overlay none -o "lowerdir=${1:-$PWD/lower},upperdir=$PWD/upper,workdir=$PWD/work" merged
                """, in: scratch.path, arguments: lower.map { [$0.path] } ?? [])
            guard result.status == 0 else { throw Killed() }
        }

        func unmount() { shell("umount merged", in: scratch.path) }

        /// Only root may mount, and not in every container.
        static var isPossible: Bool {
            guard let overlay = try? Overlay(nil) else { return false }
            overlay.unmount()
            return true
        }
    }
}
