import AssayFileSystem
import AssayTestSupport
import Testing

struct WritableDirectoryTests {
    let scratch = ScratchDirectory()

    private func directory() throws -> WritableDirectory {
        #expect(shell("mkdir -p root", in: scratch.path).status == 0)
        return try WritableDirectory(path: scratch.path + "/root")
    }

    private func text(_ script: String) -> String { shell(script, in: scratch.path + "/root").text }

    @Test func `files, directories and links get their permissions whatever the umask is`() throws {
        let root = try directory()
        try root.makeDirectories("/a/b", mode: 0o755)
        try root.makeDirectories("/a/b", mode: 0o755)
        try root.createFile("/a/b/file", [1, 2, 3], mode: 0o444)
        try root.createFile("/a/all", [], mode: 0o666)
        try root.makeLink("/a/link", to: Array("b/file".utf8))
        #expect(
            text("stat -c '%n %a %s' a a/b a/b/file a/all")
                == "a 755 \(size("a"))\na/b 755 \(size("a/b"))\na/b/file 444 3\na/all 666 0\n")
        #expect(text("readlink a/link") == "b/file\n")
    }

    private func size(_ name: String) -> String { text("stat -c %s \(name)").trimmingLineEnd }

    @Test func `nothing outside is changed through links`() throws {
        let root = try directory()
        shell(
            """
            mkdir out && echo kept > out/file && cd root && ln -s ../out up && ln -s "$PWD/../out" absolute &&
            ln -s ../out/file file && mkdir -p tree && ln -s ../../out tree/up && ln -s /proc/self/fd/0 magic
            """, in: scratch.path)
        #expect(throws: FileSystemError.self) { try root.createFile("/up/new", [1]) }
        #expect(throws: FileSystemError.self) { try root.createFile("/absolute/new", [1]) }
        #expect(throws: FileSystemError.self) { try root.createFile("/file", [1]) }
        #expect(throws: FileSystemError.self) { try root.makeDirectory("/up/new") }
        #expect(throws: FileSystemError.self) { try root.removeFile("/up/file") }
        try root.removeTree("/tree")
        try root.createFile("/new", [1])
        try root.rename("/new", to: "/file")
        try root.removeTree("/up")
        #expect(shell("cd out && ls && cat file", in: scratch.path).text == "file\nkept\n")
        #expect(text("ls") == "absolute\nfile\nmagic\n")
    }

    @Test func `a path above the root is one inside`() throws {
        let root = try directory()
        try root.createFile("/../../above", [1])
        #expect(text("ls") == "above\n")
        #expect(throws: FileSystemError.self) { try root.removeTree("/") }
        #expect(throws: FileSystemError.self) { try root.createFile("/", [1]) }
    }

    @Test func `a name that is taken is never overwritten`() throws {
        let root = try directory()
        try root.createFile("/file", [1])
        #expect(throws: FileSystemError.self) { try root.createFile("/file", [2]) }
        #expect(throws: FileSystemError.self) { try root.makeLink("/file", to: [0x61]) }
        #expect(throws: FileSystemError.self) { try root.makeDirectory("/file") }
        #expect { try root.makeDirectories("/file/below") } throws: { ($0 as? FileSystemError)?.code == .wrongType }
        #expect(try root.reader.read("/file", limit: 10) == [1])
    }

    @Test func `a file that does not fit on the disk leaves nothing`() throws {
        // A file system of one page, which needs root to be mounted: `/dev/full` cannot be created in.
        guard shell("mkdir full && mount -t tmpfs -o size=4096 none full", in: scratch.path).status == 0 else { return }
        defer { shell("umount full", in: scratch.path) }
        let root = try WritableDirectory(path: scratch.path + "/full")
        #expect(throws: FileSystemError.self) { try root.createFile("/big", [UInt8](repeating: 1, count: 10_000)) }
        #expect(shell("ls full", in: scratch.path).text.isEmpty)
    }

    @Test func `a directory and a link change places in one step`() throws {
        let root = try directory()
        shell("mkdir d e && touch d/in && ln -s e link", in: scratch.path + "/root")
        try root.exchange("/d", with: "/link")
        #expect(text("readlink d; ls link") == "e\nin\n")
        #expect(throws: FileSystemError.self) { try root.exchange("/d", with: "/missing") }
    }

    @Test func `a tree is removed within its bounds`() throws {
        let root = try directory()
        shell("mkdir -p t/a/b/c && touch t/1 t/a/2 && ln -s /etc t/l && mkfifo t/f", in: scratch.path + "/root")
        #expect { try root.removeTree("/t", depth: 3) } throws: { ($0 as? FileSystemError)?.code == .tooLarge }
        #expect { try root.removeTree("/t", limit: 1) } throws: { ($0 as? FileSystemError)?.code == .tooLarge }
        try root.removeTree("/t")
        #expect(text("ls").isEmpty)
    }

    @Test(arguments: [
        ("/a/x", "/real/x"), ("/abs/x", "/real/x"), ("/chain/x", "/real/x"), ("/none/x", "/none/x"), ("/up/x", "/x"),
        ("/real/back/real", "/real"),
    ])
    func `links on the way are resolved as the root sees them`(path: String, real: String) throws {
        let root = try directory()
        shell(
            """
            mkdir real && ln -s real a && ln -s /real abs && ln -s ./abs/../a chain && ln -s ../../.. up &&
            ln -s .. real/back && ln -s loop loop
            """, in: scratch.path + "/root")
        #expect(try root.resolved(TreePath(path)) == TreePath(real))
        #expect { try root.resolved("/loop/x") } throws: { ($0 as? FileSystemError)?.code == .unresolvable }
    }

    @Test func `a lock is held by one, and waits no longer than it may`() throws {
        let root = try directory()
        var held: FileLock? = try root.lock("/lock", waitingAtMost: .zero)
        #expect { try root.lock("/lock", waitingAtMost: .milliseconds(30)) } throws: {
            ($0 as? FileSystemError)?.code == .busy
        }
        #expect(shell("flock -n root/lock true", in: scratch.path).status == 1)
        _ = held
        held = nil
        _ = try root.lock("/lock", waitingAtMost: .zero)
        #expect(text("stat -c %a lock") == "600\n")
        shell("rm lock && mkfifo lock", in: scratch.path + "/root")
        #expect { try root.lock("/lock", waitingAtMost: .zero) } throws: {
            ($0 as? FileSystemError)?.code == .wrongType
        }
    }

    @Test func `a link upwards is followed while others rename files`() async throws {
        let root = try directory()
        shell("mkdir -p a b && echo x > b/file && ln -s ../b a/up && touch 0", in: scratch.path + "/root")
        // Each rename makes the kernel refuse a `..` that it resolves at that moment (openat2(2), EAGAIN).
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<3000 { try root.rename(TreePath("/\(number)"), to: TreePath("/\(number + 1)")) }
            }
            group.addTask {
                for _ in 0..<3000 { _ = try root.reader.read("/a/up/file", limit: 10) }
            }
            try await group.waitForAll()
        }
    }

    @Test func `what was written is flushed`() throws {
        let root = try directory()
        try root.createFile("/file", [1])
        try root.synchronizeFileSystem(of: .root)
        try root.synchronizeDirectory(.root)
        #expect(throws: FileSystemError.self) { try root.synchronizeDirectory("/file") }
    }
}

extension String {
    fileprivate var trimmingLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
