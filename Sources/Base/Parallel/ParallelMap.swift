import Synchronization

extension Sequence where Element: Sendable {
    /// The results of `transform`, in the order of the elements, computed by `width` tasks at a time.
    ///
    /// Each task takes the next element when it has done one, so that at most `width` files are at work, and no thread
    /// waits for another between two small ones.
    ///
    /// - Throws: the first error, after which no further element is begun.
    package func parallelMap<Result: Sendable>(
        width: Int, _ transform: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        let elements = Array(self)
        let next = NextIndex()
        return try await withThrowingTaskGroup(of: [(Int, Result)].self) { group in
            for _ in 0..<Swift.max(1, Swift.min(width, elements.count)) {
                group.addTask {
                    var done: [(Int, Result)] = []
                    while let index = next.take(below: elements.count) {
                        try Task.checkCancellation()
                        done.append((index, try await transform(elements[index])))
                    }
                    return done
                }
            }
            var results = [Result?](repeating: nil, count: elements.count)
            for try await done in group {
                for (index, result) in done { results[index] = result }
            }
            return results.compactMap(\.self)
        }
    }
}

/// Hands out the numbers from 0 on, each once.
private final class NextIndex: Sendable {
    private let number = Atomic<Int>(0)

    func take(below end: Int) -> Int? {
        let index = number.wrappingAdd(1, ordering: .relaxed).oldValue
        return index < end ? index : nil
    }
}
