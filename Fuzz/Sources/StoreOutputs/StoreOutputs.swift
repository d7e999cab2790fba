import AssayTrustStore
import FuzzSupport

/// The published outputs of a trust store.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    for output in StoreOutput.allCases {
        guard let certificates = try? TrustStore.read(bytes, as: output) else { continue }
        for certificate in certificates {
            precondition(certificate.der.first == 0x30, "a certificate is a sequence")
            precondition(certificate.der.count <= bytes.count, "a certificate is not larger than its file")
        }
    }
    return 0
}
