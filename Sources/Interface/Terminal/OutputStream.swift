#if canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Why a stream did not take what was written.
public struct OutputError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The reader has gone (`assay audit | head`): the caller ends with 128 + SIGPIPE, without a message.
        public static let brokenPipe = Code(name: "brokenPipe")
        /// No space is left where the output goes.
        public static let noSpace = Code(name: "noSpace")
        /// Anything else.
        public static let failed = Code(name: "failed")
    }

    /// What went wrong.
    public let code: Code
    /// The number of the system's error (errno).
    public let number: Int32
    /// The sentence for people.
    public let description: String

    init(number: Int32) {
        self.number = number
        switch number {
        case EPIPE:
            code = .brokenPipe
            description = "the reader of the output has gone"
        case ENOSPC:
            code = .noSpace
            description = "no space is left for the output"
        default:
            code = .failed
            description = "the output could not be written: system error \(number)"
        }
    }
}

/// One of the streams that a program is born with, or another open descriptor that somebody else owns.
public struct OutputStream: Hashable, Sendable {
    /// Standard output: results.
    public static let standardOutput = OutputStream(descriptor: STDOUT_FILENO)
    /// Standard error: everything else.
    public static let standardError = OutputStream(descriptor: STDERR_FILENO)

    /// The descriptor; not closed by this type.
    public let descriptor: Int32

    /// Makes a stream over an open descriptor.
    public init(descriptor: Int32) { self.descriptor = descriptor }

    /// Makes writes to a pipe without a reader fail with an error instead of killing the process (signal(7), SIGPIPE).
    ///
    /// To be called once, at the start of `main`. Child processes inherit it unless they are started with default signals.
    public static func reportBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Whether a person may be looking: the descriptor is a terminal (isatty(3)).
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Writes all of `text` as UTF-8.
    public func write(_ text: String) throws(OutputError) { try write(Array(text.utf8)) }

    /// Writes all of `bytes`, in as many pieces as the system takes, and waits where it would block.
    public func write(_ bytes: [UInt8]) throws(OutputError) {
        var start = 0
        while start < bytes.count {
            let (written, number) = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[start...])
                // `rest` is not empty, so it has an address; it lives until the call returns.
                let count = unsafe writeBytes(descriptor, rest.baseAddress, rest.count)
                return (count, errno)
            }
            if written > 0 {
                start += written
            } else if written < 0, number == EAGAIN {
                waitUntilWritable()
            } else if written == 0 || number != EINTR {
                throw OutputError(number: written == 0 ? EIO : number)
            }
        }
    }

    /// A descriptor shared with another program may be non-blocking without our doing.
    private func waitUntilWritable() {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&request, 1, -1)
    }
}

/// write(2) under a name that no method hides.
@unsafe
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}
