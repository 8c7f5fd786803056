import Testing

@testable import OrchTokens

@Suite struct ExtractiveSummarizerTests {
    private static let words: @Sendable (String) -> Int = { $0.split(whereSeparator: \.isWhitespace).count }
    private let report = [
        """
        Hello everybody, and thanks for coming. It is warm in here. The old bridge over the river needs repair before \
        winter. An engineer said that the repair of the bridge costs 240,000. The council has money for half of the \
        repair. The old bridge over the river needs repair before the winter. Somebody brought cake.
        """,
        """
        The council will vote on the bridge and its cost on Friday. If the vote fails, the bridge closes in winter. \
        Dr. Weber asked whether the school bus could go another way. My shoes are blue.
        """,
    ]

    private func summary(
        _ texts: [String], _ budget: Int, _ keywords: [String] = [], embed: TextVectors? = nil
    ) async throws -> ExtractiveSummary {
        try await ExtractiveSummarizer(embed: embed).summary(
            of: texts, budget: budget, pinned: PinnedKeywords(keywords), count: Self.words)
    }

    @Test func `it takes what the texts are about, not how they begin`() async throws {
        let summary = try await summary(report, 36)
        #expect(summary.text.contains("bridge") && summary.text.contains("council"))
        #expect(!summary.text.contains("Hello") && !summary.text.contains("cake") && !summary.text.contains("shoes"))
        #expect(summary.tokens <= 36 && summary.tokens > 18)
    }

    @Test func `what is said twice is there once`() async throws {
        let summary = try await summary(report, 70)
        #expect(summary.sentences.count { $0.hasPrefix("The old bridge over the river") } == 1)
        let repeated = String(repeating: "The old bridge over the river needs repair. ", count: 50)
        #expect(try await self.summary([repeated], 200).sentences == ["The old bridge over the river needs repair."])
    }

    @Test func `sentences with pinned keywords come first, and are missed in the confidence`() async throws {
        let plain = try await summary(report, 14)
        #expect(!plain.text.contains("school bus") && plain.quality.confidenceScore == 1)
        let pinned = try await summary(report, 14, ["school bus", "parrot"])
        #expect(pinned.sentences == ["Dr. Weber asked whether the school bus could go another way."])
        #expect(pinned.quality.confidenceScore == 0.5 && pinned.quality.isDoubtful)
        #expect(try await summary(report, 3, ["school bus"]).quality.confidenceScore == 0)
    }

    @Test func `a sentence with a pinned keyword counts even where another says almost the same`() async throws {
        let texts = [
            "The council repairs bridges near the old mill on Monday. The council repairs bridges near the old "
                + "mill on Tuesday."
        ]
        let summary = try await summary(texts, 40, ["monday", "tuesday"])
        #expect(summary.sentences.count == 2 && summary.quality.confidenceScore == 1)
    }

    @Test func `it is verbatim, in the order of the source, and never over the budget`() async throws {
        let texts = SampleTalk.turns(40) + report
        let whole = texts.joined(separator: "\n")
        for budget in [-5, 0, 1, 2, 5, 10, 33, 100, 1_000, 100_000, .max] {
            let summary = try await summary(texts, budget)
            #expect(summary.tokens <= max(budget, 0) && summary.tokens == Self.words(summary.text))
            #expect(summary.text == summary.sentences.joined(separator: "\n"))
            var rest = whole[...]
            for sentence in summary.sentences {
                let place = try #require(rest.firstRange(of: sentence))
                rest = rest[place.upperBound...]
            }
        }
    }

    @Test(arguments: ["squared", "constant", "negative", "greatest", "nothing"])
    func `strange counts do no harm`(kind: String) async throws {
        let count: @Sendable (String) -> Int = { text in
            switch kind {
            case "squared": text.utf8.count * text.utf8.count
            case "constant": 7
            case "negative": -text.utf8.count
            case "greatest": .max
            default: 0
            }
        }
        let summary = try await ExtractiveSummarizer().summary(of: report, budget: 5_000, count: count)
        #expect(summary.text.isEmpty || count(summary.text) <= 5_000)
    }

    @Test func `meaning brings in what words do not`() async throws {
        let texts = ["Alpha beta gamma. Delta epsilon zeta. Eta theta iota. Kappa lambda mu."]
        let embed: TextVectors = { texts in
            texts.map { $0.hasPrefix("Kappa") || $0.hasPrefix("Eta") ? [1, 0] : [0.8, 0.6] }
        }
        let far: TextVectors = { texts in texts.map { $0.hasPrefix("Kappa") ? [-1, 0] : [1, 0] } }
        let near = try await summary(texts, 4, embed: embed)
        let without = try await summary(texts, 4)
        #expect(without.sentences == ["Alpha beta gamma."] && near.sentences.count == 1)
        #expect(try await summary(texts, 4, embed: far).sentences != ["Kappa lambda mu."])
    }

    @Test func `only the best sentences are embedded, each once`() async throws {
        let embedder = RecordingEmbedder()
        let summarizer = ExtractiveSummarizer(embed: embedder.vectors)
        let texts = SampleTalk.turns(200)
        for _ in 0..<3 { _ = try await summarizer.summary(of: texts, budget: 50, count: Self.words) }
        #expect(embedder.calls.count == 1)
        #expect(embedder.calls[0].count <= ExtractiveSummarizer.maximumEmbedded)
    }

    @Test func `lists, code and Han text give what they hold`() async throws {
        let list = "- buy wood for the bridge\n- ask the council for money\n- repair the bridge with the wood"
        #expect(try await summary([list], 7).sentences.allSatisfy { list.contains($0) && !$0.hasPrefix("-") })
        #expect(try await !summary([list], 7).sentences.isEmpty)
        let code = "```swift\nlet bridge = Bridge()\nbridge.repair()\n```"
        #expect(try await summary(["Look: \(code)", code], 100).text.contains("bridge.repair()"))
        let han = "我们讨论了桥梁的维修。今天天气很好。桥梁的维修费用很高。议会将对桥梁的维修费用进行投票。"
        let summary = try await ExtractiveSummarizer().summary(of: [han], budget: 20, count: { $0.count })
        #expect(summary.text.contains("维修") && summary.text.hasSuffix("。") && summary.text.count <= 20)
    }

    @Test func `a hundred repeats are the same, and what every machine gives`() async throws {
        let texts = SampleTalk.turns(12)
        var digests: Set<UInt64> = []
        for _ in 0..<100 {
            let summary = try await summary(texts, 80, ["storm wall"], embed: SampleTalk.vectors)
            let figures = [summary.quality.keywordCoverage, summary.quality.sentenceCapture].map(\.bitPattern)
            digests.insert(SampleTalk.digest(summary.text.utf8.map(UInt64.init) + figures))
        }
        #expect(digests == [16_109_381_458_243_159_687])
    }
}
