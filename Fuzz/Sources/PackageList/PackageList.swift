import AssayRepositoryMetadata
import FuzzSupport

/// The list of packages of an RPM repository, whole and in pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let whole = read([bytes])
    let pieced = read(pieces(of: bytes))
    // Of several errors, it decides which one is met first.
    precondition((try? whole.end.get()) == (try? pieced.end.get()), "how a document is cut changes no summary")
    guard case .success(let summary) = whole.end else { return 0 }
    precondition(whole.packages == pieced.packages, "how a document is cut changes no package")
    precondition(summary.packages == whole.packages.count, "every package is counted")
    for package in whole.packages {
        precondition(!package.name.isEmpty && !package.architecture.isEmpty, "a package has a name")
        let components = package.location.description.utf8.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        precondition(
            components.allSatisfy { !$0.isEmpty && !$0.elementsEqual("..".utf8) },
            "no location leads out of the repository")
        _ = package.description
    }
    return 0
}

private func read(
    _ pieces: [[UInt8]]
) -> (packages: [ListedPackage], end: Result<PackageListReader.Summary, MetadataError>) {
    var reader = PackageListReader()
    var packages: [ListedPackage] = []
    do throws(MetadataError) {
        for piece in pieces { packages += try reader.append(piece) }
        return (packages, .success(try reader.finish()))
    } catch {
        return (packages, .failure(error))
    }
}
