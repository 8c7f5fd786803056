import Testing

@testable import OrchTokens

@Suite struct SentenceCentralityTests {
    private func vectors(_ sentences: [String]) -> TermVectors { TermVectors(sentences.map { Words.all(in: $0) }) }

    /// By hand: "apple" is in two of three sentences, ln 1.6, the others in one, ln(1 + 2.5/1.5).
    @Test func `cosines by TF-IDF`() {
        let vectors = vectors(["red apple", "green apple", "sky"])
        var scratch = vectors.scratch
        let cosines = vectors.cosines(of: 0, with: [0, 1, 2], scratch: &scratch)
        let (common, rare) = (0.470_003_629_246, 0.980_829_253_012)
        #expect(abs(cosines[0] - 1) < 1e-12 && cosines[2] == 0)
        #expect(abs(cosines[1] - common * common / (common * common + rare * rare)) < 1e-10)
        #expect(scratch.allSatisfy { $0 == 0 })
    }

    @Test func `what many sentences share is central, what none shares is not`() {
        let scores = SentenceCentrality.scores(
            vectors(["bridge repair cost", "bridge repair", "repair cost", "cost of the bridge", "green parrot"]))
        #expect(abs(scores.reduce(0, +) - 5) < 1e-9)
        #expect(scores[0] == scores.max() && scores[4] == scores.min())
    }

    @Test func `it is PageRank over the matrix of all cosines`() {
        let vectors = vectors(SampleTalk.turns(40))
        var scratch = vectors.scratch
        let all = Array(vectors.sentences.indices)
        let matrix = all.map { row in
            let cosines = vectors.cosines(of: row, with: all, scratch: &scratch)
            return all.map { $0 == row ? 0 : cosines[$0] }
        }
        let degrees = matrix.map { $0.reduce(0, +) }
        var scores = all.map { _ in 1.0 }
        for _ in 0..<20 {
            // What has no neighbours goes to all.
            let loose = all.reduce(0) { degrees[$1] > 0 ? $0 : $0 + scores[$1] } / Double(all.count)
            let shares = all.map { degrees[$0] > 0 ? scores[$0] / degrees[$0] : 0 }
            scores = matrix.map { row in 0.15 + 0.85 * (loose + zip(row, shares).reduce(0) { $0 + $1.0 * $1.1 }) }
        }
        for (score, expected) in zip(SentenceCentrality.scores(vectors), scores) {
            #expect(abs(score - expected) < 1e-9)
        }
    }

    @Test func `no sentence, one sentence, and sentences without words of their own`() {
        #expect(SentenceCentrality.scores(vectors([])).isEmpty)
        #expect(abs((SentenceCentrality.scores(vectors(["a bridge"])).first ?? 0) - 1) < 1e-12)
        #expect(SentenceCentrality.scores(vectors(["it is", "of the"])).allSatisfy { abs($0 - 1) < 1e-12 })
    }
}
