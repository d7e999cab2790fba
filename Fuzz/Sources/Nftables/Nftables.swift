import AssayFirewall
import FuzzSupport

/// nftables texts: the first part is the text, the others are what it includes.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = split(bytes)
    guard let first = parts.first else { return 0 }
    let ruleset = Ruleset.nftables(SourceFile(path: "/etc/nftables.conf", bytes: first)) { name in
        parts.dropFirst().map { SourceFile(path: name, bytes: $0) }
    }
    _ = ruleset.verdict()
    return 0
}
