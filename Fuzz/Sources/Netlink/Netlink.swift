import AssayFirewall
import FuzzSupport

/// What the kernel answers to a dump of nf_tables.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    for order in byteOrders { _ = Ruleset.netlink([bytes], order: order).verdict() }
    return 0
}
