import Testing

@testable import OrchTokens

@Suite struct RelevanceRankingTests {
    /// Turns of twelve words with no word in common, but for those given.
    private func turns(_ count: Int, _ special: [Int: String] = [:]) -> [String] {
        (0..<count).map { turn in
            special[turn] ?? (0..<12).map { "t\(turn)n\($0)" }.joined(separator: " ")
        }
    }

    @Test func `the turn that shares the question's words is the best, and its neighbours are next`() async throws {
        let question = "How much did the roof cost?"
        let talk = turns(40, [20: "They said that the roof will cost nine thousand in all, more or less"])
        let scores = try await RelevanceRanking().scores(of: talk + [question], for: question)
        #expect(scores.count == 41)
        #expect(scores.dropLast().max() == scores[20] && scores[20] == 50)
        #expect(scores[19] > scores[18] && scores[21] > scores[22] && scores[18] > scores[5])
        #expect(scores.allSatisfy { (20...50).contains($0) } && scores.contains(20) && scores[40] == 50)
    }

    @Test func `meaning finds what words do not, and both are added`() async throws {
        // The question's direction is the first; turn 10 is near to it by meaning, turn 30 by a word.
        let embed: TextVectors = { texts in
            texts.map { $0.contains("price") || $0.contains("t10n0") ? [1, 0] : [0, 1] }
        }
        let talk = turns(40, [30: "the price " + turns(1)[0]])
        let question = "price?"
        let words = try await RelevanceRanking().scores(of: talk + [question], for: question)
        let both = try await RelevanceRanking(embed: embed).scores(of: talk + [question], for: question)
        #expect(words[10] == 20 && words[30] == 50)
        #expect(both[10] > both[15] && both[30] == 50)
    }

    /// By hand: z-scores of (0, 2) are (-1, 1), of (1, 0) (1, -1): they add up to nothing.
    @Test func `signals that say the opposite of each other cancel out`() {
        #expect(RelevanceRanking.scores(overlap: [0, 2], similarities: [1, 0], lengths: [5, 5]) == [35, 35])
    }

    /// The mean is 0.8 and the deviation 1.6, so that the z-scores are 2 and -0.5; one neighbour on either side counts
    /// half: smoothed they are 3.5/3, 0.125 and -0.5.
    @Test func `scores of five turns worked by hand`() {
        let scores = RelevanceRanking.scores(
            overlap: [4, 0, 0, 0, 0], similarities: [nil, nil, nil, nil, nil], lengths: [3, 3, 3, 3, 3])
        let expected = [50, 20 + 30 * 0.625 / (3.5 / 3 + 0.5), 20, 20, 20]
        for (score, expected) in zip(scores, expected) { #expect(abs(score - expected) < 1e-12) }
    }

    @Test(arguments: [
        (turns: 0, words: 10, reach: 1), (turns: 1, words: 1, reach: 1), (turns: 15, words: 10, reach: 1),
        (turns: 16, words: 10, reach: 2), (turns: 1_000, words: 10, reach: 32), (turns: 1_000, words: 40, reach: 20),
        (turns: 1_000, words: 320, reach: 3), (turns: 1_000, words: 5_000, reach: 1), (turns: 100, words: 0, reach: 12),
    ])
    func `fewer neighbours belong to a turn where turns are long or few`(turns: Int, words: Int, reach: Int) {
        #expect(RelevanceRanking.reach([Int](repeating: words, count: turns)) == reach)
    }

    @Test func `no turn, one turn, and turns that nothing tells apart`() async throws {
        let ranking = RelevanceRanking(embed: RecordingEmbedder().vectors)
        #expect(try await ranking.scores(of: [], for: "a plan").isEmpty)
        #expect(try await ranking.scores(of: ["a plan"], for: "a plan") == [50])
        #expect(try await RelevanceRanking().scores(of: ["a", "b", "", "plan?"], for: "plan?") == [35, 35, 35, 50])
        #expect(try await RelevanceRanking().scores(of: ["a", "b", "c"], for: "") == [35, 35, 50])
    }

    @Test func `the turn that asks does not touch the others' scores`() async throws {
        let talk = turns(20, [3: "the price was high"])
        let short = try await RelevanceRanking().scores(of: talk + ["price?"], for: "price?")
        let long = try await RelevanceRanking().scores(
            of: talk + [String(repeating: "price ", count: 500)], for: "price?")
        #expect(short == long)
    }

    @Test func `only what is new is embedded`() async throws {
        let embedder = RecordingEmbedder()
        let ranking = RelevanceRanking(embed: embedder.vectors)
        let talk = turns(30)
        _ = try await ranking.scores(of: talk + ["first?"], for: "first?")
        #expect(embedder.calls.map(\.count) == [31])
        _ = try await ranking.scores(of: talk + ["first?", "second?"], for: "second?")
        #expect(embedder.calls.last == ["second?"])
    }

    @Test func `a copy of a ranking shares its cache`() async throws {
        let embedder = RecordingEmbedder()
        let cache = VectorCache()
        for _ in 0..<3 {
            _ = try await RelevanceRanking(embed: embedder.vectors, cache: cache).scores(of: ["a", "b"], for: "b")
        }
        #expect(embedder.calls == [["a", "b"]])
    }

    @Test func `beyond a bound only the newest turns are embedded`() async throws {
        let embedder = RecordingEmbedder()
        let talk = (0..<RelevanceRanking.maximumEmbedded + 10).map { "turn \($0)" }
        let scores = try await RelevanceRanking(embed: embedder.vectors).scores(of: talk + ["x?"], for: "x?")
        #expect(scores.count == talk.count + 1)
        #expect(embedder.calls[0].count == RelevanceRanking.maximumEmbedded + 1)
        #expect(embedder.calls[0][0] == "turn 10")
    }

    @Test(arguments: [[], [[1]], [[1, 2], [1], [3, 4]], [[.nan], [1], [.nan]], [[], [], []]] as [[[Float]]])
    func `vectors that do not compare count for nothing`(vectors: [[Float]]) async throws {
        let talk = ["the plan", "nothing", "plan?"]
        let words = try await RelevanceRanking().scores(of: talk, for: "plan?")
        #expect(try await RelevanceRanking(embed: { _ in vectors }).scores(of: talk, for: "plan?") == words)
    }

    @Test func `what the embedder throws comes through`() async throws {
        struct Broken: Error {}
        await #expect(throws: Broken.self) {
            try await RelevanceRanking(embed: { _ in throw Broken() }).scores(of: ["a", "b"], for: "b")
        }
    }

    @Test func `a hundred repeats give the same bits, and those that every machine gives`() async throws {
        let talk = SampleTalk.turns(24)
        let question = "Who will repair the old bridge before winter?"
        var digests: Set<UInt64> = []
        for _ in 0..<100 {
            let scores = try await RelevanceRanking(embed: SampleTalk.vectors).scores(
                of: talk + [question], for: question)
            digests.insert(SampleTalk.digest(scores.map(\.bitPattern)))
        }
        #expect(digests == [15_577_727_203_230_441_099])
    }
}
