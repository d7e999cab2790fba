import AssayFirewall
import FuzzSupport

/// The kernel's table of the older iptables: 84 bytes of information, then entries.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let information = Array(bytes.prefix(84))
    let entries = Array(bytes.dropFirst(84))
    for family in AddressFamily.allCases {
        _ = Ruleset.legacyTable(info: information, entries: entries, family: family).verdict()
    }
    return 0
}
