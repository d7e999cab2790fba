import CLz4

/// The legacy LZ4 frame: a magic number, then blocks, each a 32-bit little-endian size and that many compressed bytes.
///
/// Every block but the last gives exactly 8 MiB, and nothing marks the end
/// (<https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md>, "Legacy frame"): a shorter block, the end of the input
/// or the four bytes of a Linux kernel's size word are the end.
final class LZ4LegacyBackend: Backend {
    private static let blockSize = 8 * 1024 * 1024
    /// LZ4_COMPRESSBOUND of a block.
    private static let largestBlock = blockSize + blockSize / 255 + 16

    private enum State {
        case magic
        case size
        case block(Int)
        case draining
        case finished
    }

    private var state = State.magic
    /// The compressed bytes of the number or block that is being read.
    private var pending: [UInt8] = []
    private var output: [UInt8] = []
    private var outputPosition = 0
    private var outputCount = 0

    func begin() {
        state = .magic
        pending.removeAll(keepingCapacity: true)
        outputPosition = 0
        outputCount = 0
    }

    func step(
        _ input: Span<UInt8>, remaining: UInt64, into target: inout MutableSpan<UInt8>, atMost room: Int
    ) throws(CompressionFault) -> BackendStep {
        var step = BackendStep()
        while true {
            switch state {
            case .finished:
                step.isFinished = true
                return step
            case .magic:
                guard take(4, from: input, &step) else { return step }
                pending.removeAll(keepingCapacity: true)
                state = .size
            case .size:
                if pending.isEmpty, isEnd(remaining - UInt64(step.consumed)) {
                    state = .finished
                    continue
                }
                guard take(4, from: input, &step) else { return step }
                var size = 0
                for byte in pending.reversed() { size = size << 8 | Int(byte) }
                pending.removeAll(keepingCapacity: true)
                guard size > 0, size <= Self.largestBlock else {
                    throw CompressionFault(code: .corrupt, detail: "a block claims \(size) bytes")
                }
                state = .block(size)
            case .block(let size):
                guard take(size, from: input, &step) else { return step }
                try decodeBlock()
                pending.removeAll(keepingCapacity: true)
                state = .draining
            case .draining:
                let count = min(outputCount - outputPosition, min(room, target.count) - step.produced)
                for index in 0..<count { target[step.produced + index] = output[outputPosition + index] }
                step.produced += count
                outputPosition += count
                guard outputPosition == outputCount else { return step }
                state = outputCount == Self.blockSize ? .size : .finished
            }
        }
    }

    /// Four bytes cannot hold a block: they are a size word, not looked at.
    private func isEnd(_ left: UInt64) -> Bool { left == 0 || left == 4 }

    /// Collects `count` bytes in `pending`; false when the input ends before.
    private func take(_ count: Int, from input: Span<UInt8>, _ step: inout BackendStep) -> Bool {
        let taken = min(count - pending.count, input.count - step.consumed)
        for index in 0..<taken { pending.append(input[step.consumed + index]) }
        step.consumed += taken
        return pending.count == count
    }

    private func decodeBlock() throws(CompressionFault) {
        if output.isEmpty { output = [UInt8](repeating: 0, count: Self.blockSize) }
        // Safe: LZ4_decompress_safe stays inside the sizes given, whatever the bytes say; both sizes fit 32 bits.
        let count = unsafe pending.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe source.withMemoryRebound(to: CChar.self) { source in
                    unsafe target.withMemoryRebound(to: CChar.self) { target in
                        guard let from = source.baseAddress, let into = target.baseAddress else { return Int32(-1) }
                        return unsafe LZ4_decompress_safe(from, into, Int32(source.count), Int32(target.count))
                    }
                }
            }
        }
        guard count >= 0 else { throw CompressionFault(code: .corrupt, detail: "a block does not decompress") }
        outputCount = Int(count)
        outputPosition = 0
    }
}
