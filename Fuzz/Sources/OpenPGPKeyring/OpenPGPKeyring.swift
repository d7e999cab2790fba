import AssayOpenPGP
import FuzzSupport

/// Files of certificates, and what those say of themselves over time.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let strict = try? OpenPGPCertificate.parse(bytes)
    guard let keyring = try? OpenPGPKeyring(bytes) else {
        precondition(strict == nil, "no certificate comes out of what is no keyring")
        return 0
    }
    precondition(
        keyring.refused.isEmpty ? strict == keyring.certificates : strict == nil,
        "one refused certificate refuses the file")
    let names = keyring.certificates.map(\.fingerprint)
    precondition(Set(names).count == names.count, "copies of one certificate are merged")
    for certificate in keyring.certificates { check(certificate) }
    // Twice the same packets are the same certificates.
    if bytes.count <= 4096, ArmorBlock.isBinary(bytes), let twice = try? OpenPGPKeyring(bytes + bytes) {
        precondition(twice.certificates.map(\.fingerprint) == names, "a copy adds nothing")
    }
    return 0
}

private func check(_ certificate: OpenPGPCertificate) {
    precondition(certificate.keys.count == 1 + certificate.subkeys.count, "one primary key and its subkeys")
    guard let merged = OpenPGPCertificate.merged([certificate, certificate]) else {
        preconditionFailure("copies of one certificate can be merged")
    }
    precondition(OpenPGPCertificate.merged([merged, certificate]) == merged, "a copy adds nothing")
    for key in certificate.keys {
        precondition(key.fingerprint.keyID == key.keyID, "a key's ID is in its fingerprint")
        precondition(Fingerprint(key.fingerprint.description) == key.fingerprint, "a fingerprint's text is read back")
        precondition(key.isSupported == (key.unsupportedReason == nil), "what is not supported has a reason")
    }
    for time: Int64 in [.min, 0, 1_700_000_000, .max] {
        let status = certificate.status(at: time)
        precondition(status.subkeys.count == certificate.subkeys.count, "every subkey has a status")
        for key in [status.primaryKey] + status.subkeys {
            precondition(key.isBound || !key.canSign, "only a bound key may sign")
            precondition(key.isBound == (key.bindingHash != nil), "what binds is made with a hash")
            _ = key.isExpired(at: time)
            _ = key.revocation(ofSignatureAt: time)
        }
        precondition(time >= 0 || !status.primaryKey.isBound, "nothing is bound before the first signature")
    }
}
