import AssayBytes
import AssayFileSystem
import AssayTestSupport
import Testing

@Suite struct ImageFileTests {
    private let scratch = ScratchDirectory()

    private func path(_ name: String) -> String { scratch.path + "/" + name }

    private func names() -> String { shell("ls", in: scratch.path).text }

    @Test func `a new file gets its name with commit, and is gone without`() throws {
        do {
            let file = try ImageFile.create(path("one"), mode: 0o600)
            try file.write([1, 2, 3].span, at: ByteOffset(4))
        }
        #expect(names().isEmpty)
        let file = try ImageFile.create(path("two"), mode: 0o600)
        try file.write([1, 2, 3].span, at: ByteOffset(4))
        try file.commit()
        #expect(names() == "two\n")
        #expect(try file.bytes(at: .zero, count: 7) == [0, 0, 0, 0, 1, 2, 3])
        #expect(shell("stat -c %a two", in: scratch.path).text == "600\n")
    }

    @Test func `a file that grew is cut again unless it is committed`() throws {
        try scratch.write("image", [UInt8](repeating: 7, count: 100))
        do {
            let file = try ImageFile.open(path("image"), forWriting: true)
            try file.write([1].span, at: ByteOffset(5000))
            #expect(file.size == ByteCount(5001))
        }
        #expect(try ImageFile.open(path("image")).size == ByteCount(100))
        let file = try ImageFile.open(path("image"), forWriting: true)
        try file.resize(to: ByteCount(200))
        try file.commit()
        #expect(try ImageFile.open(path("image")).size == ByteCount(200))
    }

    @Test func `a copy keeps bytes, holes and permissions, and takes the original's place`() throws {
        shell(
            "truncate -s 5M image && printf x | dd of=image bs=1 seek=3000000 conv=notrunc 2>/dev/null && chmod 640 image",
            in: scratch.path)
        let copy = try ImageFile.create(replacing: ImageFile.open(path("image")))
        try copy.write([0x79].span, at: ByteOffset(3_000_001))
        #expect(shell("od -An -c -j 3000000 -N 2 image", in: scratch.path).text.contains("x  \\0"))
        try copy.commit()
        let seen = shell(
            "od -An -c -j 3000000 -N 2 image; stat -c '%a %s' image; du -k image | cut -f 1", in: scratch.path)
        let lines = seen.text.split(separator: "\n").map(String.init)
        #expect(lines.first?.contains("x   y") == true, "\(seen.text)")
        #expect(lines[1] == "640 5242880")
        #expect((lines.last.flatMap { Int($0) } ?? .max) < 3000)
    }

    @Test(arguments: [".", "fifo", "/dev/null", "missing"])
    func `what is no image is refused`(name: String) throws {
        shell("mkfifo fifo", in: scratch.path)
        #expect(throws: FileSystemError.self) {
            try ImageFile.open(name.hasPrefix("/") ? name : path(name), forWriting: true)
        }
    }
}
