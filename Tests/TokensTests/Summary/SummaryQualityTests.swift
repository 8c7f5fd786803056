import Testing

@testable import OrchTokens

@Suite struct SummaryQualityTests {
    private let texts = ["Cats chase mice. Cats chase dogs. Birds sing songs."]

    private func quality(_ chosen: [Int], _ keywords: [String] = [], tokens: Int = 10, of: Int = 40) -> SummaryQuality {
        let pinned = PinnedKeywords(keywords)
        let source = SummarySource(texts, pinned: pinned, limit: 480)
        return SummaryQuality(source, chosen: chosen, pinned: pinned, summaryTokens: tokens, sourceTokens: of)
    }

    /// By hand: the first sentence has three of seven words. Its cosine with the second is
    /// 2 ln²1.6 / (2 ln²1.6 + ln²(1 + 2.5/1.5)) = 0.315, with the third 0.
    @Test func `figures of one sentence of three`() {
        #expect(
            quality([0], ["mice", "birds", "a cat"])
                == SummaryQuality(
                    keywordCoverage: 3.0 / 7, compressionRatio: 0.25, sentenceCapture: 2.0 / 3, confidenceScore: 1.0 / 3
                ))
        #expect(quality([0], ["mice", "birds", "a cat"]).isDoubtful)
    }

    @Test func `all of it has every figure at 1`() {
        let all = quality([0, 1, 2], ["mice", "sing songs"], tokens: 40)
        #expect(
            all == SummaryQuality(keywordCoverage: 1, compressionRatio: 1, sentenceCapture: 1, confidenceScore: 1))
        #expect(!all.isDoubtful)
    }

    @Test func `nothing of it has none, and full confidence only where nothing is pinned`() {
        let none = SummaryQuality(keywordCoverage: 0, compressionRatio: 0, sentenceCapture: 0, confidenceScore: 1)
        #expect(quality([], tokens: 0) == none)
        #expect(quality([], ["mice"], tokens: 0).confidenceScore == 0)
    }

    @Test func `the warning begins under 0.7`() {
        func isDoubtful(_ score: Double) -> Bool {
            SummaryQuality(keywordCoverage: 1, compressionRatio: 1, sentenceCapture: 1, confidenceScore: score)
                .isDoubtful
        }
        #expect(isDoubtful(0.69) && !isDoubtful(0.7) && isDoubtful(0))
    }
}
