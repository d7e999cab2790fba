import AssaySystemd
import FuzzSupport

/// Unit files with drop-ins: loading, enablement, what a start pulls in, and the sandbox.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = split(bytes)
    guard let first = parts.first else { return 0 }
    let text = String(decoding: parts.last ?? [], as: UTF8.self)
    var directory = UnitDirectory(
        path: "/etc/systemd/system", entries: ["a@.service": .file(first), "b.service": .file(first)])
    directory.entries[text] = .symlink(target: "b.service")
    directory.entries["default.target"] = .file(parts.count > 1 ? parts[1] : [])
    directory.subdirectories["b.service.d"] = ["10.conf": .file(parts.count > 2 ? parts[2] : [])]
    directory.subdirectories["default.target.wants"] = [
        "b.service": .symlink(target: text), "a@x.service": .symlink(target: "../a@.service"),
    ]
    let set = UnitSet(directories: [directory])
    for name in ["b.service", "a@x.service", text] {
        _ = ServiceSandbox(set.load(name))
        _ = set.enablement(of: name)
        _ = set.triggered(by: name)
    }
    _ = set.reachableFromDefaultTarget()
    return 0
}
