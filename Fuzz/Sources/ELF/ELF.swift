import AssayBytes
import AssayELF
import FuzzSupport

/// ELF files: header, segments, dynamic section, symbols, notes and the whole report.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let source = ByteArraySource(bytes)
    let functions = try? FortifiableFunctions(libc: source)
    _ = try? ELFReport(source, fortifiable: functions)
    _ = try? LibcHardening(source)
    return 0
}
