import AssayBytes
import AssayChecksumList
import FuzzSupport

/// Lists of checksums, under several names, and what they say of the files that they name.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    for name in [nil, "SHA256SUMS", "a.iso.sha512", "MD5SUMS", "CHECKSUM"] {
        guard let list = try? ChecksumList(bytes, listName: name) else { continue }
        let lines = bytes.count { $0 == 0x0A } + 1
        precondition(
            list.entries.count + list.malformedLineCount + list.commentCount <= lines, "no line counts twice")
        precondition(
            list.malformedLines.count == min(list.malformedLineCount, ChecksumList.maximumMalformedLines),
            "the first malformed lines are kept")
        precondition(
            zip(list.entries, list.entries.dropFirst()).allSatisfy { $0.line < $1.line }, "entries are in order")
        for entry in list.entries.prefix(32) {
            check(entry)
            match(entry, in: list)
        }
        precondition(
            list.entries.contains { $0.baseName.isEmpty } || (try? list.match([])) == .some(nil), "no name matches none"
        )
    }
    return 0
}

private func check(_ entry: ChecksumEntry) {
    precondition(!entry.digest.isEmpty && !entry.path.isEmpty && !entry.baseName.contains(0x2F), "a file has a name")
    precondition(
        entry.algorithm.digestLength.map { $0 == entry.digest.count } ?? true, "a digest of its algorithm's length")
    // The same, as BSD writes it.
    var name: [UInt8] = []
    for byte in entry.path {
        switch byte {
        case 0x5C: name += Array(#"\\"#.utf8)
        case 0x0A: name += Array(#"\n"#.utf8)
        case 0x0D: name += Array(#"\r"#.utf8)
        default: name.append(byte)
        }
    }
    let line = Array("\\\(entry.algorithm) (".utf8) + name + Array(") = \(Hex.encode(entry.digest))\n".utf8)
    guard let again = try? ChecksumList(line).entries.first else {
        preconditionFailure("an entry that was read can be written and read again")
    }
    precondition(
        again.path == entry.path && again.digest == entry.digest && again.algorithm == entry.algorithm,
        "and is the same")
}

private func match(_ entry: ChecksumEntry, in list: ChecksumList) {
    let name = Array(entry.baseName)
    precondition(!list.similar(to: name).contains { $0.baseName == entry.baseName }, "what is equal is not similar")
    let same = list.entries.filter { $0.baseName.elementsEqual(name) }
    do {
        guard let match = try list.match(name) else { preconditionFailure("what the list names is found") }
        precondition(
            (match.entries + match.duplicates).allSatisfy { $0.baseName.elementsEqual(name) },
            "no entry is of another name")
        precondition(match.entries.count + match.duplicates.count == same.count, "no entry is left out")
        precondition(Set(match.entries.map(\.algorithm)).count == match.entries.count, "one entry an algorithm")
        precondition(
            same.allSatisfy { match.entry($0.algorithm)?.digest == $0.digest }, "all entries say the same")
    } catch {
        precondition(
            same.contains { one in same.contains { $0.algorithm == one.algorithm && $0.digest != one.digest } },
            "only a contradiction is ambiguous")
    }
}
