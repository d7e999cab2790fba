import AssayBytes
import AssayCompression
import AssayKernelConfig
import FuzzSupport

/// Kernel images: containers, compression, banner and the built-in configuration.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let limits = KernelImage.Limits(kernel: .mebibytes(8), memory: .mebibytes(32))
    _ = try? KernelImage(ByteArraySource(bytes), limits: limits)
    return 0
}
