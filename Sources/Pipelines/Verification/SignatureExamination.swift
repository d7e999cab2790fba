import AssayBytes
import AssayFacts
import AssayOpenPGP

/// Signatures compared with the bytes that they are over.
enum SignatureExamination {
    /// The largest signature file that is read, in bytes: `OpenPGPSignature.maximumCount` signatures of any algorithm.
    static let maximumSize = 1 << 20

    /// What one signature is found to be.
    ///
    /// - Parameters:
    ///   - signature: the signature.
    ///   - document: the bytes that it is over, hashed for it.
    ///   - place: where it stands.
    ///   - scope: which bytes it signs, where that is not the whole document.
    ///   - context: keys and time.
    /// - Returns: facts; nothing here decides whether the key is the expected one.
    static func facts(
        _ signature: OpenPGPSignature, over document: HashedDocument, at place: Place, scope: String? = nil,
        _ context: VerificationContext
    ) -> SignatureFacts {
        let verdict = signature.verify(document, certificates: context.keys.certificates, at: context.time)
        let key = verdict.signingKey
        let check: SignatureFacts.Check =
            switch verdict.check {
            case .valid: .valid
            case .invalid: .invalid
            case .notChecked: .notChecked
            }
        return SignatureFacts(
            place: place, scope: scope, version: signature.version,
            hashAlgorithm: signature.hashAlgorithm.description,
            keyAlgorithm: key?.algorithmName ?? signature.publicKeyAlgorithm.description, keyBits: key?.sizeInBits,
            created: signature.creationTime, expires: signature.expirationTime,
            claimedIssuers: signature.claimedFingerprints.map(\.description)
                + signature.claimedKeyIDs.map(\.description), check: check,
            signingKey: verdict.signingFingerprint?.description,
            certificate: verdict.certificateFingerprint?.description,
            faults: verdict.faults.map { SignatureFacts.Fault(code: $0.code.name, text: $0.description) })
    }

    /// A document with a detached signature file's content.
    ///
    /// - Parameters:
    ///   - kind: what the document is.
    ///   - name: the document's name, escaped.
    ///   - bytes: the document.
    ///   - signatures: the content of the signature files with their places, or why there is none.
    ///   - context: keys and time.
    /// - Returns: the document with everything that is found.
    static func document(
        _ kind: SignedDocumentFacts.Kind, _ name: String, _ bytes: [UInt8],
        detached signatures: [(Place, Result<[UInt8]?, any Error>)], _ context: VerificationContext
    ) -> SignedDocumentFacts {
        var document = SignedDocumentFacts(kind: kind, name: name, signatures: [], searched: [])
        for (place, content) in signatures {
            switch content {
            case .failure(let error):
                document.searched.append(SignatureSearch(place, .unreadable, reason: "\(error)"))
            case .success(nil):
                document.searched.append(SignatureSearch(place, .absent))
            case .success(let content?):
                do {
                    let found = try OpenPGPSignature.parse(content)
                    let hashed = SignatureHasher.hash(bytes, for: found)
                    document.signatures += found.map { facts($0, over: hashed, at: place, context) }
                    document.searched.append(SignatureSearch(place, .found))
                } catch {
                    document.searched.append(SignatureSearch(place, .malformed, reason: "\(error)"))
                }
            }
        }
        return document
    }

    /// A document that is signed in its own file, in the cleartext framework.
    ///
    /// - Parameters:
    ///   - kind: what the document is.
    ///   - place: the file.
    ///   - bytes: the whole file.
    ///   - context: keys and time.
    /// - Returns: the document, and the text that is signed: nothing else of the file may be read. The text is nil when
    ///   the framework is malformed.
    static func cleartext(
        _ kind: SignedDocumentFacts.Kind, _ place: Place, _ bytes: [UInt8], _ context: VerificationContext
    ) -> (document: SignedDocumentFacts, text: [UInt8]?) {
        var document = SignedDocumentFacts(kind: kind, name: place.path, signatures: [], searched: [])
        do {
            let message = try CleartextMessage.parse(bytes)
            let hashed = message.hashed()
            document.signatures = message.signatures.map { facts($0, over: hashed, at: place, context) }
            document.searched = [SignatureSearch(place, .found)]
            document.remarks = message.textOutside.map {
                "bytes \($0.lowerBound) to \($0.upperBound - 1) are outside of the signed text and were not read"
            }
            return (document, message.text)
        } catch {
            document.searched = [SignatureSearch(place, .malformed, reason: "\(error)")]
            return (document, nil)
        }
    }
}
