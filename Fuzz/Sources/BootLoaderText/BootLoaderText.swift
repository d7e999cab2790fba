import AssayBootLoader
import FuzzSupport

/// Loader entries, loader.conf, /etc/default/grub and kernel command lines.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = split(bytes)
    let entries = parts.enumerated().map { LoaderEntry($1, fileName: "entry-\($0)+3-1.conf") }
    _ = LoaderEntry.sorted(entries).map { $0.options { $0 == "kernelopts" ? "ro quiet" : nil } }
    _ = LoaderConfiguration(bytes).defaultEntry(among: entries)
    _ = GrubDefaults(parts.map { GrubDefaults.File(path: "/etc/default/grub", bytes: $0) })
    _ = KernelInstallCommandLine(bytes)
    let line = KernelCommandLine(String(decoding: bytes, as: UTF8.self))
    _ = line.last("lockdown")
    _ = VersionOrder.compare(
        String(decoding: parts.first ?? [], as: UTF8.self), String(decoding: parts.last ?? [], as: UTF8.self))
    return 0
}
