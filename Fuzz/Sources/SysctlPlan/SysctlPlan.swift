import AssaySysctl
import FuzzSupport

/// The merge of several sysctl.d files, and what it says of single keys.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = split(bytes)
    let entries = parts.prefix(8).enumerated().map { index, part in
        SysctlEntry("\(index % 3)-\(index).conf", part.isEmpty ? .masked : .bytes(part))
    }
    let directories = [
        SysctlDirectory(path: "/etc/sysctl.d", entries: Array(entries.prefix(4))),
        SysctlDirectory(path: "/usr/lib/sysctl.d", entries: Array(entries.dropFirst(4))),
    ]
    let plan = SysctlPlan(
        directories: directories,
        trailing: [SysctlTrailingFile(path: "/etc/sysctl.conf", contents: .bytes(parts.last ?? []))])
    for name in ["kernel.kptr_restrict", "net.ipv4.conf.all.rp_filter", "net.ipv4.conf.eth0/1.rp_filter"] {
        _ = plan.resolve(name)
    }
    _ = plan.writes(among: [SysctlKey("net.ipv4.conf.eth0.rp_filter"), SysctlKey("kernel.yama.ptrace_scope")])
    return 0
}
