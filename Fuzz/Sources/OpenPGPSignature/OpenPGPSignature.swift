import AssayOpenPGP
import FuzzSupport

/// Detached signatures, armored or not, and what they say about a document.
///
/// An input is signatures, or signatures, certificates and a document, divided by four bytes 0xFF.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = divided(bytes)
    checkArmor(parts[0])
    guard let signatures = try? OpenPGPSignature.parse(parts[0]) else { return 0 }
    precondition((1...OpenPGPSignature.maximumCount).contains(signatures.count), "from one to the limit")
    for signature in signatures {
        _ = signature.claimedFingerprints
        _ = signature.claimedKeyIDs
        _ = "\(signature.type) \(signature.publicKeyAlgorithm) \(signature.hashAlgorithm)"
    }
    guard parts.count > 2, let certificates = try? OpenPGPKeyring(parts[1]).certificates else { return 0 }
    verify(signatures, certificates, parts[2])
    return 0
}

private func checkArmor(_ text: [UInt8]) {
    guard let blocks = try? ArmorBlock.blocks(in: text) else { return }
    precondition(blocks.count <= ArmorBlock.maximumBlocks, "no more blocks than the limit")
    var end = 0
    for block in blocks {
        precondition(block.range.lowerBound >= end && block.range.upperBound <= text.count, "blocks follow each other")
        precondition(block.headers.count <= ArmorBlock.maximumHeaders, "no more headers than the limit")
        precondition(block.bytes.count < block.range.count, "radix-64 is longer than what it stands for")
        end = block.range.upperBound
    }
    var inside = blocks.map(\.range)[...]
    for gap in ArmorBlock.textOutside(blocks, in: text) {
        while let next = inside.first, next.upperBound <= gap.lowerBound { inside.removeFirst() }
        precondition(!gap.isEmpty && gap.upperBound <= (inside.first?.lowerBound ?? text.count), "gaps hold no block")
    }
}

private func verify(_ signatures: [OpenPGPSignature], _ certificates: [OpenPGPCertificate], _ document: [UInt8]) {
    // Every try costs a public-key operation.
    let signatures = Array(signatures.prefix(4))
    let whole = SignatureHasher.hash(document, for: signatures)
    var hasher = SignatureHasher(for: signatures)
    for piece in pieces(of: document) { hasher.update(piece) }
    let pieced = hasher.finish()
    var changed = document.isEmpty ? [0] : document
    if !document.isEmpty { changed[0] ^= 1 }
    let other = SignatureHasher.hash(changed, for: signatures)
    for signature in signatures {
        for time: Int64 in [.min, .max] { _ = signature.verify(whole, certificates: certificates, at: time) }
        let verdict = signature.verify(whole, certificates: certificates, at: 1_800_000_000)
        precondition(
            signature.verify(pieced, certificates: certificates, at: 1_800_000_000) == verdict,
            "how a document is cut changes no verdict")
        precondition(verdict.check == .valid || !verdict.faults.isEmpty, "what does not hold has a reason")
        precondition(!verdict.isGood || isStrong(signature, verdict), "no weak or unclear signature is good")
        guard verdict.check == .valid else { continue }
        precondition(
            certificates.contains { certificate in
                certificate.fingerprint == verdict.certificateFingerprint
                    && certificate.keys.contains { $0.fingerprint == verdict.signingFingerprint }
            }, "the key is one of its certificate's")
        precondition(
            signature.verify(other, certificates: certificates, at: 1_800_000_000).check != .valid,
            "a signature is of one document")
    }
}

private func isStrong(_ signature: OpenPGPSignature, _ verdict: SignatureVerdict) -> Bool {
    !signature.hashAlgorithm.isWeak && signature.type.isOfDocument && signature.unknownCriticalParts.isEmpty
        && verdict.signingKey?.isWeak == false && signature.creationTime <= 1_800_000_000
        && signature.expirationTime.map { $0 > 1_800_000_000 } ?? true
}
