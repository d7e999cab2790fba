import AssayBootLoader
import FuzzSupport

/// The environment block of GRUB.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard let block = try? GrubEnvironmentBlock(bytes) else { return 0 }
    _ = block.value(of: "kernelopts")
    _ = block.value(of: "saved_entry")
    return 0
}
