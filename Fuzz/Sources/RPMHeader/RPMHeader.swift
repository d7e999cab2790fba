import AssayPackageDatabase
import FuzzSupport

/// Headers of the RPM database.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard let header = try? RPMHeader(bytes) else { return 0 }
    _ = try? RPMPackage(header)
    _ = try? header.files()
    return 0
}
