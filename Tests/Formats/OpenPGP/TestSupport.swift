import AssayOpenPGP
import Foundation
import Testing

/// The bytes of a file of `Tests/Vectors/OpenPGP`.
func vector(_ name: String) throws -> [UInt8] {
    let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: tests.appendingPathComponent("Vectors/OpenPGP/" + name)))
}

/// The code of the error that `body` throws, or nil when it throws none.
func code(_ body: () throws -> Void) -> OpenPGPError.Code? {
    do {
        try body()
        return nil
    } catch let error as OpenPGPError {
        return error.code
    } catch {
        Issue.record("an error of another type: \(error)")
        return nil
    }
}

/// The verdict about the only signature of `file` over `document`.
func verdict(
    _ file: [UInt8], _ document: [UInt8], _ certificates: [OpenPGPCertificate], at time: Int64
) throws -> SignatureVerdict {
    let signatures = try OpenPGPSignature.parse(file)
    let signature = try #require(signatures.first)
    try #require(signatures.count == 1)
    return signature.verify(
        SignatureHasher.hash(document, for: signatures), certificates: certificates, at: time)
}

extension SignatureVerdict {
    /// The outcome and the faults in one line.
    var summary: String { ([check.rawValue] + faults.map(\.code.name)).joined(separator: " ") }
}
