/// Times as `Expires` has them (RFC 3339, section 5.6: https://www.rfc-editor.org/rfc/rfc3339#section-5.6).
public enum SecurityTextTime {
    /// The time in seconds since 1970; nil when the text is none.
    ///
    /// A blank may stand for the `T`.
    public static func seconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, [0x54, 0x74, 0x20].contains(bytes[10]),
            bytes[13] == 0x3A, bytes[16] == 0x3A, let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]),
            let second = number(bytes[17..<19]), year > 0, (1...12).contains(month),
            (1...lengths(of: year)[Int(month) - 1]).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        var rest = bytes[19...]
        if rest.first == 0x2E {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(1 + digits.count)
        }
        let local = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        if rest.count == 1, let zone = rest.first { return zone | 0x20 == 0x7A ? local : nil }
        let zone = Array(rest)
        guard zone.count == 6, [0x2B, 0x2D].contains(zone[0]), zone[3] == 0x3A, let hours = number(zone[1..<3]),
            let minutes = number(zone[4..<6]), hours < 24, minutes < 60
        else { return nil }
        let offset = hours * 3600 + minutes * 60
        return zone[0] == 0x2B ? local - offset : local + offset
    }

    /// The same day and time a year later.
    static func oneYear(after time: Int64) -> Int64 {
        let (year, month, day) = date(of: time)
        let last = lengths(of: year + 1)[Int(month) - 1]
        return days(year + 1, month, min(day, last)) * 86_400 + time - days(year, month, day) * 86_400
    }

    /// The time as `YYYY-MM-DDThh:mm:ssZ`.
    public static func text(_ time: Int64) -> String {
        let (year, month, day) = date(of: time)
        let rest = time - days(year, month, day) * 86_400
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let padding = String(repeating: "0", count: max(0, 4 - String(year).count))
        return
            "\(padding)\(year)-\(two(month))-\(two(day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var number: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int64(digit - 0x30)
        }
        return number
    }

    private static func lengths(of year: Int64) -> [Int64] {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    }

    /// Days since 1970-01-01.
    ///
    /// Years that begin in March have their leap day at the end.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    /// The day of a time after year 0.
    private static func date(of time: Int64) -> (Int64, Int64, Int64) {
        let days = min(max(time, -62_135_596_800), 284_000_000_000).quotientFloor(86_400) + 719_468
        let era = days.quotientFloor(146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func quotientFloor(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
