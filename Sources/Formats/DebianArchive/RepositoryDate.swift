/// The dates of Release files: RFC 2822, section 3.3, with the weekday.
enum RepositoryDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let weekdays = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"]

    /// Seconds since 1970 UTC of a date such as `Sat, 11 Jul 2026 10:16:37 UTC`, or nil when it is none.
    ///
    /// The zone is `UTC`, `GMT`, `Z` or `+hhmm`; zones' names are not known here. A weekday that is not the date's makes
    /// it no date.
    static func seconds(_ text: String) -> Int64? {
        let bytes = text.utf8.map(lowered)
        var words = bytes.split { $0 == 0x20 || $0 == 0x09 }.map { Array($0) }
        guard words.count == 5 || words.count == 6 else { return nil }
        var weekday: Int?
        if words.count == 6 {
            let name = words.removeFirst()
            guard name.last == 0x2C, let index = weekdays.firstIndex(where: { $0.utf8.elementsEqual(name.dropLast()) })
            else { return nil }
            weekday = index
        }
        guard let day = number(words[0], 1...2), (1...31).contains(day),
            let month = months.firstIndex(where: { $0.utf8.elementsEqual(words[1]) }),
            let year = number(words[2], 4...4), year >= 1970, let clock = clock(words[3]), let zone = zone(words[4]),
            day <= length(ofMonth: month, year: year)
        else { return nil }
        let days = days(year: year, month: month + 1, day: day)
        if let weekday, days % 7 != Int64(weekday) { return nil }
        return days * 86_400 + clock - zone
    }

    private static func number(_ digits: [UInt8], _ length: ClosedRange<Int>) -> Int64? {
        guard length.contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func clock(_ text: [UInt8]) -> Int64? {
        let parts = text.split(separator: 0x3A, omittingEmptySubsequences: false).map { number(Array($0), 1...2) }
        guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2], hour < 24,
            minute < 60, second < 61
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private static func zone(_ text: [UInt8]) -> Int64? {
        if ["utc", "gmt", "z"].contains(where: { $0.utf8.elementsEqual(text) }) { return 0 }
        guard text.count == 5, let sign = text.first, sign == 0x2B || sign == 0x2D,
            let hours = number(Array(text[1..<3]), 2...2), let minutes = number(Array(text[3...]), 2...2), hours < 15,
            minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (sign == 0x2D ? -1 : 1)
    }

    private static func length(ofMonth month: Int, year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 1 ? (isLeap ? 29 : 28) : [3, 5, 8, 10].contains(month) ? 30 : 31
    }

    /// Days since 1970, with the year beginning in March so that the leap day is its last.
    private static func days(year: Int64, month: Int, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
