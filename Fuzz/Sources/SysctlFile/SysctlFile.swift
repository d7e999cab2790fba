import AssaySysctl
import FuzzSupport

/// One file of sysctl.d.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    _ = SysctlFile(bytes, path: "/etc/sysctl.d/a.conf")
    return 0
}
