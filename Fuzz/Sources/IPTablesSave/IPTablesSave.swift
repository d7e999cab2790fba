import AssayFirewall
import FuzzSupport

/// iptables-save texts.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    for family in AddressFamily.allCases {
        _ = Ruleset.iptablesSave(SourceFile(path: "/etc/iptables/rules.v4", bytes: bytes), family: family).verdict()
    }
    return 0
}
