package import OrchCore

/// A stretch of every day in UTC, such as `08:00-18:00`; `22:00-06:00` goes over midnight.
package struct DailyHours: Sendable, Hashable {
    private static let day = 24 * 60

    /// Minutes of the day; the end is not part of it.
    package let start: Int
    package let end: Int

    /// Reads `HH:MM-HH:MM`, the end up to `24:00`; nil for anything else, and for a stretch of no length.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = Self.minute(parts[0]), let end = Self.minute(parts[1]), start != end,
            start < Self.day
        else { return nil }
        self.start = start
        self.end = end
    }

    package func contains(_ moment: Timestamp) -> Bool {
        let minute = Int((moment.seconds % 86_400 + 86_400) % 86_400) / 60
        return start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    private static func minute(_ text: Substring) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
            [0, 1, 3, 4].allSatisfy({ (0x30...0x39).contains(bytes[$0]) })
        else { return nil }
        let digits = bytes.map { Int($0) - 0x30 }
        let (hour, minute) = (digits[0] * 10 + digits[1], digits[3] * 10 + digits[4])
        guard minute < 60, hour * 60 + minute <= day else { return nil }
        return hour * 60 + minute
    }
}
