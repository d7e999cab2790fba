import Dispatch
import Synchronization

extension Sequence where Element: Sendable {
    /// The results of `transform`, in the order of the elements, computed by as many threads as there are processors.
    ///
    /// For elements that take microseconds and more, in code that is not asynchronous. The calling thread works too, so that
    /// nothing waits for a thread that is busy elsewhere.
    package func concurrentMap<Result: Sendable>(_ transform: @Sendable (Element) -> Result) -> [Result] {
        let elements = Array(self)
        guard elements.count > 1 else { return elements.map(transform) }
        let results = Mutex([Result?](repeating: nil, count: elements.count))
        DispatchQueue.concurrentPerform(iterations: elements.count) { index in
            let result = transform(elements[index])
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0 }.compactMap(\.self)
    }
}
