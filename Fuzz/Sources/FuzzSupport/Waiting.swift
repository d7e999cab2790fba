import Dispatch
import Synchronization

/// Runs `work` to its end while the calling thread waits.
///
/// libFuzzer calls from a plain thread, which is none of those that tasks run on.
public func wait<Success: Sendable>(for work: @escaping @Sendable () async throws -> Success) throws -> Success {
    let result = ResultBox<Success>()
    let isDone = DispatchSemaphore(value: 0)
    Task.detached {
        do {
            let value = try await work()
            result.content.withLock { $0 = .success(value) }
        } catch {
            result.content.withLock { $0 = .failure(error) }
        }
        isDone.signal()
    }
    isDone.wait()
    guard let content = result.content.withLock({ $0 }) else { preconditionFailure("the task ended without a result") }
    return try content.get()
}

private final class ResultBox<Success: Sendable>: Sendable {
    let content = Mutex<Result<Success, any Error>?>(nil)
}
