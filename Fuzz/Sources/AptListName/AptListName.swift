import AssayDebianArchive
import FuzzSupport

/// Names of the files that apt keeps its lists in.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    if !bytes.isEmpty {
        let encoded = AptListName.encode(bytes)
        precondition(encoded.allSatisfy { (0x21..<0x7F).contains($0) && $0 != 0x2F }, "a name is one component")
        precondition(AptListName(encoded)?.location == bytes, "what is written is read back")
    }
    guard let name = AptListName(bytes) else { return 0 }
    precondition(!name.host.contains(0x2F) && !name.fileName.contains(0x2F), "components hold no slashes")
    precondition(
        name.location == name.fileName || name.location == name.directory + [0x2F] + name.fileName,
        "directory and file name are the location")
    if let repository = name.repository {
        precondition(
            name.directory == repository.root + Array("/dists/".utf8) + repository.suite
                || (repository.root.isEmpty && name.directory == Array("dists/".utf8) + repository.suite),
            "root and suite are the directory")
    }
    let index = name.name(ofIndex: "main/binary-amd64/Packages")
    precondition(
        AptListName(index)?.directory == name.directory + Array("/main/binary-amd64".utf8), "indices lie beside it")
    return 0
}
