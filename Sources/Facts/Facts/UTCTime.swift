import FoundationEssentials

/// Moments as text.
public enum UTCTime {
    /// `YYYY-MM-DDThh:mm:ssZ` (RFC 3339) of a number of seconds since 1970; the number itself outside of the years 1 to
    /// 9999.
    public static func text(_ seconds: Int64) -> String { text(seconds, .iso8601) }

    /// `YYYY-MM-DD` of a number of seconds since 1970.
    public static func day(_ seconds: Int64) -> String { text(seconds, .iso8601.year().month().day()) }

    private static func text(_ seconds: Int64, _ style: Date.ISO8601FormatStyle) -> String {
        guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return "\(seconds) s since 1970" }
        return Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(style)
    }
}
