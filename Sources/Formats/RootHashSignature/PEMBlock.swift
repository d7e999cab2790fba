import AssayBytes
internal import SwiftASN1

/// The reading of PEM text (RFC 7468).
enum PEMBlock {
    /// All blocks in `bytes`, which is called `what` in messages.
    static func all(
        in bytes: [UInt8], _ code: RootHashSignatureFault.Code, _ what: String
    ) throws(RootHashSignatureFault) -> [PEMDocument] {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains("-----BEGIN ") else {
            throw RootHashSignatureFault(code, "\(what) is neither PEM text nor DER")
        }
        do {
            return try PEMDocument.parseMultiple(pemString: text)
        } catch {
            throw RootHashSignatureFault(code, "\(what) is damaged PEM text")
        }
    }
}

extension PEMDocument {
    /// What the block says that it is, safe to print.
    var label: String { EscapedText(String(discriminator.prefix(64))).description }
}
