internal import Crypto

extension RootHashSignature {
    /// Why a signature of `rootHash` does not verify: which of the usual mistakes gives exactly this signature.
    ///
    /// At most 10 further verifications.
    static func diagnosis(
        _ check: KeyCheck, _ rootHash: RootHash, _ digest: SignatureDigest
    ) -> RootHashSignatureFault {
        let text = toBeSigned(rootHash)
        let upper = Array(rootHash.text.uppercased().utf8)
        for newline: [UInt8] in [[0x0A], [0x0D, 0x0A]] where check.accepts(text + newline, digest) {
            return RootHashSignatureFault(
                .newlineSigned, "a newline behind the root hash was signed too",
                hint: "write the file to sign with 'printf %s', not with 'echo', and sign with '-binary'")
        }
        if check.accepts(rootHash.bytes, digest) {
            return RootHashSignatureFault(
                .rawDigestSigned, "the bytes of the root hash were signed, not its hexadecimal text")
        }
        for suffix: [UInt8] in [[], [0x0A]] where upper != text && check.accepts(upper + suffix, digest) {
            return RootHashSignatureFault(
                .upperCaseSigned, "the root hash was signed in upper case, not in lower case")
        }
        if check.accepts(hash(text, digest), digest) {
            return RootHashSignatureFault(
                .hashedTwice, "the text was hashed twice: a digest was given to a signer that hashes its input")
        }
        for other in SignatureDigest.allCases where other != digest && check.accepts(text, other) {
            return RootHashSignatureFault(
                .otherDigestSigned,
                "the signature was made with \(other.rawValue), and \(digest.rawValue) is named as its digest")
        }
        if check.algorithm == .rsa, check.accepts(text, digest, pss: true) {
            return RootHashSignatureFault(
                .otherPaddingSigned, "the signature has PSS padding; the kernel takes only PKCS#1 v1.5")
        }
        return RootHashSignatureFault(
            .wrongSignature, "the signature does not verify: it is of another root hash, by another key, or damaged")
    }

    private static func hash(_ message: [UInt8], _ digest: SignatureDigest) -> [UInt8] {
        switch digest {
        case .sha256: Array(SHA256.hash(data: message))
        case .sha384: Array(SHA384.hash(data: message))
        case .sha512: Array(SHA512.hash(data: message))
        }
    }
}
