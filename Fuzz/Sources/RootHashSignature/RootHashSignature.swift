import AssayRootHashSignature
import FuzzSupport

/// Signatures of root hashes, certificates, and the text of root hashes.
///
/// An input is one of them, or a signature, certificates and a text, divided by four bytes 0xFF.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = divided(bytes)
    let signature = try? RootHashSignature(der: parts[0])
    if let signature { precondition(signature.der == parts[0], "the signature is kept as it was read") }
    let certificates = certificates(in: parts.count > 1 ? parts[1] : bytes)
    let rootHash = rootHash(parts.count > 2 ? parts[2] : bytes)
    guard parts.count > 2, let rootHash, !certificates.isEmpty else { return 0 }
    if let signature { verify(signature, rootHash, certificates) }
    // What a hardware module returned: PKCS#7 or the number alone.
    _ = try? RootHashSignature.attach(
        parts[0], to: rootHash, certificates: certificates, validity: .noted(at: 1_700_000_000))
    return 0
}

private func verify(_ signature: RootHashSignature, _ rootHash: RootHash, _ certificates: [SignerCertificate]) {
    for time: Int64 in [.min, 1_700_000_000, .max] {
        _ = signature.verify(rootHash: rootHash, certificates: certificates, validity: .required(at: time))
    }
    let verdict = signature.verify(rootHash: rootHash, certificates: certificates, validity: .noted(at: 1_700_000_000))
    switch verdict {
    case .refused(let faults): precondition(!faults.isEmpty, "a refusal has a reason")
    case .verified(let verified):
        precondition(verified.certificate.isNamed(by: signature.signer), "the signer is the one named")
        precondition(verified.certificate.keyFault == nil, "no signature by a weak key is accepted")
        var changed = rootHash.bytes
        changed[0] ^= 1
        guard let other = try? RootHash(bytes: changed) else { preconditionFailure("the length is the same") }
        if case .verified = signature.verify(
            rootHash: other, certificates: certificates, validity: .noted(at: 1_700_000_000))
        {
            preconditionFailure("a signature is of one root hash")
        }
    }
}

private func certificates(in bytes: [UInt8]) -> [SignerCertificate] {
    guard let certificates = try? SignerCertificate.certificates(in: bytes) else { return [] }
    precondition((1...SignerCertificate.maximumCount).contains(certificates.count), "from one to the limit")
    for certificate in certificates {
        _ = "\(certificate.identifier)"
        _ = certificate.validityFault(at: 0)
        _ = certificate.validityFault(at: .max)
        guard let again = try? SignerCertificate(der: certificate.der) else {
            preconditionFailure("a certificate that was read can be read")
        }
        precondition(again == certificate, "and is the same")
    }
    return certificates
}

private func rootHash(_ bytes: [UInt8]) -> RootHash? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let rootHash = try? RootHash(text) else { return nil }
    precondition(rootHash.text == text, "the text is the one that was read")
    return rootHash
}
