import AssayDebianArchive
import FuzzSupport

/// Release files of Debian repositories.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard let release = try? ReleaseFile(bytes) else { return 0 }
    precondition(release.paragraph == (try? ControlParagraph(only: bytes)), "a Release file is one paragraph")
    for algorithm in ReleaseFile.Algorithm.allCases {
        let indices = release.indices(algorithm)
        precondition(release.algorithms.contains(algorithm) || indices.isEmpty, "only lists that are there have lines")
        precondition(zip(indices, indices.dropFirst()).allSatisfy { $0.path < $1.path }, "each path once, in order")
        for index in indices {
            precondition(release.index(index.path, algorithm) == index, "an index is found by its path")
            precondition(index.digest.count == algorithm.digestLength, "a digest of its algorithm's length")
            precondition(
                ReleaseFile.Algorithm.allCases.allSatisfy {
                    release.index(index.path, $0).map { $0.size == index.size } ?? true
                }, "all lists agree on a size")
            let components = index.path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
            precondition(
                components.allSatisfy { !$0.isEmpty && !$0.elementsEqual("..".utf8) }, "no path leaves the repository")
        }
    }
    for time in [release.date, release.validUntil].compactMap({ $0 }) {
        precondition((-86_400..<400_000_000_000).contains(time), "a date is of this age")
    }
    return 0
}
