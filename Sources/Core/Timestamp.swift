/// A moment in UTC, in microseconds since the Unix epoch.
package struct Timestamp: Sendable, Hashable, Comparable {
    package var microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Whole seconds since the epoch, rounded towards the past.
    package var seconds: Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    package static func < (one: Timestamp, other: Timestamp) -> Bool { one.microseconds < other.microseconds }

    package func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(microseconds: microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 with microseconds and `Z`; such texts sort in time order.
    package var description: String { String(unsafeUninitializedCapacity: 27, initializingUTF8With: write) }

    /// Appends ``description`` to some bytes.
    package func append(to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 27) { buffer in
            bytes.append(contentsOf: buffer[..<write(buffer)])
        }
    }

    private func write(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let day = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
        let second = Int(seconds - day * 86_400)
        let (year, month, dayOfMonth) = Self.civil(day: Int(day))
        var offset = 0
        func put(_ value: Int, width: Int, then separator: Unicode.Scalar) {
            var value = value
            for index in stride(from: offset + width - 1, through: offset, by: -1) {
                buffer[index] = UInt8(0x30 + value % 10)
                value /= 10
            }
            buffer[offset + width] = UInt8(ascii: separator)
            offset += width + 1
        }
        put(year, width: 4, then: "-")
        put(month, width: 2, then: "-")
        put(dayOfMonth, width: 2, then: "T")
        put(second / 3600, width: 2, then: ":")
        put(second / 60 % 60, width: 2, then: ":")
        put(second % 60, width: 2, then: ".")
        put(Int(microseconds - seconds * 1_000_000), width: 6, then: "Z")
        return offset
    }

    /// The Gregorian date of a day counted from 1970-01-01 (Hinnant's days-from-civil, inverted).
    private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

/// Where a component gets the time of day from.
package typealias Now = @Sendable () -> Timestamp

extension Timestamp {
    /// Reads the form that ``description`` writes; nil for any other.
    package init?(_ text: String) {
        let utf8 = Array(text.utf8)
        guard utf8.count == 27, utf8[26] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in utf8[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), let microsecond = number(20..<26),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let seconds = Self.day(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        self.init(microseconds: Int64(seconds) * 1_000_000 + Int64(microsecond))
        guard description == text else { return nil }
    }

    private static func day(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
