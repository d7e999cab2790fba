import AssayTrustStore
import FuzzSupport

/// Source files of a trust store, of all formats, and what they mean together.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    for role in [SourceRole.main, .anchors, .blocklist] {
        let source: TrustSource
        do {
            source = try TrustSource.read(bytes, path: "/x", token: 0, role: role)
        } catch {
            let lines = bytes.count { $0 == 0x0A } + 1
            precondition(!error.reason.isEmpty && error.path == "/x", "a fault has its reason and its file")
            precondition(error.line.map { (1...lines).contains($0) } ?? true, "a fault's line is one of the file")
            continue
        }
        precondition(!source.objects.isEmpty, "a source says something")
        for object in source.objects {
            guard case .certificate(let object) = object else { continue }
            let again = try? TrustCertificate(der: object.certificate.der)
            precondition(again?.publicKeyInfo == object.certificate.publicKeyInfo, "a certificate is read again")
        }
        for rules in TrustRules.allCases {
            let store = TrustStore.resolve([source], rules: rules)
            for output in StoreOutput.allCases {
                let files = store.files(output, options: OutputOptions(time: 0))
                guard !output.isFolder, case .bytes(let written)? = files.first?.content else { continue }
                let expected = store.entries(in: output).map(\.certificate.der)
                precondition(role != .blocklist || output == .opensslBundle || expected.isEmpty, "distrust is heard")
                precondition(
                    (try? TrustStore.read(written, as: output))?.map(\.der) == expected, "what is written is read back")
            }
        }
    }
    return 0
}
