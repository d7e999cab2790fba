import AssayKernelConfig
import FuzzSupport

/// Kernel configurations and the questions asked about renamed symbols.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard let config = try? KernelConfig(bytes) else { return 0 }
    _ = KernelConfig.looksLikeKernelConfig(bytes)
    for symbol in ["RANDOMIZE_BASE", "MITIGATION_RETPOLINE", "STRICT_DEVMEM", "COMPAT_BRK"] {
        _ = config.value(of: symbol)
    }
    _ = KernelDefaults.lowestMappableAddress(config: config)
    return 0
}
