import AssayJSON
import AssayJSONSchema
import FuzzSupport

/// A schema and a document, divided by four bytes 0xFF: judged or refused, within bounds.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let parts = divided(unsafe array(start, count))
    guard let root = try? JSONReader.read(parts[0]), let schema = try? JSONSchema(root) else { return 0 }
    guard let document = try? JSONReader.read(parts.count > 1 ? parts[1] : parts[0]) else { return 0 }
    guard let failures = try? schema.failures(of: document) else { return 0 }
    precondition(failures.count <= 20, "failures are bounded")
    precondition(failures.allSatisfy { !$0.reason.isEmpty && $0.pointer.hasPrefix("/") }, "each says why and where")
    precondition((try? schema.failures(of: document)) == failures, "judging is stable")
    return 0
}
