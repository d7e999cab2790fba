import AssayParallel
import Synchronization
import Testing

struct ConcurrentMapTests {
    @Test(arguments: [0, 1, 2, 1000])
    func `every element is taken once, and results keep the order`(count: Int) {
        let taken = Mutex([Int](repeating: 0, count: count))
        let results = (0..<count).concurrentMap { element in
            taken.withLock { $0[element] += 1 }
            return "\(element)"
        }
        #expect(results == (0..<count).map(String.init))
        #expect(taken.withLock { $0.allSatisfy { $0 == 1 } })
    }

    @Test func `it may be called inside itself`() {
        let sums = (0..<20).concurrentMap { outer in (0..<20).concurrentMap { $0 * outer }.reduce(0, +) }
        #expect(sums == (0..<20).map { $0 * 190 })
    }

    @Test func `results that are nil stay where they are`() {
        #expect([1, 2, 3].concurrentMap { $0 == 2 ? nil : $0 } == [1, nil, 3])
    }

    @Test func `the asynchronous one keeps the order, and its first error ends it`() async throws {
        struct Failure: Error {}
        let elements = Array(0..<100)
        #expect(try await elements.parallelMap(width: 3) { $0 * 2 } == elements.map { $0 * 2 })
        let taken = Mutex(0)
        await #expect(throws: Failure.self) {
            try await Array(0..<2000).parallelMap(width: 2) { element in
                taken.withLock { $0 += 1 }
                if element == 10 { throw Failure() }
                try await Task.sleep(for: .milliseconds(1))
                return element
            }
        }
        #expect(taken.withLock { $0 } < 2000)
    }
}
