import AssayTerminal
import AssayTestSupport
import Dispatch
import Foundation
import Synchronization
import Testing

@Suite(.serialized)
struct OutputStreamTests {
    @Test
    func `all bytes arrive, also through a full non-blocking pipe`() throws {
        let pipe = Pipe()
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        let flags = fcntl(descriptor, F_GETFL)
        #expect(fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0)
        let arrived = Mutex<[UInt8]>([])
        let isRead = DispatchSemaphore(value: 0)
        // A thread of its own: a task would wait for one of the pool, of which this test holds one while the pipe is full.
        Thread.detachNewThread {
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            arrived.withLock { $0 = Array(data) }
            isRead.signal()
        }
        try OutputStream(descriptor: descriptor).write(bytes)
        try pipe.fileHandleForWriting.close()
        isRead.wait()
        #expect(arrived.withLock { $0 } == bytes)
    }

    @Test
    func `a reader that has gone is an error, not the end of the process`() throws {
        OutputStream.reportBrokenPipes()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let stream = OutputStream(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let error = #expect(throws: OutputError.self) { try stream.write("x") }
        #expect(error?.code == .brokenPipe)
        #expect(error?.description == "the reader of the output has gone")
    }

    @Test
    func `a full device is named`() throws {
        let handle = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let error = #expect(throws: OutputError.self) {
            try OutputStream(descriptor: handle.fileDescriptor).write("x")
        }
        #expect(error?.code == .noSpace)
    }

    @Test
    func `a closed descriptor is an error with its number`() {
        let error = #expect(throws: OutputError.self) { try OutputStream(descriptor: -1).write("x") }
        #expect(error?.code == .failed)
        #expect(error?.number == EBADF)
    }

    @Test
    func `nothing is written without bytes`() throws {
        try OutputStream(descriptor: -1).write("")
    }
}

@Test(arguments: [
    (["COLUMNS": "132"], 132), (["COLUMNS": "5"], 80), (["COLUMNS": "-1"], 80), (["COLUMNS": "x"], 80),
    (["COLUMNS": "99999999999999999999"], 80), ([:], 80),
])
func `the width is the user's word or 80 where no terminal is`(environment: [String: String], width: Int) throws {
    let handle = try #require(FileHandle(forWritingAtPath: "/dev/null"))
    let stream = OutputStream(descriptor: handle.fileDescriptor)
    #expect(stream.width(environment: environment) == width)
    #expect(!stream.isTerminal)
}

@Test
func `the width of a terminal is asked from it`() throws {
    var size = winsize()
    size.ws_col = 101
    size.ws_row = 30
    var primary: Int32 = -1
    var secondary: Int32 = -1
    try #require(unsafe openpty(&primary, &secondary, nil, nil, &size) == 0)
    defer {
        close(primary)
        close(secondary)
    }
    let stream = OutputStream(descriptor: secondary)
    #expect(stream.isTerminal)
    #expect(stream.width(environment: [:]) == 101)
    #expect(stream.width(environment: ["COLUMNS": "90"]) == 90)
}

@Test(arguments: [
    (["LANG": "en_GB.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false), ([:], false),
    (["LC_ALL": "C", "LANG": "en_GB.UTF-8"], false), (["LC_ALL": "", "LC_CTYPE": "de_DE.UTF-8"], true),
])
func `the character set is that of the first locale variable that is set`(
    environment: [String: String], expected: Bool
) {
    #expect(TerminalCharacters.isUTF8(environment: environment) == expected)
}
