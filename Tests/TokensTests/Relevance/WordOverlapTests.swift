import Testing

@testable import OrchTokens

@Suite struct WordOverlapTests {
    /// Worked by hand: "apple" is in two of three texts, ln 1.6; "pie" in one, ln(1 + 2.5/1.5); the mean length is 7/3.
    @Test func `BM25 of three texts`() {
        let overlap = WordOverlap(of: ["red apple", "green apple pie", "blue sky"], with: "apple pie")
        #expect(overlap.lengths == [2, 3, 2])
        #expect(abs(overlap.scores[0] - 0.499_176_268_302) < 1e-12)
        #expect(abs(overlap.scores[1] - 1.299_001_534_114) < 1e-12)
        #expect(overlap.scores[2] == 0)
    }

    @Test func `repetition counts ever less, and length against a text`() {
        let overlap = WordOverlap(of: ["tax tax", "tax cut", "tax cut for all of them here", "x y"], with: "tax")
        #expect(overlap.scores[0] > overlap.scores[1])
        #expect(overlap.scores[0] < 2 * overlap.scores[1])
        #expect(overlap.scores[1] > overlap.scores[2])
    }

    @Test func `a rare word weighs more than a common one, and none less than nothing`() {
        #expect(WordOverlap.rarity(in: 1, of: 10) > WordOverlap.rarity(in: 9, of: 10))
        #expect(WordOverlap.rarity(in: 10, of: 10) > 0)
    }

    @Test func `function words of the question count only where it has no others`() {
        let texts = ["what is it about", "a plan", "nothing"]
        #expect(WordOverlap(of: texts, with: "what about the plan?").scores[0] == 0)
        #expect(WordOverlap(of: texts, with: "what about it?").scores[0] > 0)
    }

    @Test func `a word that the question repeats counts once`() {
        let texts = ["plan a", "plan b and c", "none"]
        #expect(WordOverlap(of: texts, with: "plan plan plans").scores == WordOverlap(of: texts, with: "plan").scores)
    }

    @Test func `nothing to compare gives nothing`() {
        #expect(WordOverlap(of: [], with: "plan").scores.isEmpty)
        #expect(WordOverlap(of: ["", " "], with: "plan").scores == [0, 0])
        #expect(WordOverlap(of: ["plan"], with: "").scores == [0])
    }
}
