import AssayAccounts
import FuzzSupport

/// sshd_config with files that it includes.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = split(bytes)
    guard let first = parts.first else { return 0 }
    let configuration = SSHDConfiguration(first) { pattern in
        parts.dropFirst().map { (path: pattern, bytes: $0) }
    }
    for question in SSHDQuestion.allCases {
        _ = configuration.answer(question)
        _ = configuration.overrides(of: question)
    }
    return 0
}
