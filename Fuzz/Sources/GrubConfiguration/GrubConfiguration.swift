import AssayBootLoader
import FuzzSupport

/// grub.cfg with the files that it reads: the first part is the script, the others are files.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = split(bytes)
    guard let script = parts.first else { return 0 }
    var reads = 0
    let configuration = GrubConfiguration(
        script: script, path: "/boot/grub/grub.cfg", variables: ["prefix": "/boot/grub"]
    ) {
        path in
        reads += 1
        let index = reads % (parts.count + 2)
        if index < parts.count { return .bytes(parts[index]) }
        return path.hasSuffix("entries") ? .directory(["a.conf", "b.conf"]) : .absent
    }
    _ = configuration.defaultEntry
    return 0
}
