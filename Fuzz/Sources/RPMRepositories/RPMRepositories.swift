import AssayPackageSources
import FuzzSupport

/// dnf.conf and repository files.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let documents = split(bytes).map { INIDocument($0, path: "/etc/yum.repos.d/a.repo") }
    for manager in RPMPackageManager.allCases {
        _ = RPMRepositories(manager: manager, main: documents.first, files: documents)
    }
    return 0
}
