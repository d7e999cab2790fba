import AssayCVSS
import FuzzSupport

/// CVSS vectors: a vector that is read has a score, and is the same when it is written.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard let vector = try? CVSSVector(String(decoding: bytes, as: UTF8.self)) else { return 0 }
    precondition((0...100).contains(vector.score.tenths) && (0...100).contains(vector.baseScore.tenths), "a score")
    precondition(vector.scores.first?.score == vector.baseScore, "the base score comes first")
    precondition((try? CVSSVector(vector.description)) == vector, "the same when it is written")
    precondition(vector.explanation.count >= 8, "every metric is explained")
    return 0
}
