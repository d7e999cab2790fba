import AssayBytes
import AssayFileSystem
import AssayTestSupport
import Testing

struct RootedDirectoryTests {
    let scratch = ScratchDirectory()

    @Test func `links never lead out of the root`() throws {
        #expect(
            shell(
                """
                mkdir -p root/etc && echo inside > root/etc/passwd && echo outside > secret &&
                ln -s /etc/passwd root/absolute && ln -s ../../../../secret root/up && ln -s loop root/loop &&
                ln -s ../secret root/secret
                """, in: scratch.path
            ).status == 0)
        let root = try RootedDirectory(path: scratch.path + "/root")
        #expect(try root.read("/absolute", limit: 100) == Array("inside\n".utf8))
        #expect(throws: FileSystemError.self) { try root.read("/up", limit: 100) }
        #expect(throws: FileSystemError.self) { try root.read("/secret", limit: 100) }
        #expect { try root.read("/loop", limit: 100) } throws: { ($0 as? FileSystemError)?.code == .unresolvable }
        #expect { try root.read("/none", limit: 100) } throws: { ($0 as? FileSystemError)?.code == .notFound }
    }

    @Test func `a FIFO, a device and a directory are never opened for reading`() throws {
        #expect(shell("mkfifo fifo && mkdir directory && ln -s fifo link", in: scratch.path).status == 0)
        let root = try RootedDirectory(path: scratch.path)
        for name in ["fifo", "directory", "link"] {
            #expect { try root.read(TreePath(name), limit: 100) } throws: {
                ($0 as? FileSystemError)?.code == .wrongType
            }
        }
    }

    @Test func `a file larger than the limit is refused, sparse terabytes included`() throws {
        #expect(shell("truncate -s 1T huge && printf 12345 > small", in: scratch.path).status == 0)
        let root = try RootedDirectory(path: scratch.path)
        #expect { try root.read("/huge", limit: 1 << 20) } throws: { ($0 as? FileSystemError)?.code == .tooLarge }
        #expect { try root.read("/small", limit: 4) } throws: { ($0 as? FileSystemError)?.code == .tooLarge }
        #expect(try root.read("/small", limit: 5).count == 5)
        #expect(try root.open("/huge").prefix(at: ByteOffset(1 << 39), atMost: 4) == [0, 0, 0, 0])
    }

    @Test func `files of proc, which say that they are empty, are read to their end`() throws {
        let root = try RootedDirectory(path: "/")
        #expect(try root.read("/proc/version", limit: 4096).starts(with: Array("Linux version".utf8)))
    }
}

struct TreeWalkTests {
    let scratch = ScratchDirectory()

    private func walk(_ limits: WalkLimits = WalkLimits()) throws -> (files: [String], unreadable: [String]) {
        var files: [String] = []
        var unreadable: [String] = []
        var walk = try RootedDirectory(path: scratch.path).walk(limits: limits)
        while let event = walk.next() {
            switch event {
            case .file(let file): files.append(file.path.description)
            case .unreadable(let path, let error): unreadable.append("\(path): \(error.reason)")
            case .skipped: break
            }
        }
        return (files, unreadable)
    }

    @Test func `names are visited once, in order, and links are not followed`() throws {
        #expect(
            shell(
                """
                mkdir -p b/c a && touch b/c/2 b/c/1 a/x && ln -s . a/self && ln -s ../b a/b &&
                mkfifo a/fifo && touch "$(printf 'new\\nline')" "$(printf 'bad\\377')"
                """, in: scratch.path
            ).status == 0)
        #expect(
            try walk().files == [
                "/a", "/a/b", "/a/fifo", "/a/self", "/a/x", "/b", "/b/c", "/b/c/1", "/b/c/2", "/bad\\xff",
                "/new\\x0aline",
            ])
    }

    @Test func `a tree deeper than the longest path is walked whole`() throws {
        // 4,000 levels with a file at every 500th, made by descending, since no path is that long.
        #expect(
            shell(
                """
                exec python3 -c '
                import os
                for i in range(4000):
                    os.mkdir("d"); os.chdir("d")
                    if i % 500 == 0: open("z", "w").close()
                '
                """, in: scratch.path
            ).status == 0)
        let result = try walk()
        #expect(result.files.count == 4008)
        #expect(result.unreadable.isEmpty)
        #expect(result.files.count { $0.hasSuffix("/z") } == 8)
    }

    @Test func `a limit is reported where it was met, and the walk goes on elsewhere`() throws {
        #expect(shell("mkdir -p a/b/c many && touch many/1 many/2 many/3 last", in: scratch.path).status == 0)
        var limits = WalkLimits()
        limits.depth = 2
        limits.namesPerDirectory = 3
        let result = try walk(limits)
        #expect(result.unreadable == ["/a/b: more than 2 directories deep"])
        #expect(result.files.contains("/last"))
        limits.namesPerDirectory = 2
        #expect(throws: FileSystemError.self) { try walk(limits) }
    }

    @Test func `a file swapped for a FIFO after the walk saw it is not read`() throws {
        #expect(shell("echo text > file", in: scratch.path).status == 0)
        var walk = try RootedDirectory(path: scratch.path).walk()
        while let event = walk.next() {
            guard case .file(let file) = event, file.status.type == .regular else { continue }
            #expect(shell("rm file && mkfifo file", in: scratch.path).status == 0)
            #expect(throws: FileSystemError.self) { try file.open() }
        }
    }
}
