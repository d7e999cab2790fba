import AssayPackageSources
import FuzzSupport

/// sources.list, deb822 sources and apt.conf.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    _ = AptSources(bytes, path: "/etc/apt/sources.list")
    _ = AptSources(list: bytes, path: "/etc/apt/sources.list")
    _ = AptSources(deb822: bytes, path: "/etc/apt/sources.list.d/debian.sources")
    var configuration = AptConfiguration()
    configuration.read(bytes, path: "/etc/apt/apt.conf")
    _ = AptSecurity(configuration)
    _ = configuration.dump()
    return 0
}
