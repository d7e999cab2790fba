import AssayRepositoryMetadata
import FuzzSupport

/// The index of an RPM repository.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard let index = try? RepositoryIndex(bytes) else { return 0 }
    precondition(Set(index.files.map(\.type)).count == index.files.count, "each type once")
    for file in index.files {
        precondition(index.file(file.type) == file, "a file is found by its type")
        check(file.location)
        for checksum in [file.checksum, file.openChecksum].compactMap({ $0 }) {
            precondition(!checksum.digest.isEmpty, "a checksum has a digest")
            precondition(
                checksum.algorithm.map { $0.size == checksum.digest.count } ?? true, "of its algorithm's length")
        }
    }
    return 0
}

private func check(_ location: RepositoryPath) {
    let path = location.description
    precondition(RepositoryPath(path) == location, "a location is read back")
    // A letter of Swift's can be a slash with an accent; to a file system it is a slash.
    let components = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    precondition(
        components.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) },
        "no location leads out of the repository")
    precondition(!path.utf8.contains(UInt8(ascii: "\\")), "or does so where backslashes divide names")
}
