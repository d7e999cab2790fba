import AssayAccounts
import FuzzSupport

/// PAM files that include each other.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = split(bytes)
    guard let first = parts.first else { return 0 }
    _ = PAMFile(first, path: "/etc/pam.conf", form: .single)
    var reads = 0
    for type in PAMModuleType.allCases {
        let stack = PAMStack(service: "sshd", type: type) { name in
            reads += 1
            return PAMFile(parts[reads % parts.count], path: name)
        }
        _ = stack.calls(of: "pam_unix.so")
    }
    return 0
}
