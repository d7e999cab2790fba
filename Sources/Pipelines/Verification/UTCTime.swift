import FoundationEssentials

/// Moments as text.
enum UTCTime {
    /// `YYYY-MM-DDThh:mm:ssZ` (RFC 3339) of a number of seconds since 1970; the number itself outside of the years 0 to
    /// 9999.
    static func text(_ seconds: Int64) -> String {
        guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return "\(seconds) s since 1970" }
        return Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
