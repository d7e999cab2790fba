extension CalendarDate {
    /// How many seconds a day of UTC has.
    static let secondsPerDay: Int64 = 86_400

    /// The first second of the day `text` (`YYYY-MM-DD` in UTC), in seconds since 1970; nil when it is no day.
    static func seconds(_ text: String) -> Int64? {
        let parts = text.split(separator: "-").compactMap { Int64($0) }
        guard isValid(text), parts.count == 3 else { return nil }
        // Years that begin in March have their leap day at the end: 400 of them are 146,097 days, and 1970-01-01 is day
        // 719,468 since 0000-03-01.
        let year = parts[1] > 2 ? parts[0] : parts[0] - 1
        let month = (parts[1] + 9) % 12
        let dayOfYear = (153 * month + 2) / 5 + parts[2] - 1
        let days = year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
        return days * secondsPerDay
    }

    /// The time `text` (`YYYY-MM-DDThh:mm:ssZ`, RFC 3339 in UTC) in seconds since 1970; nil when it is none.
    static func seconds(time text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 20, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), bytes[19] == UInt8(ascii: "Z"), let day = seconds(String(text.prefix(10))),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]),
            let second = number(bytes[17..<19]), hour < 24, minute < 60, second < 60
        else { return nil }
        return day + Int64(hour * 3600 + minute * 60 + second)
    }
}
