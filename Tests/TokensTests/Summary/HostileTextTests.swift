import Foundation
import Testing

@testable import OrchTokens

/// Texts that have no sentences, or far too many.
@Suite struct HostileTextTests {
    private static let texts: [(name: String, text: String)] = [
        ("nothing", ""),
        ("spaces", String(repeating: " \n", count: 4_000)),
        ("stops", String(repeating: ". ", count: 4_000)),
        ("one endless word", String(repeating: "x", count: 8_000)),
        ("one endless sentence", String(repeating: "word after word ", count: 600)),
        ("one word again and again", String(repeating: "Go. ", count: 2_500)),
        ("many words of one sentence each", (0..<700).map { "W\($0)." }.joined(separator: " ")),
        ("Han without a stop", String(repeating: "漢字文章", count: 700)),
        ("open fences", String(repeating: "```\nlet x = 1\n", count: 500)),
        ("list marks", String(repeating: "- ", count: 4_000)),
        ("quotes", String(repeating: "> ", count: 4_000)),
        ("marks", "e" + String(repeating: "\u{301}", count: 4_000)),
        ("backticks", String(repeating: "`", count: 8_000)),
        ("zero bytes", String(repeating: "\0", count: 8_000)),
    ]

    @Test(arguments: texts.map(\.name))
    func `it is summarised within the budget, verbatim`(name: String) async throws {
        let text = try #require(Self.texts.first { $0.name == name }).text
        let budget = 150
        let summary = try await ExtractiveSummarizer().summary(
            of: [text], budget: budget, pinned: PinnedKeywords(["word", "w7"]), count: { $0.utf8.count })
        #expect(summary.text.utf8.count <= budget)
        #expect(summary.sentences.allSatisfy { text.range(of: $0, options: .literal) != nil })
        let hasWords = !Words.all(in: text).isEmpty
        #expect(summary.sentences.isEmpty == !hasWords)
        for figure in [summary.quality.keywordCoverage, summary.quality.sentenceCapture] {
            #expect((0...1).contains(figure))
        }
    }

    @Test(arguments: texts.map(\.name))
    func `it is ranked`(name: String) async throws {
        let text = try #require(Self.texts.first { $0.name == name }).text
        let scores = try await RelevanceRanking(embed: SampleTalk.vectors).scores(
            of: [text, "a", text, text], for: text)
        #expect(scores.count == 4 && scores.allSatisfy { (20...50).contains($0) })
    }

    @Test func `many short turns are ranked`() async throws {
        let turns = (0..<5_000).map { "t\($0)" }
        #expect(try await RelevanceRanking().scores(of: turns, for: "t7").count == 5_000)
    }
}
