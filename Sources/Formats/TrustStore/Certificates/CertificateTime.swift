/// Times as certificates write them, in seconds since 1970.
enum CertificateTime {
    /// UTCTime (ITU-T X.680, section 47): years of two digits mean 1950 to 2049 (RFC 5280, section 4.1.2.5.1,
    /// <https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5.1>); nil when it is none.
    static func utc(_ text: ArraySlice<UInt8>) -> Int64? {
        var reader = Reader(rest: text)
        guard let year = reader.number(2) else { return nil }
        return reader.time(year: year < 50 ? 2000 + year : 1900 + year, hasFraction: false)
    }

    /// GeneralizedTime (ITU-T X.680, section 46; RFC 5280, section 4.1.2.5.2); a fraction of a second is cut off; nil when it is
    /// none.
    static func generalized(_ text: ArraySlice<UInt8>) -> Int64? {
        var reader = Reader(rest: text)
        guard let year = reader.number(4) else { return nil }
        return reader.time(year: year, hasFraction: true)
    }

    /// The time of a text that is either, by its length; nil when it is none.
    static func either(_ text: [UInt8]) -> Int64? {
        switch text.count {
        case 13: utc(text[...])
        case 15: generalized(text[...])
        default: nil
        }
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func number(_ digits: Int) -> Int64? {
            guard rest.count >= digits else { return nil }
            var result: Int64 = 0
            for byte in rest.prefix(digits) {
                guard (0x30...0x39).contains(byte) else { return nil }
                result = result * 10 + Int64(byte - 0x30)
            }
            rest = rest.dropFirst(digits)
            return result
        }

        /// What follows the year: month, day, hour, minute, mostly seconds, and `Z` or the distance from it.
        mutating func time(year: Int64, hasFraction: Bool) -> Int64? {
            guard let month = number(2), (1...12).contains(month), let day = number(2), day >= 1,
                day <= CertificateTime.days(in: month, of: year), let hour = number(2), hour < 24,
                let minute = number(2), minute < 60
            else { return nil }
            var second: Int64 = 0
            if let next = rest.first, (0x30...0x39).contains(next) {
                guard let number = number(2), number < 60 else { return nil }
                second = number
            }
            if hasFraction, rest.first == UInt8(ascii: ".") {
                let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
                guard !digits.isEmpty else { return nil }
                rest = rest[digits.endIndex...]
            }
            guard let distance = distance() else { return nil }
            let days = CertificateTime.days(before: year, month) + day - 1
            return ((days * 24 + hour) * 60 + minute) * 60 + second - distance
        }

        private mutating func distance() -> Int64? {
            guard let sign = rest.popFirst() else { return nil }
            switch sign {
            case UInt8(ascii: "Z"): return rest.isEmpty ? 0 : nil
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard let hours = number(2), hours < 24, let minutes = number(2), minutes < 60, rest.isEmpty else {
                    return nil
                }
                let distance = (hours * 60 + minutes) * 60
                return sign == UInt8(ascii: "+") ? distance : -distance
            default: return nil
            }
        }
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The days from 1970 to the first of a month, in the Gregorian calendar.
    private static func days(before year: Int64, _ month: Int64) -> Int64 {
        // Leap days from year 0 on; 1970 has 478 of them before it, counting year 0.
        let past = year == 0 ? 0 : (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1
        var days = 365 * (year - 1970) + past - 478
        for earlier in 1..<month { days += Self.days(in: earlier, of: year) }
        return days
    }
}
