import AssayTrustStore
import FuzzSupport

/// Manifests of published trust stores.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard let manifest = try? StoreManifest(reading: bytes) else { return 0 }
    precondition(manifest.text == bytes, "a manifest has one form")
    for output in manifest.outputs {
        let names = output.path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        precondition(names.allSatisfy { !$0.isEmpty && !$0.elementsEqual("..".utf8) }, "no path leaves the store")
    }
    return 0
}
