import AssayBytes
import FuzzSupport

/// Escaped names: whatever is escaped comes back unchanged.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    precondition(EscapedText.unescape(EscapedText(bytes).description) == bytes, "escaping lost bytes")
    _ = EscapedText.unescape(String(decoding: bytes, as: UTF8.self))
    _ = Hex.decode(String(decoding: bytes, as: UTF8.self))
    return 0
}
