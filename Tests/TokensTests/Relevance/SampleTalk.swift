@testable import OrchTokens

/// Made-up talk that is always the same.
enum SampleTalk {
    private static let words = """
        bridge river council money winter repair old new stone wood plan vote letter school road water bank year \
        people town market boat storm wall engine price summer engineer report budget the of a to and in it was for with that
        """.split(separator: " ").map(String.init)

    /// Turns of some sentences each.
    static func turns(_ count: Int) -> [String] {
        var state: UInt64 = 42
        return (0..<count).map { _ in
            (0..<1 + next(&state, 4)).map { _ in
                let sentence = (0..<3 + next(&state, 12)).map { _ in words[next(&state, words.count)] }
                return sentence.joined(separator: " ").prefix(1).uppercased()
                    + sentence.joined(separator: " ").dropFirst() + "."
            }.joined(separator: " ")
        }
    }

    /// Counts of letters, scaled to length 1.
    static let vectors: TextVectors = { texts in
        texts.map { text in
            var counts = [Float](repeating: 0.5, count: 16)
            for byte in text.utf8 { counts[Int(byte) % 16] += 1 }
            let length = counts.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return counts.map { $0 / length }
        }
    }

    /// FNV-1a over the words.
    static func digest(_ words: [UInt64]) -> UInt64 {
        words.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01B3 }
    }

    static func next(_ state: inout UInt64, _ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}
