import OrchTokens
import Testing

@Suite("Counting tokens without a vocabulary")
struct ByteFallbackCounterTests {
    static let counts: [(Double, Int, Int)] = [
        (1, 0, 0), (1, 1, 1), (1, 12_345, 12_345), (1.5, 1, 2), (1.5, 2, 3), (1.5, 3, 5), (1.1, 10, 11), (1.1, 1, 2),
        (1.1, 1_000_000, 1_100_000), (1.001, 1000, 1001), (1.001, 999, 1000), (0.5, 3, 2), (0, 1_000_000, 0),
        (2, 7, 14),
        (1.2, 5, 6), (1.3, 10, 13), (1.15, 20, 23), (4.35, 100, 435),
    ]

    @Test("Multiplies bytes by the margin and rounds up", arguments: counts)
    func rounding(_ margin: Double, _ bytes: Int, _ tokens: Int) {
        #expect(ByteFallbackCounter(margin: margin).tokens(forBytes: bytes) == tokens)
    }

    @Test(
        "Never counts less than bytes times margin, nor more than a thousandth of it above",
        arguments: [1.0, 1.05, 1.1, 1.25, 1.333, 2.7])
    func bounds(_ margin: Double) {
        let counter = ByteFallbackCounter(margin: margin)
        var last = 0
        for bytes in 0..<5000 {
            let tokens = counter.tokens(forBytes: bytes)
            let product = Double(bytes) * margin
            let isBound = Double(tokens) >= product - 1e-9 && Double(tokens) <= product + Double(bytes) / 1000 + 1
            guard isBound, tokens >= last else {
                Issue.record("\(bytes) bytes are \(tokens) tokens")
                return
            }
            last = tokens
        }
    }

    @Test("Finer margins than a thousandth are rounded up, so that none is lost")
    func fineMargins() {
        #expect(ByteFallbackCounter(margin: 1.0001).tokens(forBytes: 1000) == 1001)
        #expect(ByteFallbackCounter(margin: 1.0009).tokens(forBytes: 1_000_000) == 1_001_000)
    }

    @Test("Takes a margin out of range as the nearest in it")
    func margins() {
        #expect(ByteFallbackCounter(margin: -3).tokens(forBytes: 100) == 0)
        #expect(ByteFallbackCounter(margin: 5000).tokens(forBytes: 1) == 1000)
        #expect(ByteFallbackCounter(margin: .infinity).tokens(forBytes: 1) == 1000)
    }

    @Test(
        "Stays at the largest number instead of passing it",
        arguments: [Int.max, Int.max - 1, Int.max / 2, Int.max / 1000, Int.max / 1000 + 1])
    func overflow(_ bytes: Int) {
        for margin in [1.0, 1.1, 1000] {
            #expect(ByteFallbackCounter(margin: margin).tokens(forBytes: bytes) >= bytes)
        }
        #expect(ByteFallbackCounter(margin: 1000).tokens(forBytes: .max) == .max)
    }
}
