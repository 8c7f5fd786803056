import Foundation
import OrchTokens

/// How long ranking and summaries take, and whether repeats give the same.
struct SpeedReport {
    let count: @Sendable (String) -> Int
    let embedders: [Embedder]

    func run(_ meetings: [Meeting]) async throws {
        let turns = conversation(meetings, turns: 500, tokens: 32_000)
        let question = "What did they agree on about the budget for the next year?"
        print("| what | ms | of all processors, ms |\n| --- | ---: | ---: |")
        for embedder in [nil] + embedders.map(Optional.some) {
            let name =
                "500 turns of \(turns.reduce(0) { $0 + count($1) }) tokens, words"
                + (embedder.map { " and \($0.name)" } ?? " alone")
            _ = try await embedder?.vectors(["warm"])
            let ranking = RelevanceRanking(embed: embedder?.vectors, cache: VectorCache())
            row("\(name): cold", try await time { try await ranking.scores(of: turns + [question], for: question) })
            let next = "And who is going to tell the others about it?"
            let later = turns + [question, next]
            row("\(name): the last turn new", try await time { try await ranking.scores(of: later, for: next) })
        }
        let text = String(meetings.flatMap { $0.turns.map(\.text) }.joined(separator: "\n").prefix(100_000))
        for embedder in [nil] + embedders.map(Optional.some) {
            let summarizer = ExtractiveSummarizer(embed: embedder?.vectors, cache: VectorCache())
            let name = "words" + (embedder.map { " and \($0.name)" } ?? " alone")
            for (what, text) in [("speech", text)] + Self.hostile {
                row(
                    "summary of 100 KB of \(what), \(name)",
                    try await time {
                        try await summarizer.summary(of: [text], budget: 1_000, count: count)
                    })
            }
            try await repeats(summarizer, text, name)
        }
    }

    private static let hostile = [
        ("one endless sentence", String(repeating: "word after word ", count: 6_250)),
        ("one endless word", String(repeating: "x", count: 100_000)),
        ("one-word sentences", String(repeating: "Go. ", count: 25_000)),
        ("different one-word sentences", (0..<12_500).map { "W\($0 % 10_000)." }.joined(separator: " ")),
        ("full stops", String(repeating: ". ", count: 50_000)),
        ("a Han sentence", String(repeating: "漢字文章", count: 8_333)),
        ("open fences", String(repeating: "```\nlet x = 1\n", count: 7_142)),
        ("list marks", String(repeating: "- ", count: 50_000)),
    ]

    private func repeats(_ summarizer: ExtractiveSummarizer, _ text: String, _ name: String) async throws {
        let first = try await summarizer.summary(of: [text], budget: 500, count: count)
        for _ in 0..<100 {
            let again = try await summarizer.summary(of: [text], budget: 500, count: count)
            guard again == first else {
                print("| summaries differ, \(name) | | |")
                return
            }
        }
        print("| 100 repeats of a summary are identical, \(name) | | |")
    }

    private func row(_ name: String, _ time: (elapsed: Double, processors: Double)) {
        print("| \(name) | \(String(format: "%.1f | %.1f", time.elapsed, time.processors)) |")
    }

    /// In milliseconds; what all threads ran differs from what went by where others use the processors, too.
    private func time<Result>(_ body: () async throws -> Result) async throws -> (Double, Double) {
        let (start, ran) = (ContinuousClock().now, clock())
        _ = try await body()
        let processors = Double(clock() - ran) * 1e3 / Double(CLOCKS_PER_SEC)
        let duration = ContinuousClock().now - start
        return (Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15, processors)
    }

    /// Turns of about equal length, put together from those of the meetings.
    private func conversation(_ meetings: [Meeting], turns: Int, tokens: Int) -> [String] {
        var made: [String] = []
        var (open, size) = ("", 0)
        for turn in meetings.lazy.flatMap(\.turns) where made.count < turns {
            open += "\(turn.speaker): \(turn.text)\n"
            size += count(turn.text) + 3
            if size >= tokens / turns {
                // A long turn is cut, so that none takes the place of many.
                made.append(String(open.prefix(4 * tokens / turns)))
                (open, size) = ("", 0)
            }
        }
        return made
    }
}
