/// A date of a volume descriptor, to hundredths of a second (ECMA-119, section 8.4.26.1).
public struct VolumeTime: Hashable, Sendable {
    /// From 1 to 9999.
    public let year: Int
    /// From 1 to 12.
    public let month: Int
    /// From 1 to 31.
    public let day: Int
    /// From 0 to 23.
    public let hour: Int
    /// From 0 to 59.
    public let minute: Int
    /// From 0 to 59.
    public let second: Int
    /// From 0 to 99.
    public let hundredths: Int
    /// Minutes that the clock was ahead of UTC.
    public let offsetMinutes: Int

    /// The moment in seconds since 1970 UTC; hundredths are cut off.
    public var secondsSince1970: Int64 {
        // Days from civil date, with the year beginning in March so that the leap day is its last.
        let shifted = Int64(month > 2 ? year : year - 1)
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + Int64(day) - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let clock = Int64(hour * 3600 + minute * 60 + second)
        return days * 86_400 + clock - Int64(offsetMinutes) * 60
    }

    /// Reads the 17 bytes of the field.
    ///
    /// - Returns: nil for "not specified": digits or bytes that are all zero.
    /// - Throws: `VolumeTimeFault` when it is not a date.
    init?(_ field: ArraySlice<UInt8>) throws(VolumeTimeFault) {
        let digits = field.prefix(16)
        guard field.count == 17, let zone = field.last else { throw VolumeTimeFault() }
        if digits.allSatisfy({ $0 == 0x30 }) || digits.allSatisfy({ $0 == 0 }) { return nil }
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { throw VolumeTimeFault() }
        let values = digits.map { Int($0) - 0x30 }
        func number(_ start: Int, _ count: Int) -> Int { values[start..<(start + count)].reduce(0) { $0 * 10 + $1 } }
        year = number(0, 4)
        month = number(4, 2)
        day = number(6, 2)
        hour = number(8, 2)
        minute = number(10, 2)
        second = number(12, 2)
        hundredths = number(14, 2)
        let quarters = Int(Int8(bitPattern: zone))
        offsetMinutes = quarters * 15
        guard year >= 1, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60,
            (-48...52).contains(quarters)
        else { throw VolumeTimeFault() }
    }
}

/// A field that is not a date.
struct VolumeTimeFault: Error {}
