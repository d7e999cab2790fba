import AssayFirewall
import FuzzSupport

/// Shell scripts that load a packet filter; the parts after the first are files that the script reads.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = split(bytes)
    guard let first = parts.first else { return 0 }
    let script = ServiceScript(SourceFile(path: "/etc/systemd/scripts/iptables", bytes: first)) { _ in
        parts.count > 1 ? parts[1] : nil
    }
    _ = script.verdict
    return 0
}
