import AssayBytes
import AssayPE
import FuzzSupport

/// PE files and unified kernel images.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let source = ByteArraySource(bytes)
    guard let image = try? PEImage(source) else { return 0 }
    let unified = UnifiedKernelImage(image)
    for part in UnifiedKernelImage.Part.allCases { _ = try? unified.text(of: part, in: source) }
    for section in image.sections { _ = try? PEImage.content(of: section, in: source, limit: .mebibytes(1)) }
    return 0
}
