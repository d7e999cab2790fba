import AssayJSON
import FuzzSupport

/// JSON: what is read can be written, and is the same then.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let value: JSONValue
    do {
        value = try JSONReader.read(bytes)
    } catch {
        precondition(error.line >= 1 && error.column >= 1 && !error.detail.isEmpty, "an error has a place")
        return 0
    }
    let sorted = JSONWriter.bytes(value)
    guard let again = try? JSONReader.read(sorted) else { preconditionFailure("what is written can be read") }
    precondition(again == value && again.hashValue == value.hashValue, "and is the same")
    precondition(JSONWriter.bytes(again) == sorted, "writing is stable")
    let short = JSONWriter.bytes(value, style: JSONWriter.Style(sortsKeys: false, isIndented: false))
    precondition((try? JSONReader.read(short)) == value, "in every style")
    precondition(sorted.allSatisfy { $0 >= 0x20 || $0 == 0x0A }, "no control character is written")
    precondition(JSONReader.place(of: [], in: bytes) != nil, "a value has a place")
    return 0
}
