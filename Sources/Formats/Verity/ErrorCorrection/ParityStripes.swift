import AssayBytes
import Synchronization

/// How the codewords are shared out to tasks.
///
/// A stripe is a run of codewords that covers whole blocks of each row, so that no block is met in two stripes; it is
/// worked on in windows, one or more.
struct ParityStripes: Sendable {
    /// More tasks would make the windows so small that reading is slow.
    static let greatestWorkers = 32

    /// The tasks.
    let workers: Int
    /// The codewords of a window.
    let windowWidth: Int
    /// The codewords of a stripe, but for the last one.
    let stripeWidth: Int
    /// The codewords of all stripes.
    let codewords: UInt64

    private let next = Counter()

    /// Shares out the codewords of `geometry` to up to `threads` tasks.
    init(geometry: ErrorCorrectionGeometry, threads: Int) {
        let wanted = min(max(1, threads), Self.greatestWorkers)
        workers = Int(clamping: min(UInt64(wanted), geometry.rounds))
        windowWidth = ParityWindow.width(geometry: geometry, workers: workers)
        stripeWidth = max(windowWidth, geometry.blockSize)
        codewords = geometry.codewords
    }

    /// The next stripe that no task has taken, or nil.
    func take() -> Range<UInt64>? {
        let (start, overflow) = next.take().multipliedReportingOverflow(by: UInt64(stripeWidth))
        guard !overflow, start < codewords else { return nil }
        return start..<min(codewords, start + UInt64(stripeWidth))
    }

    /// The windows of a stripe: first codeword and count.
    func windows(of stripe: Range<UInt64>) -> [(first: UInt64, count: Int)] {
        stride(from: stripe.lowerBound, to: stripe.upperBound, by: windowWidth).map {
            ($0, Int(clamping: min(UInt64(windowWidth), stripe.upperBound - $0)))
        }
    }

    /// Runs `work` in as many tasks as there are workers and waits for all; the first error cancels the others.
    func run(_ work: @escaping @Sendable (ParityStripes) throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers { group.addTask { try work(self) } }
            try await group.waitForAll()
        }
    }

    private final class Counter: Sendable {
        private let value = Atomic<UInt64>(0)

        func take() -> UInt64 { value.wrappingAdd(1, ordering: .relaxed).oldValue }
    }
}
