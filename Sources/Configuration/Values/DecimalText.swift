/// A decimal number as written: digits, then perhaps a point and more digits. No sign, exponent, `nan` or hexadecimal.
struct DecimalText: Sendable {
    /// The text that was read.
    let text: String
    private let whole: Substring
    private let fraction: Substring

    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, whole.utf8.allSatisfy(ASCII.isDigit) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard !fraction.isEmpty, fraction.utf8.allSatisfy(ASCII.isDigit) else { return nil }
        self.text = text
        self.whole = whole
        self.fraction = fraction
    }

    /// The number as seconds; nil above 2^63 seconds and when finer than a nanosecond.
    var seconds: Duration? {
        guard fraction.utf8.count <= 9, let whole = Int64(whole) else { return nil }
        let padding = String(repeating: "0", count: 9 - fraction.utf8.count)
        guard let nanoseconds = Int64(fraction + padding) else { return nil }
        return Duration(secondsComponent: whole, attosecondsComponent: nanoseconds * 1_000_000_000)
    }
}
