import AssayBytes
import AssaySecurityText

/// Times and identifiers in the forms that advisories want.
enum ReportTimes {
    /// `YYYY-MM-DDThh:mm:ssZ`.
    static func text(_ seconds: Int64) -> String { SecurityTextTime.text(seconds) }

    /// 16 bytes as a UUID.
    static func uuid(_ bytes: [UInt8]) -> String {
        let digits = Array(Hex.encode(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }
}
