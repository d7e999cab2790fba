import AssayOpenPGP
import FuzzSupport

/// Clearsigned messages.
///
/// An input is a message, or a message and certificates, divided by four bytes 0xFF.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = divided(bytes)
    let file = parts[0]
    guard let message = try? CleartextMessage.parse(file) else { return 0 }
    precondition(CleartextMessage.isPresent(in: file), "what is read is there")
    precondition(!message.signatures.isEmpty, "a message is signed")
    precondition(message.text.last.map { $0 == 0x0A } ?? message.signedBytes.isEmpty, "every line ends in LF")
    let lines = message.text.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
    precondition(
        message.signedBytes.elementsEqual(lines.joined(separator: [0x0D, 0x0A])), "the text is what is signed")
    precondition(
        lines.allSatisfy { line in line.last.map { ![0x09, 0x0D, 0x20].contains($0) } ?? true },
        "white space at the ends of lines is not signed")
    var end = 0
    for gap in message.textOutside {
        precondition(gap.lowerBound >= end && gap.upperBound <= file.count && !gap.isEmpty, "gaps lie in the file")
        end = gap.upperBound
    }
    let hashed = message.hashed()
    guard parts.count > 1, let certificates = try? OpenPGPKeyring(parts[1]).certificates else { return 0 }
    // Every try costs a public-key operation.
    for signature in message.signatures.prefix(4) {
        let verdict = signature.verify(hashed, certificates: certificates, at: 1_800_000_000)
        precondition(verdict.check == .valid || !verdict.faults.isEmpty, "what does not hold has a reason")
    }
    return 0
}
