/// SplitMix64: the same numbers for the same seed, so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }

    /// A text of characters that .env files treat in special ways, and others; no control character but the line feed.
    mutating func text(maxLength: Int) -> String {
        let alphabet = Array("abzAZ019 _#='\"\\$\n`{}ñ€😀e\u{301}/:;,").map(String.init)
        let length = Int.random(in: 0...maxLength, using: &self)
        return (0..<length).map { _ in alphabet.randomElement(using: &self) ?? "" }.joined()
    }

    /// A piece of something that may be a .env file, or not.
    mutating func noise() -> String {
        let pieces = ["A", "=", "\"", "'", "\\", "\n", "\r\n", " ", "#", "export ", "\u{0}", "n", "B=", "é", "\t", "1"]
        return pieces.randomElement(using: &self) ?? ""
    }
}
