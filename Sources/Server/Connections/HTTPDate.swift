import OrchCore

extension Timestamp {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The moment as the Date field has it (RFC 9110 section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    var httpDate: String {
        // 2026-11-26T05:33:30.000000Z
        let text = description
        func part(_ range: Range<Int>) -> Substring { text.dropFirst(range.lowerBound).prefix(range.count) }
        let day = Int((seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400)
        let month = Self.months[(Int(part(5..<7)) ?? 1) - 1]
        // The epoch was a Thursday.
        let weekday = Self.weekdays[(day % 7 + 7) % 7]
        return "\(weekday), \(part(8..<10)) \(month) \(part(0..<4)) \(part(11..<19)) GMT"
    }
}
