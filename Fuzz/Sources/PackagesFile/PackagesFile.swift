import AssayDebianArchive
import FuzzSupport

/// Packages indices and other control files, whole and in pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let cut = pieces(of: bytes)
    let whole = packages([bytes])
    let pieced = packages(cut)
    // Of several errors, it decides which one is met first.
    precondition((whole.error == nil) == (pieced.error == nil), "how an index is cut does not make it right or wrong")
    precondition(
        whole.error != nil || whole.packages == pieced.packages, "how an index is cut changes no package")
    for package in whole.packages {
        precondition(package.sha256.map { $0.count == 32 } ?? true, "a digest of its algorithm's length")
        precondition(!package.path.isEmpty && package.path.utf8.first != 0x2F, "no path is absolute")
        precondition(
            !package.path.utf8.split(separator: 0x2F).contains { $0.elementsEqual("..".utf8) },
            "no path leaves the repository")
    }
    for reader in [
        ControlFileReader(), ControlFileReader(allowsComments: true), ControlFileReader(keeping: ["Package", "size"]),
    ] {
        let whole = paragraphs(reader, [bytes])
        let pieced = paragraphs(reader, cut)
        precondition(whole.error == pieced.error, "how a file is cut changes nothing")
        guard whole.error == nil else { continue }
        precondition(whole.paragraphs == pieced.paragraphs, "how a file is cut changes no paragraph")
        for paragraph in whole.paragraphs {
            for field in paragraph.fields {
                precondition(paragraph.field(field.name) == field, "a field is found by its name")
                precondition(paragraph.field(field.name.uppercased()) == field, "in any case")
                precondition(field.line >= paragraph.line, "fields are on lines of their paragraph")
            }
        }
    }
    return 0
}

private func packages(_ pieces: [[UInt8]]) -> (packages: [RepositoryPackage], error: ControlFileError?) {
    var reader = PackagesFileReader()
    var packages: [RepositoryPackage] = []
    do {
        for piece in pieces { packages += try reader.read(piece) }
        if let last = try reader.finish() { packages.append(last) }
        return (packages, nil)
    } catch {
        return (packages, error as? ControlFileError)
    }
}

private func paragraphs(
    _ reader: ControlFileReader, _ pieces: [[UInt8]]
) -> (paragraphs: [ControlParagraph], error: ControlFileError?) {
    var reader = reader
    var paragraphs: [ControlParagraph] = []
    do {
        for piece in pieces { paragraphs += try reader.read(piece) }
        if let last = try reader.finish() { paragraphs.append(last) }
        return (paragraphs, nil)
    } catch {
        return (paragraphs, error as? ControlFileError)
    }
}
