import AssayPackageDatabase
import FuzzSupport

/// dpkg's status, lists and diversions.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    _ = DpkgStatusReader.packages(of: bytes)
    _ = DpkgFiles.list(bytes)
    let diversions = DpkgFiles.diversions(bytes).diversions
    _ = diversions.count
    return 0
}
