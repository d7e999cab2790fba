import AssaySecurityModules
import FuzzSupport

/// SELinux's configuration and file contexts, AppArmor's profiles.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    _ = SELinuxConfiguration(bytes)
    _ = FileContexts(bytes).answer("/usr/bin/passwd", kind: .regular)
    _ = SELinuxLabel(attribute: bytes)
    _ = AppArmorProfileFile(bytes)
    _ = LoadedAppArmorProfile.list(bytes)
    return 0
}
