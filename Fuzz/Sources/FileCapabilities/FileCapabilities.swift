import AssayFileCapabilities
import FuzzSupport

/// The extended attribute of file capabilities.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    _ = try? FileCapabilities(bytes).description
    return 0
}
