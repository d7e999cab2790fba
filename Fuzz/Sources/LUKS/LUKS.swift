import AssayLUKS
import FuzzSupport

/// Headers of LUKS 1 and 2 with their metadata; crypttab and fstab.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    _ = try? LUKSHeader(bytes)
    _ = MountTables.crypttab(bytes)
    _ = MountTables.fstab(bytes)
    return 0
}
