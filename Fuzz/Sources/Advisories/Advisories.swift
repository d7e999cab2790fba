import AssayAdvisories
import AssayJSON
import FuzzSupport

/// Documents that no schema has seen: read or refused; what is written of them is read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    if let text = String(validating: bytes, as: UTF8.self), let url = PackageURL(text) {
        precondition(PackageURL(url.description) == url, "a package URL is the same in its canonical form")
    }
    guard let document = try? JSONReader.read(bytes), let format = AdvisoryFormat(of: document),
        let advisory = try? format.advisory(document)
    else { return 0 }
    precondition(advisory.products.count <= 20_000 * 3, "products are bounded")
    for other in AdvisoryFormat.allCases {
        guard let written = try? other.document(advisory) else { continue }
        precondition(
            AdvisoryFormat(of: written) == other || other == .osv || other == .openVEX, "a document says what it is")
        if other.csafVersion != nil, let again = try? other.advisory(written) {
            precondition(
                again.vulnerabilities.map(\.names) == advisory.vulnerabilities.map(\.names), "CSAF keeps every name")
        }
        precondition((try? JSONReader.read(JSONWriter.bytes(written))) == written, "what is written can be read")
    }
    return 0
}
