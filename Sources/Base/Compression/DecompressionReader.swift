public import AssayBytes

/// A decompression in progress: bounded windows of the input in, as many bytes out as the caller asks for.
public struct DecompressionReader: ~Copyable {
    private let plan: Decompressor
    private let source: any ByteSource
    private let start: ByteOffset
    private let end: ByteOffset
    private let backend: any Backend
    /// Where the next window of input begins.
    private var next: ByteOffset
    private var window: [UInt8] = []
    private var windowPosition = 0
    private var state = State.betweenMembers
    private var membersRead = 0
    private var produced: UInt64 = 0

    private enum State {
        case betweenMembers
        case inMember(isSkippable: Bool)
        case finished
    }

    /// Enough for every magic number and smaller than any sensible input.
    private static let windowSize = 64 * 1024

    /// Begins to decompress a part of `source`.
    ///
    /// - Parameters:
    ///   - source: where the compressed bytes are.
    ///   - offset: the first compressed byte.
    ///   - count: the number of compressed bytes; nil for all up to the end.
    ///   - decompressor: what to expect and how much to allow.
    /// - Throws: `CompressionError` of code `unsupported`, `memoryLimitExceeded` or, for a part outside the source,
    ///   `truncated`.
    public init(
        _ source: any ByteSource, at offset: ByteOffset = .zero, count: ByteCount? = nil,
        with decompressor: Decompressor
    ) throws {
        let sourceEnd = ByteOffset(source.size.rawValue)
        let end = count.map { offset.advanced(by: $0) } ?? max(offset, sourceEnd)
        guard let end, count == nil || end <= sourceEnd else {
            throw CompressionError(
                code: .truncated, format: decompressor.format, offset: .zero,
                detail: "the compressed bytes reach behind the end of what holds them")
        }
        let backend = try Self.backend(for: decompressor)
        self.plan = decompressor
        self.source = source
        self.start = offset
        self.next = offset
        self.end = end
        self.backend = backend
    }

    private static func backend(for plan: Decompressor) throws -> any Backend {
        do throws(CompressionFault) {
            return try makeBackend(for: plan.format, memory: plan.limits.memory)
        } catch {
            throw CompressionError(code: error.code, format: plan.format, offset: .zero, detail: error.detail)
        }
    }

    /// The number of compressed bytes used so far.
    public var consumed: ByteCount {
        ByteCount(next.rawValue - start.rawValue - UInt64(window.count - windowPosition))
    }

    /// The number of bytes that came out so far.
    public var decompressed: ByteCount { ByteCount(produced) }

    /// Decompresses on into `buffer`.
    ///
    /// - Parameter buffer: where the bytes go, from its first element on; not empty.
    /// - Returns: the number of bytes written; 0 only when the stream has ended as the format demands.
    /// - Throws: `CompressionError`, or the source's own error. After an error nothing more can be read.
    public mutating func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard !buffer.isEmpty else { return 0 }
        while true {
            switch state {
            case .finished: return 0
            case .betweenMembers: try beginMember()
            case .inMember(let isSkippable):
                let left = plan.limits.output.rawValue - produced
                if left == 0 {
                    try continueAtLimit(isSkippable: isSkippable)
                    continue
                }
                let room = min(buffer.count, Int(clamping: left), Self.largestStep)
                let written = try step(into: &buffer, atMost: room, isSkippable: isSkippable)
                if written > 0 {
                    produced += UInt64(written)
                    return written
                }
            }
        }
    }

    /// zlib counts in 32 bits.
    private static let largestStep = 1 << 30

    /// Runs into one spare byte: the stream may still end without giving more.
    private mutating func continueAtLimit(isSkippable: Bool) throws {
        var spare: [UInt8] = [0]
        var span = spare.mutableSpan
        guard try step(into: &span, atMost: 1, isSkippable: isSkippable) == 0 else {
            throw error(.outputLimitExceeded, "more than \(plan.limits.output.rawValue) bytes would come out")
        }
    }

    private mutating func beginMember() throws {
        try fill(atLeast: CompressionFormat.magicLength)
        if plan.format == .xz, membersRead > 0 { try skipStreamPadding() }
        if membersRead > 0 {
            if plan.extent == .firstMember || windowPosition == window.count {
                state = .finished
                return
            }
            guard plan.format.isRepeatable, plan.format.canBegin(with: head) else {
                throw error(.trailingData, "bytes follow the end of the compressed stream")
            }
        }
        let head = self.head
        guard !head.isEmpty else { throw error(.truncated, "nothing is there") }
        guard plan.format.canBegin(with: head) else {
            let isShort = head.count < 6
            throw error(isShort ? .truncated : .corrupt, "the first bytes are not those of \(plan.format)")
        }
        do throws(CompressionFault) {
            try backend.begin()
        } catch {
            throw self.error(error.code, error.detail)
        }
        state = .inMember(isSkippable: CompressionFormat.isSkippableFrame(head))
    }

    /// Stream padding: groups of four zero bytes (.xz file format 1.2.1, section 2.2).
    private mutating func skipStreamPadding() throws {
        guard plan.extent == .wholeInput else { return }
        while head.starts(with: [0, 0, 0, 0]) {
            windowPosition += 4
            try fill(atLeast: CompressionFormat.magicLength)
        }
    }

    /// The next bytes of input, as far as a magic number can reach.
    private var head: [UInt8] {
        Array(window[windowPosition..<min(window.count, windowPosition + CompressionFormat.magicLength)])
    }

    private mutating func step(
        into output: inout MutableSpan<UInt8>, atMost room: Int, isSkippable: Bool
    ) throws -> Int {
        if windowPosition == window.count { try fill(atLeast: 1) }
        let window = self.window
        let input = window.span.extracting(windowPosition..<window.count)
        let remaining = end.rawValue - next.rawValue + UInt64(input.count)
        let result: BackendStep
        do throws(CompressionFault) {
            result = try backend.step(input, remaining: remaining, into: &output, atMost: room)
        } catch {
            throw self.error(error.code, error.detail)
        }
        windowPosition += result.consumed
        if result.isFinished {
            state = .betweenMembers
            if !isSkippable { membersRead += 1 }
            if isSkippable, windowPosition == window.count, next == end { state = .finished }
        } else if result.consumed == 0, result.produced == 0 {
            let isEnd = windowPosition == window.count && next == end
            throw error(isEnd ? .truncated : .corrupt, isEnd ? "the stream goes on" : "the stream makes no progress")
        }
        return result.produced
    }

    /// Makes at least `count` bytes of input ready, or all that are left.
    private mutating func fill(atLeast count: Int) throws {
        guard window.count - windowPosition < count, next < end else { return }
        window.removeFirst(windowPosition)
        windowPosition = 0
        while window.count < count, next < end {
            let wanted = min(Self.windowSize, Int(clamping: end.rawValue - next.rawValue))
            let part = try source.prefix(at: next, atMost: wanted)
            guard !part.isEmpty, let after = next.advanced(by: ByteCount(UInt64(part.count))) else {
                throw error(.truncated, "the source gave fewer bytes than its size promises")
            }
            if window.isEmpty { window = part } else { window += part }
            next = after
        }
    }

    private func error(_ code: CompressionError.Code, _ detail: String) -> CompressionError {
        CompressionError(code: code, format: plan.format, offset: ByteOffset(consumed.rawValue), detail: detail)
    }
}
