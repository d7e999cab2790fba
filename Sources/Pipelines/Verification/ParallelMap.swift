extension Sequence where Element: Sendable {
    /// The results of `transform`, in the order of the elements, computed by `width` tasks at a time.
    ///
    /// - Throws: the first error, after which no further element is begun.
    func parallelMap<Result: Sendable>(
        width: Int, _ transform: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        let elements = Array(self)
        return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results = [Result?](repeating: nil, count: elements.count)
            var next = 0
            // A new task begins when one ends, so that at most `width` files are open and at work.
            while next < Swift.min(Swift.max(1, width), elements.count) {
                let index = next
                group.addTask { (index, try await transform(elements[index])) }
                next += 1
            }
            while let (index, result) = try await group.next() {
                results[index] = result
                guard next < elements.count else { continue }
                let following = next
                group.addTask { (following, try await transform(elements[following])) }
                next += 1
            }
            return results.compactMap(\.self)
        }
    }
}
