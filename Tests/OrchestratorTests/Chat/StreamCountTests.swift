import OrchCore
import OrchTestSupport
import OrchTokens
import Testing

@testable import OrchOrchestrator

@Suite struct StreamCountTests {
    private static func count(_ counter: TokenCounter, _ pieces: [[UInt8]]) -> Int {
        var count = StreamCount(counter)
        for piece in pieces { piece.withUnsafeBufferPointer { count.add($0, .content, choice: 0) } }
        return count.tokens
    }

    @Test(arguments: UInt64(0)..<20)
    func `however a text is cut, it has the tokens of the whole`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let counter = TokenCounter(try TinyVocabulary.tokenizer())
        let words = ["hello", "world", "say", "it", "42", "naïve", "…", "x\n\n", "!", " ", "  ", "用户"]
        var text = ""
        // Longer than what is counted at once.
        while text.utf8.count < 80_000 { text += (words.randomElement(using: &generator) ?? "") + " " }
        var pieces: [[UInt8]] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let length = Int.random(in: 1...2000, using: &generator)
            pieces.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        #expect(Self.count(counter, pieces) == counter.tokens(of: text))
    }

    @Test func `a text without a seam is kept whole for long, and then counted to the last whole character`() throws {
        let counter = TokenCounter(fallback: ByteFallbackCounter(margin: 1))
        let piece = Array(String(repeating: "用", count: 10_000).utf8)
        let pieces = [[UInt8]](repeating: piece, count: 50) + [[0xE7], [0x94], [0xA8]]
        #expect(Self.count(counter, pieces) == 50 * 30_000 + 3)
    }

    @Test func `choices, and what is no content, are texts of their own`() throws {
        let counter = TokenCounter(try TinyVocabulary.tokenizer())
        var count = StreamCount(counter)
        for _ in 0..<2 {
            for choice in 0..<2 {
                for kind in [StreamCount.Kind.content, .reasoning, .toolCalls] {
                    Array("hel".utf8).withUnsafeBufferPointer { count.add($0, kind, choice: choice) }
                    Array("lo".utf8).withUnsafeBufferPointer { count.add($0, kind, choice: choice) }
                }
            }
        }
        #expect(count.tokens == 6 * counter.tokens(of: "hellohello"))
    }
}
