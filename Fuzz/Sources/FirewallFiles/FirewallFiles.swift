import AssayFirewall
import FuzzSupport

/// firewalld's and ufw's files, part by part.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let files = split(bytes).enumerated().map { SourceFile(path: "/etc/firewalld/zones/\($0).xml", bytes: $1) }
    guard let first = files.first, let last = files.last else { return 0 }
    let firewalld = Firewalld(configuration: first, zones: files, policies: files, direct: last)
    _ = firewalld.verdict
    let rules = UFW.Rules(before: first, user: last, after: first)
    _ = UFW.verdict(configuration: first, defaults: last, ipv4: rules, ipv6: rules)
    return 0
}
