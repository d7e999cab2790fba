import AssayBytes
import AssayDebianArchive
import FuzzSupport

/// Tar archives, as they are and with the checksums of their headers made right.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    check(bytes)
    let repaired = repaired(bytes)
    if repaired != bytes { check(repaired) }
    return 0
}

private func check(_ bytes: [UInt8]) {
    let source = ByteArraySource(bytes)
    var limits = TarArchive.Limits()
    limits.entries = 4
    limits.extendedHeaderBytes = 256
    limits.nameBytes = 512
    let limited = try? TarArchive(source, limits: limits)
    guard let archive = try? TarArchive(source) else {
        precondition(limited == nil, "limits make nothing readable")
        return
    }
    precondition(limited == nil || limited == archive, "limits change nothing that is read")
    var end: UInt64 = 0
    for entry in archive.entries {
        let content = entry.content
        precondition(content.offset.rawValue >= end + 512, "a header goes before each content")
        end = content.offset.rawValue + content.count.rawValue
        precondition(content.count == .zero || end <= bytes.count, "the content lies in the file")
        precondition(entry.kind == .file || content.count == .zero, "only files have content")
        precondition(!entry.path.contains(0), "no path holds a zero byte")
        let path = entry.normalizedPath
        precondition(path.first != 0x2F && path.last != 0x2F, "no slashes around a normalized path")
    }
    for entry in archive.entries.prefix(16) {
        let path = entry.normalizedPath
        guard let text = String(validating: path, as: UTF8.self) else { continue }
        let same = archive.entries.filter { $0.normalizedPath == path }
        let found = try? archive.entry(text)
        precondition(same.count == 1 ? found == same[0] : found == nil, "a path is found where it occurs once")
    }
}

/// The archive with the checksum of every block that looks like a header.
private func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for start in stride(from: 0, to: bytes.count - bytes.count % 512, by: 512)
    where bytes[(start + 257)..<(start + 262)].elementsEqual("ustar".utf8) {
        result.replaceSubrange((start + 148)..<(start + 156), with: Array("        ".utf8))
        let sum = result[start..<(start + 512)].reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        let field = Array((String(repeating: "0", count: 6 - digits.utf8.count) + digits).utf8) + [0, 0x20]
        result.replaceSubrange((start + 148)..<(start + 156), with: field)
    }
    return result
}
