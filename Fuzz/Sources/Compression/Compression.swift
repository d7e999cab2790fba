import AssayBytes
import AssayCompression
import FuzzSupport

/// Bounded decompression: the first byte chooses the format when none is recognised.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let formats = CompressionFormat.allCases
    guard let first = bytes.first else { return 0 }
    let format = CompressionFormat.detect(bytes) ?? formats[Int(first) % formats.count]
    let limits = DecompressionLimits(output: .mebibytes(4), memory: .mebibytes(32))
    if let output = try? Decompressor(format, limits: limits).bytes(of: bytes) {
        precondition(output.count <= 4 << 20, "more output than allowed")
    }
    return 0
}
