import AssayBytes
import AssayRPM
import FuzzSupport

/// RPM package files: headers, claims, coverage, what to hash, and signature headers written anew.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard let file = try? RPMFile(ByteArraySource(bytes)) else { return 0 }
    let size = UInt64(bytes.count)
    precondition(file.size.rawValue == size && file.payload.end.rawValue == size, "the payload goes to the end")
    precondition(
        file.signatureHeader.range.end == file.padding.offset && file.padding.end == file.header.range.offset
            && file.header.range.end == file.payload.offset, "the parts follow each other")
    checkCoverage(file)
    checkPlan(file)
    for observation in file.observations {
        _ = observation.detail
        if let range = observation.range { precondition(range.end.rawValue <= size, "what is seen is in the file") }
    }
    if let identity = file.identity { _ = "\(identity) \(identity.fileName)" }
    for section in [file.signatureHeader, file.header] {
        for entry in section.entries {
            precondition(section.contains(entry.tag), "every tag of the index is found")
            precondition(section.range(of: entry).end <= section.range.end, "values lie in their header")
            _ = section.strings(entry.tag)
            _ = section.text(entry.tag)
            _ = section.number(entry.tag)
        }
    }
    rewrite(file, bytes)
    return 0
}

private func checkCoverage(_ file: RPMFile) {
    let some = Set(file.claims.indices.filter { $0.isMultiple(of: 2) })
    for verified in [[], some, Set(file.claims.indices)] {
        let ranges = file.coverage(verified: verified)
        var end = ByteOffset.zero
        for range in ranges {
            precondition(range.range.offset == end, "the ranges follow each other without gaps")
            precondition(verified.isSuperset(of: range.claims), "only verified claims protect")
            precondition((range.coverage == .attackerControlled) == range.claims.isEmpty, "what protects is named")
            precondition(
                range.coverage != .signed || verified.contains { file.claims[$0].isSignature },
                "nothing is signed without a signature")
            end = range.range.end
        }
        precondition(end.rawValue == file.size.rawValue, "the ranges cover the whole file")
    }
    precondition(file.claimedCoverage == file.coverage(verified: Set(file.claims.indices)), "all claims at once")
}

private func checkPlan(_ file: RPMFile) {
    let plan = file.hashPlan
    for (segment, next) in zip(plan, plan.dropFirst()) {
        precondition(segment.range.end <= next.range.offset, "segments are in the order of the file")
    }
    for (index, claim) in file.claims.enumerated() {
        precondition(claim.range.end.rawValue <= file.size.rawValue, "claims are about bytes of the file")
        let segments = plan.filter { $0.claims.contains(index) }
        guard claim.scope != .uncompressedPayload else {
            precondition(segments.isEmpty, "what is to be uncompressed is not hashed as it is")
            continue
        }
        precondition(segments.first?.range.offset == claim.range.offset, "hashing begins with the claim's first byte")
        precondition(
            segments.reduce(0) { $0 + $1.range.count.rawValue } == claim.range.count.rawValue,
            "the segments are the claim's bytes")
    }
}

private func rewrite(_ file: RPMFile, _ bytes: [UInt8]) {
    let packet = Array(bytes.suffix(32))
    let changes: [(values: [SignatureValue], removed: Set<HeaderTag>)] = [
        ([], []), ([], RPMFile.signatureTags), ([.openPGP([packet, packet])], []),
        (
            [.headerSignature(packet, isRSA: true), .digest(.sha256Header, [UInt8](repeating: 7, count: 32))],
            RPMFile.signatureTags
        ),
    ]
    for (values, removed) in changes {
        guard let section = try? file.rewritingSignatureHeader(setting: values, removing: removed) else { continue }
        let written =
            bytes.prefix(Int(section.leadSize.rawValue)) + section.bytes
            + bytes.dropFirst(Int(section.bodyOffset.rawValue))
        guard let again = try? RPMFile(ByteArraySource(Array(written))) else {
            preconditionFailure("a package with a new signature header can be read")
        }
        precondition(
            again.header.range.count == file.header.range.count && again.payload.count == file.payload.count
                && again.identity == file.identity, "header and payload stay")
        precondition(
            !section.keepsOffsets || again.header.range == file.header.range, "offsets are kept where it says so")
        precondition(again.hasZeroPadding, "padding is written as zeros")
        precondition(
            again.claims.filter { $0.source == .main }.map(\.value)
                == file.claims.filter { $0.source == .main }.map(\.value), "the claims of the main header stay")
        let tags = Set(values.map(\.tag))
        for entry in again.signatureHeader.entries {
            precondition(
                tags.contains(entry.tag) || (file.signatureHeader.contains(entry.tag) && !removed.contains(entry.tag)),
                "nothing is there that was not asked for")
        }
        for tag in tags { precondition(again.signatureHeader.contains(tag), "what was asked for is there") }
        guard let third = try? again.rewritingSignatureHeader(setting: []) else {
            preconditionFailure("a header that was written can be written again")
        }
        precondition(third.bytes == section.bytes, "and is the same")
    }
}
